"""What reading and comparing a claim's articles came to, as rows; and whom a new one is like."""

import math
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.db import connection

from claims.models import Article, Claim, Comparison, CoverageItem
from claims.provenance.draft import Told
from claims.provenance.heard import Heard, heard_as_json, heard_from_json
from claims.provenance.regroup import (
    Compared,
    Near,
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


def before(claim: Claim, articles: Iterable[Told]) -> Before:
    """What comparing the claim's articles, and reading each of these for it, came to."""
    rows = Comparison.objects.filter(item__claim=claim).values_list(
        "item__article", "compared_as", "relations", "read_as", "carried"
    )
    attributions = {told.id: told.attributions for told in articles}
    texts, relations, heard = {}, [], {}
    for article, compared_as, listed, read_as, carried in rows:
        key = str(article)
        if compared_as:
            texts[key] = compared_as
        relations += [relation_from_json(one) for one in listed]
        known = heard_from_json(carried, read_as, attributions.get(key, ()))
        if known is not None:
            heard[key] = known
    return Before(Compared(texts, tuple(relations)), heard)


def keep(claim: Claim, compared: Compared, heard: Mapping[str, Heard]) -> None:
    """Keep what a draft came to; rows that say so already are not touched."""
    of_copy = defaultdict(list)
    for relation in compared.relations:
        of_copy[relation.copy].append(relation_as_json(relation))
    there = {
        row.item_id: row for row in Comparison.objects.filter(item__claim=claim).defer("carried")
    }
    changed, wanted = [], set()
    for item, article in claim.coverage.values_list("pk", "article"):
        key, row = str(article), there.get(item)
        if key not in compared.texts:
            continue
        wanted.add(item)
        said = compared.texts[key], of_copy[key], heard[key].read_as
        if row is None or (row.compared_as, row.relations, row.read_as) != said:
            row = Comparison(item_id=item, carried=heard_as_json(heard[key]))
            row.compared_as, row.relations, row.read_as = said
            changed.append(row)
    Comparison.objects.bulk_create(
        changed,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["item"],
        update_fields=["compared_as", "relations", "read_as", "carried"],
    )
    Comparison.objects.filter(pk__in=there.keys() - wanted).delete()


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
        said = {key: (one.read_as, heard_as_json(one)) for key, one in heard.items()}
        self._write(said, ("read_as", "carried"))

    def compared(self, compared: Compared, /) -> None:
        """Keep what comparing came to for each text of which that is new."""
        of_copy = defaultdict(list)
        for relation in compared.relations:
            of_copy[relation.copy].append(relation)
        # Of a text that was compared more relations come to light, never fewer.
        state = {key: (done, len(of_copy[key])) for key, done in compared.texts.items()}
        changed = {key: one for key, one in state.items() if self._written.get(key) != one}
        self._written |= changed
        said = {
            key: (done, [relation_as_json(one) for one in of_copy[key]])
            for key, (done, _) in changed.items()
        }
        self._write(said, ("compared_as", "relations"))

    def _write(self, said: Mapping[str, tuple[object, object]], names: tuple[str, str]) -> None:
        items = self._claim.coverage.filter(article__in=[UUID(key) for key in said]).order_by("pk")
        rows = [
            Comparison(item_id=item, **dict(zip(names, said[str(article)], strict=True)))
            for item, article in items.values_list("pk", "article")
        ]
        Comparison.objects.bulk_create(
            rows,
            batch_size=BATCH,
            update_conflicts=True,
            unique_fields=["item"],
            update_fields=names,
        )
        if time.monotonic() > self._until:
            raise Unfinished


def sketch_missing(items: Iterable[CoverageItem]) -> None:
    """Sketch the articles that came in without one: the index finds no others."""
    changed = [item.article for item in items if item.article.text and not item.article.sketch]
    for article in changed:
        article.sketch = list(sketch(shingles(article.text).hashes))
    Article.objects.bulk_update(changed, ["sketch"], batch_size=BATCH)


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
