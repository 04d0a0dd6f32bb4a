"""One desk per home, and nothing left of one that was killed."""

import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from factcheck import home as homes
from factcheck.environment import BASE_DIR, DEMO_MARKER
from factcheck.home import AlreadyRunningError, HomeRefusedError


def test_a_second_desk_on_the_same_home_is_told_of_the_first(tmp_path: Path) -> None:
    first = homes.take(tmp_path)
    first.note(address="http://127.0.0.1:8000")
    with pytest.raises(AlreadyRunningError) as refused:
        homes.take(tmp_path)
    assert f"process {os.getpid()}, http://127.0.0.1:8000" in str(refused.value)
    assert "\n" not in str(refused.value)
    first.release()
    homes.take(tmp_path).release()


def test_a_home_that_cannot_be_written_is_refused_in_one_line() -> None:
    with pytest.raises(HomeRefusedError, match="FACTCHECK_HOME: cannot write to /proc/desk"):
        homes.take(Path("/proc/desk"))


def test_a_demo_never_starts_in_the_home_of_a_desk_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "captures").mkdir()
    with pytest.raises(HomeRefusedError, match="no demo"):
        homes.take(tmp_path, demo=True)
    assert not (tmp_path / DEMO_MARKER).exists()
    homes.take(tmp_path).release()


def test_being_a_demo_is_kept_with_the_home(tmp_path: Path) -> None:
    homes.take(tmp_path, demo=True).release()
    assert (tmp_path / DEMO_MARKER).exists()


def test_secrets_stay_the_same_and_nobody_else_reads_them(tmp_path: Path) -> None:
    home = homes.take(tmp_path)
    made = home.secret("django")
    assert home.secret("django") == made
    assert home.secret("other") != made
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600
    home.release()


def test_captures_of_an_older_desk_are_closed_to_others(tmp_path: Path) -> None:
    captures = tmp_path / "captures"
    captures.mkdir(mode=0o755)
    homes.take(tmp_path).release()
    assert stat.S_IMODE(captures.stat().st_mode) == 0o700


def test_the_home_is_beside_the_code_unless_the_database_could_not_enter() -> None:
    assert homes.place({"FACTCHECK_HOME": "/srv/desk"}) == Path("/srv/desk")
    entered = homes.may_enter(BASE_DIR, uid=homes.database_uid())
    usual = homes.place({})
    assert usual == (BASE_DIR / "var" if entered else homes.ROOT_HOMES / homes.name_for(BASE_DIR))


def test_a_closed_folder_on_the_way_keeps_others_out(tmp_path: Path) -> None:
    inner = tmp_path / "closed" / "inner"
    inner.mkdir(parents=True)
    stranger = os.geteuid() + 1
    tmp_path.chmod(0o755)
    (tmp_path / "closed").chmod(0o700)
    assert not homes.may_enter(inner, uid=stranger)
    assert homes.may_enter(inner, uid=os.geteuid()) or not homes.may_enter(
        tmp_path, uid=os.geteuid()
    )


def test_a_throw_away_home_goes_with_its_run_and_what_was_killed_goes_with_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    killed = tmp_path / f"{homes.THROW_AWAY}killed"
    killed.mkdir()
    (killed / "lock").touch()
    long_ago = time.time() - 2 * homes.YOUNG
    os.utime(killed, (long_ago, long_ago))
    running = homes.throw_away()
    assert not killed.exists()
    os.utime(running.path, (long_ago, long_ago))
    another = homes.throw_away()
    assert running.path.exists()
    for home in (running, another):
        home.release()
        assert not home.path.exists()


def test_socket_folders_of_a_dead_process_are_removed_and_ours_are_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(homes, "_socket_root", lambda: tmp_path)
    ended = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True
    )
    ours, theirs = homes.socket_folder("pg"), homes.socket_folder("vk")
    (theirs / "pid").write_text(ended.stdout.decode())
    homes.sweep_sockets()
    assert ours.exists()
    assert not theirs.exists()
    assert stat.S_IMODE(ours.stat().st_mode) == 0o700
