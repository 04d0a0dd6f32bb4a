"""Who has it from whom, over REST: the graph, and what people say about its links."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.base import READ, DeskView, OfClaim
from claims.api.fields import Choice, Flag, Input, Shape, Words
from claims.errors import Invalid, Missing
from claims.models import Claim, ProvenanceEdge, SourceNode
from claims.provenance import decide, graph

# Whoever looks for coverage may also say what it means.
DECIDE = ("coverage:write", "claims:write")
Status = ProvenanceEdge.Status


class NodeShape(Shape):
    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=SourceNode.Kind.values)
    label = serializers.CharField()  # type: ignore[assignment]
    named = serializers.BooleanField()
    agency = serializers.BooleanField()
    first_hand = serializers.BooleanField(allow_null=True)
    retracted = serializers.BooleanField()
    speaks_for = serializers.CharField()
    article = serializers.UUIDField(allow_null=True)
    title = serializers.CharField(allow_null=True)
    url = serializers.CharField(allow_null=True)
    outlet = serializers.CharField(allow_null=True)
    set_aside = serializers.BooleanField()
    wording = serializers.IntegerField(allow_null=True)
    resolved_to = serializers.UUIDField(allow_null=True)
    resolved_by = serializers.CharField(allow_null=True)
    by_hand = serializers.BooleanField()
    note = serializers.CharField()


class EdgeShape(Shape):
    id = serializers.UUIDField()
    to = serializers.UUIDField()
    cites = serializers.UUIDField(allow_null=True)
    type = serializers.ChoiceField(choices=ProvenanceEdge.Type.values)
    is_denial = serializers.BooleanField()
    status = serializers.ChoiceField(choices=Status.values)
    read_in = serializers.UUIDField(allow_null=True)
    quote = serializers.CharField()
    span = serializers.ListField(child=serializers.IntegerField(), allow_null=True)
    cue = serializers.CharField()
    cue_span = serializers.ListField(child=serializers.IntegerField(), allow_null=True)
    proof = serializers.DictField()
    rule = serializers.CharField()
    rule_version = serializers.CharField()
    confidence = serializers.FloatField(allow_null=True)
    by_hand = serializers.BooleanField()
    decided_by = serializers.CharField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    note = serializers.CharField()
    version = serializers.IntegerField()

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        # ``from`` is no name for a Python attribute.
        return {**super().get_fields(), "from": serializers.UUIDField()}


class WordingShape(Shape):
    number = serializers.IntegerField()
    articles = serializers.ListField(child=serializers.UUIDField())


class SummaryShape(Shape):
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
    unconfirmed = serializers.IntegerField()
    circular_groups = serializers.IntegerField()
    circular = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))
    origins = serializers.ListField(child=serializers.CharField())
    headline = serializers.CharField()


class GraphShape(Shape):
    nodes = NodeShape(many=True)
    edges = EdgeShape(many=True)
    wordings = serializers.ListField(child=serializers.DictField())
    circular = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))
    summary = SummaryShape()


@extend_schema_field({"oneOf": [{"type": "string"}, {"type": "object"}]})
class EndField(serializers.Field[Any, Any, Any, Any]):
    """A node’s or article’s id, or a new source as ``{label, kind, named?}``."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str | dict):
            raise serializers.ValidationError("Use an id, or a source as {label, kind}.")
        return data

    def to_representation(self, value: Any) -> Any:
        return value


class EdgeInput(Input):
    to = EndField()
    type = Choice(choices=ProvenanceEdge.Type.values)
    quote = Words(default="", allow_blank=True)
    note = Words(default="", allow_blank=True)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {**super().get_fields(), "from": EndField()}


class EdgeChange(Input):
    status = Choice(choices=Status.values)
    note = Words(default="", allow_blank=True)


class ResolveInput(Input):
    to = Words(max_length=40, allow_null=True)
    note = Words(default="", allow_blank=True)


class NodeChange(Input):
    speaks_for = Words(max_length=200, required=False, allow_blank=True)
    first_hand = Flag(required=False, allow_null=True)
    retracted = Flag(required=False)
    note = Words(default="", allow_blank=True)


class Provenance(OfClaim):
    """The chain of a claim: nodes, links with their proof, wordings, and the count."""

    scopes = {"GET": READ}
    shape = GraphShape

    def get(self, request: Request) -> Response:
        """The summary is that of the newest count."""
        return self.one(self.claim)

    def render(self, record: Claim) -> dict[str, Any]:
        return graph.as_json(record)


class EdgeView(DeskView):
    """A view whose answers are links."""

    shape = EdgeShape
    claim: Claim

    def recall(self, key: str) -> ProvenanceEdge:
        edge = ProvenanceEdge.objects.filter(
            pk=UUID(key), claim__in=Claim.objects.visible_to(self.actor)
        ).first()
        if edge is None:
            raise Missing("There is no such link.")
        return edge

    def render(self, record: ProvenanceEdge) -> dict[str, Any]:
        return graph.one_edge(record)


class Edges(EdgeView, OfClaim):
    """Drawing a link by hand."""

    scopes = {"POST": DECIDE}
    takes = {"POST": EdgeInput}
    statuses = {"POST": (201,)}

    def post(self, request: Request) -> Response:
        """“From” has it from “to”. It is confirmed by whoever draws it, and counted at once."""
        told = self.told
        edge = decide.add(
            self.claim,
            by=self.actor,
            source=told["from"],
            target=told["to"],
            kind=told["type"],
            quote=told["quote"],
            note=told["note"],
        )
        return self.done(edge, status=201)


class OneEdge(EdgeView):
    """One link."""

    scopes = {"GET": READ, "PATCH": DECIDE}
    takes = {"PATCH": EdgeChange}
    heeds_if_match = frozenset({"PATCH"})
    edge: ProvenanceEdge

    def locate(self) -> None:
        self.edge = self.recall(str(self.kwargs["pk"]))

    def get(self, request: Request) -> Response:
        """The link with its proof, and who decided about it."""
        return self.one(self.edge)

    def patch(self, request: Request) -> Response:
        """Confirm it, reject it, or take the decision back; the count follows at once.

        With the link's tag as ``If-Match``, 412 where somebody decided on it meanwhile.
        """
        verbs = {
            Status.CONFIRMED: decide.confirm,
            Status.REJECTED: decide.reject,
            Status.SUGGESTED: decide.undo,
        }
        verb = verbs[Status(self.told["status"])]
        seen = self.seen.version_of(self.edge) if self.seen is not None else None
        return self.one(verb(self.edge, by=self.actor, version=seen, note=self.told["note"]))


class NodeView(DeskView):
    """A view of one node."""

    shape = NodeShape
    node: SourceNode

    def locate(self) -> None:
        self.node = self.recall(str(self.kwargs["pk"]))

    def recall(self, key: str) -> SourceNode:
        node = SourceNode.objects.filter(
            pk=UUID(key), claim__in=Claim.objects.visible_to(self.actor)
        ).first()
        if node is None:
            raise Missing("There is no such node.")
        return node

    def render(self, record: SourceNode) -> dict[str, Any]:
        return graph.one_node(record)


class ResolveNode(NodeView):
    """“This is that article.”"""

    scopes = {"POST": DECIDE}
    takes = {"POST": ResolveInput}

    def post(self, request: Request) -> Response:
        """``to`` is a node’s or an article’s id; null takes it back."""
        told = self.told
        node = decide.resolve(self.node, by=self.actor, to=told["to"], note=told["note"])
        return self.done(node)


class OneNode(NodeView):
    """One node, and what only people can say of it."""

    scopes = {"GET": READ, "PATCH": DECIDE}
    takes = {"PATCH": NodeChange}

    def get(self, request: Request) -> Response:
        """The node as it stands."""
        return self.one(self.node)

    def patch(self, request: Request) -> Response:
        """For whom a source speaks, whether it was there, whether it was taken back."""
        told = dict(self.told)
        note = told.pop("note")
        if len(told) != 1:
            raise Invalid.at("", "Say one of speaks_for, first_hand and retracted.")
        if "speaks_for" in told:
            decide.speaks_for(self.node, by=self.actor, whom=told["speaks_for"], note=note)
        elif "first_hand" in told:
            decide.first_hand(self.node, by=self.actor, was_there=told["first_hand"], note=note)
        else:
            decide.retracted(self.node, by=self.actor, is_so=told["retracted"], note=note)
        return self.one(self.recall(str(self.node.pk)))
