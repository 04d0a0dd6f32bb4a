"""A cited outlet that the coverage lacks is looked for once; in vain, it says so on the node."""

from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from claims.coverage import archive, gather, places, work
from claims.coverage.places import Answer, Hit, Place
from claims.coverage.providers.archive import search
from claims.coverage.queries import build, report_of
from claims.models import Claim, Job
from claims.provenance.attribution import read
from tests import factories as make
from tests.claims.coverage.test_archive import warc
from tests.claims.coverage.test_gather import work_off

WORDS = "The bridge over the Orle was closed on Monday because a pillar had cracked."
TEXT = f"{WORDS[:-1]}, the Harbour Herald reported."


def citing_the_herald(**fields: Any) -> Claim:
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
    (job,) = Job.objects.filter(run=run, kind=work.FOLLOW)
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
    assert not Job.objects.filter(run=run, kind=work.FOLLOW).exists()


@pytest.mark.django_db
def test_pages_that_come_up_again_when_an_outlet_is_looked_for_are_not_counted_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = Answer((Hit("http://127.0.0.1/a"), Hit("http://127.0.0.1/b")))
    asked: list[Any] = []
    place = Place("list", "List", lambda queries: asked.append(queries) or found)
    known = places.known()
    monkeypatch.setattr(places, "known", lambda: {**known, "list": place})
    run, _ = gather.ask(citing_the_herald(), by=make.contributor(), providers=["list"])
    work_off()
    run.refresh_from_db()
    assert len(asked) == 2
    assert run.hits == 2


PAGE = """<html lang="en"><head><title>Orle crossing</title>
<meta property="og:site_name" content="Harbour Herald"></head><body><article>
<h1>Orle crossing in doubt</h1>
<p>The Orle bridge has a cracked support, engineer Dana Wick told the Harbour Herald, which has
seen the photographs that a diver took of it in the spring.</p>
<p>Nobody at the town hall would say what it will cost, or how long people will have to go round by
the ferry, which takes no lorries and does not run in a high wind.</p></article></body></html>"""


@pytest.mark.django_db
def test_the_report_that_others_cite_is_found_in_the_archive_and_taken_for_what_they_cite(
    tmp_path: Path, settings: Settings
) -> None:
    settings.ARCHIVE_DIR = tmp_path
    url = "https://harbour-herald.example/orle"
    (tmp_path / "a.warc.gz").write_bytes(warc((url, PAGE.encode())))
    archive.refresh()
    claim = citing_the_herald()
    assert search(build(WORDS, language="en")) == []
    run, _ = gather.ask(claim, by=make.contributor(), providers=["archive"])
    work_off()
    run.refresh_from_db()
    assert run.status == "succeeded"
    cited = claim.nodes.get(kind="outlet")
    assert cited.resolved_to is not None
    assert cited.resolved_to.article is not None
    assert cited.resolved_to.article.url == url
    assert (cited.resolved_rule, cited.note) == ("outlet of the coverage", "")
    claim.refresh_from_db()
    assert claim.sources["articles"] == 2
    assert ("Dana Wick",) in claim.nodes.filter(kind="person").values_list("label")
    assert (claim.sources["origins_high"], claim.sources["named"]) == (1, 1)


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("the Harbour Herald", "Harbour Herald"),
        ("The Harbour Herald", "The Harbour Herald"),
        ("el Heraldo", "Heraldo"),
        ("El Heraldo", "El Heraldo"),
        ("the", "the"),
        ("المرفأ اليوم", "المرفأ اليوم"),
    ],
)
def test_an_outlet_is_asked_for_without_the_article_of_the_sentence(name: str, asked: str) -> None:
    assert report_of(name, "", language="en").text == asked
