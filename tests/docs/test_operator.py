"""What the operator's guide tells people to type does what it says."""

import io
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.core.management import call_command
from django.db import ProgrammingError, connection
from psycopg import sql

from claims.ledger import read, verify
from claims.models import Claim, User
from factcheck.engines import _postgres_programs
from reviews import scales
from tests.conftest import _drop, _using
from tests.reviews import stories

GUIDE = (Path(__file__).parents[2] / "docs/guide/operator.md").read_text(encoding="utf-8")


def do_as_told(word: str) -> None:
    """Run the one ``shell -c`` of the guide that holds this word."""
    told = re.findall(r'shell -c "\n(.*?)\n"', GUIDE, re.DOTALL)
    (code,) = (one for one in told if word in one)
    call_command("shell", command=code)


@pytest.mark.django_db
def test_the_first_account_and_the_first_scale(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    [told] = re.findall(r"manage\.py (open_desk .*)", GUIDE)
    monkeypatch.setattr("sys.stdin", io.StringIO("a long and winding road\n"))
    call_command(*told.split(), "--password-stdin")
    ada = User.objects.get(username="ada")
    assert "admin" in ada.scopes
    assert ada.check_password("a long and winding road")
    assert f"--scale {scales.active().slug}" in told
    do_as_told("problems")
    assert capsys.readouterr().out.endswith("The log is sound.\n")


@pytest.fixture
def restored(fresh_database: str) -> Iterator[str]:
    """A second database, restored from a dump of the first after a check was published there."""
    stories.published()
    owner = os.environ["DATABASE_OWNER_URL"].rpartition("/")[0]
    programs, name = _postgres_programs(), f"{fresh_database}_restored"
    dump = [programs / "pg_dump", "--format", "custom", f"{owner}/{fresh_database}"]
    kept = subprocess.run(dump, capture_output=True, check=True).stdout
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    restore = [programs / "pg_restore", "--exit-on-error", "--dbname", f"{owner}/{name}"]
    try:
        subprocess.run(restore, input=kept, check=True)
        yield name
    finally:
        _drop(name)


def test_a_restored_database_has_the_log_and_keeps_its_promises(restored: str) -> None:
    before = read.root(read.size())
    with _using(restored):
        assert read.root(read.size()) == before
        assert list(verify.problems()) == []
        with pytest.raises(ProgrammingError), connection.cursor() as cursor:
            cursor.execute("UPDATE reviews_verdict SET recorded_at = now()")
        stories.reopened(Claim.objects.get(state=Claim.State.PUBLISHED))
        assert list(verify.problems()) == []
