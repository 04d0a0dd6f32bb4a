"""An outlet's front page says which feeds it has; nobody reads them before an editor says so."""

from collections.abc import Callable
from functools import partial

import pytest
from django.core.cache import cache

from claims import jobs, manners, sources, tasks
from claims.errors import Conflict, Forbidden
from claims.ledger import read
from claims.models import Domain, Job, Outlet
from claims.sources import Offer, Rule
from claims.web import client
from tests import factories as make
from tests.claims.web.loopback import Loopback, page, redirect

pytestmark = pytest.mark.django_db

HEAD = (
    "<html><head><title>The Paper</title>"
    '<link rel="alternate" type="application/rss+xml" href="{}">'
    '<link rel="alternate" type="application/atom+xml" href="/comments/feed">'
    '<link rel="alternate" type="application/rss+xml" href="http://127.0.0.1/feed">'
    '<link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">'
    '<link rel="alternate" type="application/feed+json" href="https://feeds.paper.example/all.json">'
    "</head><body><p>Today.</p></body></html>"
)
FRONT = page(HEAD.format("/feed.xml").encode())

Web = Callable[[bytes], None]


@pytest.fixture
def paper() -> Outlet:
    return make.outlet("The Paper", host="paper.example")


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Web:
    """Puts an answer on the front page of The Paper, which has no https."""
    cache.clear()
    monkeypatch.setattr(manners, "PAUSE", 0)

    def serve(front: bytes) -> None:
        robots = page(b"", status="404 Not")
        here = Loopback({"/": front, "/robots.txt": robots, "/news/": FRONT})
        here.__enter__()
        stand_ins = here.policy("paper.example", "www.paper.example")
        monkeypatch.setattr(client, "fetch", partial(client.fetch, policy=stand_ins))

    return serve


def looked_for(outlet: Outlet) -> Job:
    job = sources.look_for_feeds(outlet, by=make.editor())
    tasks.run(job.pk, job.kind)
    job.refresh_from_db()
    return job


def test_what_the_front_page_declares_is_proposed_and_not_read(paper: Outlet, web: Web) -> None:
    web(FRONT)
    size = read.size()
    job = looked_for(paper)
    paper.refresh_from_db()
    assert job.state == Job.State.SUCCEEDED, job.cause
    assert sources.offered_feeds(paper) == (
        Offer("http://paper.example/feed.xml", Rule.FRONT_PAGE),
        Offer("https://feeds.paper.example/all.json", Rule.FRONT_PAGE),
    )
    assert paper.feeds == []
    assert read.size() == size


def test_what_an_editor_confirms_is_read_and_no_longer_proposed(paper: Outlet, web: Web) -> None:
    web(FRONT)
    looked_for(paper)
    paper = sources.follow(paper, by=make.editor(), feeds=["http://paper.example/feed.xml"])
    assert [offer.url for offer in sources.offered_feeds(paper)] == [
        "https://feeds.paper.example/all.json"
    ]


def test_a_front_page_that_leads_on_is_followed(paper: Outlet, web: Web) -> None:
    web(redirect("http://www.paper.example/news/"))
    looked_for(paper)
    paper.refresh_from_db()
    assert paper.offered[0] == "http://www.paper.example/feed.xml"


@pytest.mark.parametrize(
    ("front", "state", "code"),
    [
        (page(b"", status="404 Not"), "failed", "http_404"),
        (page(b"", status="503 Out"), "queued", "http_503"),
        (redirect("http://10.0.0.7/"), "failed", "address_refused"),
        (page(b"%PDF-1.7"), "succeeded", ""),
        (page(b"<p>No feed here.</p>"), "succeeded", ""),
        (page(b""), "succeeded", ""),
        (page(HEAD.format("http://[::1").encode()), "succeeded", ""),
    ],
)
def test_a_front_page_of_another_kind_is_said_to_be_so(
    paper: Outlet, web: Web, front: bytes, state: str, code: str
) -> None:
    web(front)
    job = looked_for(paper)
    assert (job.state, job.code) == (state, code)
    paper.refresh_from_db()
    assert paper.feeds == []
    assert "http://127.0.0.1/feed" not in paper.offered


def test_a_second_wish_waits_for_the_first_and_begins_again_after_it(
    paper: Outlet, web: Web
) -> None:
    web(FRONT)
    first = sources.look_for_feeds(paper, by=make.editor())
    assert sources.look_for_feeds(paper, by=make.editor()).pk == first.pk
    tasks.run(first.pk, first.kind)
    second = sources.look_for_feeds(paper, by=make.editor())
    assert second.state == Job.State.QUEUED
    assert sources.last_look_for_feeds(paper) == second


def test_a_late_answer_proposes_nothing(paper: Outlet, web: Web) -> None:
    web(FRONT)
    job = sources.look_for_feeds(paper, by=make.editor())
    held = jobs.take(job.pk)
    assert held is not None
    jobs.cancel([job])
    with pytest.raises(jobs.Fenced):
        sources.offer(held, paper, feeds=["https://paper.example/feed"])
    paper.refresh_from_db()
    assert paper.offered == []


def test_only_an_editor_asks_and_only_of_an_outlet_with_a_domain(paper: Outlet) -> None:
    with pytest.raises(Forbidden):
        sources.look_for_feeds(paper, by=make.reviewer())
    Domain.objects.all().delete()
    with pytest.raises(Conflict):
        sources.look_for_feeds(paper, by=make.editor())
    assert not Job.objects.exists()


def test_an_outlet_that_lost_its_domain_meanwhile_is_said_to_have_none(paper: Outlet) -> None:
    job = sources.look_for_feeds(paper, by=make.editor())
    Domain.objects.all().delete()
    tasks.run(job.pk, job.kind)
    job.refresh_from_db()
    assert (job.state, job.code) == ("failed", "no_outlet")
