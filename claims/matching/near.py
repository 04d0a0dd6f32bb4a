"""Claims in nearly the same words, by the letters they share."""

from dataclasses import dataclass

from django.contrib.postgres.search import TrigramSimilarity
from django.db import connection, transaction
from django.db.models import Q

from claims.models import Actor, Claim

LEAST = 0.6
"""How alike two texts are to be near: the share of common runs of three letters, 0 to 1."""

CANDIDATES = 200
"""Texts that are compared at all: words that half the desk uses are not ranked a million times."""


@dataclass(frozen=True, slots=True)
class Near:
    """A claim in nearly the same words. ``likeness`` is 0 to 1; 1 for the very same."""

    claim: Claim
    likeness: float


def near(claim: Claim, *, by: Actor, most: int) -> list[Near]:
    """Other claims ``by`` may know of in nearly the same words, the most alike first.

    Likeness is of letters, not of meaning: a "not" makes little difference to it.
    """
    alike = Q(text_digest=claim.text_digest) | Q(text__trigram_similar=claim.text)
    others = Claim.objects.visible_to(by).exclude(pk=claim.pk)
    candidates = others.filter(alike).order_by().values("pk")[:CANDIDATES]
    ranked = (
        Claim.objects.filter(pk__in=candidates)
        .annotate(likeness=TrigramSimilarity("text", claim.text))
        .order_by("-likeness", "-created_at")[:most]
    )
    with transaction.atomic(), connection.cursor() as cursor:
        # The index answers for what is this alike; without it, for half as much.
        cursor.execute("SELECT set_config('pg_trgm.similarity_threshold', %s, true)", [str(LEAST)])
        return [Near(row, _likeness(row, claim)) for row in ranked]


def _likeness(row: Claim, claim: Claim) -> float:
    same = row.text_digest == claim.text_digest
    return 1.0 if same else float(row.likeness)  # type: ignore[attr-defined]
