"""Claims over REST: list, bring, read, change. The rules are in intake and amend."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_date
from django.utils.functional import SimpleLazyObject
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.articles import articles_by_id
from claims.api.base import READ, DeskView, OfClaim, not_modified, visible_claim
from claims.api.fields import Choice, Flag, Id, Input, Moment, Shape, Whole, Words, moment_of
from claims.api.render import stamp
from claims.errors import Invalid
from claims.intake import submit
from claims.models import Actor, Article, Claim, Claimant
from claims.models.claim import WORDS_SEARCH
from claims.provenance.trace import UNTRACED, recompute
from claims.text.usable import is_language
from reviews.api.beside import Beside, beside_claims
from reviews.api.newest import newest
from reviews.api.publications import PublicationShape
from reviews.api.verdicts import VerdictShape, scales_by_id
from reviews.models import SEATS, RatingScale
from reviews.policy import current as current_policy
from reviews.queue.priority import Priority
from reviews.queue.rank import priority_under
from reviews.workflow.amend import Amendment, edit, may_edit, may_mark_urgent

QUERY_MAX = 500


class ClaimantShape(Shape):
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=Claimant.Kind.values)


class QuoteShape(Shape):
    exact = serializers.CharField()
    prefix = serializers.CharField()
    suffix = serializers.CharField()


class PointsShape(Shape):
    name = serializers.CharField()
    points = serializers.FloatField()


class CheckworthinessShape(Shape):
    score = serializers.FloatField()
    parts = PointsShape(many=True)


class WeightShape(Shape):
    name = serializers.CharField()
    value = serializers.FloatField()
    weight = serializers.FloatField()
    points = serializers.FloatField()


class PriorityShape(Shape):
    score = serializers.FloatField()
    parts = WeightShape(many=True)


class SeatShape(Shape):
    seat = serializers.ChoiceField(choices=SEATS)
    holder = serializers.CharField()
    expires_at = serializers.DateTimeField()


class SourcesShape(Shape):
    articles = serializers.IntegerField()
    outlets = serializers.IntegerField()
    owners = serializers.IntegerField()
    wordings = serializers.IntegerField()
    origins_low = serializers.IntegerField()
    origins_high = serializers.IntegerField()
    named = serializers.IntegerField()
    unnamed = serializers.IntegerField()
    untraced = serializers.IntegerField()
    retracted = serializers.IntegerField()
    circular_groups = serializers.IntegerField()
    unconfirmed = serializers.IntegerField()
    headline = serializers.CharField()


class ClaimShape(Shape):
    id = serializers.UUIDField()
    url = serializers.URLField()
    text = serializers.CharField()
    language = serializers.CharField()
    state = serializers.ChoiceField(choices=Claim.State.values)
    stage = serializers.ChoiceField(choices=Claim.Stage.values, allow_null=True)
    outcome = serializers.ChoiceField(choices=Claim.Outcome.values, allow_null=True)
    claimant = ClaimantShape(allow_null=True)
    article = serializers.UUIDField(allow_null=True)
    quote = QuoteShape(allow_null=True)
    checkworthiness = CheckworthinessShape()
    priority = PriorityShape()
    scale = serializers.UUIDField(allow_null=True)
    demand = serializers.IntegerField()
    due_at = serializers.DateTimeField(allow_null=True)
    assigned_to = serializers.ListField(child=serializers.CharField())
    tags = serializers.ListField(child=serializers.CharField())
    topic = serializers.CharField(allow_null=True)
    harm = serializers.IntegerField()
    visibility = serializers.ChoiceField(choices=Claim.Visibility.values)
    urgent = serializers.BooleanField()
    discreet = serializers.BooleanField()
    external_ref = serializers.CharField(allow_null=True)
    leases = SeatShape(many=True)
    sources = SourcesShape()
    verdict = VerdictShape(allow_null=True)
    publication = PublicationShape(allow_null=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    version = serializers.IntegerField()


class ClaimantInput(Input):
    name = Words(max_length=200)
    kind = Choice(choices=Claimant.Kind.values, default=Claimant.Kind.OTHER)


class QuoteInput(Input):
    exact = Words(max_length=5_000)
    prefix = Words(max_length=1_000, default="", allow_blank=True)
    suffix = Words(max_length=1_000, default="", allow_blank=True)


class ClaimInput(Input):
    text = Words()
    language = Words(max_length=35, default="", allow_blank=True)
    claimant = ClaimantInput(default=None, allow_null=True)
    article = Id(default=None, allow_null=True)
    quote = QuoteInput(default=None, allow_null=True)
    external_ref = Words(max_length=200, default=None, allow_null=True, allow_blank=True)


class ClaimChanges(Input):
    text = Words(required=False)
    language = Words(max_length=35, required=False)
    claimant = ClaimantInput(required=False, allow_null=True)
    quote = QuoteInput(required=False, allow_null=True)
    topic = Words(max_length=80, required=False, allow_null=True)
    tags = serializers.ListField(child=Words(max_length=80), max_length=50, required=False)
    due_at = Moment(required=False, allow_null=True)
    assigned_to = serializers.ListField(child=Words(max_length=150), max_length=50, required=False)
    harm = Whole(min_value=0, max_value=3, required=False)
    discreet = Flag(required=False)
    urgent = Flag(required=False)
    visibility = Choice(choices=Claim.Visibility.values, required=False)
    external_ref = Words(max_length=200, required=False, allow_null=True)
    meaning = Choice(choices=["same", "changed"], required=False)
    reason = Words(max_length=2_000, required=False)

    def validate_language(self, value: str) -> str:
        if not is_language(value):
            raise serializers.ValidationError("Use a language tag as en, ar or pt-BR.")
        return value


def claims_json(view: DeskView, claims: Sequence[Claim]) -> list[dict[str, Any]]:
    """Claims as the contract shows them, in a fixed number of statements for any number."""
    beside = beside_claims([claim.pk for claim in claims])
    return [claim_json(view, claim, beside[claim.pk]) for claim in claims]


def claim_json(view: DeskView, claim: Claim, beside: Beside) -> dict[str, Any]:
    """One claim; its claimant and topic are there already (``select_related``)."""
    return {
        "id": str(claim.pk),
        "url": view.link(f"claims/{claim.pk}/"),
        "text": claim.text,
        "language": claim.language,
        "state": claim.state,
        "stage": claim.stage,
        "outcome": claim.outcome,
        "claimant": _claimant(claim.claimant),
        "article": str(claim.article_id) if claim.article_id else None,
        "quote": _quote(claim.quote),
        "checkworthiness": {
            "score": claim.checkworthiness.get("score", 0.0),
            "parts": claim.checkworthiness.get("parts", []),
        },
        "priority": _priority(claim, weights_of(view)),
        "scale": beside.scale or active_scale_of(view),
        "demand": claim.demand,
        "due_at": stamp(claim.due_at),
        "assigned_to": beside.assigned_to,
        "tags": beside.tags,
        "topic": claim.topic.name if claim.topic is not None else None,
        "harm": claim.harm,
        "visibility": claim.visibility,
        "urgent": claim.urgent,
        "discreet": claim.discreet,
        "external_ref": claim.external_ref,
        "leases": beside.leases,
        "sources": {name: claim.sources.get(name, zero) for name, zero in UNTRACED.items()},
        "verdict": beside.verdict,
        "publication": beside.publication,
        "created_at": stamp(claim.created_at),
        "updated_at": stamp(claim.updated_at),
        "version": claim.version,
    }


class ClaimView(DeskView):
    """A view whose answers are claims."""

    shape: ClassVar[type[Shape]] = ClaimShape
    expands = {"article": articles_by_id, "scale": scales_by_id}

    def render(self, record: Claim) -> dict[str, Any]:
        return self.render_all([record])[0]

    def render_all(self, records: list[Claim]) -> list[dict[str, Any]]:
        return claims_json(self, records)

    def recall(self, key: str) -> Claim:
        return visible_claim(self.actor, UUID(key))


class Claims(ClaimView):
    """All claims the caller may know of, and bringing a new one."""

    scopes = {"GET": READ, "POST": ("claims:write",)}
    takes = {"POST": ClaimInput}
    statuses = {"POST": (201, 200)}
    listed = "page"
    orders = {
        "-created_at": {"field": "created_at", "descending": True, "id_descending": True},
        "-priority": {"field": "priority", "descending": True},
        "due_at": {"field": "due_at", "nullable": True},
        "-demand": {"field": "demand", "descending": True},
    }
    query = {
        "state": "draft, checking, published or dismissed.",
        "stage": "review, disputed, adjudication, finding or ready.",
        "outcome": "not_taken_up, duplicate or withdrawn.",
        "language": "A language tag.",
        "q": "Words of the claim.",
        "claimant": "The claimant’s name or id.",
        "tag": "The name of a tag.",
        "topic": "The name of a topic.",
        "assigned_to": "A username.",
        "due_before": "A time, or a day.",
        "min_priority": "A whole number.",
        "updated_since": "A time, or a day.",
        "external_ref": "Another system’s name for the claim.",
        "ordering": "-created_at (unless said otherwise), -priority, due_at or -demand.",
    }

    def get(self, request: Request) -> Response:
        """Claims, newest first unless ``ordering`` says otherwise."""
        # Put together only where it is asked: the quick rows of most pages need none of it.
        return self.page(SimpleLazyObject(lambda: self._filtered(readable_claims(self.actor))))

    def quick_rows(self, order: str, place: Any, many: int) -> list[Claim] | None:
        """The list as it is mostly opened, by a statement of its own; None for any other."""
        asked = set(self.request.query_params)
        if order != "-created_at" or asked & _FILTERS or (place and place.backwards):
            return None
        after = (place.value, place.key) if place is not None else None
        return newest(self.actor, many=many, after=after)

    def post(self, request: Request) -> Response:
        """Bring a claim. The same words again raise the demand of the first instead."""
        told = dict(self.told)
        told["article"] = self._article(told["article"])
        created = submit.create(by=self.actor, trace=recompute, **told)
        return self.done(created.claim, status=201 if created.new else 200)

    def _article(self, key: UUID | None) -> Article | None:
        if key is None:
            return None
        article = Article.objects.filter(pk=key).first()
        if article is None:
            raise Invalid.at("/article", "There is no such article.")
        return article

    def _filtered(self, rows: QuerySet[Claim]) -> QuerySet[Claim]:
        plain = {
            "state": self.asked_choice("state", Claim.State.values),
            "stage": self.asked_choice("stage", Claim.Stage.values),
            "outcome": self.asked_choice("outcome", Claim.Outcome.values),
            "language": self.asked("language"),
            "tags__name": self.asked("tag"),
            "topic__name": self.asked("topic"),
            "assigned_to__username": self.asked("assigned_to"),
            "external_ref": self.asked("external_ref"),
            "due_at__lt": self._moment("due_before"),
            "updated_at__gte": self._moment("updated_since"),
        }
        rows = rows.filter(**{name: value for name, value in plain.items() if value})
        least = self.asked_whole("min_priority", least=0, most=32_767)
        if least is not None:
            rows = rows.filter(priority__gte=least)
        if claimant := self.asked("claimant"):
            rows = rows.filter(_named(claimant))
        if words := self.asked("q"):
            rows = rows.annotate(words=WORDS_SEARCH).filter(words=self._query_of(words))
        return rows

    def _query_of(self, words: str) -> SearchQuery:
        if len(words) > QUERY_MAX:
            raise Invalid.at("?q", f"Search for at most {QUERY_MAX} characters.")
        return SearchQuery(words, config="simple", search_type="websearch")

    def _moment(self, name: str) -> datetime | None:
        text = self.asked(name)
        if not text:
            return None
        moment = moment_of(text) or moment_of(f"{text}T00:00:00Z" if _is_day(text) else "")
        if moment is None:
            raise Invalid.at(f"?{name}", "Use a day, as 2026-03-01, or an RFC 3339 time.")
        return moment


_FILTERS = frozenset(Claims.query) - {"ordering"}


class OneClaim(ClaimView, OfClaim):
    """One claim, with the tag of its version."""

    scopes = {"GET": READ, "PATCH": ("claims:write",)}
    takes = {"PATCH": ClaimChanges}
    needs_if_match = frozenset({"PATCH"})

    def permit(self) -> None:
        if self.request.method == "PATCH":
            may_edit(self.claim, self.actor)

    def permit_said(self, body: Any) -> None:
        urgent = body.get("urgent") if isinstance(body, Mapping) else None
        if isinstance(urgent, bool) and urgent != self.claim.urgent:
            may_mark_urgent(self.actor)

    def get(self, request: Request) -> Response:
        # What is expanded changes without the claim, whose tag this is.
        if not self.asked("expand") and not_modified(request, self.claim):
            return Response(status=304, headers={"ETag": self.claim.etag})
        return self.one(self.claim)

    def patch(self, request: Request) -> Response:
        """Change words or fields of a claim in draft or checking."""
        changes = dict(self.told)
        meaning, reason = changes.pop("meaning", ""), changes.pop("reason", "")
        if changes.get("claimant") is not None:
            changes["claimant"] = (changes["claimant"]["name"], changes["claimant"]["kind"])
        amendment = Amendment(changes, meaning=meaning, reason=reason)
        edit(self.claim, amendment, by=self.actor, version=self.version())
        return self.one(visible_claim(self.actor, self.claim.pk))


def active_scale_of(view: DeskView) -> str | None:
    """The scale the next round will be judged on; looked up once a request."""
    if not hasattr(view, "_active_scale"):
        key = RatingScale.objects.filter(active=True).values_list("pk", flat=True).first()
        view._active_scale = str(key) if key else None  # type: ignore[attr-defined]  # noqa: SLF001
    scale: str | None = view._active_scale  # type: ignore[attr-defined]  # noqa: SLF001
    return scale


def weights_of(view: DeskView) -> Mapping[str, int]:
    """The policy’s weights, looked up once a request."""
    if not hasattr(view, "_weights"):
        view._weights = current_policy().weights  # type: ignore[attr-defined]  # noqa: SLF001
    weights: Mapping[str, int] = view._weights  # type: ignore[attr-defined]  # noqa: SLF001
    return weights


def readable_claims(actor: Actor) -> QuerySet[Claim]:
    """The claims the actor may know of, with what an answer shows of other rows."""
    return Claim.objects.visible_to(actor).select_related("claimant", "topic")


def _priority(claim: Claim, weights: Mapping[str, int]) -> dict[str, Any]:
    """The score the lists are sorted by, with its parts as long as they explain it."""
    now = priority_under(claim, weights)
    return {
        "score": claim.priority,
        "parts": priority_parts(now) if now.score == claim.priority else [],
    }


def priority_parts(priority: Priority) -> list[dict[str, Any]]:
    return [
        {"name": part.name, "value": part.value, "weight": part.weight, "points": part.points}
        for part in priority.parts
    ]


def _claimant(claimant: Claimant | None) -> dict[str, str] | None:
    return {"name": claimant.name, "kind": claimant.kind} if claimant is not None else None


def _quote(quote: Mapping[str, Any] | None) -> dict[str, str] | None:
    if quote is None:
        return None
    return {name: quote.get(name, "") for name in ("exact", "prefix", "suffix")}


def _named(claimant: str) -> Q:
    try:
        return Q(claimant=UUID(claimant))
    except ValueError:
        return Q(claimant__name=claimant)


def _is_day(text: str) -> bool:
    try:
        return parse_date(text) is not None
    except ValueError:
        return False
