"""Coverage over REST: looking for it, how far a look is, and what was found."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.articles import articles_by_id
from claims.api.base import READ, DeskView, OfClaim
from claims.api.fields import Input, Nothing, Shape, Words
from claims.api.render import person_name, stamp
from claims.coverage import choosing, counts, gather
from claims.coverage.queries import ADDRESSES_MAX, QUERIES_MAX
from claims.errors import Missing
from claims.models import Actor, Claim, CoverageItem, CoverageRun, ProvenanceEdge, SourceNode

LOOK = ("coverage:write",)
_LEAD = ("provider", "kind", "url", "title", "snippet", "outlet", "published", "language")


class ProgressShape(Shape):
    total = serializers.IntegerField()
    done = serializers.IntegerField()
    failed = serializers.IntegerField()


class FoundShape(Shape):
    hits = serializers.IntegerField()
    articles = serializers.IntegerField()
    new = serializers.IntegerField()


class TroubleShape(Shape):
    provider = serializers.CharField()
    code = serializers.CharField()
    message = serializers.CharField()
    at = serializers.DateTimeField()


class LeadShape(Shape):
    provider = serializers.CharField()
    kind = serializers.CharField()
    url = serializers.CharField()
    title = serializers.CharField()
    snippet = serializers.CharField()
    outlet = serializers.CharField()
    published = serializers.CharField()
    language = serializers.CharField()


class PlaceShape(Shape):
    name = serializers.CharField()
    title = serializers.CharField()
    outside = serializers.BooleanField()
    on = serializers.BooleanField()
    missing = serializers.CharField(allow_null=True)


class PreviewShape(Shape):
    providers = PlaceShape(many=True)
    queries = serializers.ListField(child=serializers.DictField())


class RunShape(Shape):
    id = serializers.UUIDField()
    claim = serializers.UUIDField()
    providers = serializers.ListField(child=serializers.CharField())
    queries = serializers.ListField(child=serializers.DictField())
    status = serializers.ChoiceField(choices=CoverageRun.Status.values)
    progress = ProgressShape()
    found = FoundShape()
    problems = TroubleShape(many=True)
    asked_by = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)


class LinkShape(Shape):
    edge = serializers.UUIDField()
    type = serializers.ChoiceField(choices=ProvenanceEdge.Type.values)
    to = serializers.UUIDField()
    status = serializers.ChoiceField(choices=ProvenanceEdge.Status.values)
    quote = serializers.CharField(allow_null=True)
    cue = serializers.CharField(allow_null=True)
    rule = serializers.CharField(allow_null=True)
    confidence = serializers.FloatField(allow_null=True)
    details = serializers.DictField()


class ItemShape(Shape):
    id = serializers.UUIDField()
    article = serializers.UUIDField()
    title = serializers.CharField()
    url = serializers.CharField(allow_null=True)
    outlet = serializers.CharField(allow_null=True)
    relation = serializers.ChoiceField(choices=CoverageItem.Relation.values)
    wording = serializers.IntegerField(allow_null=True)
    proof = serializers.DictField()
    links = LinkShape(many=True)
    provider = serializers.CharField()
    run = serializers.UUIDField(allow_null=True)
    first_seen = serializers.DateTimeField()
    set_aside = serializers.BooleanField()


class RunInput(Input):
    providers = serializers.ListField(child=Words(max_length=40), required=False, max_length=50)
    queries = serializers.ListField(
        child=Words(), required=False, max_length=ADDRESSES_MAX + QUERIES_MAX
    )


class RunView(DeskView):
    """A view whose answers are coverage runs."""

    shape = RunShape

    def render(self, record: CoverageRun) -> dict[str, Any]:
        progress, found = counts.progress(record), counts.found(record)
        return {
            "id": str(record.pk),
            "claim": str(record.claim_id),
            "providers": record.providers,
            "queries": record.queries,
            "status": record.status,
            "progress": {
                "total": progress.total,
                "done": progress.done,
                "failed": progress.failed,
            },
            "found": {"hits": found.hits, "articles": found.articles, "new": found.new},
            "problems": [
                {
                    "provider": one.provider,
                    "code": one.code,
                    "message": one.message,
                    "at": stamp(one.at),
                }
                for one in record.problems.all()
            ],
            "asked_by": person_name(record.asked_by),
            "created_at": stamp(record.created_at),
            "finished_at": stamp(record.finished_at),
        }

    def recall(self, key: str) -> CoverageRun:
        return _visible_run(UUID(key), self.actor)


class Runs(RunView, OfClaim):
    """The looks for coverage of a claim, and asking for one."""

    scopes = {"GET": READ, "POST": LOOK}
    takes = {"POST": RunInput}
    listed = "page"
    statuses = {"POST": (202, 200)}
    orders = {"-created_at": {"field": "created_at", "descending": True, "id_descending": True}}

    def get(self, request: Request) -> Response:
        """Newest first."""
        return self.page(
            self.claim.coverage_runs.select_related("asked_by").prefetch_related("problems")
        )

    def post(self, request: Request) -> Response:
        """202 with the new run, or 200 with the one that is going already."""
        run, new = gather.ask(self.claim, by=self.actor, **self.told)
        return self.done(self.recall(str(run.pk)), status=202 if new else 200)


class Preview(OfClaim):
    """What a look for coverage would ask of whom; nothing is asked by looking at it."""

    scopes = {"GET": READ}
    shape = PreviewShape

    def get(self, request: Request) -> Response:
        """``on``: asked when nobody names others; ``outside``: somebody outside learns of it."""
        return self.one(choosing.preview(self.claim))

    def render(self, record: choosing.Preview) -> dict[str, Any]:
        return {
            "providers": [
                {
                    "name": place.name,
                    "title": place.label,
                    "outside": place.outside,
                    "on": place.name in record.chosen,
                    "missing": place.missing or None,
                }
                for place in record.places
            ],
            "queries": [query.as_json() for query in record.queries],
        }


class OneRun(RunView):
    run: CoverageRun

    def locate(self) -> None:
        self.run = self.recall(str(self.kwargs["pk"]))


class RunPiece(OneRun):
    """One look for coverage."""

    scopes = {"GET": READ, "DELETE": LOOK}

    def get(self, request: Request) -> Response:
        """How far it is, what it found, what went wrong."""
        return self.one(self.run)

    def delete(self, request: Request) -> Response:
        """Stop it; what was found stays."""
        gather.cancel(self.run, by=self.actor)
        return self.one(self.recall(str(self.run.pk)))


class Leads(DeskView):
    """Where else to look: an encyclopedia, checks by others, snapshots. Never coverage."""

    scopes = {"GET": READ}
    shape = LeadShape
    listed = "array"
    run: CoverageRun

    def locate(self) -> None:
        self.run = _visible_run(self.kwargs["pk"], self.actor)

    def get(self, request: Request) -> Response:
        """As the providers named them, a hundred at the most."""
        return self.array(self.run.leads)

    def render(self, record: Mapping[str, Any]) -> dict[str, Any]:
        return {name: record.get(name, "") for name in _LEAD}


class RetryRun(OneRun):
    """Try again what failed in a look."""

    scopes = {"POST": LOOK}
    takes = {"POST": Nothing}

    def post(self, request: Request) -> Response:
        """Only what failed is asked again."""
        gather.retry(self.run, by=self.actor)
        return self.done(self.recall(str(self.run.pk)))


class Coverage(OfClaim):
    """The articles about a claim."""

    scopes = {"GET": READ}
    shape = ItemShape
    expands = {"article": articles_by_id}
    listed = "page"
    orders = {"first_seen": {"field": "first_seen"}}

    def get(self, request: Request) -> Response:
        """In the order the desk first saw them."""
        return self.page(
            self.claim.coverage.select_related("article__outlet").defer(
                "article__text", "article__sketch", "article__signals", "article__attributions"
            )
        )

    def render_all(self, records: list[CoverageItem]) -> list[dict[str, Any]]:
        articles = [item.article_id for item in records]
        nodes = {
            node.article_id: node
            for node in SourceNode.objects.filter(claim=self.claim, article__in=articles)
            .select_related("wording")
            .prefetch_related("edges_out")
        }
        return [_item_json(item, nodes.get(item.article_id)) for item in records]


def _visible_run(key: UUID, actor: Actor) -> CoverageRun:
    visible = Claim.objects.visible_to(actor)
    run = CoverageRun.objects.select_related("asked_by").filter(pk=key, claim__in=visible).first()
    if run is None:
        raise Missing("There is no such coverage run.")
    return run


def _item_json(item: CoverageItem, node: SourceNode | None) -> dict[str, Any]:
    article = item.article
    wording = node.wording if node is not None else None
    return {
        "id": str(item.pk),
        "article": str(item.article_id),
        "title": article.title,
        "url": article.url or None,
        "outlet": article.outlet.name if article.outlet is not None else None,
        "relation": item.relation,
        "wording": wording.number if wording is not None else None,
        "proof": item.proof,
        "links": [_link(edge) for edge in node.edges_out.all()] if node is not None else [],
        "provider": item.provider,
        "run": str(item.run_id) if item.run_id else None,
        "first_seen": stamp(item.first_seen),
        "set_aside": item.set_aside,
    }


def _link(edge: ProvenanceEdge) -> dict[str, Any]:
    return {
        "edge": str(edge.pk),
        "type": edge.type,
        "to": str(edge.target_id),
        "status": edge.status,
        "quote": edge.quote or None,
        "cue": edge.cue or None,
        "rule": edge.rule or None,
        "confidence": edge.confidence,
        "details": edge.proof,
    }
