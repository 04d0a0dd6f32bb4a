"""Notes: colleagues are told when they are named, and no open round is read from one."""

import pytest

from claims.errors import Forbidden, Invalid
from claims.models import Actor, Claim
from reviews import notes
from reviews.models import Note, Notification
from reviews.rounds import unrevealed_since
from reviews.workflow import amend
from tests import factories
from tests.reviews import stories

pytestmark = pytest.mark.django_db


def read(claim: Claim, by: Actor) -> list[str]:
    rows, _waiting = notes.readable(claim, by, unrevealed=unrevealed_since(claim))
    return [row.text for row in rows]


def test_who_is_named_is_told_once_and_reads_nothing_of_it_in_the_notice() -> None:
    claim, by = factories.claim(), factories.editor("editor-1")
    factories.reviewer("reviewer-1")

    noted = notes.write(claim, "@reviewer-1, look at the map, @reviewer-1. @nobody?", by=by)

    notice = Notification.objects.get()
    assert (notice.person.username, notice.kind) == ("reviewer-1", "mention")
    assert "map" not in notice.message
    assert (noted.told, noted.unknown) == (["reviewer-1"], ["nobody"])


def test_whoever_may_not_know_of_a_claim_is_as_unknown_as_anybody() -> None:
    claim = factories.claim(visibility="restricted")
    factories.reviewer("reviewer-1")

    noted = notes.write(claim, "@reviewer-1 and @nobody", by=factories.editor())

    assert (noted.told, noted.unknown) == ([], ["nobody", "reviewer-1"])
    assert not Notification.objects.exists()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@ana. And @bo, @cy!", ["ana", "bo", "cy"]),
        ("write to desk@paper.example", []),
        ("(@ana-maria)", ["ana-maria"]),
        ("@", []),
        ("@عمر، انظر", ["عمر"]),
    ],
)
def test_names_are_read_as_they_are_typed(text: str, names: list[str]) -> None:
    assert notes.mentioned(text) == names


def test_a_note_of_a_reviewer_waits_for_the_reveal_where_somebody_may_still_rate() -> None:
    claim = stories.sent_to_review()
    lead, second, editor = factories.reviewer(), factories.reviewer(), factories.editor()
    notes.write(claim, "Plainly false.", by=lead)
    notes.write(claim, "Due on Friday.", by=editor)

    assert read(claim, lead) == ["Plainly false.", "Due on Friday."]
    assert read(claim, second) == ["Due on Friday."]
    assert read(claim, factories.service("claims:read")) == ["Due on Friday."]
    assert read(claim, editor) == ["Plainly false.", "Due on Friday."]

    stories.reviewed(claim, lead)
    stories.reviewed(claim, second)
    assert read(claim, second) == ["Plainly false.", "Due on Friday."]


def test_a_note_from_a_round_that_was_voided_unseen_still_waits() -> None:
    claim = stories.sent_to_review()
    item = factories.evidence(claim)
    lead, second = factories.reviewer(), factories.reviewer()
    notes.write(claim, "Plainly false.", by=lead)
    stories.reviewed(claim, lead, evidence=[item])
    amend.withdraw_evidence(item, by=factories.editor(), reason="It was another bridge.")

    assert read(claim, second) == []


def test_what_was_noted_before_the_round_is_read_by_all() -> None:
    claim, by = factories.claim(author=factories.contributor()), factories.reviewer()
    notes.write(claim, "Take this one.", by=by)

    assert read(stories.sent_to_review(claim), factories.reviewer()) == ["Take this one."]


def test_names_are_offered_of_who_may_know_of_the_claim_and_would_be_told() -> None:
    by = factories.editor("anna-editor")
    factories.reviewer("anna")
    factories.person("reviewer", name="bo", first_name="Anna", last_name="Berg")
    factories.person("reviewer", name="annamaria", is_active=False)
    open_, closed = factories.claim(), factories.claim(visibility="restricted")

    def offered(claim: Claim, begun: str) -> list[str]:
        return [one.username for one in notes.colleagues(claim, begun, by=by)]

    assert offered(open_, "ann") == ["anna", "bo"]
    assert offered(open_, "BER") == ["bo"]
    assert offered(closed, "ann") == []
    factories.editor("anneke")
    assert offered(closed, "ann") == ["anneke"]
    with pytest.raises(Forbidden):
        notes.colleagues(open_, "ann", by=factories.service("claims:read"))


def test_an_empty_note_and_one_of_a_service_are_refused() -> None:
    claim = factories.claim()

    with pytest.raises(Invalid):
        notes.write(claim, "  ", by=factories.editor())
    with pytest.raises(Invalid):
        notes.write(claim, "x" * (notes.TEXT_MAX + 1), by=factories.editor())
    with pytest.raises(Forbidden):
        notes.write(claim, "Hm.", by=factories.service("claims:read"))
    assert not Note.objects.exists()
