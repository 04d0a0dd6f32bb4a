"""A wrong value stops the start with one line that names it."""

from pathlib import Path

import pytest

from factcheck import environment
from factcheck.environment import DEMO_MARKER, WrongValueError, read

SECRET = "Zk3vR8_tQm5xW-1nLb7YpC4sHd9gJf2aEu6oTiVwXyKq0NzBrMhGlPcS"


@pytest.fixture
def demo_home(tmp_path: Path) -> Path:
    (tmp_path / DEMO_MARKER).touch()
    return tmp_path


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "８０００"),
        ("HOST", "not a host"),
        ("SITE_URL", "check.example"),
        ("SITE_URL", "https://check.example/desk/"),
        ("SITE_URL", "https://user@check.example"),
        ("SECRET_KEY", "changeme"),
        ("SECRET_KEY", "a" * 80),
        ("SECRET_KEY", f"django-insecure-{SECRET}"),
        ("ALLOWED_HOSTS", "*"),
        ("ALLOWED_HOSTS", "check.example,bad host"),
        ("DEBUG", "perhaps"),
        ("DEBUG", "1"),
        ("DATABASE_URL", "sqlite:///desk.db"),
        ("DATABASE_URL", "postgresql://localhost/"),
        ("DATABASE_POOL", "2"),
        ("REDIS_URL", "http://localhost"),
        ("REDIS_URL", "redis://localhost/first"),
        ("REDIS_URL", "unix://"),
        ("TRUSTED_PROXIES", "10.0.0.0/40"),
        ("LOG_LEVEL", "LOUD"),
        ("WAYBACK_KEYS", "only-one"),
        ("WAYBACK_SAVE", "sometimes"),
        ("RECHECK_PER_NIGHT", "-1"),
        ("EMAIL_URL", "https://mail.check.example"),
        ("EMAIL_URL", "smtp://mail.check.example:99999"),
        ("EMAIL_FROM", "the desk"),
        ("EMAIL_FROM", "desk@check.example\nBcc: all@check.example"),
        ("DESK_NAME", "The\0Desk"),
        ("FACTCHECK_HOME", __file__),
    ],
)
def test_a_wrong_value_is_named_with_what_is_wrong_and_an_example(name: str, value: str) -> None:
    with pytest.raises(WrongValueError) as refused:
        read({name: value})
    [line] = refused.value.lines
    assert line.startswith(f"{name}: ")
    assert f"For example: {name}=" in line
    assert "\n" not in line


def test_the_line_about_a_secret_does_not_say_it() -> None:
    with pytest.raises(WrongValueError) as refused:
        read({"SECRET_KEY": "hunter2hunter2", "DATABASE_URL": "mysql://root:letmein@db/desk"})
    assert "hunter2" not in str(refused.value)
    assert "letmein" not in str(refused.value)


def test_all_wrong_values_are_named_at_once() -> None:
    with pytest.raises(WrongValueError) as refused:
        read({"PORT": "x", "DEBUG": "x", "REDIS_URL": "x"})
    assert [line.partition(":")[0] for line in refused.value.lines] == [
        "PORT",
        "DEBUG",
        "REDIS_URL",
    ]


def test_an_empty_variable_is_as_good_as_none() -> None:
    assert read({"PORT": "", "ALLOWED_HOSTS": " "}).port == read({}).port


def test_the_site_is_where_the_desk_listens_unless_said_otherwise() -> None:
    assert read({"HOST": "::1", "PORT": "8001"}).site_url == "http://[::1]:8001"
    assert read({"SITE_URL": "https://check.example/"}).allowed_hosts == ("check.example",)


@pytest.mark.parametrize(
    "environ", [{"HOST": "0.0.0.0"}, {"HOST": "192.0.2.7"}, {"SITE_URL": "https://check.example"}]
)
def test_a_demo_home_is_refused_beyond_this_machine(
    demo_home: Path, environ: dict[str, str]
) -> None:
    with pytest.raises(WrongValueError, match="demo"):
        read({"FACTCHECK_HOME": str(demo_home), **environ})


def test_a_demo_may_be_debugged_and_production_may_not(demo_home: Path) -> None:
    assert read({"FACTCHECK_HOME": str(demo_home), "DEBUG": "1"}).debug
    with pytest.raises(WrongValueError, match="DEBUG"):
        read({"DEBUG": "1"})


def test_the_owner_of_the_tables_is_not_who_serves() -> None:
    url = "postgresql://desk@db/desk"
    with pytest.raises(WrongValueError, match="DATABASE_OWNER_URL"):
        read({"DATABASE_URL": url, "DATABASE_OWNER_URL": url})


def test_an_offline_command_may_lack_what_a_serving_process_may_not() -> None:
    seen = read({})
    with pytest.raises(WrongValueError) as refused:
        seen.refuse_to_serve()
    assert [line.partition(":")[0] for line in refused.value.lines] == [
        "SECRET_KEY",
        "DATABASE_URL",
        "REDIS_URL",
    ]
    read(
        {
            "SECRET_KEY": SECRET,
            "DATABASE_URL": "postgresql://desk_app@db/desk",
            "REDIS_URL": "redis://valkey",
        }
    ).refuse_to_serve()


def test_a_wrong_value_ends_the_process_without_a_traceback(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as ended, environment.or_stop():
        read({"PORT": "none"})
    assert ended.value.code == environment.EXIT_WRONG
    assert capfd.readouterr().err.count("\n") == 1


def test_a_mail_server_is_read_with_its_name_and_password() -> None:
    read_ = read(
        {"EMAIL_URL": "smtps://d%40b:p%3Aw@mail.check.example", "EMAIL_FROM": "d@b.example"}
    )
    server = read_.mail
    assert server is not None
    assert (server.host, server.port, server.user, server.password) == (
        "mail.check.example",
        465,
        "d@b",
        "p:w",
    )
    assert server.tls
    assert not server.starttls


def test_a_mail_server_without_a_sender_is_refused() -> None:
    with pytest.raises(WrongValueError, match="EMAIL_FROM: is missing"):
        read({"EMAIL_URL": "smtp://mail.check.example"})
