"""The command that opens a desk: an admin and a scale, once."""

import io

import pytest
from django.core.management import CommandError, call_command

from claims.models import User
from reviews import scales
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def typed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("a long and winding road\n"))


def open_desk(*said: str) -> None:
    call_command("open_desk", *said, "--password-stdin")


def test_a_second_time_nothing_changes(capsys: pytest.CaptureFixture[str]) -> None:
    open_desk("ada", "--scale", "three-steps")
    open_desk("eve", "--scale", "six-steps")

    assert scales.active().slug == "three-steps"
    assert list(User.objects.values_list("username", flat=True)) == ["ada"]
    assert "There is an admin already" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "password", "why"),
    [
        ("ada", "short", "too short"),
        ("ada", "", "too short"),
        ("ada lovelace", "a long and winding road", "valid username"),
        ("taken", "a long and winding road", "There is an account taken"),
    ],
)
def test_what_cannot_be_an_account_is_said_in_one_line_and_leaves_nothing(
    name: str, password: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.person("reviewer", name="taken")
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))

    with pytest.raises(CommandError, match=why):
        open_desk(name)

    assert list(User.objects.values_list("username", flat=True)) == ["taken"]


def test_two_passwords_that_differ_make_no_account(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(["a long and winding road", "a long and winding rode"])
    monkeypatch.setattr("factcheck.management.commands.open_desk.getpass", lambda _: next(answers))

    with pytest.raises(CommandError, match="two passwords"):
        call_command("open_desk", "ada")

    assert not User.objects.exists()
