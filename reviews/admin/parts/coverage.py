"""Coverage: what the desk looked for, what it found, and what went wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from claims.coverage import gather
from claims.models import Article, Claim, CoverageItem, CoverageProblem, CoverageRun

SHOWN = 200


@dataclass(frozen=True, slots=True)
class Row:
    """One article of the coverage as the table shows it."""

    item: CoverageItem
    article: Article
    wording: int | None
    new: bool

    @property
    def printed(self) -> str:
        """The date as it was printed, else the day somebody read from it."""
        day = self.article.published_on
        return self.article.published_raw or (day.isoformat() if day is not None else "")


@dataclass(frozen=True, slots=True)
class Coverage:
    run: CoverageRun | None
    going: bool
    progress: gather.Progress | None
    found: gather.Found | None
    problems: Sequence[CoverageProblem]
    rows: Sequence[Row]
    aside: Sequence[Row]
    more: bool


def coverage_of(
    claim: Claim, *, wordings: Mapping[UUID, int], since: datetime | None = None
) -> Coverage:
    """The newest run with its counts, and the articles; ``since`` marks what came later as new."""
    run = claim.coverage_runs.order_by("-created_at").first()
    items = list(
        claim.coverage.select_related("article__outlet__owner")
        .defer("article__text", "article__attributions", "article__signals", "article__sketch")
        .order_by("first_seen", "id")[: SHOWN + 1]
    )
    rows = [
        Row(
            item=item,
            article=item.article,
            wording=wordings.get(item.article_id),
            new=since is not None and item.first_seen > since,
        )
        for item in items[:SHOWN]
    ]
    return Coverage(
        run=run,
        going=run is not None and run.status in CoverageRun.GOING,
        progress=gather.progress(run) if run is not None else None,
        found=gather.found(run) if run is not None else None,
        problems=list(run.problems.all()[:SHOWN]) if run is not None else [],
        rows=[row for row in rows if not row.item.set_aside],
        aside=[row for row in rows if row.item.set_aside],
        more=len(items) > SHOWN,
    )
