"""Reads what the surroundings say, once, and names every value that is wrong.

It knows no Django: the supervisor and the launcher's commands ask here before anything starts.
"""

import ipaddress
import math
import os
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qs, unquote, urlsplit

from factcheck.stores import Store, store

BASE_DIR = Path(__file__).resolve().parent.parent
DEMO_MARKER = "demo-home"
SAMPLE_ARCHIVE = BASE_DIR / "seeds" / "archive"
EXIT_WRONG = 2

# Fewer bits than a random key of 38 letters and digits has is a word, or half of one.
SECRET_BITS_MIN = 128
SECRET_EXAMPLE = "$(python3 -c 'import secrets; print(secrets.token_urlsafe(50))')"  # noqa: S105 - a command that makes one
MAIL_EXAMPLE = "smtp://desk:…@mail.check.example:587"
DEMO_OUTSIDE = (
    "HOST: {host} is reachable from outside, and the accounts of a demo need no second factor."
    " For example: HOST=127.0.0.1"
)

# Asked about each claim unless somebody says otherwise: none of them needs a key.
COVERAGE_BY_DEFAULT: tuple[str, ...] = ("archive", "feeds", "sitemaps", "wikipedia")

_T = TypeVar("_T")


class WrongValueError(Exception):
    """Values that stop the start; ``str()`` is one line for each."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed over. ``tls`` is from the first byte, ``starttls`` after a greeting."""

    host: str
    port: int
    user: str
    password: str
    tls: bool
    starttls: bool


@dataclass(frozen=True, slots=True)
class Environment:
    """What the surroundings say. Addresses are kept as written; empty means not set."""

    home: Path
    demo: bool
    host: str
    port: int
    site_url: str
    desk_name: str
    secret_key: str
    allowed_hosts: tuple[str, ...]
    debug: bool
    database_url: str
    database_owner_url: str
    database_pool: int
    redis_url: str
    archive_dir: Path
    coverage: Mapping[str, Any]
    trusted_proxies: tuple[str, ...]
    log_level: str
    contact: str
    captures: Store | None
    wayback_keys: str
    wayback_save: str
    recheck_per_night: int
    mail: MailServer | None
    mail_from: str

    def refuse_to_serve(self) -> None:
        """Raise WrongValueError for what only an offline command may lack."""
        lines = []
        if not self.secret_key:
            lines.append(_line("SECRET_KEY", "is missing", SECRET_EXAMPLE))
        if not self.database_url:
            lines.append(
                _line("DATABASE_URL", "is missing", "postgresql://desk_app:…@db:5432/desk")
            )
        if not self.redis_url:
            lines.append(_line("REDIS_URL", "is missing", "redis://valkey:6379/0"))
        if lines:
            raise WrongValueError(lines)


@dataclass(slots=True)
class _Reader:
    environ: Mapping[str, str]
    wrong: list[str] = field(default_factory=list)

    def take(self, name: str, *, default: _T, parse: Callable[[str], _T], example: str) -> _T:
        """The parsed value, or the default where the variable is absent or empty."""
        said = self.environ.get(name, "").strip()
        if not said:
            return default
        try:
            return parse(said)
        except ValueError as error:
            self.wrong.append(_line(name, str(error), example))
            return default


def read(environ: Mapping[str, str] | None = None) -> Environment:
    """Read and check every variable. Raises WrongValueError that names all the wrong ones."""
    reader = _Reader(os.environ if environ is None else environ)
    take = reader.take
    home = take(
        "FACTCHECK_HOME", default=BASE_DIR / "var", parse=_folder, example="/srv/factcheck"
    )
    host = take("HOST", default="127.0.0.1", parse=_host, example="127.0.0.1")
    port = take("PORT", default=8000, parse=_port, example="8000")
    demo = (home / DEMO_MARKER).exists()
    site_url = take(
        "SITE_URL",
        default=f"http://{_bracketed(host)}:{port}",
        parse=_site,
        example="https://check.example",
    )
    result = Environment(
        home=home,
        demo=demo,
        host=host,
        port=port,
        site_url=site_url,
        desk_name=take("DESK_NAME", default="Fact-check desk", parse=_words, example="The Desk"),
        secret_key=take("SECRET_KEY", default="", parse=_secret, example=SECRET_EXAMPLE),
        allowed_hosts=take(
            "ALLOWED_HOSTS",
            default=_hosts_of(site_url, demo=demo),
            parse=_host_names,
            example="check.example,www.check.example",
        ),
        debug=take("DEBUG", default=False, parse=_switch, example="0"),
        database_url=take(
            "DATABASE_URL",
            default="",
            parse=_postgres,
            example="postgresql://desk_app:…@db:5432/desk",
        ),
        database_owner_url=take(
            "DATABASE_OWNER_URL",
            default="",
            parse=_postgres,
            example="postgresql://desk_owner:…@db:5432/desk",
        ),
        database_pool=take("DATABASE_POOL", default=0, parse=_pool, example="8"),
        redis_url=take("REDIS_URL", default="", parse=_redis, example="redis://valkey:6379/0"),
        archive_dir=take(
            "ARCHIVE_DIR",
            # A desk that stays never finds the constructed sample pages.
            default=SAMPLE_ARCHIVE if demo else home / "archive",
            parse=_folder,
            example="/srv/factcheck/archive",
        ),
        coverage={
            **take(
                "COVERAGE_FILE", default={}, parse=_table, example="/srv/factcheck/coverage.toml"
            ),
            "on": take(
                "COVERAGE_PROVIDERS",
                # A demo asks nobody outside the house.
                default=("archive",) if demo else COVERAGE_BY_DEFAULT,
                parse=_names,
                example=",".join(COVERAGE_BY_DEFAULT),
            ),
        },
        trusted_proxies=take(
            "TRUSTED_PROXIES", default=(), parse=_networks, example="10.0.0.0/8,127.0.0.1"
        ),
        log_level=take("LOG_LEVEL", default="INFO", parse=_level, example="INFO"),
        contact=take("CONTACT", default="", parse=_words, example="desk@check.example"),
        captures=take(
            "CAPTURES_URL",
            default=None,
            parse=store,
            example="s3://KEY:SECRET@s3.example/bucket?region=eu-west-1",
        ),
        wayback_keys=take("WAYBACK_KEYS", default="", parse=_key_pair, example="access:secret"),
        wayback_save=take(
            "WAYBACK_SAVE", default="published", parse=_when_to_save, example="published"
        ),
        recheck_per_night=take(
            "RECHECK_PER_NIGHT",
            # A demo asks nobody outside the house.
            default=0 if demo else 300,
            parse=_budget,
            example="300",
        ),
        mail=take("EMAIL_URL", default=None, parse=_mail_server, example=MAIL_EXAMPLE),
        mail_from=take("EMAIL_FROM", default="", parse=_mailbox, example="desk@check.example"),
    )
    reader.wrong.extend(_together(result))
    if reader.wrong:
        raise WrongValueError(reader.wrong)
    return result


@contextmanager
def or_stop() -> Iterator[None]:
    """End the process with one line for each wrong value, and no traceback."""
    try:
        yield
    except WrongValueError as wrong:
        os.write(2, f"{wrong}\n".encode())
        raise SystemExit(EXIT_WRONG) from None


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address or name."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _together(seen: Environment) -> list[str]:
    """What is wrong only in combination: demo mode seen from outside, debugging in production."""
    lines = []
    if seen.demo and not is_loopback(seen.host):
        lines.append(DEMO_OUTSIDE.format(host=seen.host))
    elif seen.demo and not is_loopback(urlsplit(seen.site_url).hostname or ""):
        lines.append(
            _line(
                "FACTCHECK_HOME",
                f"{seen.home} is a demo home, and {seen.site_url} is reachable from outside",
                "/srv/factcheck",
            )
        )
    if seen.debug and not seen.demo:
        lines.append(
            _line("DEBUG", "is on, and this is no demo home: pages would show secrets", "0")
        )
    if seen.mail is not None and not seen.mail_from:
        lines.append(_line("EMAIL_FROM", "is missing beside EMAIL_URL", "desk@check.example"))
    if seen.database_owner_url and seen.database_owner_url == seen.database_url:
        lines.append(
            _line(
                "DATABASE_OWNER_URL",
                "is the same as DATABASE_URL: the application must not own its tables",
                "postgresql://desk_owner:…@db:5432/desk",
            )
        )
    return lines


def _line(name: str, wrong: str, example: str) -> str:
    return f"{name}: {wrong}. For example: {name}={example}"


def _hosts_of(site_url: str, *, demo: bool) -> tuple[str, ...]:
    own = urlsplit(site_url).hostname or ""
    return tuple(dict.fromkeys([own, "localhost", "127.0.0.1", "[::1]"])) if demo else (own,)


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _folder(said: str) -> Path:
    path = Path(said).expanduser().resolve()
    try:
        if path.exists() and not path.is_dir():
            raise ValueError(f"{said} is a file, not a folder")
    except OSError as error:
        raise ValueError(f"{said} cannot be reached ({error.strerror})") from error
    return path


def _table(said: str) -> dict[str, Any]:
    """What each provider of coverage needs to know: one TOML table per provider.

    ``modules`` is the folder of the file, where a desk's own providers stand.
    """
    try:
        table = tomllib.loads(Path(said).expanduser().read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"{said} cannot be read") from error
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{said} is no TOML: {error}") from error
    for name, value in table.items():
        if not isinstance(value, dict):
            wrong = f"{said}: {name} stands outside a table such as [searxng]"
            raise ValueError(wrong)  # noqa: TRY004 - one error for every wrong value
    return {**table, "modules": str(Path(said).expanduser().resolve().parent)}


def _names(said: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in said.split(",") if name.strip())
    for name in names:
        if not re.fullmatch(r"[A-Za-z_][\w.]*(:[A-Za-z_]\w*)?", name):
            raise ValueError(f"{name!r} is no name of a provider")
    return names


def _host(said: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9._-]+|[0-9a-fA-F:.]+", said):
        raise ValueError(f"{said!r} is no address to listen on")
    return said


def _port(said: str) -> int:
    if not (said.isascii() and said.isdigit() and 0 < int(said) < 65536):  # noqa: PLR2004 - the last port
        raise ValueError(f"{said!r} is no port; ports go from 1 to 65535")
    return int(said)


def _pool(said: str) -> int:
    if not (said.isascii() and said.isdigit() and (int(said) == 0 or 3 <= int(said) <= 200)):  # noqa: PLR2004 - threads are two fewer
        raise ValueError(f"{said!r} is no size of a pool; 0 is none, else 3 to 200")
    return int(said)


def _budget(said: str) -> int:
    if not (said.isascii() and said.isdigit() and int(said) <= 100_000):  # noqa: PLR2004 - one a second for a day
        raise ValueError(f"{said!r} is no number of pages; 0 is none, at most 100000")
    return int(said)


def _key_pair(said: str) -> str:
    if not re.fullmatch(r"[\x21-\x39\x3b-\x7e]+:[\x21-\x7e]+", said):
        raise ValueError("is no access key and secret with a colon between them")
    return said


def _when_to_save(said: str) -> str:
    if said not in {"published", "attached"}:
        raise ValueError(f"{said!r} is none of published, attached")
    return said


def _switch(said: str) -> bool:
    if said.lower() in {"1", "true", "yes", "on"}:
        return True
    if said.lower() in {"0", "false", "no", "off"}:
        return False
    raise ValueError(f"{said!r} is neither 0 nor 1")


def _words(said: str) -> str:
    if not said.isprintable():
        raise ValueError("holds characters that cannot be shown")
    return said


def _level(said: str) -> str:
    if said.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        raise ValueError(f"{said!r} is none of DEBUG, INFO, WARNING, ERROR")
    return said.upper()


def _secret(said: str) -> str:
    counts = Counter(said)
    bits = -sum(n * math.log2(n / len(said)) for n in counts.values())
    if bits < SECRET_BITS_MIN or said.startswith("django-insecure-"):
        raise ValueError("is too weak: anyone could sign in as anyone")
    return said


def _host_names(said: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in said.split(",") if name.strip())
    if "*" in names:
        raise ValueError("'*' lets any name in")
    for name in names:
        if not re.fullmatch(r"\.?[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*|\[[0-9a-fA-F:.]+\]", name):
            raise ValueError(f"{name!r} is no host name")
    return names


def _networks(said: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in said.split(",") if name.strip())
    for name in names:
        ipaddress.ip_network(name)  # its ValueError says which and why
    return names


def _site(said: str) -> str:
    url = urlsplit(said)
    if url.scheme not in {"http", "https"} or not url.hostname:
        raise ValueError(f"{said!r} is no address that begins with http:// or https://")
    if url.path.strip("/") or url.query or url.fragment or url.username:
        raise ValueError(f"{said!r} has more than scheme, host and port")
    return said.rstrip("/")


# Scheme → port, TLS from the first byte, TLS after a greeting.
_MAIL_SCHEMES = {
    "smtp": (587, False, True),
    "smtps": (465, True, False),
    "smtp+plain": (25, False, False),
}


def _mail_server(said: str) -> MailServer:
    url = urlsplit(said)
    if url.scheme not in _MAIL_SCHEMES or not url.hostname:
        raise ValueError("is no address of a mail server; schemes are smtp, smtps and smtp+plain")
    if url.path.strip("/") or url.query:
        raise ValueError("has more than scheme, name, password, host and port")
    usual, tls, starttls = _MAIL_SCHEMES[url.scheme]
    return MailServer(
        host=url.hostname,
        port=url.port or usual,  # its own ValueError says that a port is out of range
        user=unquote(url.username or ""),
        password=unquote(url.password or ""),
        tls=tls,
        starttls=starttls,
    )


def _mailbox(said: str) -> str:
    if not re.fullmatch(r"[^\s@<>,;]+@[A-Za-z0-9.-]+", said):
        raise ValueError(f"{said!r} is no e-mail address")
    return said


def _postgres(said: str) -> str:
    url = urlsplit(said)
    if url.scheme not in {"postgresql", "postgres"}:
        raise ValueError("is no address of a Postgres database")
    if not url.path.strip("/"):
        raise ValueError("names no database after the host")
    return said


def _redis(said: str) -> str:
    url = urlsplit(said)
    if url.scheme not in {"redis", "rediss", "unix"}:
        raise ValueError("is no address of Valkey or Redis")
    if url.scheme == "unix" and not url.path.strip("/"):
        raise ValueError("names no socket")
    number = (
        parse_qs(url.query).get("db", ["0"])[-1] if url.scheme == "unix" else url.path.strip("/")
    )
    if number and not number.isdigit():
        raise ValueError(f"{number!r} is no number of a database")
    return said
