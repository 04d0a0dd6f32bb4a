"""Runs the main job on one article without a browser: ``./desk check FILE-OR-URL [--json]``.

A throw-away desk is started for it, with a database and a worker of its own, so that the same
jobs do the same work as on a desk that stays, also beside one that runs.
"""

import argparse
import os
import secrets
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

from factcheck import children, handed, processes
from factcheck import home as homes
from factcheck.children import Child, Plan
from factcheck.engines import EngineError, Engines
from factcheck.environment import BASE_DIR, EXIT_WRONG, SAMPLE_ARCHIVE
from factcheck.handed import UnusableError
from factcheck.home import Home, HomeRefusedError

STOPPED = 130


def say(words: str) -> None:
    """Progress goes to standard error: standard output holds the result and nothing else."""
    sys.stderr.write(f"{words}\n")
    sys.stderr.flush()


def main(arguments: list[str] | None = None) -> int:
    """0 with a result, 2 with one line about what cannot be checked, 1 where the desk failed."""
    options = _parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        article = handed.read(options.what)
    except UnusableError as refusal:
        say(" ".join(str(refusal).split()))
        return EXIT_WRONG
    try:
        with _throw_away_desk() as (home, environ):
            kept = home.path / "handed.json"
            article.keep(kept)
            command = ["check_article", str(kept), *(["--json"] if options.json else [])]
            return _manage(home, environ, command).process.wait()
    except (EngineError, HomeRefusedError) as cause:
        say(str(cause))
        return 1
    except KeyboardInterrupt:
        say("Stopped.")
        return STOPPED


@contextmanager
def _throw_away_desk() -> Iterator[tuple[Home, dict[str, str]]]:
    """A migrated desk with a worker, and what to tell processes that use it."""
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "SITE_URL", "ALLOWED_HOSTS"):
        os.environ.pop(name, None)
    home = homes.throw_away(demo=True)
    engines = Engines(home)
    started: list[Child] = []
    try:
        say("Starting a desk for this check …")
        addresses = engines.start()
        environ = {
            # Nothing better than the sample to look in, unless somebody has an archive.
            "ARCHIVE_DIR": str(SAMPLE_ARCHIVE),
            **os.environ,
            **addresses.as_environment(),
            "DATABASE_OWNER_URL": "",
            "FACTCHECK_HOME": str(home.path),
            "HOST": "127.0.0.1",
            "SECRET_KEY": secrets.token_urlsafe(50),
        }
        owner = {"DATABASE_OWNER_URL": addresses.owner_url}
        prepared = children.start(
            _plan(home, "prepare", [str(BASE_DIR / "manage.py"), "prepare"], environ | owner)
        )
        if prepared.process.wait():
            raise EngineError(f"The database could not be prepared:\n{prepared.last_words()}")
        command = processes.commands(host="127.0.0.1", port=0)["worker"]
        environ |= processes.environment("worker")
        started.append(children.start(_plan(home, "worker", ["-m", *command], environ)))
        yield home, environ
    finally:
        for child in started:
            child.stop(grace=1)
        engines.stop()
        home.release()


def _manage(home: Home, environ: dict[str, str], command: list[str]) -> Child:
    return children.start(
        _plan(home, "check", [str(BASE_DIR / "manage.py"), *command], environ, ours=True)
    )


def _plan(
    home: Home, name: str, command: list[str], environ: dict[str, str], *, ours: bool = False
) -> Plan:
    return Plan(
        name=name,
        command=[sys.executable, *command],
        env=environ,
        log=home.logs / f"{name}.log",
        home=home.path,
        cwd=BASE_DIR,
        ours=ours,
    )


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, as everything else does that comes before the work."""

    def error(self, message: str) -> NoReturn:
        say(f"./desk check: {message}. For example: ./desk check article.txt")
        raise SystemExit(EXIT_WRONG)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="./desk check", description=__doc__)
    parser.add_argument("what", metavar="FILE-OR-URL", help="a text, an HTML page, or an address")
    parser.add_argument("--json", action="store_true", help="for machines")
    return parser


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
