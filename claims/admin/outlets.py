"""Outlets with their owners and domains, claimants, topics and tags: what counts are made of."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from claims import sides, sources
from claims.admin.base import EVERYBODY, RoleGuarded, actor_of, flag
from claims.admin.fields import Suggested
from claims.admin.listing import Order
from claims.errors import DeskError
from claims.models import Claimant, Domain, Outlet, Owner, Role, Tag, Topic
from claims.models.claim import known_names

EDITORS = frozenset({Role.EDITOR.value})
BY_NAME = {"name": Order(_("Name"), "name", descending=False, key_descending=False)}


class OutletForm(forms.ModelForm):
    owner_name = forms.CharField(
        label=_("Owner"),
        required=False,
        max_length=200,
        help_text=_("Empty: the outlet counts as its own owner. A new name makes a new owner."),
    )

    merged = forms.CharField(
        label=_("Is the same as"),
        required=False,
        max_length=253,
        help_text=_("The name or host of the outlet that this one is; empty: one of its own."),
    )

    feed_list = forms.CharField(
        label=_("Feeds"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "ltr"}),
        help_text=_(
            "Read when somebody looks for coverage: RSS, Atom or JSON, one address a line."
        ),
    )

    class Meta:
        model = Outlet
        fields = ("name", "agency")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = self.instance.owner
        self.initial["owner_name"] = owner.name if owner is not None else ""
        merged = self.instance.merged_into
        self.initial["merged"] = merged.name if merged is not None else ""
        self.initial["feed_list"] = "\n".join(self.instance.feeds)

    def clean_merged(self) -> Outlet | None:
        """The outlet that is meant, by host or by name; one name may be of several."""
        said = self.cleaned_data["merged"].strip()
        merged: Outlet | None = self.instance.merged_into
        if not said:
            return None
        if merged is not None and said == merged.name:
            return merged
        others = Outlet.objects.exclude(pk=self.instance.pk)
        found = list(others.filter(domains__host__iexact=said)[:1]) or list(
            others.filter(name__iexact=said, unknown=False)[:2]
        )
        if len(found) != 1:
            many = _("Several outlets are called so: give the host of the one you mean.")
            raise forms.ValidationError(many if found else _("There is no such outlet."))
        return found[0]


@admin.register(Outlet)
class OutletAdmin(RoleGuarded):
    """Who publishes. An editor says who owns an outlet: owners tell voices apart."""

    readers = EVERYBODY
    changers = EDITORS
    is_agency = flag("agency", _("Agency"))
    is_unknown = flag("unknown", _("Unknown"))
    list_display = ("name", "owner", "hosts", "is_agency", "is_unknown")
    list_filter = ("agency", "unknown")
    list_select_related = ("owner",)
    search_fields = ("name", "domains__host")
    form = OutletForm
    fields = (
        "name", "owner_name", "agency", "hosts", "unknown", "merged", "feed_list", "offered",
    )  # fmt: skip
    readonly_fields = ("hosts", "unknown", "offered")
    orders: ClassVar[dict[str, Order]] = BY_NAME
    lead = _("Who publishes, under which domains, and who owns it.")
    empty = _("Outlets come with the articles they publish.")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Outlet]:
        return super().get_queryset(request).prefetch_related("domains")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        said, by = form.cleaned_data, actor_of(request)
        try:
            sources.change(
                obj, by=by, name=said["name"], owner=said["owner_name"], agency=said["agency"]
            )
            sources.merge(obj, by=by, into=said["merged"])
            if "feed_list" in form.data:
                sources.follow(obj, by=by, feeds=said["feed_list"].splitlines())
        except DeskError as error:
            for words in [problem.message for problem in error.problems] or [str(error)]:
                messages.error(request, words)

    @admin.display(description=_("Domains"))
    def hosts(self, outlet: Outlet) -> str:
        return ", ".join(domain.host for domain in outlet.domains.all()) or "—"

    @admin.display(description=_("Feeds its pages offer"))
    def offered(self, outlet: Outlet) -> str:
        """To be copied into the field above by who wants them read."""
        found = format_html_join(
            "", "<li><code>{}</code></li>", zip(sources.offered_feeds(outlet))
        )
        return format_html("<ul>{}</ul>", found) if found else "—"


@admin.register(Owner)
class OwnerAdmin(RoleGuarded):
    readers = EVERYBODY
    adders = changers = EDITORS
    list_display = ("name",)
    search_fields = ("name",)
    orders: ClassVar[dict[str, Order]] = BY_NAME
    lead = _("Who stands behind outlets. Two outlets of one owner are two voices, and flagged.")
    empty = _("No owner is known yet. Add one, then name it at its outlets.")


@admin.register(Domain)
class DomainAdmin(RoleGuarded):
    readers = EVERYBODY
    list_display = ("host", "outlet")
    list_select_related = ("outlet",)
    search_fields = ("host",)
    orders: ClassVar[dict[str, Order]] = {
        "host": Order(_("Host"), "host", descending=False, key_descending=False)
    }


class ClaimantForm(forms.ModelForm):
    class Meta:
        model = Claimant
        fields = ("side",)
        labels: ClassVar = {"side": _("Side")}
        help_texts: ClassVar = {
            "side": _("Your desk’s word: a camp, a party, a trade. The dashboard counts by it.")
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Who only looks gets the page without the field.
        if "side" in self.fields:
            self.fields["side"].widget = Suggested(sides.known())


@admin.register(Claimant)
class ClaimantAdmin(RoleGuarded):
    """Who said it. Nothing here links to an identity elsewhere: they may be living people."""

    readers = EVERYBODY
    changers = EDITORS
    list_display = ("name", "kind", "side")
    list_filter = ("kind",)
    search_fields = ("name", "side")
    form = ClaimantForm
    fields = ("name", "kind", "side")
    readonly_fields = ("name", "kind")
    orders: ClassVar[dict[str, Order]] = BY_NAME
    lead = _("Who made claims. An outlet that only passes one on is no claimant.")
    empty = _("Claimants come with the claims they made.")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Claimant]:
        rows = super().get_queryset(request)
        return known_names(rows, of="claimant", by=actor_of(request))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        try:
            sides.put_on(obj, by=actor_of(request), side=form.cleaned_data["side"])
        except DeskError as error:
            messages.error(request, str(error))


class _Named(RoleGuarded):
    # The field of a claim that names these: what only hidden claims bear is hidden too.
    of_claims: ClassVar[str]
    readers = EVERYBODY
    list_display: tuple[str, ...] = ("name",)
    search_fields = ("name",)
    orders: ClassVar[dict[str, Order]] = BY_NAME

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        return known_names(rows, of=self.of_claims, by=actor_of(request))


@admin.register(Topic)
class TopicAdmin(_Named):
    of_claims = "topic"
    adders = changers = EDITORS
    empty = _("No topic yet. Topics help readers and filters; a claim has one or none.")


@admin.register(Tag)
class TagAdmin(_Named):
    """Tags come by use; an editor says which of them ask for a skill."""

    of_claims = "tags"
    adders = changers = EDITORS
    asks_for_skill = flag("needs_skill", _("Needs a skill"))
    list_display = ("name", "asks_for_skill")
    list_filter = ("needs_skill",)
    fields = ("name", "needs_skill")
    lead = _(
        "Words that claims are sorted by. The queue offers a claim whose tag needs a skill to"
        " reviewers with that skill; by hand anybody takes it."
    )
    empty = _("Tags are made by using them on a claim.")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("name",) if obj is not None else ()
