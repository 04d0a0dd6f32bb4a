"""A claim that very many articles make, put into rows by a few statements."""

from collections.abc import Iterable
from datetime import timedelta

from django.utils import timezone

from claims.models import Article, Claim, CoverageItem, Outlet
from claims.provenance import attribution
from claims.provenance.copies import Text
from tests import factories

CLAIM = "The bridge over the Orle was closed on Monday because a pillar had cracked."
CITED = "the Orle Herald|Dana Wick|an official|a local website|Kim Aro|the Valley Gazette".split(
    "|"
)
PER_OUTLET = 4
BATCH = 500


def claim_with(texts: Iterable[Text]) -> Claim:
    """A claim that each of these texts makes in its first line, on one of six words."""
    claim = factories.claim(CLAIM)
    more(claim, texts)
    return claim


def more(claim: Claim, texts: Iterable[Text]) -> None:
    """Further articles of the claim's coverage, read and not yet compared."""
    leads = [f"{CLAIM[:-1]}, {whom} said." for whom in CITED]
    read = [[edge.as_json() for edge in attribution.read(lead, language="en")] for lead in leads]
    listed = list(texts)
    outlets = Outlet.objects.bulk_create(
        Outlet(name=f"Paper {listed[at].id}") for at in range(0, len(listed), PER_OUTLET)
    )
    articles = [
        Article(
            url=f"https://{text.site or text.id}/{text.id}",
            key=Article.key_of(f"{claim.pk}/{text.id}", text.text),
            title=f"Report {text.id}",
            text=f"{leads[at % len(leads)]}\n{text.text}",
            language="en",
            outlet=outlets[at // PER_OUTLET],
            status=Article.Status.READY,
            attributions=read[at % len(leads)],
        )
        for at, text in enumerate(listed)
    ]
    Article.objects.bulk_create(articles, batch_size=BATCH)
    now = timezone.now()
    CoverageItem.objects.bulk_create(
        (
            CoverageItem(claim=claim, article=one, first_seen=now + timedelta(milliseconds=at))
            for at, one in enumerate(articles)
        ),
        batch_size=BATCH,
    )
