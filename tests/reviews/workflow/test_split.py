"""A compound claim gives way to claims with verdicts of their own, and nobody judges their own."""

import pytest

from claims.errors import Forbidden, Invalid, Stale
from claims.ledger import read
from claims.models import Claim, ClaimPart
from claims.models.people import Role
from reviews import rounds
from reviews.errors import IllegalTransition, NotReady
from reviews.workflow.split import Part, split
from tests import factories
from tests.reviews import stories

pytestmark = pytest.mark.django_db

PARTS = [Part("The bridge is shut."), Part("The mayor shut it.")]


def compound(**fields: object) -> Claim:
    return factories.claim(
        "The bridge is shut, and the mayor shut it.", author=factories.contributor(), **fields
    )


def test_the_parts_are_drafts_of_whoever_split_it_and_keep_what_is_known() -> None:
    claim = compound(
        claimant=factories.claimant("Ana Roe"),
        article=factories.article("The bridge is shut, and the mayor shut it."),
        quote={"exact": "The bridge is shut", "prefix": "", "suffix": ""},
        visibility="restricted",
        demand=4,
        harm=2,
        why="People cross it.",
    )
    by = factories.editor()

    rows = split(claim, PARTS, by=by)

    first, second = (row.part for row in rows)
    assert [first.text, second.text] == ["The bridge is shut.", "The mayor shut it."]
    for part in (first, second):
        part.refresh_from_db()
        kept = ("claimant_id", "article_id", "quote", "visibility", "demand", "harm", "why")
        assert all(getattr(part, name) == getattr(claim, name) for name in kept)
        assert part.state == Claim.State.DRAFT
        assert rounds.why_not_review(part, by.person)  # type: ignore[arg-type]
        assert [entry.type for entry in read.entries(claim=part.pk)] == ["claim.created"]
    claim.refresh_from_db()
    assert (claim.state, claim.outcome) == (Claim.State.DISMISSED, Claim.Outcome.DUPLICATE)
    kinds = [entry.type for entry in read.entries(claim=claim.pk)]
    assert kinds[-2:] == ["x-claim.split", "state.changed"]


def test_an_open_round_is_void_and_a_reviewer_may_split() -> None:
    claim, by = stories.sent_to_review(compound()), factories.reviewer()
    stories.reviewed(claim, factories.reviewer())

    split(claim, PARTS, by=by)

    assert rounds.newest(claim).is_void  # type: ignore[union-attr]


def test_words_that_are_a_claim_already_are_linked_and_get_no_new_author() -> None:
    there = factories.claim("The bridge is shut.", author=factories.contributor())
    by = factories.editor()

    rows = split(compound(), PARTS, by=by)

    assert rows[0].part == there
    assert not rounds.is_author(there, by.person)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("parts", "pointer"),
    [
        ([Part("Only one.")], "/parts"),
        ([Part("One."), Part(" ")], "/parts/1/text"),
        ([Part("One."), Part("“One.”"), Part("one.")], "/parts/2/text"),
        (
            [Part("One."), Part("The bridge is shut, and the mayor shut it.")],
            "/parts/1/text",
        ),
        ([Part("One."), Part("Two.", language="no such")], "/parts/1/language"),
        ([Part("One."), Part("x" * 5_001)], "/parts/1/text"),
        ([Part(f"Number {number}.") for number in range(21)], "/parts"),
    ],
)
def test_what_cannot_be_a_part_is_named_and_nothing_is_left(
    parts: list[Part], pointer: str
) -> None:
    claim = compound()

    with pytest.raises(Invalid) as refused:
        split(claim, parts, by=factories.editor())

    assert pointer in {one.pointer for one in refused.value.problems}
    assert Claim.objects.count() == 1


def test_a_whole_never_becomes_a_part_of_its_part() -> None:
    claim, by = compound(), factories.editor()
    first = split(claim, PARTS, by=by)[0].part

    with pytest.raises(Invalid):
        split(first, [Part(claim.text), Part("Something else.")], by=by)

    assert ClaimPart.objects.count() == len(PARTS)


def test_who_may_not_and_what_is_out_is_refused() -> None:
    claim = compound()
    with pytest.raises(Forbidden):
        split(claim, PARTS, by=factories.contributor())
    with pytest.raises(Forbidden):
        split(claim, PARTS, by=factories.service("claims:write"))
    narrow = factories.actor(Role.EDITOR, scopes=["claims:write"])
    with pytest.raises(Forbidden):
        split(claim, PARTS, by=narrow)
    with pytest.raises(Stale):
        split(claim, PARTS, by=factories.editor(), version=99)
    out = stories.published()
    with pytest.raises(IllegalTransition):
        split(out, PARTS, by=factories.editor())
    with pytest.raises(NotReady):
        split(stories.reopened(out), PARTS, by=factories.editor())
    assert not ClaimPart.objects.exists()


def test_whoever_may_not_know_of_a_part_is_not_told_of_it() -> None:
    claim = compound()
    rows = split(claim, PARTS, by=factories.editor())
    Claim.objects.filter(pk=rows[0].part_id).update(visibility="restricted")

    seen = ClaimPart.objects.around(claim, factories.reviewer())

    assert [row.part_id for row in seen] == [rows[1].part_id]
