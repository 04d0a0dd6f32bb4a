"""The list’s own statement gives what the rule of the querysets gives, page by page."""

from datetime import timedelta

import pytest
from django.utils import timezone

from claims.models import Actor, Claim, ClaimAuthor, Topic
from reviews.api.claims import readable_claims
from reviews.api.newest import newest
from tests import factories

pytestmark = pytest.mark.django_db


def _filled(me: Actor) -> None:
    """Claims open and restricted, of one moment and of several, with and without company."""
    now = timezone.now()
    for number in range(12):
        claim = factories.claim(
            created_at=now - timedelta(minutes=number // 3),
            visibility="restricted" if number % 2 else "desk",
            claimant=factories.claimant() if number % 3 else None,
            topic=Topic.objects.create(name=f"Topic {number}") if number % 4 else None,
            quote={"exact": "Closed."} if number % 5 == 0 else None,
            created_by=me.person if number == 1 else None,
        )
        if number == 3 and me.person is not None:
            ClaimAuthor.objects.create(claim=claim, person=me.person)
        if number == 5 and me.person is not None:
            claim.assigned_to.add(me.person)


@pytest.mark.parametrize("who", ["reviewer", "editor", "service"])
def test_the_statement_gives_the_claims_that_the_rule_gives(who: str) -> None:
    me = factories.service("claims:read") if who == "service" else factories.actor(who)
    _filled(me)
    expected = list(readable_claims(me).order_by("-created_at", "-id"))

    found = newest(me, many=5)
    while len(found) < len(expected):
        found += newest(me, many=4, after=(found[-1].created_at, found[-1].pk))

    assert [_told(one) for one in found] == [_told(one) for one in expected]


def _told(claim: Claim) -> dict[str, object]:
    """Every column, and what stands in the claim’s other tables."""
    columns = {name: value for name, value in vars(claim).items() if not name.startswith("_")}
    claimant, topic = claim.claimant, claim.topic
    return {
        **columns,
        "claimant": (claimant.pk, claimant.name, claimant.kind) if claimant else None,
        "topic": (topic.pk, topic.name) if topic else None,
    }
