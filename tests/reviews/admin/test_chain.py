"""The chain on the claim page counts its open links as the interval does, and shows dead ends."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.models import Claim
from claims.provenance import graph as graphs
from claims.provenance.trace import recount
from reviews.admin.parts.chain import AT_ONCE, chain_of
from reviews.admin.parts.coverage import items_of
from tests import factories as make
from tests.reviews.admin.desk import Desk, page_of

pytestmark = pytest.mark.django_db


def story() -> Claim:
    """Two links to confirm; beside them one owner, a denial, and an article set aside."""
    claim = make.claim("The bridge was closed on Monday.")
    papers = [make.article(outlet=make.outlet(f"Paper {name}")) for name in "ABC"]
    items = make.covered(claim, *papers)
    one, two, aside = (make.article_node(claim, paper) for paper in papers)
    herald = make.node(claim, "Orle Herald")
    wick = make.node(claim, "Dana Wick", "person")
    make.edge(one, herald)
    make.edge(two, wick)
    make.edge(one, two, "same_owner")
    make.edge(two, one, "links_to")
    make.edge(one, wick, is_denial=True)
    make.edge(aside, wick)
    items[-1].set_aside = True
    items[-1].save()
    recount(claim)
    claim.refresh_from_db()
    return claim


def test_the_links_to_confirm_are_those_that_make_the_interval_provisional() -> None:
    claim = story()
    chain = chain_of(claim)
    assert claim.sources["unconfirmed"] == 2
    assert chain.undecided == 2
    assert sum(hop.open for hop in (*chain.own, *chain.elsewhere)) == 6
    assert chain.next_open is not None
    keyed = claim.edges.get(pk=chain.next_open)
    assert (keyed.type, keyed.is_denial) == ("attributes_to", False)


def test_when_the_interval_waits_for_nothing_no_key_decides() -> None:
    claim = story()
    claim.edges.filter(type="attributes_to", is_denial=False).update(status="confirmed")
    recount(claim)
    claim.refresh_from_db()
    chain = chain_of(claim)
    assert (chain.undecided, claim.sources["unconfirmed"], chain.next_open) == (0, 0, None)


def test_a_dead_end_says_on_its_link_that_it_was_looked_for() -> None:
    claim = story()
    said = "Looked for its report in: archive. Nothing of this outlet came up."
    claim.nodes.filter(label="Orle Herald").update(note=said)
    page = Desk.of(make.editor()).page(claim).content.decode()
    hops = page.split('class="hop ')
    (of_the_herald,) = (hop for hop in hops if said in hop)
    assert "Orle Herald" in of_the_herald


def many(number: int) -> Claim:
    """Papers that each have it from somebody else."""
    claim = make.claim("The bridge was closed on Monday.")
    papers = [make.article(outlet=make.outlet(f"Paper {n}")) for n in range(number)]
    make.covered(claim, *papers)
    for n, paper in enumerate(papers):
        make.edge(make.article_node(claim, paper), make.node(claim, f"Person {n}", "person"))
    recount(claim)
    claim.refresh_from_db()
    return claim


def test_links_in_other_coverage_are_shown_a_part_at_a_time() -> None:
    claim = many(AT_ONCE + 2)
    desk = Desk.of(make.editor())
    first = desk.page(claim).content.decode()
    assert first.count('class="hop ') == AT_ONCE
    assert f"{AT_ONCE + 2} links in other coverage" in first
    assert "?links=2#chain" in first
    last = desk.get(page_of(claim), links=2).content.decode()
    assert last.count('class="hop ') == 2
    assert "?links=1#chain" in last
    assert desk.get(page_of(claim), links="9" * 30).content.decode().count('class="hop ') > 2


def test_a_page_of_many_articles_asks_no_more_of_the_database_than_one_of_few() -> None:
    desk = Desk.of(make.editor())

    def statements(claim: Claim) -> int:
        desk.page(claim)
        with CaptureQueriesContext(connection) as asked:
            desk.page(claim)
        return len(asked)

    few = statements(many(3))
    assert statements(many(60)) <= few < 25


def test_the_list_below_a_picture_comes_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reviews.admin.parts.chain.TOLD_AT_ONCE", 4)
    claim = many(6)
    desk = Desk.of(make.editor())
    url = reverse("admin:claims_claim_picture", args=[claim.pk])
    told = [desk.get(url, part=part).content.decode() for part in (1, 2)]
    assert [page.partition("hops-title")[2].count("<li>") for page in told] == [4, 2]
    assert "?part=2#hops-title" in told[0]


def test_among_very_many_sources_one_is_found_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reviews.admin.page.OFFERED", 5)
    claim = many(AT_ONCE + 4)
    hidden = claim.nodes.get(label=f"Person {AT_ONCE + 3}")
    desk = Desk.of(make.editor())
    edges = claim.edges.filter(target=hidden)
    edges.update(status="rejected")
    option = f'<option value="{hidden.pk}">'
    assert option not in desk.get(page_of(claim), by_hand=1).content.decode()
    found = desk.get(page_of(claim), by_hand=1, named=hidden.label.lower()).content.decode()
    assert option in found
    answer = desk.press(claim, "tell_of", node=str(hidden.pk), speaks_for="The Harbour Board")
    assert answer.status_code == 302
    hidden.refresh_from_db()
    assert hidden.speaks_for == "The Harbour Board"


def test_the_graph_reads_the_same_with_its_coverage_at_hand() -> None:
    claim = make.in_checking("The ferry was closed.")
    paper, old = make.outlet("The Orrel Post", owner="Orrel Media"), make.outlet("The Old Post")
    old.merged_into = paper
    old.save()
    inside, outside = make.article(outlet=old), make.article(outlet=paper)
    make.covered(claim, inside)
    make.edge(make.article_node(claim, inside), make.node(claim, "a source", "unnamed"))
    assert graphs.load(claim, coverage=items_of(claim)) == graphs.load(claim)

    # A node whose article is in no coverage: its paper is not at hand, and looked up.
    make.article_node(claim, outside)
    assert graphs.load(claim, coverage=items_of(claim)) == graphs.load(claim)
