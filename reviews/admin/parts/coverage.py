"""Coverage: what the desk looked for, what it found, and what went wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from claims.coverage import counts
from claims.models import Article, Claim, CoverageItem, CoverageProblem, CoverageRun

SHOWN = 200
# So many stand open at once, and a few more than that are not worth a fold.
OPEN, A_FEW = 12, 3
KINDS = {
    "lead": _("Encyclopedia"),
    "fact_check": _("Check by others"),
    "snapshot": _("Archived page"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One article of the coverage as the table shows it."""

    item: CoverageItem
    article: Article
    wording: int | None
    new: bool


@dataclass(frozen=True, slots=True)
class Lead:
    """A place to look further, which is no coverage and never an origin."""

    url: str
    title: str
    snippet: str
    provider: str
    kind: str
    outlet: str
    published: str


@dataclass(frozen=True, slots=True)
class Coverage:
    run: CoverageRun | None
    going: bool
    progress: counts.Progress | None
    found: counts.Found | None
    in_work: Sequence[str]
    problems: Sequence[CoverageProblem]
    leads: Sequence[Lead]
    rows: Sequence[Row]
    aside: Sequence[Row]
    more: bool

    @property
    def first(self) -> Sequence[Row]:
        """The rows that stand open; while the desk is looking, all of them."""
        whole = self.going or len(self.rows) <= OPEN + A_FEW
        return self.rows if whole else self.rows[:OPEN]

    @property
    def rest(self) -> Sequence[Row]:
        return self.rows[len(self.first) :]


def items_of(claim: Claim) -> list[CoverageItem]:
    """As many articles of the coverage as a page shows, and one more; first seen first.

    Without their texts: megabytes in a big story.
    """
    return list(
        claim.coverage.select_related("article__outlet__owner", "article__outlet__merged_into")
        .defer("article__text", "article__attributions", "article__signals", "article__sketch")
        .order_by("first_seen", "id")[: SHOWN + 1]
    )


def whole(items: Sequence[CoverageItem]) -> Sequence[CoverageItem] | None:
    """All of the coverage, or None where there is more than was read."""
    return items if len(items) <= SHOWN else None


def coverage_of(
    claim: Claim,
    items: Sequence[CoverageItem],
    *,
    wordings: Mapping[str, int],
    since: datetime | None = None,
) -> Coverage:
    """The newest run with its counts, and the articles; ``since`` marks what came later as new."""
    troubled = Exists(CoverageProblem.objects.filter(run=OuterRef("pk")))
    runs = counts.with_counts(claim.coverage_runs.order_by("-created_at")).annotate(
        troubled=troubled
    )
    run: Any = runs.first()
    rows = [
        Row(
            item=item,
            article=item.article,
            wording=wordings.get(str(item.article_id)),
            new=since is not None and item.first_seen > since,
        )
        for item in items[:SHOWN]
    ]
    return Coverage(
        run=run,
        going=run is not None and run.status in CoverageRun.GOING,
        progress=counts.Progress(run.total, run.done, run.failed) if run is not None else None,
        found=_found(run, items) if run is not None else None,
        in_work=counts.in_work(run) if run is not None and run.status in CoverageRun.GOING else (),
        problems=_problems(run),
        leads=_leads(run),
        # What came since is read first; the rest stays in the order it was found in.
        rows=sorted((row for row in rows if not row.item.set_aside), key=lambda row: not row.new),
        aside=[row for row in rows if row.item.set_aside],
        more=len(items) > SHOWN,
    )


def _found(run: Any, items: Sequence[CoverageItem]) -> counts.Found:
    all_ = whole(items)
    new = run.items.count() if all_ is None else sum(one.run_id == run.pk for one in all_)
    return counts.Found(hits=run.hits, articles=run.articles, new=new)


def _leads(run: CoverageRun | None) -> list[Lead]:
    return [
        Lead(
            url=one["url"],
            title=one["title"] or one["url"],
            snippet=one["snippet"],
            provider=one["provider"],
            kind=str(KINDS.get(one["kind"], "")),
            outlet=one.get("outlet", ""),
            published=one.get("published", ""),
        )
        for one in (run.leads if run is not None else [])
    ]


def _problems(run: Any) -> list[CoverageProblem]:
    """What went wrong, also in a run that succeeded: part of an answer may be lost."""
    return list(run.problems.all()[:SHOWN]) if run is not None and run.troubled else []
