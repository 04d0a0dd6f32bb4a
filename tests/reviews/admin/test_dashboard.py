"""The lead’s dashboard: worked numbers, and nothing in them that nobody may see yet."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from claims.ledger.read import dismissals
from claims.models import Claim, Tag, Topic
from reviews.admin import dashboard
from reviews.models import Publication, Round, Verdict
from reviews.reports import stages
from reviews.reports.lateness import lateness
from reviews.reports.mix import mix_of_ratings
from reviews.reports.overrides import Passed, overrides
from reviews.reports.scope import ENOUGH_FOR_MEDIAN, ENOUGH_FOR_TAIL, Scope
from reviews.reports.stages import passages
from reviews.reports.throughput import throughput
from reviews.verdicts.agreement import ENOUGH as ENOUGH_PAIRS
from reviews.verdicts.blind import agreement_on, measures_on
from reviews.workflow.step import OverrideWish, Wish
from reviews.workflow.transition import transition
from tests import factories
from tests.reviews import stories
from tests.reviews.admin.desk import Desk, words

pytestmark = pytest.mark.django_db
PAGE = reverse("desk:dashboard")
TABLES = "throughput dismissals stages overdue agreement overrides ratings".split()
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def scope(**said: Any) -> Scope:
    return Scope(**{"by": factories.editor(), "until": timezone.now(), **said})


def table(desk: Desk, name: str, **query: str) -> list[list[str]]:
    answer = desk.get(reverse("desk:dashboard-csv", args=[name]), **query)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.reader(io.StringIO(answer.content.decode())))


def dismissed(reason: str = "opinion", **fields: Any) -> Claim:
    wish = Wish(reason=reason, note="As it says.")
    return transition(factories.claim(**fields), "dismiss", by=factories.editor(), wish=wish)


def revealed(*ratings: str, opened: timedelta, took: timedelta, **fields: Any) -> Round:
    """A round as rows: opened so long ago, its reviews in after a time, and revealed."""
    claim = factories.in_checking(**fields)
    round_ = claim.rounds.get()
    for rating in ratings:
        factories.review(round_, factories.person("reviewer"), rating)
    round_.opened_at = timezone.now() - opened
    round_.revealed_at = round_.opened_at + took
    round_.save()
    return round_


# The page


def test_an_empty_desk_is_told_what_there_will_be() -> None:
    factories.scale()
    told = words(Desk.of(factories.editor()).get(PAGE))

    assert "Came in: 0. Published: 0. Not taken up: 0." in told
    assert "Nothing is overdue." in told
    assert "Every claim was taken up in this time." in told
    assert "not enough data" in told


def test_a_desk_without_a_scale_has_no_agreement_to_measure() -> None:
    assert Desk.of(factories.admin()).get(PAGE).status_code == 200


@pytest.mark.parametrize("who", [factories.contributor, factories.reviewer])
def test_it_is_for_those_who_lead(who: Callable[[], Any]) -> None:
    desk = Desk.of(who())

    assert desk.get(PAGE).status_code == 403
    assert desk.get(reverse("desk:dashboard-csv", args=["stages"])).status_code == 403
    assert "Dashboard" not in words(desk.get(reverse("desk:index")))


@pytest.mark.parametrize(
    "query",
    [
        {"weeks": "99999999999999999999"},
        {"weeks": "-1", "outcome": "x"},
        {"language": "not a tag"},
        {"topic": "There is none", "tag": "x" * 5_000},
        {"tag": "a\0b", "topic": "\0", "language": "\0", "weeks": "\u0663"},
    ],
)
def test_what_is_wrong_in_the_address_is_told_or_falls_back(query: dict[str, str]) -> None:
    factories.scale()
    assert Desk.of(factories.editor()).get(PAGE, **query).status_code == 200


def test_a_topic_that_is_not_there_counts_nothing_and_says_so() -> None:
    factories.scale()
    factories.claim()

    told = words(Desk.of(factories.editor()).get(PAGE, topic="Ferries"))

    assert "There is no topic “Ferries”" in told
    assert "Came in: 0." in told


def test_the_page_asks_little_of_the_database_however_much_there_is() -> None:
    tag = Tag.objects.create(name="ferry")
    Topic.objects.create(name="Traffic")
    for _number in range(3):
        claim = stories.published()
        claim.tags.add(tag)
        dismissed()
        factories.claim(due_at=timezone.now() - DAY).assigned_to.add(factories.person())
    desk = Desk.of(factories.editor())
    desk.get(PAGE)

    with CaptureQueriesContext(
        connection,
    ) as asked:
        answer = desk.get(PAGE, tag="ferry", topic="Traffic", language="en")

    assert answer.status_code == 200
    assert len(asked) < 25


def test_what_takes_long_to_count_is_shown_as_it_was_counted_and_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(dashboard, "SLOW_SECONDS", 0.0)
    factories.scale()
    desk, language = Desk.of(factories.editor()), "en-" + uuid4().hex[:8]
    first = words(desk.get(PAGE, language=language))
    factories.claim(language=language, due_at=timezone.now() - DAY)

    kept = words(Desk.of(factories.admin()).get(PAGE, language=language))
    anew = words(desk.get(PAGE, language=language, anew="1"))

    assert "Count anew" not in first
    assert "Came in: 0." in kept
    assert "All but what is overdue was counted just now" in kept
    assert "1 claim is overdue." in kept
    assert "Came in: 1." in anew
    assert "Count anew" not in anew


def test_what_is_counted_quickly_is_counted_each_time() -> None:
    factories.scale()
    desk, language = Desk.of(factories.editor()), "en-" + uuid4().hex[:8]
    desk.get(PAGE, language=language)
    factories.claim(language=language)

    assert "Came in: 1." in words(desk.get(PAGE, language=language))


def test_charts_have_words_and_no_inline_style() -> None:
    stories.published()
    dismissed()

    body = Desk.of(factories.editor()).get(PAGE).content.decode()

    assert body.count("<svg") >= 2
    assert body.count('<svg class="plot"') == body.count('role="img" aria-label=')
    assert "style=" not in body.split("<main", 1)[-1]


@pytest.mark.parametrize("name", TABLES)
def test_every_table_can_be_taken_along(name: str) -> None:
    stories.published()
    dismissed()

    rows = table(Desk.of(factories.editor()), name, weeks="4")

    assert len({len(row) for row in rows}) == 1


def test_there_is_no_other_table() -> None:
    factories.scale()
    url = reverse("desk:dashboard-csv", args=["people"])
    assert Desk.of(factories.editor()).get(url).status_code == 404


def test_a_side_named_like_a_formula_runs_in_no_spreadsheet() -> None:
    claimant = factories.claimant()
    claimant.side = '=HYPERLINK("https://evil.example")'
    claimant.save()
    claim = factories.claim(author=factories.contributor(), claimant=claimant)
    claim.replies.create(asked="They", asked_at=timezone.now())
    stories.published(claim)

    rows = table(Desk.of(factories.editor()), "ratings")

    assert rows[1][0] == '\'=HYPERLINK("https://evil.example")'


# Throughput


def test_each_week_has_what_came_in_went_out_and_was_left() -> None:
    now = timezone.now()
    here = scope(weeks=4)
    for week in (0, 0, 2, 3):
        factories.claim(created_at=max(here.mondays[week], here.since) + HOUR)
    factories.claim(created_at=here.since - HOUR)
    stories.published()
    dismissed("opinion")
    dismissed("satire")
    Claim.objects.filter(created_at__gte=now).update(created_at=here.since - DAY)

    said = throughput(here)

    assert [week.came_in for week in said.weeks] == [2, 0, 1, 1]
    assert [week.published for week in said.weeks] == [0, 0, 0, 1]
    assert [week.dismissed for week in said.weeks] == [0, 0, 0, 2]
    assert [week.monday.weekday() for week in said.weeks] == [0, 0, 0, 0]
    assert said.reasons == (("opinion", 1), ("satire", 1))


def test_weeks_begin_on_monday_in_utc_and_the_running_one_is_the_last() -> None:
    sunday = datetime(2026, 3, 8, 23, 30, tzinfo=UTC)

    assert [at.day for at in scope(until=sunday, weeks=2).mondays] == [23, 2]


def test_a_claim_taken_up_again_was_dismissed_all_the_same() -> None:
    claim = dismissed("out_of_scope")
    transition(claim, "restore", by=factories.editor(), wish=Wish(reason="It came up again."))

    assert throughput(scope()).reasons == (("out_of_scope", 1),)


def test_a_reason_that_was_erased_leaves_the_number() -> None:
    dismissed()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM claims_secret WHERE field = 'reason'")

    assert [(one.reason, one.many) for one in dismissals(since=scope().since)] == [("", 1)]


def test_the_index_of_dismissals_holds_them_and_nothing_else() -> None:
    claim = dismissed()
    transition(claim, "restore", by=factories.editor(), wish=Wish(reason="dismiss it? No."))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_expr(indpred, indrelid) FROM pg_index"
            " WHERE indexrelid = 'log_dismissals'::regclass"
        )
        (held,) = cursor.fetchone()
        cursor.execute(f"SELECT claim_seq FROM claims_logentry WHERE {held}")  # noqa: S608 - the catalogue's words
        assert cursor.fetchall() == [(0,)]


# Time in stage


def test_the_median_and_the_slow_tenth_of_a_worked_example() -> None:
    factories.scale()
    # 1, 2 … 21 hours: the middle is the 11th, nine tenths of the way from 1 to 21 is 19.
    for hours in range(1, 22):
        revealed("true", "true", opened=3 * DAY, took=hours * HOUR)

    review = next(one for one in passages(scope()) if one.stage == "review")

    assert review.many == 21
    assert review.median == 11 * HOUR
    assert review.slow == 19 * HOUR


def test_only_the_newest_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stages, "CAP", 5)
    factories.scale()
    for days in range(1, 8):
        revealed("true", "true", opened=(days + 1) * DAY, took=days * HOUR)

    review = next(one for one in passages(scope()) if one.stage == "review")

    assert (review.many, review.median, review.is_cut) == (5, 3 * HOUR, True)


def test_few_passages_say_nothing() -> None:
    factories.scale()
    for number in range(ENOUGH_FOR_MEDIAN):
        revealed("true", "true", opened=DAY, took=(number + 1) * HOUR)
    here = scope()

    def review() -> Any:
        return next(one for one in passages(here) if one.stage == "review")

    assert review().median == 3 * HOUR
    assert review().slow is None
    Round.objects.filter(pk=Round.objects.values("pk")[:1]).update(revealed_at=None)
    assert review().median is None
    assert ENOUGH_FOR_TAIL > ENOUGH_FOR_MEDIAN


def test_a_published_claim_has_passed_every_stage_but_a_dispute() -> None:
    claim = stories.published()
    now = timezone.now()
    Claim.objects.filter(pk=claim.pk).update(created_at=now - 10 * HOUR)

    said = {one.stage: one.many for one in passages(scope())}

    assert said == {
        "incoming": 1,
        "review": 1,
        "disputed": 0,
        "finding": 1,
        "ready": 1,
        "whole": 1,
    }


# Overdue


def test_what_is_late_is_counted_by_how_much_and_paused_apart() -> None:
    now = timezone.now()
    for ago in (HOUR, 2 * DAY, 5 * DAY, 30 * DAY, 31 * DAY):
        factories.claim(due_at=now - ago)
    factories.claim(due_at=now + DAY)
    factories.claim(due_at=now + 9 * DAY)
    factories.claim(due_at=now - DAY, paused_for=5 * DAY, paused_until=now + DAY)
    factories.claim(due_at=now - DAY, state="dismissed", outcome="duplicate")

    said = lateness(scope(until=now))

    assert dict(said.buckets) == {"day": 1, "three": 1, "week": 1, "more": 2}
    assert (said.soon, said.paused) == (1, 1)
    assert len(said.latest) == 5
    assert said.latest[0].due_at == now - 31 * DAY


# Judgement


def test_nothing_of_an_open_round_is_in_any_number() -> None:
    claim = stories.sent_to_review()
    desk = Desk.of(factories.editor())

    def told() -> list[list[list[str]]]:
        return [table(desk, name) for name in TABLES]

    before = told()
    stories.reviewed(claim, factories.reviewer(), "false")

    assert told() == before


def test_a_round_voided_before_its_reveal_stays_out_for_good() -> None:
    claim = stories.sent_to_review()
    stories.reviewed(claim, factories.reviewer(), "false")
    transition(claim, "return_to_draft", by=factories.editor(), wish=Wish(reason="Not yet."))
    said = {one.stage: one.many for one in passages(scope())}

    assert (said["review"], said["disputed"]) == (0, 0)


def test_agreement_is_the_one_of_its_own_page() -> None:
    scale = factories.scale()
    for number in range(ENOUGH_PAIRS):
        other = "mostly-false" if number % 5 == 0 else "false"
        revealed("false", other, opened=DAY, took=HOUR)
    revealed("true", "true", "false", opened=DAY, took=HOUR)
    by, since = factories.editor(), timezone.now() - 7 * DAY

    said = measures_on(scale, by=by, since=since)
    page = agreement_on(scale, by=by, since=since).agreement

    assert (said.pairs, said.agreed) == (page.pairs, page.agreed) == (33, 25)
    assert (said.raw, said.kappa) == (page.raw, page.linear)
    assert said.raw is not None


def test_few_pairs_are_not_enough() -> None:
    scale = factories.scale()
    revealed("false", "false", opened=DAY, took=HOUR)

    said = measures_on(scale, by=factories.editor(), since=timezone.now() - 7 * DAY)

    assert (said.pairs, said.raw, said.kappa) == (1, None, None)


# What is published


def test_overrides_have_a_rate_and_reasons() -> None:
    passed = OverrideWish("sources", "One record, two readers.", reason="no_second_source")
    for _number in range(2):
        transition(
            stories.settled(rating="true"),
            "publish",
            by=factories.editor(),
            wish=Wish(overrides=(passed,)),
        )
    stories.published()

    said = overrides(scope())
    assert (said.published, said.passed, said.rate) == (3, 2, None)
    assert said.rows == (Passed("sources", "no_second_source", 2),)

    for _number in range(7):
        stories.published()
    assert overrides(scope()).rate == pytest.approx(0.2)


def of_side(side: str, rating: str = "unproven") -> Claim:
    claimant = factories.claimant()
    claimant.side = side
    claimant.save()
    claim = factories.claim(author=factories.contributor(), claimant=claimant)
    claim.replies.create(asked="They", asked_at=timezone.now())
    cited = [factories.evidence(claim, primary=True)]
    return stories.published(claim, rating=rating, evidence=cited)


def test_the_mix_of_each_side_is_of_what_is_out() -> None:
    of_side("Opposition", "false")
    of_side("Opposition")
    withdrawn = of_side("Government")
    transition(withdrawn, "withdraw", by=factories.editor(), wish=Wish(reason="We were wrong."))
    stories.published()

    said = {side.name: dict(side.ratings) for side in mix_of_ratings(scope())}

    assert said == {"Opposition": {"false": 1, "unproven": 1}, "": {"unproven": 1}}
    assert not any(side.enough for side in mix_of_ratings(scope()))


# Filters


def test_filters_narrow_every_report() -> None:
    topic = Topic.objects.create(name="Ferries")
    claim = factories.claim(author=factories.contributor(), topic=topic, language="fr")
    stories.published(claim)
    stories.published()
    dismissed(topic=topic)
    dismissed()

    for said in ({"topic": "Ferries"}, {"topic": "Ferries", "outcome": "published"}):
        here = scope(**said)
        told = throughput(here)
        assert sum(week.published for week in told.weeks) == 1
        assert {one.stage: one.many for one in passages(here)}["whole"] == 1
        assert overrides(here).published == 1
        assert [side.many for side in mix_of_ratings(here)] == [1]
    assert throughput(scope(topic="Ferries")).reasons == (("opinion", 1),)
    assert throughput(scope(language="fr")).reasons == ()


def test_what_one_may_not_see_is_not_counted() -> None:
    claim = factories.claim(author=factories.contributor())
    stories.published(claim)
    dismissed(visibility="restricted")
    Claim.objects.filter(pk=claim.pk).update(visibility="restricted", due_at=timezone.now() - DAY)
    factories.claim(visibility="restricted", due_at=timezone.now() - DAY)
    stranger = scope(by=factories.reviewer())

    assert {one.many for one in passages(stranger)} == {0}
    assert sum(week.came_in + week.dismissed for week in throughput(stranger).weeks) == 0
    assert lateness(stranger).late == 0
    assert overrides(stranger).published == 0
    assert mix_of_ratings(stranger) == []
    assert lateness(scope()).late == 1
    assert Publication.objects.count() == Verdict.objects.count() == 1
