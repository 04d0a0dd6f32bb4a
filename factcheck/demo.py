"""Runs the sample desk: starts every process, keeps it alive, and stops all of them together."""

import json
import os
import selectors
import signal
import socket
import sys
import time
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from types import FrameType
from typing import Any, NoReturn

from factcheck import children, environment, probe, processes
from factcheck import home as homes
from factcheck.children import Child, Plan
from factcheck.engines import EngineError, Engines, Postgres, Valkey
from factcheck.environment import BASE_DIR, Environment, WrongValueError
from factcheck.home import Home, HomeRefusedError

EXIT_REFUSED = 2
LAST_PORT, PORTS_TRIED = 65535, 50
DEATHS_MAX, DEATHS_WITHIN = 5, 60.0
READY_SECONDS = 60.0
GRACE = 3.0
LOOK_EVERY = 0.2
PREPARE = ("prepare", "--sample")
STOPS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class StopAskedError(Exception):
    """Somebody wants the demo to end."""


class GaveUpError(Exception):
    """The demo cannot go on; the message says why."""


@dataclass(slots=True)
class Demo:
    """One running demo. ``children`` holds what lives now, by name."""

    home: Home
    surroundings: Environment
    port: int
    engines: Engines
    began: float = field(default_factory=time.monotonic)
    children: dict[str, Child] = field(default_factory=dict)
    deaths: dict[str, deque[float]] = field(default_factory=dict)
    seeded: dict[str, Any] = field(default_factory=dict)
    announced: bool = False

    @property
    def base_url(self) -> str:
        host = self.surroundings.host
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    def say(self, words: str) -> None:
        with suppress(BrokenPipeError):  # whoever read along has gone; the desk has not
            sys.stdout.write(f"[{time.monotonic() - self.began:5.1f} s] {words}\n")
            sys.stdout.flush()

    def run(self) -> NoReturn:
        """Start everything and watch over it until somebody asks for the end."""
        if self.port != self.surroundings.port:
            self.say(f"Port {self.surroundings.port} is taken; using {self.port}.")
        self._start_engines()
        self._prepare()
        self._wait_until_ready()
        self._announce()
        while True:
            self._look_after()

    def stop(self) -> None:
        """Stop all, in order, each with a grace; what holds out is killed, and its rows resume."""
        began = time.monotonic()
        (self.home.path / "demo.json").unlink(missing_ok=True)
        ours = [self.children[name] for name in processes.OURS if name in self.children]
        for child in ours:
            child.ask_to_stop()
        for child in ours:
            child.stop(grace=max(0.0, began + GRACE - time.monotonic()))
        self.engines.stop()
        self.say(f"Stopped in {time.monotonic() - began:.1f} s.")

    @property
    def _engines(self) -> dict[str, Postgres | Valkey]:
        both = {"postgres": self.engines.postgres, "valkey": self.engines.valkey}
        return {name: engine for name, engine in both.items() if engine is not None}

    def _start_engines(self) -> None:
        self.say(f"Starting Postgres and Valkey in {self.home.path} …")
        self.engines.start()
        for name, engine in self._engines.items():
            if engine.child is not None:
                self.children[name] = engine.child
        # For ./desk manage beside it. The owner's address is in it, so it is ours alone to read.
        homes.write_private(self.home.path / homes.SERVICES, self._services())
        self._note()

    def _prepare(self) -> None:
        """Migrate and seed in one process; anew, where an engine was lost in the middle."""
        while True:
            self.say("Migrating the database …")
            lost_before = self._losses()
            child = children.start(
                self._plan(
                    "prepare",
                    [str(BASE_DIR / "manage.py"), *PREPARE],
                    DATABASE_OWNER_URL=self.engines.addresses.owner_url,
                )
            )
            try:
                for line in self._told(child):
                    self._act_on(line)
            except BaseException:
                child.finish()
                raise
            if child.process.wait() == 0:
                return
            if self._losses() == lost_before:
                raise GaveUpError(f"The desk could not be prepared:\n{child.last_words()}")
            self.say("That was interrupted; once more …")

    def _losses(self) -> int:
        return sum(len(self.deaths.get(name, ())) for name in self._engines)

    def _told(self, child: Child) -> Iterator[str]:
        """The lines of a child as they come, looking after the others in between."""
        pipe = child.process.stdout
        if pipe is None:
            raise RuntimeError(f"{child.plan.name} was started without a pipe.")
        held = b""
        with selectors.DefaultSelector() as selector:
            selector.register(pipe, selectors.EVENT_READ)
            while True:
                heed()
                self._revive()
                if not selector.select(LOOK_EVERY):
                    continue
                chunk = os.read(pipe.fileno(), 65536)
                if not chunk:
                    return
                *lines, held = (held + chunk).split(b"\n")
                yield from (line.decode(errors="replace") for line in lines)

    def _act_on(self, line: str) -> None:
        try:
            told = json.loads(line)
        except ValueError:
            return
        if told.get("migrated"):
            # Seeding needs a worker: the main job of the sample desk is done, not faked.
            self.say("Starting web, worker and clock …")
            for name in reversed(processes.OURS):
                if name not in self.children:
                    self.children[name] = self._start(name)
            self._note()
        if "say" in told:
            self.say(str(told["say"]))
        if "seeded" in told:
            self.seeded = told["seeded"]

    def _start(self, name: str) -> Child:
        engine = self._engines.get(name)
        if engine is not None:
            return engine.start()
        command = processes.commands(host=self.surroundings.host, port=self.port)[name]
        return children.start(self._plan(name, ["-m", *command], **processes.environment(name)))

    def _services(self) -> dict[str, str]:
        return {
            **self.engines.addresses.as_environment(),
            "FACTCHECK_HOME": str(self.home.path),
            "HOST": self.surroundings.host,
            "PORT": str(self.port),
            "SITE_URL": os.environ.get("SITE_URL") or self.base_url,
            "SECRET_KEY": os.environ.get("SECRET_KEY") or self.home.secret("django"),
        }

    def _plan(self, name: str, command: list[str], **more: str) -> Plan:
        told = {
            **os.environ,
            **self._services(),
            "DATABASE_OWNER_URL": "",  # only who migrates is the owner
            "PYTHONUNBUFFERED": "1",
            **more,
        }
        return Plan(
            name=name,
            command=[sys.executable, *command],
            env=told,
            log=self.home.logs / f"{name}.log",
            home=self.home.path,
            cwd=BASE_DIR,
            tells=name == "prepare",
        )

    def _look_after(self) -> None:
        time.sleep(LOOK_EVERY)
        heed()
        self._revive()

    def _revive(self) -> None:
        """Start again what died. Raises GaveUpError when the same one dies over and over."""
        for name, child in list(self.children.items()):
            if child.alive:
                continue
            child.finish()
            now = time.monotonic()
            deaths = self.deaths.setdefault(name, deque(maxlen=DEATHS_MAX))
            deaths.append(now)
            if len(deaths) == DEATHS_MAX and now - deaths[0] < DEATHS_WITHIN:
                raise GaveUpError(
                    f"{name} died {DEATHS_MAX} times within a minute:\n{child.last_words()}"
                )
            self.say(f"{name} died ({_how(child.process.returncode)}); starting it again.")
            self.children[name] = self._start(name)
            self._note()

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        found: dict[str, str] = {}
        self.say("Waiting until everything answers …")
        while not found or set(found.values()) != {"ok"}:
            if time.monotonic() > deadline:
                wrong = ", ".join(f"{k}: {v}" for k, v in found.items() if v != "ok")
                raise GaveUpError(f"Not ready after {READY_SECONDS:.0f} s ({wrong or 'web'}).")
            self._look_after()
            found = self._readiness()

    def _readiness(self) -> dict[str, str]:
        _, body = probe.ask("/readyz", host=self.surroundings.host, port=self.port)
        try:
            found = json.loads(body)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    def _announce(self) -> None:
        self.announced = True
        self._note()
        accounts = self.seeded.get("accounts", {})
        width = max(map(len, accounts), default=0)
        people = [
            f"    {name:<{width}}  {account['password']}  ({', '.join(account['roles'])})"
            for name, account in accounts.items()
            if account.get("password")
        ]
        claim = str(self.seeded.get("seed_claim", "")).strip("/").rpartition("/")[2]
        lines = [
            "Ready.",
            f"  Public page   {self.base_url}/",
            f"  The desk      {self.base_url}/admin/",
            f"  API           {self.base_url}/api/docs/",
        ]
        if claim:
            lines.append(f"  Seed claim    {self.base_url}/admin/claims/claim/{claim}/change/")
        if people:
            lines += ["  Accounts of this sample desk, with their passwords:", *people]
        lines += [
            f"  Tokens, too, are in {self.home.path / 'demo.json'}",
            "  Ctrl-C stops everything; what was done is kept.",
        ]
        self.say("\n".join(lines))

    def _note(self) -> None:
        """Keep what is running where others look for it: the next start, and demo.json."""
        pids = {
            name: self.children[name].pid
            for name in reversed(processes.STOP_ORDER)
            if name in self.children
        }
        self.home.note(address=self.base_url, children=pids)
        if self.announced:
            homes.write_private(
                self.home.path / "demo.json",
                {"base_url": self.base_url, "pids": pids, **_SEEDED_NOTHING, **self.seeded},
            )


_SEEDED_NOTHING: dict[str, Any] = {"accounts": {}, "seed_article": "", "seed_claim": ""}


def main() -> int:
    """Run until stopped; 0 when somebody asked for it, 1 with a cause, 2 when it may not start."""
    for sign in STOPS:
        signal.signal(sign, _note_the_wish)
    try:
        demo = _made()
    except (WrongValueError, HomeRefusedError, EngineError) as refusal:
        sys.stderr.write(f"{refusal}\n")
        return EXIT_REFUSED
    code = 0
    try:
        demo.run()
    except StopAskedError:
        demo.say("Stopping …")
    except (GaveUpError, EngineError) as cause:
        sys.stderr.write(f"{cause}\n")
        code = 1
    finally:
        demo.stop()
        demo.home.release()
    return code


def _made() -> Demo:
    path = homes.place()
    if "FACTCHECK_HOME" not in os.environ:
        homes.say_where(path)
    os.environ["FACTCHECK_HOME"] = str(path)
    surroundings = environment.read()
    if not environment.is_loopback(surroundings.host):
        raise WrongValueError([environment.DEMO_OUTSIDE.format(host=surroundings.host)])
    home = homes.take(path, demo=True)
    try:
        (path / "demo.json").unlink(missing_ok=True)
        home.note(address="")
        port = _free_port(surroundings.host, surroundings.port)
        return Demo(home, surroundings, port, Engines(home, heed=heed))
    except BaseException:
        home.release()
        raise


def _free_port(host: str, first: int) -> int:
    for port in range(first, min(first + PORTS_TRIED, LAST_PORT + 1)):
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return port
    raise WrongValueError(
        [f"PORT: {first} and the {PORTS_TRIED - 1} after it are taken. For example: PORT=9000"]
    )


def _how(code: int | None) -> str:
    if code is not None and code < 0:
        with suppress(ValueError):
            return f"signal {signal.Signals(-code).name}"
    return f"exit {code}"


_wishes: list[int] = []


def _note_the_wish(number: int, _frame: FrameType | None) -> None:
    """Only note it: an error raised from here may come up where nobody can catch it."""
    _wishes.append(number)


def heed() -> None:
    """Raise StopAskedError if somebody asked for the end."""
    if _wishes:
        raise StopAskedError


if __name__ == "__main__":
    sys.exit(main())
