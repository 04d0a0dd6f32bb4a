"""Articles and what a machine saw in them, over REST."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.base import READ, DeskView
from claims.api.captures import captures_by_id
from claims.api.fields import Input, MomentOrDay, Nothing, Shape, Words
from claims.api.render import day, stamp
from claims.errors import Missing
from claims.intake import articles, take
from claims.models import Actor, Article, Candidate, Claim

WRITE = ("claims:write",)
TEXT_MAX = 2_000_000
_WORKING = ("sketch", "signals")


class PartShape(Shape):
    name = serializers.CharField()
    points = serializers.FloatField()


class WorthShape(Shape):
    score = serializers.FloatField()
    parts = PartShape(many=True)


class PassageShape(Shape):
    exact = serializers.CharField()
    start = serializers.IntegerField()
    end = serializers.IntegerField()


class CandidateShape(Shape):
    id = serializers.UUIDField()
    text = serializers.CharField()
    quote = PassageShape()
    checkworthiness = WorthShape()
    status = serializers.ChoiceField(choices=Candidate.Status.values)
    why = serializers.CharField(allow_null=True)
    attributions = serializers.ListField(child=serializers.CharField())
    inherited = serializers.BooleanField()
    appearances = serializers.ListField(child=serializers.DictField())
    claim = serializers.URLField(allow_null=True)


class AttributionShape(Shape):
    id = serializers.CharField()
    # ``from`` and ``source`` are no names for Python attributes of a serializer.

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        text, span = serializers.CharField, serializers.ListField
        return {
            **super().get_fields(),
            "from": text(),
            "source": text(),
            "source_span": span(child=serializers.IntegerField()),
            "kind": text(),
            "named": serializers.BooleanField(),
            "cue": text(),
            "cue_span": span(child=serializers.IntegerField()),
            "depth": serializers.IntegerField(),
            "is_denial": serializers.BooleanField(),
            "resolves_to": text(allow_null=True),
            "same_as": text(allow_null=True),
            "rule": text(),
            "version": text(),
            "confidence": serializers.FloatField(),
            "reach": span(child=span(child=serializers.IntegerField())),
        }


class ArticleShape(Shape):
    id = serializers.UUIDField()
    title = serializers.CharField()
    url = serializers.CharField(allow_null=True)
    outlet = serializers.CharField(allow_null=True)
    language = serializers.CharField()
    published_at = serializers.CharField(allow_null=True)
    published_as_printed = serializers.CharField(allow_null=True)
    status = serializers.ChoiceField(choices=Article.Status.values)
    error = serializers.CharField(allow_null=True)
    capture = serializers.UUIDField(allow_null=True)
    candidates = CandidateShape(many=True)
    attributions = AttributionShape(many=True)
    claims = serializers.ListField(child=serializers.URLField())
    created_at = serializers.DateTimeField()


class ArticleInput(Input):
    text = Words(max_length=TEXT_MAX, default="", allow_blank=True)
    title = Words(default="", allow_blank=True)
    url = Words(default="", allow_blank=True)
    outlet = Words(default="", allow_blank=True)
    language = Words(max_length=35, default="", allow_blank=True)
    published_at = MomentOrDay(default=None, allow_null=True)


class LeaveInput(Input):
    reason = Words(default="", allow_blank=True)


class ArticleView(DeskView):
    """A view whose answers are articles."""

    shape = ArticleShape
    expands = {"capture": captures_by_id}

    def render_all(self, records: list[Article]) -> list[dict[str, Any]]:
        return articles_json(self, records)

    def render(self, record: Article) -> dict[str, Any]:
        return self.render_all([record])[0]

    def recall(self, key: str) -> Article:
        return article_with_id(UUID(key))


class Articles(ArticleView):
    """Texts that came in, and handing one in."""

    scopes = {"GET": READ, "POST": WRITE}
    takes = {"POST": ArticleInput}
    listed = "page"
    statuses = {"POST": (201,)}
    orders = {"-created_at": {"field": "created_at", "descending": True, "id_descending": True}}
    query = {"status": "queued, extracting, ready or failed.", "url": "The article’s address."}

    def get(self, request: Request) -> Response:
        """Newest first."""
        rows = _articles()
        if status := self.asked_choice("status", Article.Status.values):
            rows = rows.filter(status=status)
        if url := self.asked("url"):
            rows = rows.filter(url=url)
        return self.page(rows)

    def post(self, request: Request) -> Response:
        """Hand in a text, or an address alone. Reading it is a job: see ``status``."""
        article, _ = articles.hand_in(by=self.actor, **self.told)
        return self.done(article, status=201)


class OneArticle(ArticleView):
    """A view of one article."""

    article: Article

    def locate(self) -> None:
        self.article = article_with_id(self.kwargs["pk"])


class ArticlePiece(OneArticle):
    """One article with its candidates and attributions."""

    scopes = {"GET": READ}

    def get(self, request: Request) -> Response:
        """Candidates in the order of their worth; attributions as they were read."""
        return self.one(self.article)


class RetryArticle(OneArticle):
    """Read an article again that could not be read."""

    scopes = {"POST": WRITE}
    takes = {"POST": Nothing}

    def post(self, request: Request) -> Response:
        """Its job is queued anew."""
        return self.done(articles.retry(self.article, by=self.actor))


class LeaveCandidate(DeskView):
    """Set a candidate aside; it stays to be seen."""

    scopes = {"POST": WRITE}
    takes = {"POST": LeaveInput}
    shape = CandidateShape
    candidate: Candidate

    def locate(self) -> None:
        self.candidate = candidate_with_id(self.kwargs["pk"])

    def post(self, request: Request) -> Response:
        """It can be taken later all the same."""
        left = take.leave(self.candidate, by=self.actor, reason=self.told["reason"])
        return self.done(left)

    def recall(self, key: str) -> Candidate:
        return candidate_with_id(UUID(key))

    def render(self, record: Candidate) -> dict[str, Any]:
        return candidate_json(self, record, seen_claims(self.actor, [record]))


def article_with_id(key: UUID) -> Article:
    article = _articles().filter(pk=key).first()
    if article is None:
        raise Missing("There is no such article.")
    return article


def candidate_with_id(key: UUID) -> Candidate:
    candidate = Candidate.objects.select_related("article").filter(pk=key).first()
    if candidate is None:
        raise Missing("There is no such candidate.")
    return candidate


def articles_json(view: DeskView, articles: list[Article]) -> list[dict[str, Any]]:
    """Articles with their candidates, in a fixed number of statements."""
    visible = Claim.objects.visible_to(view.actor)
    prefetch_related_objects(
        articles,
        "outlet",
        Prefetch("candidates", Candidate.objects.order_by("rank")),
        Prefetch("claims", visible.only("id", "article_id").order_by("created_at", "id")),
    )
    candidates = [one for article in articles for one in article.candidates.all()]
    seen = seen_claims(view.actor, candidates)
    return [article_json(view, article, seen) for article in articles]


def articles_by_id(view: DeskView, keys: list[Any]) -> dict[Any, Any]:
    """Articles in the place of their ids, for ``expand=article``."""
    found = list(_articles().filter(pk__in=keys))
    return {body["id"]: body for body in articles_json(view, found)}


def seen_claims(actor: Actor, candidates: Iterable[Candidate]) -> set[UUID]:
    """Of the claims these candidates became, those the actor may know of."""
    taken = {one.claim_id for one in candidates if one.claim_id is not None}
    return set(Claim.objects.visible_to(actor).filter(pk__in=taken).values_list("pk", flat=True))


def article_json(view: DeskView, article: Article, seen: set[UUID]) -> dict[str, Any]:
    """``seen`` are the claims the caller may know of."""
    return {
        "id": str(article.pk),
        "title": article.title,
        "url": article.url or None,
        "outlet": article.outlet.name if article.outlet is not None else None,
        "language": article.language,
        # A date of unclear zone has the precision of a day.
        "published_at": stamp(article.published_at) or day(article.published_on),
        "published_as_printed": article.published_raw or None,
        "status": article.status,
        "error": article.error or None,
        "capture": str(article.capture_id) if article.capture_id else None,
        "candidates": [candidate_json(view, one, seen) for one in article.candidates.all()],
        "attributions": article.attributions,
        "claims": [view.link(f"claims/{claim.pk}/") for claim in article.claims.all()],
        "created_at": stamp(article.created_at),
    }


def candidate_json(view: DeskView, candidate: Candidate, seen: set[UUID]) -> dict[str, Any]:
    return {
        "id": str(candidate.pk),
        "text": candidate.text,
        "quote": {
            "exact": candidate.article.text[candidate.start : candidate.end],
            "start": candidate.start,
            "end": candidate.end,
        },
        "checkworthiness": {"score": candidate.score, "parts": candidate.parts},
        "status": candidate.status,
        "why": candidate.why or None,
        "attributions": candidate.attributions,
        "inherited": candidate.inherited,
        "appearances": candidate.appearances,
        "claim": view.link(f"claims/{candidate.claim_id}/")
        if candidate.claim_id in seen
        else None,
    }


def _articles() -> QuerySet[Article]:
    return Article.objects.defer(*_WORKING)
