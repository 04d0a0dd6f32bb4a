"""The chain on the claim page counts its open links as the interval does, and shows dead ends."""

import pytest

from claims.models import Claim
from claims.provenance.trace import recount
from reviews.admin.parts.chain import chain_of
from tests import factories as make
from tests.reviews.admin.desk import Desk

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
    chain = chain_of(claim, list(claim.coverage.all()))
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
    chain = chain_of(claim, list(claim.coverage.all()))
    assert (chain.undecided, claim.sources["unconfirmed"], chain.next_open) == (0, 0, None)


def test_a_dead_end_says_on_its_link_that_it_was_looked_for() -> None:
    claim = story()
    said = "Looked for its report in: archive. Nothing of this outlet came up."
    claim.nodes.filter(label="Orle Herald").update(note=said)
    page = Desk.of(make.editor()).page(claim).content.decode()
    hops = page.split('class="hop ')
    (of_the_herald,) = (hop for hop in hops if said in hop)
    assert "Orle Herald" in of_the_herald
