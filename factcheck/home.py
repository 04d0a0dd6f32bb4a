"""The folder where a desk keeps everything, and who may use it just now."""

import fcntl
import hashlib
import json
import os
import pwd
import secrets
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from factcheck import children
from factcheck.environment import BASE_DIR, DEMO_MARKER

# Postgres refuses to run as root. Whoever starts the desk as root lends it this user.
DATABASE_USER = "nobody"
ROOT_HOMES = Path("/var/lib/factcheck")
THROW_AWAY = "desk-home-"
SERVICES = "services.json"
LONGEST_SOCKET_ROOT = 60  # a socket's path may have 107 bytes, on some systems 103
YOUNG = 120.0  # seconds in which a throw-away home may be without its lock: it is being made


class HomeRefusedError(Exception):
    """The home cannot be used; the message is one line that says why and what to do."""


class AlreadyRunningError(HomeRefusedError):
    """Another process holds the home."""


@dataclass(frozen=True, slots=True)
class Home:
    """A folder and the lock on it; as long as the lock is held, nobody else starts here."""

    path: Path
    lock: IO[str]
    throw_away: bool = False

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def record(self) -> Path:
        """Who runs here: read by the next start, which clears up after a kill -9."""
        return self.path / "running.json"

    def note(self, **what: Any) -> None:
        write_private(self.record, {"pid": os.getpid(), **what})

    def secret(self, name: str) -> str:
        """A random secret of this home, made on first use; the file is readable by us alone."""
        kept = read_json(self.path / "secrets.json")
        if name not in kept:
            kept[name] = secrets.token_urlsafe(40)
            write_private(self.path / "secrets.json", kept)
        return str(kept[name])

    def release(self) -> None:
        """Give the lock back, and take the folder away if it was made for this process only."""
        if self.throw_away:
            shutil.rmtree(self.path, ignore_errors=True)
        else:
            self.record.unlink(missing_ok=True)
            (self.path / SERVICES).unlink(missing_ok=True)
        self.lock.close()


def place(environ: Mapping[str, str] | None = None) -> Path:
    """Where the home is: FACTCHECK_HOME, else ``./var``.

    For root in a checkout that the database's user may not enter, it is a folder under
    ``/var/lib/factcheck`` instead, the same for the same checkout.
    """
    said = (os.environ if environ is None else environ).get("FACTCHECK_HOME", "").strip()
    if said:
        return Path(said).expanduser().resolve()
    usual = BASE_DIR / "var"
    if os.geteuid() == 0 and not may_enter(BASE_DIR, uid=database_uid()):
        return ROOT_HOMES / name_for(BASE_DIR)
    return usual


def take(path: Path, *, demo: bool = False) -> Home:
    """Make the home if need be, lock it, and clear up what a killed run left of itself.

    Raises HomeRefusedError with one line.
    """
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o711)
        home = Home(path, _locked(path))
        if demo and not (path / DEMO_MARKER).exists() and (path / "captures").exists():
            home.lock.close()
            raise HomeRefusedError(
                f"FACTCHECK_HOME: {path} is the home of a desk that is no demo."
                " For example: FACTCHECK_HOME=./var"
            )
        home.logs.mkdir(exist_ok=True, mode=0o700)
        (path / "static").mkdir(exist_ok=True)
        if (path / "captures").is_dir():
            (path / "captures").chmod(0o700)
        children.clear(path)
        sweep_sockets()
        if demo:
            (path / DEMO_MARKER).touch(mode=0o600)
    except OSError as error:
        raise HomeRefusedError(
            f"FACTCHECK_HOME: cannot write to {path} ({error.strerror})."
            f" For example: FACTCHECK_HOME={tempfile.gettempdir()}/factcheck"
        ) from error
    if os.geteuid() == 0 and not path.stat().st_mode & 0o001:
        path.chmod(
            path.stat().st_mode | 0o011
        )  # entered, not read: the files in it are ours alone
    return home


def throw_away(*, demo: bool = False) -> Home:
    """A home for one run; left-overs of runs that were killed are taken away first."""
    _sweep_throw_aways()
    path = Path(tempfile.mkdtemp(prefix=THROW_AWAY))
    home = take(path, demo=demo)
    return Home(home.path, home.lock, throw_away=True)


def _locked(path: Path) -> IO[str]:
    lock = (path / "lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        running = read_json(path / "running.json")
        where = f", {running['address']}" if running.get("address") else ""
        raise AlreadyRunningError(
            f"A desk is running on {path} already: process {running.get('pid', 'unknown')}{where}."
            " Stop it, or set FACTCHECK_HOME to another folder."
        ) from None
    return lock


def _sweep_throw_aways() -> None:
    for path in Path(tempfile.gettempdir()).glob(f"{THROW_AWAY}*"):
        try:
            if path.lstat().st_uid != os.geteuid() or time.time() - path.lstat().st_mtime < YOUNG:
                continue
            with (path / "lock").open("a+") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(path, ignore_errors=True)
        except OSError:  # in use, or gone in the meantime
            continue


def sweep_sockets() -> None:
    """Remove socket folders whose maker is gone: what a kill -9 left behind."""
    for folder in _socket_root().glob("desk-??-*"):
        try:
            maker = int((folder / "pid").read_text())
            os.kill(maker, 0)
        except ProcessLookupError:
            shutil.rmtree(folder, ignore_errors=True)
        except (OSError, ValueError):  # another user's, or just being made
            continue


def socket_folder(kind: str, *, uid: int | None = None) -> Path:
    """A new folder that one user may enter, with a path short enough for a Unix socket."""
    path = Path(tempfile.mkdtemp(prefix=f"desk-{kind}-", dir=_socket_root()))
    (path / "pid").write_text(str(os.getpid()))
    if uid is not None:
        os.chown(path, uid, -1)
    return path


def _socket_root() -> Path:
    usual = Path(tempfile.gettempdir())
    return usual if len(str(usual)) <= LONGEST_SOCKET_ROOT else Path("/tmp")  # noqa: S108 - mkdtemp


def database_uid() -> int:
    """The user that Postgres runs as: ours, or the lent one where we are root."""
    return pwd.getpwnam(DATABASE_USER).pw_uid if os.geteuid() == 0 else os.geteuid()


def may_enter(path: Path, *, uid: int) -> bool:
    """Whether a user without our groups could reach a folder."""
    for folder in (path, *path.parents):
        if not folder.exists():
            continue
        seen = folder.stat()
        bit = stat.S_IXUSR if seen.st_uid == uid else stat.S_IXOTH
        if not seen.st_mode & bit:
            return False
    return True


def name_for(path: Path) -> str:
    """A short name that is the same for the same path."""
    return f"{path.name}-{hashlib.sha256(str(path).encode()).hexdigest()[:8]}"


def running_services(path: Path) -> dict[str, str]:
    """What a desk that runs on this home tells its processes; nothing where none runs."""
    pid = read_json(path / "running.json").get("pid")
    if not isinstance(pid, int) or not children.is_alive(pid):
        return {}
    return {str(name): str(value) for name, value in read_json(path / SERVICES).items()}


def read_json(path: Path) -> dict[str, Any]:
    """What a private file holds; nothing where it is missing or was cut in the middle."""
    try:
        held = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return held if isinstance(held, dict) else {}


def write_private(path: Path, what: Mapping[str, Any]) -> None:
    """Replace a file in one step; nobody else can read it at any moment."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(what, file, indent=1, ensure_ascii=False)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def say_where(path: Path) -> None:
    """Tell a home that is not in the usual place, on standard error."""
    if path != BASE_DIR / "var":
        sys.stderr.write(f"Home: {path}\n")
