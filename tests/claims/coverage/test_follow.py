"""A cited outlet that the coverage lacks is looked for once; in vain, it says so on the node."""

from pathlib import Path

import pytest
from pytest_django import Settings

from claims.coverage import gather
from claims.coverage.queries import report_of
from claims.models import Claim, Job
from claims.provenance.attribution import read
from tests import factories as make
from tests.claims.coverage.test_gather import work_off

WORDS = "The bridge over the Orle was closed on Monday because a pillar had cracked."
TEXT = f"{WORDS[:-1]}, the Harbour Herald reported."


def citing_the_herald(**fields: object) -> Claim:
    claim = make.claim(WORDS, **fields)
    article = make.article(TEXT, attributions=read(TEXT, language="en"))
    make.covered(claim, article)
    return claim


def test_the_question_names_the_outlet_and_what_it_wrote_about() -> None:
    query = report_of("Harbour Herald", WORDS, language="en")
    assert query.text.startswith("Harbour Herald")
    assert "Orle" in query.text
    assert len(report_of("Herald " * 90, WORDS).text) <= 300


@pytest.mark.django_db
def test_a_dead_end_is_looked_for_once_and_says_that_nothing_came_up(
    tmp_path: Path, settings: Settings
) -> None:
    settings.ARCHIVE_DIR = tmp_path
    claim = citing_the_herald()
    run, _ = gather.ask(claim, by=make.contributor(), providers=["archive"])
    work_off()
    run.refresh_from_db()
    assert run.status == "succeeded"
    (job,) = Job.objects.filter(run=run, kind=gather.FOLLOW)
    assert job.args["name"] == "the Harbour Herald"
    node = claim.nodes.get(kind="outlet")
    assert node.note == "Looked for its report in: archive. Nothing of this outlet came up."


@pytest.mark.django_db
def test_what_a_person_noted_is_not_written_over(tmp_path: Path, settings: Settings) -> None:
    settings.ARCHIVE_DIR = tmp_path
    claim = citing_the_herald()
    for note in ("", "Asked them by telephone."):
        claim.nodes.update(note=note)
        gather.ask(claim, by=make.contributor(), providers=["archive"])
        work_off()
    assert claim.nodes.get(kind="outlet").note == "Asked them by telephone."


@pytest.mark.django_db
def test_nothing_more_is_asked_for_a_discreet_claim(tmp_path: Path, settings: Settings) -> None:
    settings.ARCHIVE_DIR = tmp_path
    claim = citing_the_herald(discreet=True)
    run, _ = gather.ask(claim, by=make.contributor(), providers=["archive"])
    work_off()
    assert not Job.objects.filter(run=run, kind=gather.FOLLOW).exists()
