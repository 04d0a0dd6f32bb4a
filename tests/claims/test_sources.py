"""A page belongs to the outlet of its host; what nobody knows is flagged and stays apart."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from django.db import connections

from claims import sources
from claims.errors import Forbidden, Invalid
from claims.ledger import read
from claims.models import Claim, Domain, Job, Outlet
from claims.provenance.trace import recompute
from claims.sources import Offer, Rule, outlet_for
from tests import factories as make


@pytest.mark.django_db
class TestOutlets:
    @pytest.mark.parametrize(
        "url",
        [
            "https://paper.example/a",
            "http://www.paper.example/b?c",
            "https://m.paper.example/",
            "https://edition.paper.example/x",
        ],
    )
    def test_a_known_host_and_names_below_it_are_its_outlet(self, url: str) -> None:
        paper = make.outlet("The Paper", host="paper.example")
        assert outlet_for(url) == paper

    def test_a_new_host_becomes_an_outlet_once(self) -> None:
        first = outlet_for("https://www.new-paper.example/a", name="New Paper")
        assert (first.name, first.unknown) == ("New Paper", False)
        assert outlet_for("https://new-paper.example/b", name="Another name") == first
        assert Domain.objects.get().host == "new-paper.example"

    def test_a_new_host_without_a_name_is_called_by_its_host(self) -> None:
        assert outlet_for("https://new-paper.example/a").name == "new-paper.example"

    def test_publishers_on_a_shared_host_stay_apart(self) -> None:
        shared = outlet_for("https://substack.com/inbox")
        one = outlet_for("https://alice.substack.com/p/a")
        two = outlet_for("https://bob.substack.com/p/a")
        assert len({shared.pk, one.pk, two.pk}) == 3

    def test_a_name_alone_finds_the_outlet_called_so(self) -> None:
        paper = make.outlet("The Paper")
        assert outlet_for(name="the  paper") == paper
        assert outlet_for(name="Unheard Of").name == "Unheard Of"

    def test_a_merged_outlet_leads_to_the_other(self) -> None:
        paper = make.outlet("The Paper")
        old = make.outlet("Old name", host="old.example", merged_into=paper)
        assert outlet_for("https://old.example/") == paper
        Outlet.objects.filter(pk=paper.pk).update(merged_into=old)
        assert outlet_for("https://old.example/") in {paper, old}

    def test_unknown_publishers_are_never_one(self) -> None:
        one, two = outlet_for(), outlet_for(url="no address")
        assert one.pk != two.pk
        assert one.unknown
        assert two.unknown
        assert one.owner_key != two.owner_key


def test_two_that_meet_a_host_at_once_make_one_outlet(fresh_database: str) -> None:
    def meet(_: int) -> UUID:
        try:
            return outlet_for("https://brand-new.example/a").pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(meet, range(4)))) == 1
    assert Outlet.objects.count() == 1


def covered_by(outlet: Outlet) -> Claim:
    claim = make.claim()
    make.covered(claim, make.article(outlet=outlet))
    return claim


def counted_anew(claim: Claim) -> int:
    return Job.objects.filter(kind="claim.trace", claim=claim).count()


@pytest.mark.django_db
def test_an_outlet_with_another_name_or_owner_has_its_claims_counted_anew() -> None:
    outlet, size = make.outlet("The Post"), read.size()
    claim, other = covered_by(outlet), covered_by(make.outlet("The Site"))
    editor = make.editor()
    sources.change(outlet, by=editor, name="Harbour Post", owner="Big House", agency=False)
    outlet.refresh_from_db()
    assert (outlet.name, str(outlet.owner)) == ("Harbour Post", "Big House")
    assert (counted_anew(claim), counted_anew(other)) == (1, 0)
    sources.change(outlet, by=editor, name="Harbour Post", owner="Big House", agency=False)
    assert (counted_anew(claim), read.size()) == (1, size + 1)


@pytest.mark.django_db
def test_two_outlets_merged_count_as_one_and_apart_again_when_that_is_taken_back() -> None:
    post, daily = make.outlet("The Post"), make.outlet("Post Daily")
    claim = make.claim()
    make.covered(claim, make.article(outlet=post), make.article(outlet=daily))
    recompute(claim)
    editor = make.editor()
    sources.merge(daily, by=editor, into=post)
    assert counted_anew(claim) == 1
    assert recompute(claim).summary["outlets"] == 1
    with pytest.raises(Invalid):
        sources.merge(post, by=editor, into=daily)
    sources.merge(daily, by=editor, into=None)
    assert counted_anew(claim) == 2
    assert recompute(claim).summary["outlets"] == 2


@pytest.mark.django_db
def test_what_was_merged_into_an_outlet_goes_along_with_it() -> None:
    one, two, three = (make.outlet(f"Outlet {name}") for name in "abc")
    editor = make.editor()
    sources.merge(one, by=editor, into=two)
    sources.merge(two, by=editor, into=three)
    one.refresh_from_db()
    assert one.merged_into == three


@pytest.mark.django_db
def test_only_an_editor_says_what_an_outlet_is() -> None:
    outlet, size = make.outlet("The Post"), read.size()
    with pytest.raises(Forbidden):
        sources.change(outlet, by=make.reviewer(), name="Mine", owner="", agency=False)
    with pytest.raises(Forbidden):
        sources.merge(outlet, by=make.contributor(), into=make.outlet("The Site"))
    with pytest.raises(Invalid):
        sources.change(outlet, by=make.editor(), name="\u200b", owner="", agency=False)
    assert read.size() == size


@pytest.mark.django_db
class TestFeeds:
    FEED = "https://paper.example/feed.xml"

    def test_an_editor_says_which_feeds_are_read(self) -> None:
        paper = make.outlet("The Paper")
        sources.follow(paper, by=make.editor(), feeds=[f" {self.FEED} ", "", self.FEED])
        assert Outlet.objects.get(pk=paper.pk).feeds == [self.FEED]

    def test_what_may_not_be_asked_is_refused_all_at_once(self) -> None:
        paper = make.outlet("The Paper")
        wrong = ["http://127.0.0.1/feed", "feed.xml", self.FEED, "file:///etc/passwd"]
        with pytest.raises(Invalid) as told:
            sources.follow(paper, by=make.editor(), feeds=wrong)
        assert len(told.value.problems) == 3
        assert Outlet.objects.get(pk=paper.pk).feeds == []

    def test_only_an_editor_says_so(self) -> None:
        with pytest.raises(Forbidden):
            sources.follow(make.outlet(), by=make.reviewer(), feeds=[self.FEED])

    def test_feeds_that_captured_pages_offer_are_proposed_until_they_are_read(self) -> None:
        paper = make.outlet("The Paper")
        make.article(outlet=paper, signals={"feeds": [self.FEED]})
        make.article(outlet=paper, signals={})
        make.article(signals={"feeds": ["https://other.example/feed"]})
        assert sources.offered_feeds(paper) == (Offer(self.FEED, Rule.CAPTURED),)
        paper = sources.follow(paper, by=make.editor(), feeds=[self.FEED])
        assert sources.offered_feeds(paper) == ()
