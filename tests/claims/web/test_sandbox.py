"""A page that hurts its reader is stopped, said so, and forgotten by the next one."""

import os
import select
import time
from collections.abc import Iterator

import pytest

from claims.web import page, sandbox
from claims.web.errors import Unreadable
from claims.web.sandbox import Bounds, being_read, call, read

TIGHT = Bounds(wall=1.0, cpu=5, memory=1 << 30)
# For what ends by itself: a reader has to start first, on a machine that does other things too.
ROOMY = Bounds(wall=15.0, cpu=5, memory=1 << 30)
HTML = b"<html><head><title>A ferry stops</title></head><body><p>Hello</p></body></html>"


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    sandbox.close()


def fate(name: str, bounds: Bounds = TIGHT) -> str:
    with pytest.raises(Unreadable) as caught:
        call(f"tests.claims.web.hostile:{name}", b"", options={}, bounds=bounds)
    assert caught.value.message.endswith(".")
    return caught.value.code


def test_a_page_reads_the_same_on_the_other_side_of_the_pipe() -> None:
    body = HTML.replace(b"Hello", "Grüße, שלום".encode() * 50)
    assert read(body, url="https://good.test/a") == page.read(body, url="https://good.test/a")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("spin", "too_slow"),
        ("sleep", "too_slow"),
        ("eat", "too_big"),
        ("die", "crashed"),
        ("fail", "broken"),
        ("recurse", "broken"),
        ("write", "broken"),
        ("missing", "broken"),
    ],
)
def test_whatever_a_parser_does_ends_and_the_next_page_is_read(name: str, code: str) -> None:
    bounds = TIGHT if code == "too_slow" else ROOMY
    began = time.monotonic()
    assert fate(name, bounds) == code
    assert time.monotonic() - began < bounds.wall + 3
    assert read(HTML).title == "A ferry stops"


def test_cpu_is_counted_apart_from_waiting() -> None:
    assert fate("spin", Bounds(wall=10, cpu=1, memory=1 << 30)) == "too_slow"


def test_what_a_library_prints_is_no_answer_and_no_secret_is_there_to_tell(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SECRET_KEY", "hunter2")
    answer = call("tests.claims.web.hostile:chatter", b"x" * 3_000_000, options={})
    assert answer["size"] == 3_000_000
    assert "SECRET_KEY" not in answer["secrets"]


def test_one_child_serves_many_pages_and_is_replaced_when_worn() -> None:
    bounds = Bounds(calls=3)
    children = set()
    for _ in range(6):
        read(HTML, bounds=bounds)
        children.add(id(sandbox._FIRST._current))
    assert len(children) <= 2


def test_a_page_is_read_while_the_caller_does_something_else() -> None:
    with being_read(HTML) as page_of:
        time.sleep(0.2)
        assert page_of() == page.read(HTML)


def test_two_pages_are_read_side_by_side_and_not_mixed_up() -> None:
    other = HTML.replace(b"A ferry stops", b"A bridge opens")
    with sandbox.being_read(HTML) as first, sandbox.being_read(other) as second:
        assert second().title == "A bridge opens"
        assert first().title == "A ferry stops"
    assert len({id(seat._current) for seat in sandbox._SEATS}) == sandbox.AT_ONCE
    with sandbox.being_read(other) as again:
        assert again().title == "A bridge opens"


def test_an_answer_nobody_took_is_never_taken_for_that_of_the_next_page() -> None:
    with pytest.raises(RuntimeError), being_read(HTML):
        raise RuntimeError
    with being_read(HTML.replace(b"ferry", b"train")):
        pass
    assert read(HTML.replace(b"ferry", b"tram")).title == "A tram stops"


def test_an_answer_that_came_in_time_is_taken_however_late_it_is_asked_for() -> None:
    with being_read(HTML) as page_of:
        child = sandbox._FIRST._current
        assert child is not None
        assert select.select([child._pipe(child._process.stdout)], [], [], 20)[0]
        child._end = time.monotonic() - 1
        assert page_of().title == "A ferry stops"


def test_a_child_that_somebody_killed_meanwhile_costs_no_page() -> None:
    read(HTML)
    child = sandbox._FIRST._current
    assert child is not None
    child._process.kill()
    child._process.wait()
    assert read(HTML).title == "A ferry stops"


def test_a_child_can_be_ready_before_there_is_a_page() -> None:
    sandbox.prepare()
    ready = sandbox._FIRST._current
    assert ready is not None
    read(HTML)
    assert sandbox._FIRST._current is ready


def test_a_fork_gets_a_child_of_its_own() -> None:
    read(HTML)
    before = sandbox._FIRST._current
    pid = os.fork()
    if pid == 0:
        good = read(HTML).title == "A ferry stops" and sandbox._FIRST._current is not before
        sandbox.close()
        os._exit(0 if good else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert read(HTML).title == "A ferry stops"
    assert sandbox._FIRST._current is before


def test_the_child_ends_with_its_parent() -> None:
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        read(HTML)
        child = sandbox._FIRST._current
        os.write(writing, str(child._process.pid if child else 0).encode())
        os._exit(0)
    os.waitpid(pid, 0)
    child_pid = int(os.read(reading, 20))
    for _ in range(50):
        if not os.path.exists(f"/proc/{child_pid}/cmdline"):  # noqa: PTH110
            return
        with open(f"/proc/{child_pid}/stat") as file:  # noqa: PTH123
            if file.read().split()[2] == "Z":
                return
        time.sleep(0.1)
    pytest.fail("the reader outlived its parent")
