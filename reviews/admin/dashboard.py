"""The lead’s dashboard: how the desk is doing, as charts with their tables; filters in the URL."""

import hashlib
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from claims.admin.base import actor_of, desk_page
from claims.models import Actor, Role, Tag, Topic
from claims.text.usable import is_language
from reviews.admin.parts import figures
from reviews.admin.parts.figures import Block
from reviews.models import RatingScale
from reviews.reports.lateness import lateness
from reviews.reports.mix import mix_of_ratings
from reviews.reports.overrides import overrides
from reviews.reports.scope import OUTCOMES, WEEKS, Scope
from reviews.reports.stages import passages
from reviews.reports.table import as_csv
from reviews.reports.throughput import throughput
from reviews.verdicts.blind import Measures, measures_on

TOPICS_SHOWN = 300
# What took longer to count than a lead waits for is shown as it was counted, for up to a day.
SLOW_SECONDS, KEPT_SECONDS = 1.0, 24 * 3600


@dataclass(frozen=True, slots=True)
class Board:
    """The reports as they stand on the page. ``counted_at`` is None where they are of now."""

    html: SafeString
    counted_at: datetime | None = None
    took: float = 0.0


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for, and what of it there is not, in words."""

    scope: Scope
    wrong: list[str] = field(default_factory=list)

    @property
    def query(self) -> str:
        """The same filters for another address."""
        said: dict[str, str | int] = {
            "weeks": self.scope.weeks,
            "language": self.scope.language,
            "topic": self.scope.topic,
            "tag": self.scope.tag,
            "outcome": self.scope.outcome,
        }
        return urlencode({name: value for name, value in said.items() if value})


def page(request: HttpRequest) -> HttpResponse:
    """Everything a lead asks of the desk, over some weeks, for some of its claims."""
    by = _lead(request)
    asked = _asked(request, by)
    scope = asked.scope
    late = lateness(scope)
    return desk_page(
        request,
        "desk/dashboard.html",
        {
            "asked": asked,
            "scope": scope,
            "weeks": WEEKS,
            "outcomes": OUTCOMES,
            "topics": list(Topic.objects.order_by("name")[:TOPICS_SHOWN]),
            "late": late,
            # What presses is always of now.
            "overdue": figures.of_lateness(late),
            "board": _board(asked, anew="anew" in request.GET),
        },
        title=_("Dashboard"),
    )


def _board(asked: Asked, *, anew: bool) -> Board:
    """The reports, counted now or, where that takes long, as they were counted before.

    Leads see every claim, so what one of them had counted is right for all. Without a cache the
    page is slower and never wrong.
    """
    key = _key(asked)
    if not anew:
        with suppress(OSError, RedisError):
            known = cache.get(key)
            if known is not None:
                at = datetime.fromtimestamp(known["at"], UTC)
                return Board(mark_safe(known["html"]), at, known["took"])  # noqa: S308 - our own template’s
    began, scope = time.perf_counter(), asked.scope
    blocks = [
        *figures.of_throughput(throughput(scope)),
        figures.of_stages(passages(scope)),
        _agreement(scope),
        figures.of_overrides(overrides(scope)),
        figures.of_ratings(mix_of_ratings(scope)),
    ]
    html = render_to_string("desk/board.html", {"asked": asked, "blocks": blocks})
    took = time.perf_counter() - began
    if took > SLOW_SECONDS:
        kept = {"html": str(html), "at": scope.until.timestamp(), "took": took}
        with suppress(OSError, RedisError):
            cache.set(key, kept, KEPT_SECONDS)
    return Board(html)


def _key(asked: Asked) -> str:
    said = f"{get_language()}?{asked.query}"
    return f"dashboard:{hashlib.sha256(said.encode()).hexdigest()[:32]}"


def download(request: HttpRequest, name: str) -> HttpResponse:
    """One of its tables for a spreadsheet, by the same filters."""
    scope = _asked(request, _lead(request)).scope
    blocks = {
        "throughput": lambda: figures.of_throughput(throughput(scope))[0],
        "dismissals": lambda: figures.of_throughput(throughput(scope))[1],
        "stages": lambda: figures.of_stages(passages(scope)),
        "overdue": lambda: figures.of_lateness(lateness(scope)),
        "agreement": lambda: _agreement(scope),
        "overrides": lambda: figures.of_overrides(overrides(scope)),
        "ratings": lambda: figures.of_ratings(mix_of_ratings(scope)),
    }
    if name not in blocks:
        raise Http404
    return HttpResponse(
        as_csv(blocks[name]().table),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}.csv"',
            "X-Content-Type-Options": "nosniff",
        },
    )


def _lead(request: HttpRequest) -> Actor:
    by = actor_of(request)
    if not by.holds(Role.EDITOR, Role.ADMIN):
        raise PermissionDenied
    return by


def _agreement(scope: Scope) -> Block:
    """On the scale in use; a desk that has none yet has nothing to measure."""
    claims = scope.claims() if scope.is_narrowed else None
    scale = RatingScale.objects.filter(active=True).first()
    measured = Measures(0, 0, None, None)
    if scale is not None:
        measured = measures_on(scale, by=scope.by, since=scope.since, claims=claims)
    return figures.of_agreement(measured, scale)


def _asked(request: HttpRequest, by: Actor) -> Asked:
    """The filters of the address; one that names nothing that is there says so."""
    said = {
        name: str(value).replace("\0", "").strip()[:200] for name, value in request.GET.items()
    }
    wrong = []
    language, topic, tag = (said.get(name, "") for name in ("language", "topic", "tag"))
    if language and not is_language(language):
        wrong.append(_("“%s” is no language tag; use tags as en, ar or pt-BR.") % language)
    if topic and not Topic.objects.filter(name=topic).exists():
        wrong.append(_("There is no topic “%s”, so there is nothing to count.") % topic)
    if tag and not Tag.objects.filter(name=tag).exists():
        wrong.append(_("There is no tag “%s”, so there is nothing to count.") % tag)
    outcome = said.get("outcome", "")
    scope = Scope(
        by=by,
        until=timezone.now(),
        weeks=next((one for one in WEEKS if str(one) == said.get("weeks")), 13),
        language=language,
        topic=topic,
        tag=tag,
        outcome=outcome if outcome in OUTCOMES else "",
    )
    return Asked(scope, wrong)
