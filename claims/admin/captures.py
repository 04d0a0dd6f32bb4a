"""Captures: what was kept of a page, and its bytes for colleagues alone."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from claims import capturing
from claims.admin.base import EVERYBODY, RoleGuarded, actor_of, attachment, moment
from claims.admin.listing import Order
from claims.errors import Missing
from claims.evidence import archived
from claims.models import Capture, Claim, Evidence


@admin.register(Capture)
class CaptureAdmin(RoleGuarded):
    """Read-only: the database itself refuses a change. Sealed evidence is not shown in lists."""

    readers = EVERYBODY
    fetched = moment("fetched_at", _("Fetched"))
    list_display = ("__str__", "media_type", "size", "via", "fetched")
    search_fields = ("sha256",)
    search_help_text = _("SHA-256")
    fields = (
        "final_url",
        "asked_url",
        "status",
        "media_type",
        "size",
        "sha256",
        "fetched_at",
        "via",
        "file_name",
        "content",
    )
    readonly_fields = fields
    orders: ClassVar[dict[str, Order]] = {"newest": Order(_("Newest"), "fetched_at")}
    lead = _("The bytes of pages as they came, with time and SHA-256. Never changed.")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Capture]:
        """All captures but those that only a claim or sealed evidence hidden from them holds."""
        by = actor_of(request)
        hidden_claims = Claim.objects.exclude(pk__in=Claim.objects.visible_to(by).values("pk"))
        hidden = Evidence.objects.filter(capture=OuterRef("pk")).filter(
            Q(claim__in=hidden_claims.values("pk"))
            | (Q(visibility=Evidence.Visibility.SEALED) & ~Q(added_by=by.person))
        )
        rows: QuerySet[Capture] = super().get_queryset(request)
        if by.may("publish"):
            return rows
        return rows.exclude(Exists(hidden))

    def get_urls(self) -> list[URLPattern]:
        content = self.admin_site.admin_view(self.content_view)
        warc = self.admin_site.admin_view(self.warc_view)
        return [
            path("<uuid:pk>/content/", content, name="claims_capture_content"),
            path("<uuid:pk>/warc/", warc, name="claims_capture_warc"),
            *super().get_urls(),
        ]

    @admin.display(description=_("Bytes"))
    def content(self, capture: Capture) -> SafeString:
        return format_html(
            '<a href="{}" download>{}</a> · <a href="{}" download>{}</a>',
            reverse("admin:claims_capture_content", args=[capture.pk]),
            _("Save the captured bytes"),
            reverse("admin:claims_capture_warc", args=[capture.pk]),
            _("Save it as a WARC"),
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

    def _capture(self, request: HttpRequest, pk: Any) -> Capture:
        """The capture, if this person may look into it; hidden and absent are told alike."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        capture = self.get_queryset(request).filter(pk=pk).first()
        if capture is None:
            raise Http404
        return capture


def _stored(read: Callable[[Capture], bytes], capture: Capture) -> bytes:
    """What *read* makes of a capture; bytes that are gone are a page that is not there."""
    try:
        return read(capture)
    except Missing as error:
        raise Http404(error.message) from error
