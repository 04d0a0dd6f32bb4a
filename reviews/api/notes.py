"""Notes for colleagues over REST: for people of the desk, and as blind as on its pages."""

from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.base import READ, OfClaim
from claims.api.fields import Input, Shape, Words
from claims.api.render import person_name, stamp
from claims.errors import Missing
from reviews import notes
from reviews.models import Note
from reviews.notes import TEXT_MAX


class NoteShape(Shape):
    id = serializers.UUIDField()
    claim = serializers.UUIDField()
    author = serializers.CharField()
    text = serializers.CharField()
    at = serializers.DateTimeField()


class NoteInput(Input):
    text = Words(max_length=TEXT_MAX)


class Notes(OfClaim):
    """What colleagues noted on a claim."""

    scopes = {"GET": READ, "POST": ("claims:write", "admin")}
    takes = {"POST": NoteInput}
    shape = NoteShape
    listed = "array"
    statuses = {"POST": (201,)}

    def permit(self) -> None:
        notes.may_note(self.actor)

    def get(self, request: Request) -> Response:
        """The oldest first; what reviewers note in a blind round waits for its reveal."""
        return self.array(notes.read(self.claim, by=self.actor))

    def post(self, request: Request) -> Response:
        """Write a note; whoever it names as ``@username``, and may know of the claim, is told."""
        noted = notes.write(self.claim, self.told["text"], by=self.actor)
        return self.done(noted.note, status=201)

    def recall(self, key: str) -> Note:
        row = self.claim.desk_notes.filter(pk=UUID(key), author=self.actor.person).first()
        if row is None:
            raise Missing("There is no such note.")
        return row

    def render(self, record: Note) -> dict[str, Any]:
        return {
            "id": str(record.pk),
            "claim": str(record.claim_id),
            "author": person_name(record.author),
            "text": record.text,
            "at": stamp(record.at),
        }
