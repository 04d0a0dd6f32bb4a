"""Scales and publications, to look at: what was used or published is never changed here."""

from typing import ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from claims.admin.base import EVERYBODY, RoleGuarded, actor_of, flag, moment
from claims.admin.listing import Order
from claims.models import Claim
from reviews.models import Publication, RatingScale, in_language


@admin.register(RatingScale)
class RatingScaleAdmin(RoleGuarded):
    """Scales are data: a file adds one, and no version that was used is ever rewritten."""

    readers = EVERYBODY
    in_use = flag("active", _("In use"))
    list_display = ("__str__", "slug", "version", "in_use")
    fields = ("slug", "version", "active", "steps")
    readonly_fields = fields
    orders: ClassVar[dict[str, Order]] = {
        "name": Order(_("Name"), "slug", descending=False, key_descending=False)
    }
    lead = _("The ratings there are, with their definitions. New rounds use the active scale.")
    empty = _("No scale is loaded; reviews need one.")

    @admin.display(description=_("Ratings"))
    def steps(self, scale: RatingScale) -> SafeString:
        return format_html_join(
            "",
            '<p><strong>{}</strong> <span class="quiet">{}</span><br>{}</p>',
            (
                (
                    in_language(rating.label),
                    rating.get_rating_class_display(),
                    in_language(rating.definition),
                )
                for rating in scale.ratings.all()
            ),
        )


@admin.register(Publication)
class PublicationAdmin(RoleGuarded):
    readers = EVERYBODY
    came_out = moment("published_at", _("Published"))
    list_display = ("slug", "version", "verdict", "published_by", "came_out")
    list_select_related = ("verdict__rating", "published_by")
    search_fields = ("slug",)
    fields = (
        "slug",
        "version",
        "verdict",
        "published_by",
        "published_at",
        "sha256",
        "sample",
        "page",
    )
    readonly_fields = fields
    orders: ClassVar[dict[str, Order]] = {"newest": Order(_("Newest"), "published_at")}
    lead = _("Every version that went out, as it went out. A correction is a new version.")
    empty = _("Nothing is published yet.")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Publication]:
        known = Claim.objects.visible_to(actor_of(request)).values("pk")
        rows: QuerySet[Publication] = super().get_queryset(request)
        return rows.filter(claim__in=known).defer("document")

    @admin.display(description=_("Public page"))
    def page(self, publication: Publication) -> SafeString:
        url = f"/checks/{publication.slug}/v/{publication.version}/"
        return format_html_join("", '<a href="{}">{}</a>', [(url, url)])
