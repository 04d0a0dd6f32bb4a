"""Captures: what was kept of a page, its text with what is quoted, its bytes for colleagues."""

from collections.abc import Callable
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.defaultfilters import filesizeformat
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from claims import capturing
from claims.admin.base import (
    EVERYBODY,
    RoleGuarded,
    actor_of,
    attachment,
    desk_page,
    moment,
)
from claims.admin.captured import captured, evidence_on
from claims.admin.listing import Order
from claims.errors import DeskError, Missing
from claims.evidence import archived, archiving, recheck
from claims.evidence.opened import listed_captures
from claims.models import Actor, ArchiveRequest, Capture, Recheck
from claims.web.address import try_parse

_LOOKS_SHOWN = 10
VIA = {
    "web": _("fetched by the desk"),
    "archive": _("from the local archive"),
    "upload": _("uploaded by a person"),
    "hand-in": _("handed in as text"),
}


@admin.register(Capture)
class CaptureAdmin(RoleGuarded):
    """Read-only: the database itself refuses a change. Sealed evidence is not shown in lists."""

    readers = EVERYBODY
    fetched = moment("fetched_at", _("Fetched"))
    list_display = ("__str__", "media_type", "weight", "came", "fetched")
    search_fields = ("sha256__startswith",)
    search_help_text = _("SHA-256, or how it begins")
    orders: ClassVar[dict[str, Order]] = {"newest": Order(_("Newest"), "fetched_at")}
    lead = _("The bytes of pages as they came, with time and SHA-256. Never changed.")

    @admin.display(description=_("Size"))
    def weight(self, capture: Capture) -> str:
        return format_html('<span class="num">{}</span>', filesizeformat(capture.size))

    @admin.display(description=_("How it came"))
    def came(self, capture: Capture) -> str:
        return str(VIA.get(capture.via, capture.via))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Capture]:
        """All captures but those that only a claim or sealed evidence hidden from them holds."""
        return super().get_queryset(request) & listed_captures(actor_of(request))

    def get_urls(self) -> list[URLPattern]:
        own = [("content", self.content_view), ("warc", self.warc_view)]
        own += [("archive", self.archive_view), ("recheck", self.recheck_view)]
        return [
            *(
                path(
                    f"<uuid:pk>/{name}/",
                    self.admin_site.admin_view(view),
                    name=f"claims_capture_{name}",
                )
                for name, view in own
            ),
            *super().get_urls(),
        ]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        """The page of one capture; nothing on it changes the capture."""
        capture, by = self._capture(request, object_id), actor_of(request)
        asked = ArchiveRequest.objects.select_related("asked_by").filter(capture=capture).first()
        return desk_page(
            request,
            "desk/capture.html",
            {
                "capture": capture,
                "captured": captured(capture, by),
                # An address that a person typed may be anything.
                "address": capture.final_url if try_parse(capture.final_url) else "",
                "via": VIA.get(capture.via, capture.via),
                "facts": _facts(capture),
                "links": list(capture.archive_links.order_by("-recorded_at")),
                "asked": asked,
                "may_ask": _may_ask(capture, by, asked),
                "looks": _looks(capture, by),
                "may_look": capture.via == "web" and by.may("coverage:write"),
            },
            title=str(capture),
        )

    def content_view(self, request: HttpRequest, pk: Any) -> HttpResponseBase:
        """The bytes, as an attachment that no browser will run."""
        capture = self._capture(request, pk)
        return attachment(
            _stored(capturing.content, capture),
            name=f"{capture.sha256[:16]}.bin",
            media_type="application/octet-stream",
        )

    def warc_view(self, request: HttpRequest, pk: Any) -> HttpResponseBase:
        """The capture as an archive record: bytes, headers, how it was asked for, digests."""
        capture = self._capture(request, pk)
        return attachment(
            _stored(archived.warc, capture),
            name=f"{capture.pk}.warc.gz",
            media_type="application/gzip",
        )

    def archive_view(self, request: HttpRequest, pk: Any) -> HttpResponse:
        """A person has a public archive asked to keep the page."""
        said = gettext("Asked. The answer will be shown here.")
        return self._asked(request, pk, archiving.ask_for, said)

    def recheck_view(self, request: HttpRequest, pk: Any) -> HttpResponse:
        """A person has the desk look again at the page that evidence stands on."""
        said = gettext("The desk looks at it again. What it finds will be shown here.")
        return self._asked(request, pk, recheck.ask_for, said)

    def _asked(
        self, request: HttpRequest, pk: Any, verb: Callable[..., object], said: str
    ) -> HttpResponse:
        capture = self._capture(request, pk)
        back = HttpResponseRedirect(reverse("admin:claims_capture_change", args=[capture.pk]))
        if request.method != "POST":
            return back
        try:
            verb(capture, by=actor_of(request))
        except DeskError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, said)
        return back

    def _capture(self, request: HttpRequest, pk: Any) -> Capture:
        """The capture, if this person may look into it; hidden and absent are told alike."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        capture = self.get_queryset(request).filter(pk=_uuid(pk)).first()
        if capture is None:
            raise Http404
        return capture


def _facts(capture: Capture) -> list[tuple[Any, Any]]:
    """What was kept, line by line, without what there is nothing of."""
    lines = [
        (_("SHA-256"), capture.sha256),
        (_("Size"), filesizeformat(capture.size)),
        (_("Kind"), capture.media_type),
        (_("Asked for"), capture.asked_url if capture.asked_url != capture.final_url else ""),
        (_("Answered"), capture.status if capture.via in {"web", "archive"} else ""),
        (_("By"), capture.asking.get("address", "")),
        (_("File name"), capture.file_name),
    ]
    return [(name, value) for name, value in lines if value]


def _may_ask(capture: Capture, by: Actor, asked: ArchiveRequest | None) -> bool:
    open_ = asked is None or asked.outcome == ArchiveRequest.Outcome.REFUSED
    from_the_web = capture.via == "web" and by.may("claims:write")
    return archiving.is_configured() and from_the_web and open_


def _looks(capture: Capture, by: Actor) -> QuerySet[Recheck]:
    """What was found where the page stood, the newest look first."""
    return Recheck.objects.filter(
        capture=capture, evidence__in=evidence_on(capture, by).values("pk")
    ).select_related("evidence")[:_LOOKS_SHOWN]


def _stored(read: Callable[[Capture], bytes], capture: Capture) -> bytes:
    """What *read* makes of a capture; bytes that are gone are a page that is not there."""
    try:
        return read(capture)
    except Missing as error:
        raise Http404(error.message) from error


def _uuid(key: Any) -> UUID:
    try:
        return UUID(str(key))
    except ValueError as error:
        raise Http404 from error
