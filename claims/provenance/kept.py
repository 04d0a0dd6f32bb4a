"""What reading and comparing a claim's articles came to, as rows; and whom a new one is like."""

import math
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import TextField
from django.db.models.functions import Cast

from claims.models import Article, Claim, Comparison
from claims.provenance.copies import Relation
from claims.provenance.heard import Heard, heard_as_json, heard_from_json
from claims.provenance.regroup import (
    Compared,
    Near,
    Unread,
    digest_of,
    passages_as_json,
    relation_as_json,
    relation_from_json,
)
from claims.text.shingles import KEEP_ONE_IN, shingles, sketch

BATCH = 500
LEAST_NEAR = 0.08
"""Sketches that agree less than this do not come from texts that share a fifth."""

# The index on sketches finds whom a text shares anything with. A text's size is told by its
# sampled values alone: a short one keeps others besides.
_NEAR = """
SELECT article.id::text, count(*) FILTER (WHERE value = ANY(%(sketch)s)) AS times,
       count(*) FILTER (WHERE value %% %(step)s = 0) AS size
  FROM claims_article article
  JOIN claims_coverageitem item ON item.article_id = article.id AND item.claim_id = %(claim)s
 CROSS JOIN LATERAL unnest(article.sketch) AS value
 WHERE article.sketch && %(sketch)s AND article.id <> %(article)s
 GROUP BY article.id
"""


@dataclass(frozen=True, slots=True)
class Before:
    """What the last draft kept, of articles set aside too: of all together, and of each."""

    compared: Compared
    heard: Mapping[str, Heard]
    articles: frozenset[str]


def before(claim: Claim) -> Before:
    """What comparing the claim's articles, and reading each of them for it, came to."""
    rows = Comparison.objects.filter(item__claim=claim).values_list(
        "item__article",
        "compared_as",
        "relations",
        Cast("passages", TextField()),
        "read_as",
        "carried",
    )
    texts, relations, heard, articles = {}, [], {}, []
    for article, compared_as, listed, passages, read_as, carried in rows:
        key = str(article)
        articles.append(key)
        if compared_as:
            texts[key] = compared_as
        relations += [relation_from_json(one, Unread(passages, n)) for n, one in enumerate(listed)]
        known = heard_from_json(carried, read_as)
        if known is not None:
            heard[key] = known
    return Before(Compared(texts, tuple(relations)), heard, frozenset(articles))


def keep(claim: Claim, known: Before, compared: Compared, heard: Mapping[str, Heard]) -> None:
    """Keep what a draft came to; what was ``known`` before is not touched."""
    of_copy, was = _by_copy(compared), _by_copy(known.compared)
    changed = [
        key
        for key, compared_as in compared.texts.items()
        if known.compared.texts.get(key) != compared_as
        or key not in known.heard
        or known.heard[key].read_as != heard[key].read_as
        or list(map(digest_of, of_copy.get(key, ()))) != list(map(digest_of, was.get(key, ())))
    ]
    _write(
        claim,
        {
            key: {
                "compared_as": compared.texts[key],
                **_related(of_copy.get(key, ())),
                "read_as": heard[key].read_as,
                "carried": heard_as_json(heard[key]),
            }
            for key in changed
        },
    )
    gone = [UUID(key) for key in known.articles - compared.texts.keys()]
    if gone:
        Comparison.objects.filter(item__claim=claim, item__article__in=gone).delete()


def _by_copy(compared: Compared) -> dict[str, list[Relation]]:
    found: defaultdict[str, list[Relation]] = defaultdict(list)
    for relation in compared.relations:
        found[relation.copy].append(relation)
    return dict(found)


def _related(relations: Iterable[Relation]) -> dict[str, Any]:
    listed = list(relations)
    return {
        "relations": [relation_as_json(one) for one in listed],
        "passages": [passages_as_json(one) for one in listed],
    }


def _write(claim: Claim, said: Mapping[str, Mapping[str, Any]]) -> None:
    """Write these fields of what is kept of each of these articles."""
    if not said:
        return
    items = claim.coverage.filter(article__in=[UUID(key) for key in said]).order_by("pk")
    Comparison.objects.bulk_create(
        [
            Comparison(item_id=item, **said[str(article)])
            for item, article in items.values_list("pk", "article")
        ],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["item"],
        update_fields=list(next(iter(said.values()))),
    )


class Unfinished(Exception):
    """The time for one go is over; what was done is kept, and the next go starts there."""


class SoFar:
    """Keeps the parts of a long draft while it is made, in rows that nothing else waits for.

    ``within``: after so many seconds it raises Unfinished, once a part is kept.
    """

    def __init__(self, claim: Claim, *, within: float = math.inf) -> None:
        self._claim = claim
        self._until = time.monotonic() + within
        self._written: dict[str, tuple[str, int]] = {}

    def heard(self, heard: Mapping[str, Heard], /) -> None:
        """Keep what these articles carry."""
        self._keep(
            {
                key: {"read_as": one.read_as, "carried": heard_as_json(one)}
                for key, one in heard.items()
            }
        )

    def compared(self, compared: Compared, /) -> None:
        """Keep what comparing came to for each text of which that is new."""
        of_copy = _by_copy(compared)
        # Of a text that was compared more relations come to light, never fewer.
        state = {key: (done, len(of_copy.get(key, ()))) for key, done in compared.texts.items()}
        changed = {key: one for key, one in state.items() if self._written.get(key) != one}
        self._written |= changed
        self._keep(
            {
                key: {"compared_as": done, **_related(of_copy.get(key, ()))}
                for key, (done, _) in changed.items()
            }
        )

    def _keep(self, said: Mapping[str, Mapping[str, Any]]) -> None:
        _write(self._claim, said)
        if time.monotonic() > self._until:
            raise Unfinished


def sketch_missing(claim: Claim) -> None:
    """Sketch the claim's articles that came in without one: the index finds no others."""
    bare = Article.objects.filter(
        coverage_of__claim=claim, coverage_of__set_aside=False, sketch=[]
    ).exclude(text="")
    ids = list(bare.order_by().values_list("pk", flat=True))
    for at in range(0, len(ids), BATCH):
        changed = list(Article.objects.filter(pk__in=ids[at : at + BATCH]).only("text"))
        for article in changed:
            article.sketch = list(sketch(shingles(article.text).hashes))
        Article.objects.bulk_update(changed, ["sketch"])


def near_in(claim: Claim) -> Near:
    """Who in a claim's coverage shares passages with one of its articles."""
    return partial(_near, claim.pk)


def _near(claim: UUID, article: str) -> Mapping[str, float]:
    found = Article.objects.filter(pk=article).values_list("sketch", flat=True).first()
    if not found:
        return {}
    mine = sum(value % KEEP_ONE_IN == 0 for value in found)
    with connection.cursor() as cursor:
        cursor.execute(
            _NEAR,
            {"claim": claim, "article": article, "sketch": found, "step": KEEP_ONE_IN},
        )
        rows = cursor.fetchall()
    shares = {other: times / max(1, min(mine, size)) for other, times, size in rows}
    return {other: share for other, share in shares.items() if share >= LEAST_NEAR}
