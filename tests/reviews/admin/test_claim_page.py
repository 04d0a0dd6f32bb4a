"""The claim page: each button answers as its verb does, and nothing typed is ever lost."""

import re
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from claims.ledger import read
from claims.models import Capture, Claim, CoverageItem, CoverageRun, Evidence, Job, ProvenanceEdge
from claims.provenance.trace import recompute
from reviews.admin.parts.chain import EXPORTS
from reviews.models import Lease, Note, Publication, Review, ReviewDraft, Verdict
from reviews.queue import lease
from reviews.verdicts import rate
from reviews.verdicts.finding import Sentence, Text
from reviews.workflow.transition import transition
from tests import factories as make
from tests.claims.web.pdf.printed import printed
from tests.reviews import stories
from tests.reviews.admin.desk import Desk, page_of, sentence, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def claim() -> Claim:
    return make.in_checking("The ferry was closed for a year.")


def settled(claim: Claim, *ratings: str) -> tuple[Desk, Desk]:
    """Both reviews in, with a finding; the two desks in the order of their seats."""
    item = make.evidence(claim, primary=True)
    people = [make.reviewer(), make.reviewer()]
    for number, (by, rating) in enumerate(zip(people, ratings, strict=True)):
        lease.take(claim, by=by)
        text = Text("Unproven", "Nobody named says so.", (Sentence("One.", (str(item.pk),)),))
        rate.submit(
            claim,
            rate.Rated(rating, f"Reason {number}.", [str(item.pk)], text=None if number else text),
            by=by,
        )
    claim.refresh_from_db()
    return Desk.of(people[0]), Desk.of(people[1])


# The way through


def test_a_draft_is_sent_to_review_by_its_button() -> None:
    make.scale()
    claim, contributor = make.claim(), make.contributor()

    answer = Desk.of(contributor).press(claim, "transition", "start_checking")

    claim.refresh_from_db()
    assert answer.status_code == 302
    assert claim.state == Claim.State.CHECKING
    assert {entry.type for entry in read.activity(claim)} >= {"state.changed", "round.opened"}


def test_two_reviewers_and_an_editor_publish_it_with_buttons_alone(claim: Claim) -> None:
    item = make.evidence(claim, primary=True)
    lead, second, editor = (
        Desk.of(make.reviewer()),
        Desk.of(make.reviewer()),
        Desk.of(make.editor()),
    )

    lead.press(claim, "take_seat", seat="first")
    lead.press(
        claim,
        "review",
        rating="unproven",
        reason="Nobody named says so.",
        has_interest="no",
        looked_against="In the archive of the port, 2014 to 2016: none found.",
        evidence=[str(item.pk)],
        headline="Unproven: nobody named says so",
        answer="No named source stands behind it.",
        **sentence(0, "One record speaks of it.", item),
    )
    second.press(claim, "take_seat", seat="second")
    second.press(
        claim,
        "review",
        rating="unproven",
        reason="I see it so too.",
        has_interest="yes",
        conflict_of_interest="A cousin works on the ferry.",
    )
    second.press(claim, "agree", number=1)
    answer = editor.press(claim, "transition", "publish")

    claim.refresh_from_db()
    assert answer.status_code == 302
    assert claim.state == Claim.State.PUBLISHED
    assert Publication.objects.get(claim=claim).published_by == editor.person
    said = {one.seat: (one.has_interest, one.conflict_of_interest) for one in Review.objects.all()}
    assert said == {"first": (False, ""), "second": (True, "A cousin works on the ferry.")}
    page = words(editor.page(claim))
    assert "has an interest: A cousin works on the ferry." in page
    assert "has no interest in it" in page
    assert "2014 to 2016: none found." in page


def test_the_next_step_says_what_to_do(claim: Claim) -> None:
    assert "A seat is free for you." in words(Desk.of(make.reviewer()).page(claim))
    assert "It waits for its reviewers." in words(Desk.of(make.contributor()).page(claim))


def test_the_next_step_promises_no_publishing_while_a_gate_is_shut(claim: Claim) -> None:
    claim.claimant = make.claimant("Somebody Named")
    claim.save()
    _lead, second = settled(claim, "unproven", "unproven")
    second.press(claim, "agree", number=1)

    for who in (make.editor(), make.reviewer()):
        page = words(Desk.of(who).page(claim))
        assert "a gate before publication is not met." in page
        assert "Everything is settled." not in page


def test_a_page_held_back_is_said_first_and_offered_to_who_may_show_it(claim: Claim) -> None:
    _lead, second = settled(claim, "unproven", "unproven")
    second.press(claim, "agree", number=1)
    claim.refresh_from_db()
    transition(claim, "publish", by=make.editor())
    holder = Desk.of(make.editor())
    holder.press(claim, "suspend", reason="A threat.")

    own, others = (words(desk.page(claim)) for desk in (holder, Desk.of(make.editor())))

    for page in (own, others):
        assert "Held back" in page
        assert "readers see that, and nothing else." in page
        assert "Wrong, or has the world changed?" not in page
    assert "Look at it, and show it again" in others
    assert "Look at it, and show it again" not in own


def test_what_one_may_not_do_is_folded_away_and_still_says_why(claim: Claim) -> None:
    page = Desk.of(make.reviewer()).page(claim).content.decode()

    open_, folded = page.split("2 steps that are closed, and why")
    assert 'id="way-publish"' in open_
    assert 'id="way-return_to_draft"' in folded
    assert "“Withdraw” is for an editor." in folded


def test_a_long_coverage_is_folded_and_what_is_new_stands_above_the_fold(claim: Claim) -> None:
    reviewer = Desk.of(make.reviewer())
    for number in range(19):
        make.covered(claim, make.article(title=f"Report {number:02}"))
    reviewer.press(claim, "take_seat", seat="first")
    (late,) = make.covered(claim, make.article(title="Report that came late"))
    CoverageItem.objects.filter(pk=late.pk).update(first_seen=timezone.now())

    shown, folded = reviewer.page(claim).content.decode().split("8 more articles")

    assert "Report that came late" in shown
    assert "Report 00" in shown
    assert "Report 18" in folded


# Refusals


def test_what_is_missing_for_publishing_stands_there_before_anybody_presses(claim: Claim) -> None:
    page = words(Desk.of(make.editor()).page(claim))

    assert "The reviews are not all in." in page
    assert "Wait until every seat has rated it." in page


def test_a_closed_door_says_why_in_text() -> None:
    author = make.reviewer()
    claim = make.in_checking(author=author)

    assert "You wrote this claim’s words" in words(Desk.of(author).page(claim))


def test_a_reviewer_is_asked_for_an_interest_of_their_own(claim: Claim) -> None:
    second = Desk.of(make.reviewer())
    second.press(claim, "take_seat", seat="second")

    silent = second.press(claim, "review", rating="true", reason="So.")
    vague = second.press(claim, "review", rating="true", reason="So.", has_interest="yes")

    assert silent.status_code == vague.status_code == 400
    assert "Say whether you have an interest in this." in words(silent)
    assert "Say which interest you have in this." in words(vague)
    assert not Review.objects.exists()


def test_a_refused_review_comes_back_as_it_was_typed(claim: Claim) -> None:
    lead = Desk.of(make.reviewer())
    lead.press(claim, "take_seat", seat="first")

    answer = lead.press(
        claim,
        "review",
        rating="no-such-rating",
        reason="A long reason, typed for an hour.",
        has_interest="no",
        headline="My headline",
        **sentence(0, "A sentence of mine.", judgement=True),
    )

    assert answer.status_code == 400
    page = answer.content.decode()
    assert "A long reason, typed for an hour." in page
    assert "A sentence of mine." in page
    assert 'value="My headline"' in page
    assert "is no rating of this scale" in words(answer)
    assert not Review.objects.exists()


def test_a_review_without_a_seat_is_a_conflict_and_keeps_the_words(claim: Claim) -> None:
    answer = Desk.of(make.reviewer()).press(
        claim, "review", rating="true", reason="Typed without a seat.", has_interest="no"
    )

    assert answer.status_code == 409
    assert "Take a seat first" in words(answer)
    assert "Typed without a seat." in answer.content.decode()


@pytest.mark.parametrize(
    ("act", "target", "typed", "status"),
    [
        ("transition", "publish", {}, 403),
        ("transition", "return_to_draft", {"reason": "Because."}, 403),
        ("take_seat", "", {"seat": "first"}, 403),
        ("review", "", {"rating": "true", "reason": "So."}, 403),
        ("reconcile", "", {"rating": "true"}, 403),
        ("adjudicate", "", {"rating": "true", "reason": "So."}, 403),
        ("agree", "", {"number": 1}, 403),
        ("write_finding", "", {"headline": "H", "answer": "A"}, 403),
        ("suspend", "", {"reason": "So."}, 403),
        ("propose", "", {"kind": "typo", "note": "So."}, 403),
    ],
)
def test_a_contributor_is_refused_what_is_not_theirs(
    claim: Claim, act: str, target: str, typed: dict[str, str], status: int
) -> None:
    answer = Desk.of(make.contributor()).press(claim, act, target, **typed)

    assert answer.status_code == status
    claim.refresh_from_db()
    assert claim.state == Claim.State.CHECKING
    assert not Lease.objects.filter(holder__isnull=False).exists()


def test_an_admin_runs_the_desk_and_judges_nothing(claim: Claim) -> None:
    answer = Desk.of(make.admin()).press(claim, "transition", "dismiss", reason="opinion")

    assert answer.status_code == 403


def test_a_dismissal_asks_for_reason_and_note(claim: Claim) -> None:
    answer = Desk.of(make.reviewer()).press(claim, "transition", "dismiss", note="Only a note.")

    assert answer.status_code == 400
    assert "Only a note." in answer.content.decode()
    assert "Say why: this stays on record." in words(answer)


def test_an_act_that_does_not_exist_is_not_found(claim: Claim) -> None:
    desk = Desk.of(make.editor())

    assert desk.press(claim, "no_such_act").status_code == 404
    assert desk.press(claim, "transition", "no_such_way").status_code == 404
    assert desk.press(claim, "withdraw_evidence", uuid4(), reason="So.").status_code == 404


@pytest.mark.parametrize("target", ["", "nope", "0"])
@pytest.mark.parametrize(
    "act",
    [
        "cancel", "retry", "set_aside", "withdraw_evidence", "remove_evidence", "settle_alert",
        "answer", "give_back", "renew", "issue",
    ],
)  # fmt: skip
def test_a_button_about_something_that_has_no_such_id_is_not_found(
    claim: Claim, act: str, target: str
) -> None:
    desk = Desk.of(make.reviewer() if act in ("give_back", "renew") else make.editor())

    said = {"reason": "So.", "answer": "No.", "aside": "yes"}
    assert desk.press(claim, act, target, **said).status_code == 404


def test_a_draft_is_kept_without_what_the_database_cannot_hold(claim: Claim) -> None:
    typed = {
        "reason": "so\0far",
        "evidence": "a\0",
        "sentences-TOTAL_FORMS": "1",
        "sentences-0-text": "It\0 is.",
        "sentences-0-evidence": "b\0",
    }
    answer = Desk.of(make.reviewer()).press(claim, "save_draft", **typed)

    assert answer.status_code < 400
    kept = ReviewDraft.objects.get(round__claim=claim).typed
    assert (kept["reason"], kept["evidence"]) == ("sofar", ["a"])
    assert kept["sentences"] == [{"text": "It is.", "evidence": ["b"], "judgement": False}]


def test_seats_can_be_taken_over_and_given_back(claim: Claim) -> None:
    first, other = make.reviewer(), make.reviewer()
    Desk.of(first).press(claim, "take_seat", seat="first")

    Desk.of(other).press(claim, "take_seat", seat="first", take_over="true")
    held = Lease.objects.get(claim=claim, seat="first")
    assert held.holder == other.person
    assert first.person is not None
    assert first.person.notifications.filter(kind="take_over").exists()

    Desk.of(other).press(claim, "give_back", held.key)
    held.refresh_from_db()
    assert held.holder is None


# Staleness


def test_a_stale_edit_shows_all_three_texts_and_keeps_what_was_typed() -> None:
    claim, first, second = make.claim("The first words."), make.reviewer(), make.reviewer()
    opened = claim.version
    fields = {
        "claimant_kind": "other",
        "harm": 0,
        "visibility": "desk",
        "base_text": "The first words.",
    }
    Desk.of(first).press(claim, "edit", text="The second words.", **fields)

    answer = Desk.of(second).press(
        claim, "edit", text="What I typed instead.", version=opened, seen=-1, **fields
    )

    page = words(answer)
    assert answer.status_code == 412
    assert "When you opened it The first words." in page
    assert "As it is now The second words." in page
    assert "As you typed it What I typed instead." in page
    assert "changed the words" in page
    claim.refresh_from_db()
    assert claim.text == "The second words."


def test_after_a_stale_refusal_the_same_form_can_be_sent_again() -> None:
    claim, desk = make.claim("Words."), Desk.of(make.reviewer())
    fields = {"claimant_kind": "other", "harm": 2, "visibility": "desk", "text": "Words."}
    assert desk.press(claim, "edit", version=claim.version + 5, **fields).status_code == 412

    assert desk.press(claim, "edit", **fields).status_code == 302
    claim.refresh_from_db()
    assert claim.harm == 2
    assert not claim.authors.exists()


def test_a_stale_transition_is_refused_after_role_and_before_state(claim: Claim) -> None:
    old = claim.version + 7

    for who, status in ((make.editor(), 412), (make.contributor(), 403)):
        answer = Desk.of(who).press(claim, "transition", "publish", version=old)
        assert answer.status_code == status


def test_nobody_agrees_to_a_version_they_have_not_seen(claim: Claim) -> None:
    lead, second = settled(claim, "unproven", "unproven")
    lead.press(
        claim,
        "write_finding",
        number=1,
        headline="Newer",
        answer="Newer answer.",
        **sentence(0, "Newer sentence.", judgement=True),
    )

    answer = second.press(claim, "agree", number=1)

    assert answer.status_code == 412
    assert "newer version of the text" in words(answer)


# Blindness


def test_an_open_review_shows_nothing_to_anybody_but_its_writer(claim: Claim) -> None:
    item = make.evidence(claim)
    lead = make.reviewer(name="the-lead")
    lease.take(claim, by=lead)
    text = Text("A telling headline", "A telling answer.", (Sentence("Telling.", judgement=True),))
    rate.submit(
        claim,
        rate.Rated("mostly-false", "A telling reason.", [str(item.pk)], "high", text=text),
        by=lead,
    )

    for who in (make.reviewer(), make.editor(), make.admin(), make.contributor()):
        desk = Desk.of(who)
        for url in (page_of(claim), f"{page_of(claim)[:-7]}history/"):
            page = desk.get(url).content.decode()
            assert "telling" not in page.lower()
            assert "handed in a review" in page
    assert "A telling reason." in Desk.of(lead).page(claim).content.decode()


def test_evidence_added_in_an_open_round_hides_stance_note_and_adder(claim: Claim) -> None:
    adder = make.reviewer(name="who-added-it")
    desk = Desk.of(adder)
    desk.press(
        claim,
        "add_evidence",
        title="A record",
        stance="refutes",
        kind="observation",
        visibility="public",
        note="It kills the claim.",
    )
    assert Evidence.objects.get(claim=claim).added_by == adder.person

    for url in (page_of(claim), f"{page_of(claim)[:-7]}history/"):
        page = words(Desk.of(make.reviewer()).get(url))
        assert "It kills the claim." not in page
        assert "who-added-it" not in page
    shown = words(Desk.of(make.reviewer()).page(claim))
    assert "Stance hidden until the reveal" in shown
    assert "a colleague added evidence" in shown
    assert "It kills the claim." in words(desk.page(claim))


def test_after_the_reveal_all_is_open_and_the_finding_can_be_agreed_to(claim: Claim) -> None:
    lead, second = settled(claim, "unproven", "unproven")

    page = words(second.page(claim))
    assert "Reason 0." in page
    assert "Reason 1." in page
    assert "I stand by this text" in page
    assert "You wrote this version" in words(lead.page(claim))


# Disputes


def test_reviewers_who_differ_reconcile_on_one_of_their_ratings(claim: Claim) -> None:
    lead, second = settled(claim, "true", "unproven")
    assert "Settle on one of the two" in words(lead.page(claim))

    lead.press(claim, "reconcile", rating="unproven")
    second.press(claim, "reconcile", rating="unproven")

    assert Verdict.objects.get(claim=claim).by == Verdict.By.RECONCILED


def test_an_editor_outside_the_round_decides_with_a_reason(claim: Claim) -> None:
    lead, _second = settled(claim, "true", "unproven")
    lead.press(claim, "ask_decision")
    editor = Desk.of(make.editor())

    refused = editor.press(claim, "adjudicate", rating="unproven", reason="")
    assert refused.status_code == 400
    answer = editor.press(claim, "adjudicate", rating="unproven", reason="No named source.")

    assert answer.status_code == 302
    assert Verdict.objects.get(claim=claim).by == Verdict.By.ADJUDICATION


# Overrides, drafts, notes, evidence, chain


def test_a_gate_that_may_be_passed_over_asks_for_public_words(claim: Claim) -> None:
    claim.claimant = make.claimant("Somebody Named")
    claim.save()
    _lead, second = settled(claim, "unproven", "unproven")
    second.press(claim, "agree", number=1)
    editor = Desk.of(make.editor())
    assert "the words the public page will show" in words(editor.page(claim))

    assert editor.press(claim, "transition", "publish").status_code == 409
    said = {"override_reply": "They could not be reached.", "private_reply": "Ring Bo first."}
    refused = editor.press(claim, "transition", "publish", **said)
    assert refused.status_code == 400
    assert "Choose why it is passed over." in words(refused)
    answer = editor.press(claim, "transition", "publish", reason_reply="unreachable", **said)

    assert answer.status_code == 302
    page = words(editor.page(claim))
    assert "For the desk alone: Nobody could be reached · Ring Bo first." in page
    override = Publication.objects.get(claim=claim).overrides.get()
    assert (override.code, override.note) == ("reply", "They could not be reached.")


def test_a_draft_is_kept_for_its_writer_alone_and_comes_back(claim: Claim) -> None:
    lead, other = Desk.of(make.reviewer()), Desk.of(make.reviewer())
    lead.press(claim, "take_seat", seat="first")
    other.press(claim, "take_seat", seat="second")

    lead.press(
        claim,
        "save_draft",
        rating="false",
        reason="Half a thought.",
        headline="Half a headline",
        **sentence(0, "Half a sentence."),
    )

    assert ReviewDraft.objects.get().writer == lead.person
    mine = lead.page(claim).content.decode()
    assert "Half a thought." in mine
    assert "Half a sentence." in mine
    assert 'value="false" checked' in mine
    assert "Half a" not in other.page(claim).content.decode()


def test_withdrawn_evidence_stays_visible_with_its_reason(claim: Claim) -> None:
    item = make.evidence(claim, title="A page that was wrong")
    desk = Desk.of(make.reviewer())

    assert desk.press(claim, "withdraw_evidence", item.pk, reason="").status_code == 400
    desk.press(claim, "withdraw_evidence", item.pk, reason="Its author retracted it.")

    page = words(desk.page(claim))
    assert "A page that was wrong" in page
    assert "Its author retracted it." in page


def test_a_quote_that_is_not_in_the_capture_is_refused_at_its_field(claim: Claim) -> None:
    answer = Desk.of(make.contributor()).press(
        claim, "add_evidence", title="Nothing", stance="context", kind="page", visibility="public"
    )

    assert answer.status_code == 400
    assert "Evidence stands on something" in words(answer)
    assert 'value="Nothing"' in answer.content.decode()


def test_a_link_is_confirmed_and_the_decision_undone(claim: Claim) -> None:
    article = make.article("The mayor said so, the Daily reports.")
    make.covered(claim, article)
    link = make.edge(make.article_node(claim, article), make.node(claim, "The Daily"))
    desk = Desk.of(make.contributor())

    desk.press(claim, "decide", link.pk, status_and_version=f"confirmed:{link.version}")
    link.refresh_from_db()
    assert link.status == ProvenanceEdge.Status.CONFIRMED
    stale = desk.press(claim, "decide", link.pk, status_and_version="rejected:1")
    assert stale.status_code == 412

    desk.press(claim, "decide", link.pk, status_and_version=f"suggested:{link.version}")
    link.refresh_from_db()
    assert link.status == ProvenanceEdge.Status.SUGGESTED


def test_a_source_is_added_and_resolved_by_hand(claim: Claim) -> None:
    article = make.article()
    make.covered(claim, article)
    node = make.article_node(claim, article)
    desk = Desk.of(make.contributor())

    desk.press(
        claim,
        "add_link",
        whose=node.pk,
        type="attributes_to",
        name="A harbour master",
        kind="person",
    )
    added = claim.nodes.get(label="A harbour master")
    assert claim.edges.get(target=added).status == ProvenanceEdge.Status.CONFIRMED

    answer = desk.press(claim, "add_link", whose=node.pk, type="attributes_to", kind="person")
    assert answer.status_code == 400


def test_who_was_asked_to_reply_and_what_they_said_is_on_record(claim: Claim) -> None:
    desk = Desk.of(make.contributor())

    assert desk.press(claim, "log_reply", asked="").status_code == 400
    desk.press(claim, "log_reply", asked="The mayor", role="accused", channel="telephone")
    row = claim.replies.get()
    desk.press(claim, "answer", row.pk, answer="It was open all year.")

    row.refresh_from_db()
    assert row.answer == "It was open all year."
    assert "It was open all year." in words(desk.page(claim))


def test_evidence_is_changed_where_it_stands_by_the_rules_of_the_api(claim: Claim) -> None:
    adder = make.contributor()
    item = make.evidence(claim, added_by=adder.person, title="Old", note="Mine.")
    desk, url = Desk.of(adder), page_of(claim)
    typed = {"title": "New", "stance": "refutes", "kind": "page", "visibility": "desk"}

    shown = desk.get(url, change=str(item.pk)).content.decode()
    wrong = desk.press(claim, "change_evidence", item.pk, **{**typed, "quote_exact": "Not there."})
    done = desk.press(claim, "change_evidence", item.pk, **typed)

    assert 'value="Old"' in shown
    assert wrong.status_code == 400
    assert "Not there." in wrong.content.decode()
    assert done.status_code == 302
    item.refresh_from_db()
    assert (item.title, item.stance, item.visibility) == ("New", "refutes", "desk")
    assert item.note == "Mine."
    assert (
        Desk.of(make.contributor()).press(claim, "change_evidence", item.pk, **typed).status_code
        == 403
    )


def test_an_editor_changes_blind_evidence_without_reading_what_is_hidden(claim: Claim) -> None:
    item = make.evidence(claim, added_by=make.reviewer().person, note="Plainly false.")
    desk = Desk.of(make.editor())

    shown = desk.get(page_of(claim), change=str(item.pk)).content.decode()
    desk.press(
        claim, "change_evidence", item.pk, title="Clearer", kind="page", visibility="public"
    )

    assert "Plainly false." not in shown
    assert f'name="stance" value="{item.stance}" checked' not in shown
    before = item.stance
    item.refresh_from_db()
    assert (item.title, item.note, item.stance) == ("Clearer", "Plainly false.", before)


def test_evidence_that_a_review_may_rest_on_is_not_changed_any_more(claim: Claim) -> None:
    adder = make.contributor()
    item = make.evidence(claim, added_by=adder.person)
    stories.reviewed(claim, make.reviewer())

    answer = Desk.of(adder).press(
        claim, "change_evidence", item.pk, title="New", stance="context", kind="page"
    )

    assert answer.status_code == 409
    assert "Withdraw it with a reason instead" in words(answer)


def test_a_file_whose_evidence_is_refused_is_not_on_the_desk(claim: Claim) -> None:
    desk = Desk.of(make.contributor())
    typed = {"title": "Leaked", "stance": "context", "kind": "document", "visibility": "sealed"}
    file = SimpleUploadedFile("leak.txt", b"The secret words.")
    refused = desk.press(claim, "add_evidence", file=file, quote_exact="other words", **typed)
    assert refused.status_code == 400
    assert not Capture.objects.exists()
    file.seek(0)
    desk.press(claim, "add_evidence", file=file, quote_exact="secret words", **typed)
    assert Evidence.objects.get().capture == Capture.objects.get()


def test_an_uploaded_pdf_is_quoted_by_its_page(claim: Claim) -> None:
    desk = Desk.of(make.contributor())
    typed = {"title": "Report", "stance": "context", "kind": "document", "visibility": "public"}
    file = SimpleUploadedFile("report.pdf", printed(["Preface"], ["The ferry was sold."]))
    told = {"quote_exact": "The ferry was sold", "anchor_page": "1"}
    refused = desk.press(claim, "add_evidence", file=file, **told, **typed)
    assert refused.status_code == 400
    assert "do not stand on page 1 but on page 2" in words(refused)
    file.seek(0)
    desk.press(claim, "add_evidence", file=file, **{**told, "anchor_page": ""}, **typed)
    assert Evidence.objects.get().anchor == {"page": 2}
    assert "page 2" in words(desk.get(page_of(claim)))


def test_what_is_sealed_or_told_in_confidence_is_on_the_page_only_for_whom_it_is(
    claim: Claim,
) -> None:
    adder = make.contributor()
    body = {"kind": "interview", "added_by": adder.person, "owner": "Ministry of keys"}
    make.evidence(
        claim,
        title="The sealed one",
        visibility="sealed",
        contact={"who": "Zed One", "terms": "on_record"},
        quote={"exact": "the leaked words"},
        translation={"text": "die Worte", "by": "ana"},
        **body,
    )
    make.evidence(claim, contact={"who": "Zed Two", "terms": "confidential"}, kind="interview")
    secret = ("Zed One", "the leaked words", "die Worte", "Ministry of keys")

    def told(who: Any) -> list[str]:
        page = words(Desk.of(who).page(claim))
        assert "The sealed one" in page
        return [one for one in (*secret, "Zed Two") if one in page]

    assert told(adder) == list(secret)
    assert told(make.editor()) == [*secret, "Zed Two"]
    assert told(make.reviewer()) == ["Zed Two"]
    assert told(make.contributor()) == told(make.admin()) == []


def test_an_article_of_the_coverage_is_cited_with_what_was_captured_of_it(claim: Claim) -> None:
    outlet = make.outlet("The Post")
    kept = make.capture(b"The ferry was closed for a year.")
    article = make.article("The ferry was closed for a year.", outlet=outlet, capture=kept)
    (row,) = make.covered(claim, article)
    desk = Desk.of(make.contributor())

    page = desk.get(page_of(claim), cite=str(row.pk))
    typed = {"title": "The Post", "stance": "supports", "kind": "page", "visibility": "public"}
    quote = {"quote_exact": "closed for a year"}
    desk.press(claim, "add_evidence", capture=str(kept.pk), **typed, **quote)

    assert f'name="capture" value="{kept.pk}"' in page.content.decode()
    assert "It stands on what the desk captured of this article." in words(page)
    item = Evidence.objects.get()
    assert (item.capture, item.capturing) == (kept, "stored")
    assert "Cite as evidence" in words(desk.page(claim))


def test_a_compound_claim_is_split_line_by_line_and_both_pages_say_so(claim: Claim) -> None:
    desk = Desk.of(make.editor())
    typed = "The bridge is shut.\n\nThe mayor shut it.\n"

    refused = desk.press(claim, "split", parts="Only one.")
    done = desk.press(claim, "split", parts=typed)

    assert (refused.status_code, done.status_code) == (400, 302)
    assert "Split it into 2 to 20 claims." in words(refused)
    assert "It was split into The bridge is shut." in words(desk.page(claim))
    part = Claim.objects.get(text="The mayor shut it.")
    assert f"Part of {claim.text}" in words(desk.page(part))


def test_notes_are_for_colleagues_and_kept(claim: Claim) -> None:
    desk = Desk.of(make.contributor())

    desk.press(claim, "note", text="Ask the harbour master.")

    assert Note.objects.get().author == desk.person
    assert "Ask the harbour master." in words(Desk.of(make.editor()).page(claim))


# Published


def test_names_for_a_note_are_asked_for_where_the_claim_is(claim: Claim) -> None:
    make.person("reviewer", name="bo", first_name="Bo<b>", last_name="Berg")
    desk = Desk.of(make.reviewer())
    address = f"{page_of(claim).removesuffix('change/')}names/"

    answer = desk.get(address, begun="b")

    assert 'data-name="bo"' in answer.content.decode()
    assert "Bo&lt;b&gt; Berg" in answer.content.decode()
    assert desk.get(address, begun="zzz\0").content.decode().strip() == ""
    claim.visibility = Claim.Visibility.RESTRICTED
    claim.save()
    assert desk.get(address, begun="b").status_code == 404


def test_a_correction_is_proposed_by_one_and_issued_by_another(claim: Claim) -> None:
    lead, second = settled(claim, "unproven", "unproven")
    second.press(claim, "agree", number=1)
    publisher = make.editor()
    claim.refresh_from_db()
    transition(claim, "publish", by=publisher)
    typed = {
        "kind": "clarification",
        "note": "The headline was unclear.",
        "headline": "A clearer headline",
        "answer": "Nobody named says so.",
        "text": claim.text,
        "claimant_kind": "other",
        **sentence(0, "One.", claim.evidence.get()),
    }

    assert lead.press(claim, "propose", **typed).status_code == 302
    proposal = claim.correction_proposals.get()
    assert lead.press(claim, "issue", proposal.pk).status_code == 403
    assert Desk.of(publisher).press(claim, "issue", proposal.pk).status_code == 302

    claim.refresh_from_db()
    assert claim.published_version == 2
    assert "The headline was unclear." in words(lead.page(claim))


def test_a_page_held_back_is_brought_back_by_somebody_else(claim: Claim) -> None:
    _lead, second = settled(claim, "unproven", "unproven")
    second.press(claim, "agree", number=1)
    claim.refresh_from_db()
    transition(claim, "publish", by=make.editor())
    one, other = Desk.of(make.editor()), Desk.of(make.admin())

    one.press(claim, "suspend", reason="A threat.")
    assert one.press(claim, "restore_page").status_code == 403
    assert other.press(claim, "restore_page").status_code == 302
    assert not claim.suspensions.filter(lifted_at__isnull=True).exists()


# Who may know of it


def test_a_restricted_claim_is_not_there_for_others(claim: Claim) -> None:
    claim.visibility = Claim.Visibility.RESTRICTED
    claim.save()
    desk = Desk.of(make.reviewer())

    assert desk.page(claim).status_code == 404
    assert desk.get(f"{page_of(claim)[:-7]}history/").status_code == 404
    assert desk.press(claim, "note", text="I know of it.").status_code == 404
    assert Desk.of(make.editor()).page(claim).status_code == 200


def test_a_seat_that_ran_out_is_told_and_the_words_are_kept(claim: Claim) -> None:
    desk = Desk.of(make.reviewer())
    desk.press(claim, "take_seat", seat="first")
    Lease.objects.update(expires_at=timezone.now() - timedelta(minutes=1))

    answer = desk.press(
        claim, "review", rating="true", reason="Too late by a minute.", has_interest="no"
    )

    assert answer.status_code == 409
    assert "Too late by a minute." in answer.content.decode()


def test_the_chain_is_taken_along_as_picture_json_and_prov() -> None:
    claim = make.claim("The ferry was closed.")
    text = "The ferry was closed, Tom Rehn said."
    named = make.attribution(text, "Tom Rehn", "said", kind="person")
    make.covered(claim, make.article(text, attributions=[named]))
    recompute(claim)
    desk = Desk.of(make.contributor())

    page = desk.page(claim).content.decode()
    found = {ending: desk.get(f"{page_of(claim)[:-7]}chain.{ending}") for ending in EXPORTS}

    assert all(f"chain.{ending}" in page for ending in EXPORTS)
    assert all("attachment" in answer["Content-Disposition"] for answer in found.values())
    assert found["svg"].content.decode().startswith("<svg")
    assert found["json"].json()["summary"]["articles"] == 1
    assert "Tom Rehn" in str(found["prov.json"].json()["agent"])
    assert desk.get(f"{page_of(claim)[:-7]}chain.exe").status_code == 404


def test_a_fold_of_the_picture_is_opened_and_closed_by_a_plain_link() -> None:
    claim = make.claim("The ferry was closed.")
    text = "The ferry was closed on Monday because the quay had sunk by a foot, Tom Rehn said."
    for _ in range(14):
        make.covered(claim, make.article(text))
    recompute(claim)
    desk = Desk.of(make.contributor())
    address = f"{page_of(claim)[:-7]}picture/"

    folded = desk.get(address).content.decode()
    link = re.search(r'href="([^"]*[?]open=w-[^"]*)"', folded)
    assert link is not None
    opened = desk.get(unescape(link[1]).partition("#")[0]).content.decode()

    assert "14 articles, one wording" in folded
    assert folded.count("•") == 0
    assert opened.count("•") == 14
    assert f'href="{address}?#picture"' in opened


def test_one_key_confirms_or_rejects_the_first_link_nobody_decided_on() -> None:
    claim = make.claim("The ferry was closed.")
    first = make.article_node(claim, make.article())
    done = make.edge(first, make.node(claim, "the Post"), status="confirmed")
    still = make.edge(first, make.node(claim, "the Herald"))

    page = Desk.of(make.contributor()).page(claim).content.decode()

    assert page.count('data-key="y"') == page.count('data-key="x"') == 1
    button = page[: page.index('data-key="x"')].rpartition("<button")[2]
    assert str(still.pk) in button
    assert str(done.pk) not in button


def test_a_new_origin_after_publication_stands_on_top_of_the_page_and_in_the_activity() -> None:
    claim = stories.published()
    make.covered(claim, make.article("The ferry was closed, harbour master Dana Wick said."))
    recompute(claim)
    text = "The ferry was closed, Tom Rehn said."
    named = make.attribution(text, "Tom Rehn", "said", kind="person")
    make.covered(claim, make.article(text, attributions=[named]))
    recompute(claim)

    page = words(Desk.of(make.editor()).page(claim))

    assert "A new origin came up since the verdict" in page
    assert "found a new origin after publication" in page


def test_a_look_shows_whom_it_asks_now_and_where_else_to_look(claim: Claim) -> None:
    run = CoverageRun.objects.create(
        claim=claim,
        providers=["wikipedia"],
        status=CoverageRun.Status.RUNNING,
        leads=[{"provider": "wikipedia", "url": "https://en.wikipedia.org/wiki/Ferry",
                "title": "Ferry <b>", "snippet": "A boat.", "kind": "lead"}],
    )  # fmt: skip
    for number, (state, args) in enumerate([
        (Job.State.RUNNING, {"provider": "feeds", "url": "https://paper.example/a"}),
        (Job.State.RUNNING, {"provider": "wikipedia"}),
        (Job.State.QUEUED, {"provider": "feeds", "url": "https://waiting.example/b"}),
    ]):  # fmt: skip
        Job.objects.create(kind="coverage.fetch", key=str(number), run=run, state=state, args=args)

    body = words(Desk.of(make.contributor()).page(claim))

    assert "Asking now paper.example wikipedia" in body
    assert "waiting.example" not in body
    assert "1 place to look further" in body
    assert "Ferry <b>" in body


def test_a_discreet_claim_shows_what_would_leave_the_house_and_sends_what_was_seen() -> None:
    claim = make.claim("Brindle Quay closed its harbour bridge on Monday.", discreet=True)
    desk = Desk.of(make.contributor())
    page = desk.page(claim).content.decode()
    assert "Brindle Quay" in unescape(page).partition('name="queries"')[2].partition("<")[0]
    ticked = re.findall(r'name="providers"\s+value="(\w+)"[^>]*checked', page)
    assert ticked == ["archive"]
    assert "Not configured:" in page

    desk.press(claim, "ask", queries="harbour bridge\nBrindle", providers=["archive"])

    run = claim.coverage_runs.get()
    assert [query["text"] for query in run.queries] == ["harbour bridge", "Brindle"]
    again = desk.page(claim)
    assert "Asked for harbour bridge Brindle" in words(again)


def test_what_a_look_that_succeeded_lost_is_shown(claim: Claim) -> None:
    run = CoverageRun.objects.create(
        claim=claim, providers=["gdelt"], status=CoverageRun.Status.SUCCEEDED
    )
    run.problems.create(provider="gdelt", code="no_address", message="3 entries had no address.")
    assert "gdelt 3 entries had no address." in words(Desk.of(make.contributor()).page(claim))
