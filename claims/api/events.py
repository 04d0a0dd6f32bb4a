"""What happened, over REST: the log as far as the caller may know of its claims."""

from typing import Any
from urllib.parse import urlencode

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.base import DeskView
from claims.api.fields import Shape
from claims.api.render import stamp
from claims.ledger import read
from claims.ledger.read import Entry

PAGE_SIZE, PAGE_SIZE_MAX = 25, 200
LAST_SEQ = 2**63 - 1


class EventShape(Shape):
    seq = serializers.IntegerField()
    type = serializers.CharField()
    at = serializers.DateTimeField()
    claim = serializers.UUIDField(allow_null=True)
    data = serializers.DictField()  # type: ignore[assignment]


class Events(DeskView):
    """Everything that happened and that the caller may see, in the order it happened."""

    scopes = {"GET": ("events:read",)}
    shape = EventShape
    listed = "stream"
    query = {
        "page_size": "Events a page, 1 to 200.",
        "after": "The sequence number after which to begin; from the start without it.",
        "claim": "The id of a claim.",
    }

    def get(self, request: Request) -> Response:
        """A reader keeps the last ``seq`` it had; ``next`` is null when nothing is new."""
        after = self.asked_whole("after", least=-1, most=LAST_SEQ)
        size = self.asked_whole("page_size", least=1, most=PAGE_SIZE_MAX) or PAGE_SIZE
        found = read.entries(
            after=-1 if after is None else after,
            claim=self.asked_id("claim"),
            seen_by=self.actor,
            limit=size + 1,
        )
        more, found = len(found) > size, found[:size]
        following = self._link(request, found[-1].seq) if more else None
        return Response(
            {
                "next": following,
                "previous": None,
                "results": self.cut_all([self.render(entry) for entry in found]),
            }
        )

    def render(self, record: Entry) -> dict[str, Any]:
        return {
            "seq": record.seq,
            "type": record.type,
            "at": stamp(record.at),
            "claim": str(record.claim) if record.claim is not None else None,
            "data": record.data,
        }

    def _link(self, request: Request, seq: int) -> str:
        kept = [(name, text) for name, text in request.query_params.items() if name != "after"]
        return f"{self.link('events/')}?{urlencode([*kept, ('after', str(seq))])}"
