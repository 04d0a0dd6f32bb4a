"""The embedded engines start as anybody, and let the application change nothing it must not."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from factcheck import home as homes
from factcheck.engines import EngineError, Engines, Postgres
from factcheck.environment import BASE_DIR

STRANGER = 65534
ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
START_ONCE = """
import sys
from pathlib import Path
from factcheck import home as homes
from factcheck.engines import Engines
home = homes.take(Path(sys.argv[1]))
engines = Engines(home)
try:
    print(engines.start().database_url)
finally:
    engines.stop()
    home.release()
"""


def alone() -> dict[str, str]:
    """Our surroundings without the test run's own engines."""
    ours = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "FACTCHECK_HOME")
    return {name: value for name, value in os.environ.items() if name not in ours}


@pytest.fixture
def no_engines(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL"):
        monkeypatch.delenv(name)


@pytest.mark.slow
def test_engines_keep_their_data_from_start_to_start(place: Path, no_engines: None) -> None:
    for made in (True, False):
        home = homes.take(place / "home")
        engines = Engines(home)
        try:
            addresses = engines.start()
            with psycopg.connect(addresses.owner_url) as owner:
                if made:
                    owner.execute("CREATE TABLE kept (id int)")
                assert owner.execute("SELECT count(*) FROM kept").fetchone() == (0,)
            with psycopg.connect(addresses.database_url) as application:
                assert application.execute(
                    "SELECT rolsuper OR rolcreatedb OR rolcreaterole FROM pg_roles"
                    " WHERE rolname = current_user"
                ).fetchone() == (False,)
        finally:
            engines.stop()
            home.release()


@pytest.mark.slow
def test_data_of_another_postgres_is_refused_in_one_line(place: Path, no_engines: None) -> None:
    home = homes.take(place)
    postgres = Postgres(home)
    postgres.data.mkdir(parents=True)
    (postgres.data / "PG_VERSION").write_text("9\n")
    with pytest.raises(EngineError, match="made by Postgres 9"):
        postgres.start()
    home.release()


def test_a_wrong_program_is_named(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESK_PG_BIN", str(place))
    home = homes.take(place / "home")
    with pytest.raises(EngineError, match="DESK_PG_BIN: no program named postgres"):
        Postgres(home)
    home.release()


@ROOT
@pytest.mark.slow
def test_an_ordinary_user_starts_the_engines_as_well(place: Path) -> None:
    if not homes.may_enter(Path(sys.executable).resolve(), uid=STRANGER):
        pytest.skip("this Python lies where an ordinary user may not enter")
    home = place / "home"
    home.mkdir()
    os.chown(home, STRANGER, -1)
    done = subprocess.run(
        [sys.executable, "-c", START_ONCE, str(home)],
        env={**alone(), "PYTHONPATH": str(BASE_DIR), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True, text=True, check=False, cwd="/",
        user=STRANGER, group=STRANGER, extra_groups=[],
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "desk_app" in done.stdout


@ROOT
@pytest.mark.slow
def test_root_in_a_closed_folder_lends_the_database_a_place_it_can_enter(place: Path) -> None:
    closed = place / "closed"
    closed.mkdir(mode=0o700)
    home = closed / "home"
    lent = homes.ROOT_HOMES / f"postgres-{homes.name_for(home)}"
    try:
        done = subprocess.run(
            [sys.executable, "-c", START_ONCE, str(home)],
            env=alone(), capture_output=True, text=True, check=False, cwd=BASE_DIR,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert str(lent) in done.stderr
        assert closed.stat().st_mode & 0o777 == 0o700
    finally:
        shutil.rmtree(lent)
