"""Very many claims that were judged and published, over a year, from one that the verbs made."""

from typing import Any

from django.db import connection, models

from claims.models import Claim
from reviews.models import Finding, FindingAgreement, Publication, Review, Round, Verdict
from tests import factories
from tests.benchmarks import rows
from tests.reviews import stories

# Spread over a year: how long before now the n-th of so many came in.
_CAME = "now() - (n * interval '1 year') / {many} - interval '4 days'"


def claims_published(many: int) -> None:
    """So many checks, each with its round, two reviews, verdict, text and publication."""
    claim = stories.published(factories.claim("The pattern of all that was published."))
    round_ = claim.rounds.get()
    finding = round_.findings.get()
    came = _CAME.format(many=many)
    series = f", generate_series(1, {many}) n"

    def copies(model: type[models.Model], key: Any, said: dict[str, str]) -> None:
        with connection.cursor() as cursor:
            table = model._meta.db_table
            cursor.execute(
                rows.copies(model, said) + f" FROM {table}{series} WHERE {table}.id = %s", [key]
            )

    with rows.without_indexes("claims_claim", "reviews_round"):
        copies(
            Claim,
            claim.pk,
            {
                "id": _key("claim"),
                "text": "'Lamp number ' || n || ' of street ' || mod(n, 997) || ' is out.'",
                "text_digest": "encode(sha256(('lamp ' || n)::bytea), 'hex')",
                "created_at": came,
            },
        )
        copies(
            Round,
            round_.pk,
            {
                "id": _key("round"),
                "claim": _key("claim"),
                "opened_at": f"{came} + mod(n, 600) * interval '1 minute'",
                "revealed_at": f"{came} + interval '1 day' + mod(n, 700) * interval '1 minute'",
            },
        )
    for review in Review.objects.filter(round=round_):
        copies(
            Review,
            review.pk,
            {"id": _key(f"review {review.seat}"), "round": _key("round")},
        )
    copies(
        Verdict,
        round_.verdict.pk,
        {
            "id": _key("verdict"),
            "claim": _key("claim"),
            "round": _key("round"),
            "recorded_at": f"{came} + interval '1 day' + mod(n, 700) * interval '1 minute'",
        },
    )
    copies(Finding, finding.pk, {"id": _key("finding"), "round": _key("round")})
    agreement = FindingAgreement.objects.filter(finding=finding).first()
    if agreement is None:
        raise RuntimeError("Nobody agreed to the pattern.")
    copies(
        FindingAgreement,
        agreement.pk,
        {
            "id": "1000000 + n",
            "finding": _key("finding"),
            "agreed_at": f"{came} + interval '2 days'",
        },
    )
    copies(
        Publication,
        claim.publications.get().pk,
        {
            "id": _key("publication"),
            "claim": _key("claim"),
            "verdict": _key("verdict"),
            "slug": "'lamp-' || n",
            "document": r"'\x7b7d'::bytea",
            "published_at": f"{came} + interval '3 days' + mod(n, 800) * interval '1 minute'",
        },
    )
    rows.tidy()


def _key(name: str) -> str:
    """The same key for the same n, so that rows find each other without being read."""
    return f"md5('{name} ' || n)::uuid"
