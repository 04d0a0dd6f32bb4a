"""Captures over REST: meta data for all of the desk, bytes for its people, as an attachment."""

import re
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from claims import capturing
from claims.api.base import READ, DeskView
from claims.api.fields import Input, Shape, Words
from claims.api.render import stamp
from claims.errors import Forbidden, Invalid, Missing
from claims.evidence import archived
from claims.evidence.opened import visible_captures
from claims.models import Actor, Capture
from claims.web.address import try_parse
from claims.web.kinds import kind_of

WRITE = ("claims:write",)
_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,60}/[a-z0-9][a-z0-9!#$&^_.+-]{0,58}")


class CaptureShape(Shape):
    id = serializers.UUIDField()
    asked_url = serializers.CharField(allow_null=True)
    url = serializers.CharField(allow_null=True)
    status = serializers.IntegerField()
    headers = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))
    media_type = serializers.CharField()
    sha256 = serializers.CharField()
    size = serializers.IntegerField()
    fetched_at = serializers.DateTimeField()
    via = serializers.CharField()
    file_name = serializers.CharField(allow_null=True)
    content = serializers.URLField(allow_null=True)


class UploadInput(Input):
    file = serializers.FileField(max_length=255)
    url = Words(max_length=8_192, default="", allow_blank=True)


class CaptureView(DeskView):
    """A view whose answers are captures."""

    shape = CaptureShape

    def render(self, record: Capture) -> dict[str, Any]:
        return capture_json(self, record)

    def recall(self, key: str) -> Capture:
        return visible_capture(self.actor, UUID(key))


class Captures(CaptureView):
    """Uploading bytes."""

    scopes = {"POST": WRITE}
    takes = {"POST": UploadInput}
    statuses = {"POST": (201,)}
    reads = "multipart/form-data"

    def post(self, request: Request) -> Response:
        """multipart/form-data with ``file``, and the address it is from if there is one."""
        file = self.told["file"]
        if not file.size:
            raise Invalid.at("/file", "The file is empty.")
        if self.told["url"] and try_parse(self.told["url"]) is None:
            raise Invalid.at("/url", "An address begins with https:// and names a host.")
        body = file.read()
        kept = capturing.take_in(
            body,
            asked_url=self.told["url"],
            media_type=kind_of(body, said=_media_type(file.content_type or "")),
            via="upload",
            file_name=_file_name(file.name or ""),
        )
        return self.done(kept, status=201)


class OneCapture(CaptureView):
    capture: Capture

    def locate(self) -> None:
        self.capture = visible_capture(self.actor, self.kwargs["pk"])


class CapturePiece(OneCapture):
    """What is known of the bytes of one capture."""

    scopes = {"GET": READ}

    def get(self, request: Request) -> Response:
        """Meta data; ``content`` is where the desk’s people find the bytes."""
        return self.one(self.capture)


class CapturedBytes(OneCapture):
    """What the people of the desk may take along of a capture."""

    scopes = {"GET": READ}

    def permit(self) -> None:
        if self.actor.person is None:
            raise Forbidden("Captured bytes are for the people of the desk.")


class CaptureContent(CapturedBytes):
    """The captured bytes, for the people of the desk."""

    produces = "application/octet-stream"

    def get(self, request: Request) -> HttpResponse:
        """As an attachment that no browser runs."""
        name = self.capture.file_name or f"{self.capture.sha256[:16]}.bin"
        return attached(
            capturing.content(self.capture),
            name=_file_name(name),
            media_type="application/octet-stream",
        )


class CaptureRecord(CapturedBytes):
    """The capture as an archive record, for the people of the desk."""

    produces = "application/gzip"

    def get(self, request: Request) -> HttpResponse:
        """A WARC of one capture: bytes, headers, how it was asked for, digests."""
        body = archived.warc(self.capture)
        return attached(body, name=f"{self.capture.pk}.warc.gz", media_type=self.produces)


def attached(body: bytes, *, name: str, media_type: str) -> HttpResponse:
    """Bytes of strangers: to be saved, and run by no browser."""
    answer = HttpResponse(body, content_type=media_type)
    answer.headers["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=name) or "attachment"
    )
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def capture_json(view: DeskView, capture: Capture) -> dict[str, Any]:
    staff = view.actor.person is not None
    return {
        "id": str(capture.pk),
        "asked_url": capture.asked_url or None,
        "url": capture.final_url or None,
        "status": capture.status,
        "headers": capture.headers,
        "media_type": capture.media_type,
        "sha256": capture.sha256,
        "size": capture.size,
        "fetched_at": stamp(capture.fetched_at),
        "via": capture.via,
        "file_name": capture.file_name or None,
        "content": view.link(f"captures/{capture.pk}/content/") if staff else None,
    }


def captures_by_id(view: DeskView, keys: list[Any]) -> dict[Any, Any]:
    """Captures in the place of their ids, for ``expand=capture``."""
    found = visible_captures(view.actor).filter(pk__in=keys)
    return {str(capture.pk): capture_json(view, capture) for capture in found}


def visible_capture(actor: Actor, key: UUID) -> Capture:
    capture = visible_captures(actor).filter(pk=key).first()
    if capture is None:
        raise Missing("There is no such capture.")
    return capture


def _media_type(said: str) -> str:
    kind = said.split(";", maxsplit=1)[0].strip().lower()
    return kind if _MEDIA_TYPE.fullmatch(kind) else "application/octet-stream"


def _file_name(said: str) -> str:
    """A name without folders, line ends or anything a header could break at."""
    name = re.split(r"[\\/]", said)[-1]
    return "".join(char for char in name if char.isprintable()).strip()[:255]
