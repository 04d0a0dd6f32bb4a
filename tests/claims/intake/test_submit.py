"""The same words twice are one claim with more demand, whoever brings them and how fast."""

import json
from typing import Any

import pytest

from claims.errors import Forbidden, Invalid
from claims.intake.articles import hand_in
from claims.intake.submit import create
from claims.ledger.record import pseudonym
from claims.models import SYSTEM, Actor, Claim, ClaimAuthor, Job
from claims.models.ledger import ActorKey, LogEntry, Secret
from claims.provenance.trace import recompute
from claims.tasks import run
from tests import factories as make

pytestmark = pytest.mark.django_db


def entries(claim: Claim) -> list[dict[str, Any]]:
    rows = LogEntry.objects.filter(claim=claim.pk).order_by("seq")
    return [json.loads(bytes(row.body)) for row in rows]


def name_in_log(by: Actor, claim: Claim) -> str:
    key = bytes(ActorKey.objects.get(person=by.person).key)
    return pseudonym(by, claim.pk, key)


def test_a_claim_somebody_writes_is_theirs_and_its_words_are_only_committed_to() -> None:
    by = make.contributor()
    created = create(by=by, text="The bridge was closed on Monday.")
    assert created.new
    claim = created.claim
    assert (claim.state, claim.version, claim.demand) == ("draft", 1, 1)
    assert claim.language == "en"
    assert [author.person for author in claim.authors.all()] == [by.person]
    (entry,) = entries(claim)
    assert entry["type"] == "claim.created"
    assert entry["actor"] == name_in_log(by, claim)
    assert entry["data"] == {"language": "en"}
    assert set(entry["private"]) == {"text"}
    assert Secret.objects.get(seq=entry["seq"]).value == claim.text


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Le pont est fermé selon la mairie.", "fr"),
        ("Dam 7 leaks", "en"),
        ("Плотина закрыта", ""),
        ("Dam 7: плотина", ""),
        ("7 : 0", ""),
    ],
)
def test_too_few_words_are_taken_for_the_desks_own_language(text: str, language: str) -> None:
    assert create(by=make.contributor(), text=text).claim.language == language


def test_the_same_words_in_another_spelling_raise_the_demand_of_the_first() -> None:
    first = create(by=make.contributor(), text='The "bridge" was closed on Monday.')
    again = create(by=make.contributor(), text="  the “bridge”  was closed\non monday. ")
    assert not again.new
    assert again.claim == first.claim
    assert again.claim.demand == 2
    assert again.claim.version == 1
    assert again.claim.authors.count() == 1
    assert len(entries(first.claim)) == 1


def test_what_was_withdrawn_is_no_answer_to_the_same_words() -> None:
    make.claim("The bridge was closed.", state="dismissed", outcome="withdrawn")
    assert create(by=make.contributor(), text="The bridge was closed.").new


def test_a_restricted_claim_is_not_given_away_by_its_words() -> None:
    hidden = make.claim("The bridge was closed.", author=make.contributor())
    Claim.objects.filter(pk=hidden.pk).update(visibility="restricted")
    created = create(by=make.contributor(), text="The bridge was closed.")
    assert created.new
    assert create(by=make.editor(), text="The bridge was closed.").claim == hidden


@pytest.mark.parametrize("way", ["import", "reader"])
def test_words_of_a_reader_or_an_import_are_nobodys(way: str) -> None:
    by = make.contributor() if way == "import" else SYSTEM
    claim = create(by=by, text="The bridge was closed.", taken_over=way == "import").claim
    assert not ClaimAuthor.objects.filter(claim=claim).exists()
    assert claim.created_by == by.person
    assert entries(claim)[0]["actor"] == "system"


def test_a_service_signs_with_its_token() -> None:
    claim = create(by=make.service(), text="The bridge was closed.").claim
    assert entries(claim)[0]["actor"].startswith("k:")
    assert not claim.authors.exists()


def test_the_quote_is_kept_in_the_articles_own_spelling_with_its_place() -> None:
    article = make.article("Before. The mayor said the “bridge” is closed. After.")
    claim = create(
        by=make.contributor(),
        text="The bridge is closed.",
        article=article,
        quote={"exact": 'the mayor said the "bridge" is closed'},
    ).claim
    assert claim.quote == {
        "exact": "The mayor said the “bridge” is closed",
        "prefix": "Before. ",
        "suffix": ". After.",
        "start": 8,
        "end": 45,
    }


def test_the_article_is_the_first_coverage_and_its_chain_will_be_read() -> None:
    article = make.article()
    claim = create(by=make.contributor(), text="The bridge is closed.", article=article).claim
    (item,) = claim.coverage.all()
    assert (item.article, item.provider) == (article, "handed_in")
    assert [job.kind for job in Job.objects.filter(claim=claim)] == ["claim.trace"]
    other = make.article()
    create(by=make.contributor(), text="The bridge is closed.", article=other)
    assert claim.coverage.count() == 2


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"text": ""}, "/text"),
        ({"text": " \n\u200d\u200c"}, "/text"),
        ({"text": "x\x00"}, "/text"),
        ({"text": "x\x1b[31m"}, "/text"),
        ({"text": "x\udfff"}, "/text"),
        ({"text": "x" * 5_001}, "/text"),
        ({"language": "english, mostly"}, "/language"),
        ({"claimant": {"name": ""}}, "/claimant/name"),
        ({"claimant": {"name": "A", "kind": "ghost"}}, "/claimant/kind"),
        ({"claimant": {"name": "A", "age": 3}}, "/claimant/age"),
        ({"quote": {"exact": ""}}, "/quote/exact"),
        ({"quote": {"exact": "x", "colour": "red"}}, "/quote/colour"),
        ({"quote": {"exact": 7}}, "/quote/exact"),
        ({"external_ref": "x" * 201}, "/external_ref"),
    ],
)
def test_what_cannot_be_used_is_named_and_leaves_nothing_behind(
    wrong: dict[str, Any], pointer: str
) -> None:
    with pytest.raises(Invalid) as refused:
        create(**{"by": make.contributor(), "text": "The bridge is closed.", **wrong})
    assert pointer in [problem.pointer for problem in refused.value.problems]
    assert not Claim.objects.exists()
    assert not LogEntry.objects.exists()


def test_a_quote_that_is_not_in_the_article_is_refused() -> None:
    article = make.article("The mayor said the bridge is closed.")
    with pytest.raises(Invalid, match="not in the article"):
        create(
            by=make.contributor(),
            text="The bridge is open.",
            article=article,
            quote={"exact": "the bridge is open"},
        )


def test_who_may_only_read_brings_nothing_in() -> None:
    with pytest.raises(Forbidden):
        create(by=make.admin(), text="The bridge is closed.")
    with pytest.raises(Forbidden) as refused:
        create(by=make.actor("contributor", scopes={"claims:read"}), text="The bridge is closed.")
    assert refused.value.reason == "scope"
    assert not Claim.objects.exists()


def test_a_claim_that_came_before_its_article_was_read_gets_its_chain_later() -> None:
    by = make.contributor()
    words = "The bridge was closed on Monday, engineer Dana Wick said."
    article, _ = hand_in(by=by, text=words)
    claim = create(
        by=by, text="The bridge was closed on Monday.", article=article, trace=recompute
    ).claim
    assert claim.sources["named"] == 0
    for kind in ("article.read", "claim.trace"):
        run(Job.objects.get(kind=kind, state="queued").pk, kind)
    claim.refresh_from_db()
    assert claim.sources["named"] == 1
