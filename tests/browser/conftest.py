"""A whole desk for one browser: web, worker and clock as processes, on the test's own database."""

import json
import os
import socket
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright
from pytest_django import Settings

from claims.coverage import archive
from claims.models import User
from factcheck import children, probe, processes
from factcheck import home as homes
from seeds import load
from tests.browser.person import Person, Shown
from tests.conftest import url_of

CHROMIUM = Path("/usr/bin/chromium")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # The audit of tests.loopback ends where another program begins: no name leads anywhere.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
PICTURES = "DESK_PICTURES"
PASSWORD = "a password for one test"
START_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Desk:
    """A running desk with its people; ``sit`` opens a browser of somebody who signs in."""

    url: str
    shown: Shown
    browser: Browser

    def sit(self, name: str) -> Person:
        # Colours that are still on their way to dark would be measured half-way.
        context = self.browser.new_context(base_url=self.url, reduced_motion="reduce")
        someone = Person(context, name, self.shown)
        someone.sign_in(PASSWORD)
        return someone

    def reader(self, *, scripts: bool = True) -> Person:
        """Somebody from outside, who sees what everybody sees."""
        context = self.browser.new_context(base_url=self.url, java_script_enabled=scripts)
        return Person(context, "", self.shown)


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    # The loop that drives the browser runs in this thread, and Django then takes each of its own
    # calls for one from a coroutine. There is none: whoever waits here waits for the browser.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as driver:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield driver


@pytest.fixture(scope="package")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """The distribution's Chromium; the test is skipped where it is not installed."""
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is not installed (the package is called chromium)")
    opened = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
    yield opened
    opened.close()


@pytest.fixture
def desk(
    browser: Browser,
    fresh_database: str,
    settings: Settings,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> Iterator[Desk]:
    """The sample desk before anything happened on it, run by the processes of ``./desk demo``."""
    home = homes.throw_away(demo=True)
    url = f"http://127.0.0.1:{(port := _free_port())}"
    # What the test itself does through the verbs happens in the same house.
    settings.HOME = home.path
    settings.MEDIA_ROOT = home.path / "captures"
    settings.SITE_URL = url
    settings.DEMO = True
    failed_before = request.session.testsfailed
    running = [
        children.start(_plan(name, command, home, url=url, database=fresh_database))
        for name, command in processes.commands(host="127.0.0.1", port=port).items()
    ]
    try:
        _furnish()
        _until(lambda: probe.ask("/readyz", host="127.0.0.1", port=port)[0] == 200, running)
        pictures = os.environ.get(PICTURES)
        shown = Shown(tmp_path, Path(pictures) if pictures else None)
        yield Desk(url, shown, browser)
        if shown.trouble:
            pytest.fail("\n".join(dict.fromkeys(shown.trouble)))
    finally:
        for number, context in enumerate(browser.contexts):
            # Where a test stopped half-way, what its people last saw says most.
            if request.session.testsfailed > failed_before:
                context.pages[0].screenshot(path=tmp_path / f"last-{number}.png", full_page=True)
            context.close()
        for child in running:
            child.ask_to_stop()
        for child in running:
            child.stop(grace=3)
        home.release()


def _furnish() -> None:
    """The people, scales and outlets of the sample desk, and its archive of pages."""
    told = json.loads((load.SEEDS / "desk.json").read_text(encoding="utf-8"))
    load.scales(active=told["scale"])
    load.people(told)
    load.outlets(told["outlets"])
    archive.refresh()
    for person in User.objects.all():
        person.set_password(PASSWORD)
        person.save(update_fields=["password"])


def _plan(
    name: str, command: list[str], home: homes.Home, *, url: str, database: str
) -> children.Plan:
    return children.Plan(
        name=name,
        command=[sys.executable, "-m", *command],
        env={
            **os.environ,
            "DATABASE_URL": url_of(database),
            "DATABASE_OWNER_URL": "",
            "FACTCHECK_HOME": str(home.path),
            "SITE_URL": url,
            "DESK_NAME": "Fact-check desk",
            "PORT": url.rpartition(":")[2],
            **processes.environment(name),
        },
        log=home.logs / f"{name}.log",
        home=home.path,
        cwd=load.SEEDS.parent,
    )


def _free_port() -> int:
    with socket.socket() as probing:
        probing.bind(("127.0.0.1", 0))
        port: int = probing.getsockname()[1]
        return port


def _until(happened: Callable[[], bool], running: list[children.Child]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not happened():
        dead = [child for child in running if not child.alive]
        if dead or time.monotonic() > deadline:
            last = "\n\n".join(child.last_words(lines=20) for child in dead or running)
            pytest.fail(f"The desk did not start:\n{last}")
        time.sleep(0.1)
