"""What the dashboard’s reports look like: each a table in words, and a chart of the same."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.templatetags.desk import lasting
from reviews.admin.forms.ahead import DISMISSALS
from reviews.models import Override, Rating, RatingScale
from reviews.reports import chart
from reviews.reports.chart import Chart
from reviews.reports.lateness import Lateness
from reviews.reports.mix import CLASSES, Side
from reviews.reports.overrides import Overrides
from reviews.reports.scope import ENOUGH_FOR_MEDIAN, ENOUGH_FOR_SHARE, ENOUGH_FOR_TAIL
from reviews.reports.stages import CAP as STAGES_CAP
from reviews.reports.stages import Passage
from reviews.reports.table import Cell, Table
from reviews.reports.throughput import Throughput
from reviews.verdicts.agreement import ENOUGH as ENOUGH_PAIRS
from reviews.verdicts.agreement import Estimate
from reviews.verdicts.blind import Measures

HOUR, DAY = 3600, 24 * 3600
STAGES: Mapping[str, Any] = {
    "incoming": gettext_lazy("Incoming, until it goes to review"),
    "review": gettext_lazy("In review, until the last review is in"),
    "disputed": gettext_lazy("Ratings differ, until they are settled"),
    "finding": gettext_lazy("Text, until a second reviewer agrees"),
    "ready": gettext_lazy("Ready, until an editor publishes"),
    "whole": gettext_lazy("From coming in to published"),
}
LATE: Mapping[str, Any] = {
    "day": gettext_lazy("up to a day"),
    "three": gettext_lazy("1 to 3 days"),
    "week": gettext_lazy("3 to 7 days"),
    "more": gettext_lazy("more than a week"),
}
# For the chart alone; the table has every class.
FAMILIES: tuple[tuple[Any, frozenset[str]], ...] = (
    (gettext_lazy("holds"), frozenset({"true", "mostly_true"})),
    (gettext_lazy("in part, or misleading"), frozenset({"mixed", "misleading"})),
    (gettext_lazy("does not hold"), frozenset({"mostly_false", "false"})),
    (gettext_lazy("cannot be said"), frozenset({"unproven", "satire", "not_checkable"})),
)


@dataclass(frozen=True, slots=True)
class Block:
    """One report: the table, the chart (None where there is nothing to draw), and a sentence."""

    table: Table
    chart: Chart | None
    lead: str = ""
    # What a person reads in the place of an empty table.
    empty: str = ""

    @property
    def name(self) -> str:
        return self.table.name


def of_throughput(said: Throughput) -> tuple[Block, Block]:
    """Weeks, and why claims were not taken up."""
    weeks = said.weeks
    series = (_("came in"), _("published"), _("not taken up"))
    total = [
        sum(week.came_in for week in weeks),
        sum(week.published for week in weeks),
        sum(week.dismissed for week in weeks),
    ]
    table = Table(
        "throughput",
        _("In and out, week by week"),
        (_("Week from"), *series),
        (
            *(
                (week.monday.isoformat(), week.came_in, week.published, week.dismissed)
                for week in weeks
            ),
            (_("All weeks"), *total),
        ),
    )
    picture = chart.columns(
        _("Claims that came in, were published or not taken up, for each week of the table"),
        [date_format(week.monday, "j M Y") for week in weeks],
        [(week.came_in, week.published, week.dismissed) for week in weeks],
        series,
    )
    lead = _("Came in: %(in)s. Published: %(out)s. Not taken up: %(not)s.") % {
        "in": f"{total[0]:,}",
        "out": f"{total[1]:,}",
        "not": f"{total[2]:,}",
    }
    weekly = Block(table, picture if any(total) else None, lead)
    return weekly, _dismissals(said)


def _dismissals(said: Throughput) -> Block:
    rows = [
        (str(DISMISSALS.get(reason, reason)) if reason else _("The reason was erased"), many)
        for reason, many in said.reasons
    ]
    return Block(
        Table(
            "dismissals", _("Why claims were not taken up"), (_("Reason"), _("Claims")), (*rows,)
        ),
        chart.lengths(_("How often each reason of the table was given"), rows) if rows else None,
        empty=_("Every claim was taken up in this time."),
    )


def of_stages(said: Sequence[Passage]) -> Block:
    """Hours for machines in the table; in the chart as people say them."""
    rows = tuple(
        (str(STAGES[one.stage]), one.many, _hours(one.median), _hours(one.slow)) for one in said
    )
    table = Table(
        "stages",
        _("Time in each stage"),
        (_("Stage"), _("Claims"), _("Median, hours"), _("90 %, hours")),
        rows,
    )
    drawn = [
        chart.Range(
            str(STAGES[one.stage]),
            _seconds(one.median),
            _seconds(one.slow),
            _both(one),
        )
        for one in said
    ]
    picture = chart.ranges(
        _("The median of each stage as a bar, nine of ten as a whisker"),
        drawn,
        (_("median; the mark behind it: nine of ten"),),
    )
    lead = _(
        "Of claims that left a stage in this time. Half were faster than the median, nine of ten"
        " than the last column. Fewer than %(few)s say nothing of the median, fewer than %(tail)s"
        " nothing of the slow ones."
    ) % {"few": ENOUGH_FOR_MEDIAN, "tail": ENOUGH_FOR_TAIL}
    if any(one.is_cut for one in said):
        lead += " " + _("Of each stage the newest %s are looked at.") % f"{STAGES_CAP:,}"
    return Block(table, picture if any(one.median for one in said) else None, lead)


def of_lateness(said: Lateness) -> Block:
    rows = [(str(LATE[name]), many) for name, many in said.buckets]
    table = Table(
        "overdue",
        _("Overdue now"),
        (_("Late by"), _("Claims")),
        (
            *rows,
            (_("due within three days"), said.soon),
            (_("clock paused, waiting for an answer"), said.paused),
        ),
    )
    picture = chart.lengths(_("How many claims are late, by how much"), rows)
    lead = _("By the clock that stands still while an answer from outside is awaited.")
    if said.cut:
        lead += " " + _("There are more: only those due first are counted.")
    return Block(table, picture if said.late else None, lead)


def of_agreement(said: Measures, scale: RatingScale | None) -> Block:
    rows = (
        (_("Pairs of blind ratings"), said.pairs, "", ""),
        (_("Same rating"), *_estimate(said.raw)),
        (_("Weighted kappa, linear"), *_estimate(said.kappa)),
    )
    table = Table(
        "agreement",
        _("Agreement before the reveal"),
        (_("Measure"), _("Value"), _("From (95 %)"), _("To (95 %)")),
        rows,
    )
    drawn = [
        chart.Range(str(row[0]), value.value, value.high, f"{value.value:.2f}")
        for row, value in zip(rows[1:], (said.raw, said.kappa), strict=True)
        if value is not None and value.value > 0
    ]
    picture = chart.ranges(_("The measures of the table, up to their interval’s end"), drawn, ())
    lead = _("On the scale “%(scale)s”. Fewer than %(pairs)s pairs are not enough data.") % {
        "scale": scale or _("none yet"),
        "pairs": ENOUGH_PAIRS,
    }
    return Block(table, picture if drawn else None, lead)


def of_overrides(said: Overrides) -> Block:
    reasons = dict(Override.Reason.choices)
    rows = [
        (one.code, str(reasons[one.reason]) if one.reason else _("no reason given"), one.many)
        for one in said.rows
    ]
    table = Table(
        "overrides",
        _("Gates passed over"),
        (_("Gate"), _("Reason"), _("Times")),
        (*rows,),
    )
    drawn = [(f"{code}: {reason}", many) for code, reason, many in rows]
    share = f"{said.rate:.0%}" if said.rate is not None else _("not enough data for a share")
    lead = _("%(passed)s of %(all)s decisions to publish passed a gate over (%(share)s).") % {
        "passed": said.passed,
        "all": said.published,
        "share": share,
    }
    return Block(
        table,
        chart.lengths(_("How often each gate was passed over, by reason"), drawn)
        if rows
        else None,
        lead,
        empty=_("Every gate was met in this time."),
    )


def of_ratings(said: Sequence[Side]) -> Block:
    labels = dict(Rating.Class.choices)
    given = [name for name in CLASSES if any(side.ratings[name] for side in said)]
    rows: list[tuple[Cell, ...]] = [
        (side.name or _("no side said"), side.many, *(side.ratings[name] for name in given))
        for side in said
    ]
    table = Table(
        "ratings",
        _("Ratings by the side of who claims"),
        (_("Side"), _("Published"), *(str(labels[name]) for name in given)),
        (*rows,),
    )
    drawn = [
        chart.Parts(
            side.name or _("no side said"),
            tuple(sum(side.ratings[name] for name in names) for _label, names in FAMILIES),
            side.enough,
            str(side.many) if side.enough else _("%s: not enough data") % side.many,
        )
        for side in said
    ]
    picture = chart.stacks(
        _("The ratings of each side, as parts of all its published checks"),
        drawn,
        tuple(str(label) for label, _names in FAMILIES),
    )
    words = _(
        "Of checks whose present version came out in this time. An editor says under Claimants"
        " which side somebody is on. A mix says what was checked, not who lies more. Fewer than"
        " %s are not enough data for shares."
    )
    lead = words % ENOUGH_FOR_SHARE
    return Block(
        table,
        picture if any(side.enough for side in said) else None,
        lead,
        empty=_("Nothing was published in this time."),
    )


def _hours(time: timedelta | None) -> Cell:
    return _few() if time is None else round(time.total_seconds() / HOUR, 1)


def _seconds(time: timedelta | None) -> float | None:
    return time.total_seconds() if time is not None else None


def _both(one: Passage) -> str:
    if one.median is None:
        return _few()
    words: Iterable[str] = [lasting(one.median), *([lasting(one.slow)] if one.slow else [])]
    return " · ".join(words)


def _estimate(said: Estimate | None) -> tuple[Cell, Cell, Cell]:
    if said is None:
        return _few(), "", ""
    return round(said.value, 2), round(said.low, 2), round(said.high, 2)


def _few() -> str:
    return _("not enough data")
