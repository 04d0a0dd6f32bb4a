"""A page belongs to the outlet of its host; what nobody knows is flagged and stays apart."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from django.db import connections

from claims.models import Domain, Outlet
from claims.sources import outlet_for
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
