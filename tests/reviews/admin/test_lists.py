"""Lists, search and the first page: paged by key, blind, restricted, and cheap to ask for."""

import json
import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims.models import Claim, Job, Role
from reviews.models import Lease, Notification
from reviews.queue import lease
from reviews.verdicts import rate
from reviews.verdicts.finding import Sentence, Text, agree
from reviews.workflow.step import OverrideWish, Wish
from reviews.workflow.transition import transition
from tests import factories as make
from tests.reviews import stories
from tests.reviews.admin.desk import Desk, page_of, words
from tests.shared import shared

pytestmark = pytest.mark.django_db
CLAIMS = "/admin/claims/claim/"
STATEMENTS = 25


@pytest.fixture(autouse=True)
def _look_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The banner's look is remembered for seconds; counts of statements must not depend on it."""
    monkeypatch.setattr("factcheck.admin.site.LOOK_AGAIN", 0.0)


def told(answer: object) -> list[str]:
    """The claims of a list in their order."""
    body = answer.content.decode()  # type: ignore[attr-defined]
    return re.findall(r'<a class="say"[^>]*>([^<]*)</a>', body)


def through_all_pages(desk: Desk, **query: str) -> list[str]:
    found: list[str] = []
    url = CLAIMS
    answer = desk.get(url, **query)
    for _ in range(20):
        found += told(answer)
        further = re.search(r'rel="next" href="([^"]*)"', answer.content.decode())
        if further is None:
            return found
        answer = desk.client.get(url + further.group(1).replace("&amp;", "&"))
    raise AssertionError("The list has no end.")


@pytest.mark.parametrize("sort", ["priority", "newest", "demand", "due"])
def test_each_order_walks_over_every_claim_once(
    sort: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reviews.admin.desk.ClaimAdmin.list_per_page", 4)
    now = timezone.now()
    for number in range(11):
        make.claim(
            f"Claim {number}.",
            priority=number % 3,
            demand=number % 2 + 1,
            due_at=now + timedelta(hours=number % 4),
        )

    found = through_all_pages(Desk.of(make.contributor()), sort=sort)

    assert sorted(found) == sorted(f"Claim {number}." for number in range(11))


def test_a_page_further_leads_back_to_where_one_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reviews.admin.desk.ClaimAdmin.list_per_page", 3)
    for number in range(7):
        make.claim(f"Claim {number}.", priority=number)
    desk = Desk.of(make.contributor())
    first = desk.get(CLAIMS)

    def follow(answer: object, rel: str) -> object:
        body = answer.content.decode()  # type: ignore[attr-defined]
        href = re.search(rf'rel="{rel}" href="([^"]*)"', body)
        assert href is not None
        return desk.client.get(CLAIMS + href.group(1).replace("&amp;", "&"))

    second = follow(first, "next")
    back = follow(follow(second, "next"), "prev")

    assert told(back) == told(second)
    assert told(follow(back, "prev")) == told(first)


@pytest.mark.parametrize("after", ["nonsense", "5~", "~", "5~not-a-uuid", "x~" + "0" * 32])
def test_a_broken_place_in_a_list_is_its_beginning(after: str) -> None:
    make.claim("The only one.")

    answer = Desk.of(make.contributor()).get(CLAIMS, after=after)

    assert told(answer) == ["The only one."]


def test_filters_stand_in_the_address_and_narrow_the_list() -> None:
    make.claim("A draft.")
    make.in_checking("In checking.", urgent=True)
    make.in_checking("Overdue.", due_at=timezone.now() - timedelta(hours=1))
    desk = Desk.of(make.contributor())

    assert told(desk.get(CLAIMS, state__exact="draft")) == ["A draft."]
    assert told(desk.get(CLAIMS, only="urgent")) == ["In checking."]
    assert told(desk.get(CLAIMS, only="overdue")) == ["Overdue."]
    assert set(told(desk.get(CLAIMS, stage="review"))) == {"In checking.", "Overdue."}


@pytest.mark.parametrize("query", ["ferry", "FERRY closed", '"ferry was"', "%", "' OR 1=1", "\0"])
def test_a_search_finds_words_and_never_fails(query: str) -> None:
    make.claim("The ferry was closed.")
    make.claim("A bridge.")

    answer = Desk.of(make.contributor()).get(CLAIMS, q=query)

    assert answer.status_code == 200
    if "erry" in query.lower():
        assert told(answer) == ["The ferry was closed."]


@pytest.mark.parametrize("query", ["state__exact=%00", "stage=%00", "a%00b=1", "q=%00&only=%00"])
def test_a_filter_that_is_none_is_led_back_to_the_list(query: str) -> None:
    answer = Desk.of(make.contributor()).client.get(f"{CLAIMS}?{query}", follow=True)

    assert answer.status_code == 200


def test_restricted_claims_are_in_no_list_search_queue_or_job() -> None:
    hidden = make.in_checking("A hidden ferry.", visibility=Claim.Visibility.RESTRICTED)
    Job.objects.create(
        kind="x", key="x", claim=hidden, state=Job.State.FAILED, cause="A hidden cause."
    )
    desk = Desk.of(make.reviewer())

    for url in (CLAIMS, f"{CLAIMS}?q=ferry", "/admin/", "/admin/queue/", "/admin/claims/job/"):
        body = desk.get(url).content.decode()
        assert "hidden ferry" not in body
        assert "hidden cause" not in body
        assert str(hidden.pk) not in body
    assert told(Desk.of(make.editor()).get(CLAIMS)) == ["A hidden ferry."]


def test_looking_a_claim_up_by_its_words_offers_only_what_one_may_know_of() -> None:
    make.claim("A ferry in the open.")
    make.claim("A hidden ferry.", visibility=Claim.Visibility.RESTRICTED)
    asked = {"app_label": "reviews", "model_name": "note", "field_name": "claim", "term": "ferry"}

    answer = Desk.of(make.reviewer()).get("/admin/autocomplete/", **asked)

    assert [one["text"] for one in answer.json()["results"]] == ["A ferry in the open."]


def test_no_list_tells_how_a_hidden_review_went() -> None:
    claim = make.in_checking("The ferry was closed.")
    item = make.evidence(claim)
    lead, second = make.reviewer(), make.reviewer()
    lease.take(claim, by=second, seat="second")
    rate.submit(claim, rate.Rated("mostly-false", "A telling reason.", [str(item.pk)]), by=second)

    for who in (lead, make.editor(), make.admin()):
        desk = Desk.of(who)
        urls = (CLAIMS, f"{CLAIMS}?q=telling", "/admin/", "/admin/queue/", "/admin/inbox/")
        for url in urls:
            body = desk.get(url).content.decode().lower()
            assert "telling reason" not in body
            assert "mostly false" not in body


def test_the_list_says_who_is_on_it() -> None:
    claim, who = make.in_checking(), make.reviewer(name="somebody-busy")
    lease.take(claim, by=who)

    assert "somebody-busy lead" in words(Desk.of(make.contributor()).get(CLAIMS))


def test_next_for_me_takes_a_seat_and_opens_the_claim() -> None:
    claim, desk = make.in_checking(), Desk.of(make.reviewer())

    answer = desk.client.post("/admin/queue/next/")

    assert answer["Location"] == f"{page_of(claim)}#reviews"
    assert Lease.objects.get(claim=claim, seat="first").holder == desk.person


def test_with_nothing_to_take_it_says_so() -> None:
    answer = Desk.of(make.reviewer()).client.post("/admin/queue/next/", follow=True)

    assert "Nothing waits for you that you may take." in words(answer)


def test_my_desk_shows_what_failed_and_tries_it_again() -> None:
    job = Job.objects.create(
        kind="article.read",
        key="x",
        article=make.article(title="A page"),
        state=Job.State.FAILED,
        cause="The page answered 404.",
    )
    desk = Desk.of(make.contributor())
    assert "The page answered 404." in words(desk.get("/admin/"))

    desk.client.post(f"/admin/claims/job/{job.pk}/retry/")

    job.refresh_from_db()
    assert job.state == Job.State.QUEUED


def test_notices_are_read_one_by_one_and_only_by_their_person() -> None:
    mine, other = make.person(Role.REVIEWER), make.person(Role.REVIEWER)
    for who in (mine, other):
        Notification.objects.create(person=who, kind="x", message=f"For {who.username}.")
    desk = Desk.of(mine)
    notice = Notification.objects.get(person=other)

    desk.client.post("/admin/inbox/", {"notice": str(notice.pk)})
    assert not Notification.objects.filter(read_at__isnull=False).exists()
    desk.client.post("/admin/inbox/")

    notice.refresh_from_db()
    assert notice.read_at is None
    assert Notification.objects.get(person=mine).read_at is not None
    assert f"For {other.username}." not in words(desk.get("/admin/inbox/"))


@pytest.mark.parametrize("stage", ["open", "revealed", "published"])
@pytest.mark.parametrize("make_who", [make.contributor, make.reviewer, make.editor, make.admin])
def test_a_claim_with_forty_articles_is_shown_in_few_statements(
    stage: str, make_who: object
) -> None:
    claim = make.in_checking("The ferry was closed.", claimant=make.claimant())
    told_of(claim, articles=40)
    if stage != "open":
        settle(claim, publish=stage == "published")
    desk = Desk.of(make_who())  # type: ignore[operator]
    desk.page(claim)

    with CaptureQueriesContext(connection) as asked:
        answer = desk.page(claim)

    assert answer.status_code == 200
    assert len(asked) < STATEMENTS


@pytest.mark.parametrize(
    "url",
    [
        "/admin/",
        "/admin/queue/",
        "/admin/inbox/",
        "/admin/policy/",
        CLAIMS,
        "/admin/claims/article/",
        "/admin/claims/outlet/",
        "/admin/claims/job/",
        "/admin/reviews/publication/",
    ],
)
def test_the_number_of_statements_does_not_grow_with_the_desk(url: str) -> None:
    desk = Desk.of(make.reviewer())
    desk.get(url)

    def ask() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert desk.get(url).status_code == 200
        return len(asked)

    for _ in range(3):
        told_of(make.in_checking(), articles=2)
    few = ask()
    for _ in range(6):
        told_of(make.in_checking(), articles=2)

    assert ask() == few < STATEMENTS


class TestHostileWords:
    """Stored payloads come back as the text they are."""

    @pytest.fixture
    def payloads(self) -> list[str]:
        cases = json.loads(shared("security/xss.json").read_text(encoding="utf-8"))["cases"]
        return [case["payload"] for case in cases if isinstance(case.get("payload"), str)]

    def shown(self, payload: str) -> tuple[set[tuple[str, ...]], str]:
        """The shapes of the elements on the pages that show it, and what is read there."""
        article = make.article(payload, title=payload, byline=payload)
        claim = make.in_checking(payload, article=article, quote={"exact": payload})
        claim.claimant = make.claimant(payload[:200])
        claim.save()
        make.evidence(claim, title=payload[:500], note=payload, owner=payload[:200])
        node = make.article_node(claim, article)
        make.edge(node, make.node(claim, payload[:300], note=payload), quote=payload)
        make.covered(claim, article)
        desk, shapes, read = Desk.of(make.editor()), set(), ""
        for answer in (desk.page(claim), desk.get(CLAIMS), desk.get("/admin/claims/article/")):
            assert answer.status_code == 200
            shapes |= shapes_of(answer.content.decode())
            read += words(answer)
        return shapes, read

    def test_they_are_text_wherever_the_desk_shows_them(self, payloads: list[str]) -> None:
        harmless, _ = self.shown("Harmless words with nothing in them.")

        for payload in payloads:
            if not payload.strip() or "\0" in payload:
                continue
            shapes, read = self.shown(payload)
            assert shapes <= harmless
            assert " ".join(payload.split()) in read


class _Shapes(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[tuple[str, ...]] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add((tag, *sorted(name for name, _ in attrs)))


def shapes_of(body: str) -> set[tuple[str, ...]]:
    """Each kind of element on a page, as its tag with the names of its attributes."""
    reader = _Shapes()
    reader.feed(body)
    return reader.found


def told_of(claim: Claim, *, articles: int) -> None:
    made = [make.article(outlet=make.outlet(owner=f"Owner {n % 5}")) for n in range(articles)]
    make.covered(claim, *made)
    source = make.node(claim, "The Daily Echo")
    for one in made:
        make.edge(make.article_node(claim, one), source, quote=one.text[:40], cue="said")
    make.run(claim, status="partial")


def settle(claim: Claim, *, publish: bool) -> None:
    item = make.evidence(claim, primary=True)
    text = Text("H", "A.", (Sentence("S.", (str(item.pk),)),))
    people = [make.reviewer(), make.reviewer()]
    for number, by in enumerate(people):
        lease.take(claim, by=by)
        cited = [str(item.pk)]
        rate.submit(claim, rate.Rated("false", "So.", cited, text=None if number else text), by=by)
    if publish:
        agree(claim, by=people[1])
        passed = Wish(overrides=(OverrideWish("reply", "Nobody answered."),))
        transition(claim, "publish", by=make.editor(), wish=passed)


def test_a_list_row_says_in_words_what_it_is_where_it_stands_as_a_card() -> None:
    make.article("Words of an article.", published_at=make.LONG_AGO)
    make.outlet("The Orrel Post", agency=True)
    editor = Desk.of(make.editor())

    articles = editor.get("/admin/claims/article/").content.decode()
    outlets = editor.get("/admin/claims/outlet/").content.decode()

    assert "Hand in an article" in articles
    assert re.search(r'<th scope="row" class="field-headline">', articles)
    assert re.search(
        r'data-name="Published" class="field-published[^"]*">2020-12-20 12:32', articles
    )
    assert re.search(r'data-name="Outlet" class="nothing ', articles)
    assert re.search(r'data-name="Came in" class="field-came_in[^"]*"><time', articles)
    assert re.search(r'data-name="Agency" class="field-is_agency">Yes<', outlets)
    assert "icon-no" not in outlets


def test_my_desk_says_of_which_claim_a_notice_is_and_names_nothing_twice() -> None:
    claim = stories.settled(make.claim("The bridge is closed."))
    desk = Desk.of(make.editor())
    Notification.objects.create(person=desk.person, kind="assigned", claim=claim, message="Yours.")

    page = words(desk.get("/admin/"))

    assert page.count("The bridge is closed.") == 2  # under Ready to publish, and in the inbox
    assert "nothing presses" not in page


def test_an_address_with_nothing_is_answered_by_a_page_with_a_way_on() -> None:
    desk = Desk.of(make.contributor())

    inside, outside = desk.get("/admin/claims/claim/0/change/"), desk.get("/nothing/")

    assert inside.status_code == outside.status_code == 404
    assert "To my desk" in words(inside)
    assert "To the published checks" in words(outside)
