"""A desk in production is as closed as Django can check, and does not start half set up."""

import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from factcheck.environment import BASE_DIR


def in_production(tmp_path: Path, **told: str) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "FACTCHECK_HOME": str(tmp_path),
        "SITE_URL": "https://check.example",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "DATABASE_URL": "postgresql://desk_app@db.example/desk",
        "REDIS_URL": "redis://valkey.example:6379/0",
        **told,
    }


def python(*arguments: str, environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        env=environ, cwd=BASE_DIR, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_djangos_own_check_of_a_deployment_finds_nothing(tmp_path: Path) -> None:
    (tmp_path / "static").mkdir()
    done = python(
        "manage.py",
        "check",
        "--deploy",
        "--fail-level",
        "WARNING",
        environ=in_production(tmp_path),
    )
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "missing"),
    [
        (("-c", "import factcheck.wsgi"), "SECRET_KEY"),
        (("-m", "celery", "--quiet", "-A", "factcheck.celery", "worker"), "DATABASE_URL"),
        (("-m", "celery", "--quiet", "-A", "factcheck.celery", "beat"), "REDIS_URL"),
        (("manage.py", "check"), "PORT"),
    ],
)
def test_no_process_starts_half_set_up(
    tmp_path: Path, arguments: tuple[str, ...], missing: str
) -> None:
    told = in_production(tmp_path) | {missing: "none" if missing == "PORT" else ""}
    done = python(*arguments, environ=told)
    assert done.returncode == 2
    [line] = [line for line in done.stderr.splitlines() if "Warning" not in line][-1:]
    assert line.startswith(f"{missing}: ")
    assert "Traceback" not in done.stderr


def test_an_offline_command_needs_nothing() -> None:
    done = python("manage.py", "check", environ={"PATH": os.environ["PATH"]})
    assert done.returncode == 0, done.stderr


def test_cookies_of_an_encrypted_site_are_bound_to_its_host(tmp_path: Path) -> None:
    code = (
        "from factcheck import settings as s; print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME,"
        " s.SESSION_COOKIE_SECURE, s.SESSION_COOKIE_PATH if hasattr(s, 'SESSION_COOKIE_PATH')"
        " else '/', s.SECURE_HSTS_SECONDS > 0)"
    )
    done = python("-c", code, environ=in_production(tmp_path))
    assert done.stdout.split() == ["__Host-session", "__Host-csrf", "True", "/", "True"]


@pytest.mark.django_db
def test_no_page_lets_a_strangers_script_in(client: Client) -> None:
    policy = client.get("/admin/login/")["Content-Security-Policy"]
    said = dict(part.strip().partition(" ")[::2] for part in policy.split(";"))
    assert said["default-src"] == "'self'"
    assert said["object-src"] == said["base-uri"] == said["frame-ancestors"] == "'none'"
    assert "unsafe" not in policy


def test_the_cache_can_be_emptied_without_losing_a_message() -> None:
    broker = settings.CELERY_BROKER_URL
    cache = settings.CACHES["default"]["LOCATION"]
    assert broker.rpartition("=")[2] != cache.rpartition("=")[2]


def test_passwords_are_kept_by_argon2() -> None:
    assert settings.PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher")
