"""Outlets with their owners and domains, claimants, topics and tags: what counts are made of."""

from typing import Any, ClassVar, cast
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from claims import sides, sources
from claims.admin.base import EVERYBODY, RoleGuarded, actor_of, flag
from claims.admin.fields import Suggested
from claims.admin.listing import Order
from claims.errors import DeskError
from claims.models import Claimant, Domain, Job, Outlet, Owner, Role, Tag, Topic
from claims.models.claim import known_names
from claims.templatetags.desk import when

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

    confirmed = forms.MultipleChoiceField(
        label=_("Feeds its pages declare"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Suggestions: none of them is read before you tick it and save."),
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
        if "confirmed" in self.fields:  # Who only looks gets the page without the field.
            field = cast("forms.MultipleChoiceField", self.fields["confirmed"])
            field.choices = [
                (offer.url, f"{offer.url} ({offer.rule.label})")
                for offer in sources.offered_feeds(self.instance)
            ]

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
        "name", "owner_name", "agency", "hosts", "unknown", "merged", "feed_list", "confirmed",
        "looked",
    )  # fmt: skip
    readonly_fields = ("hosts", "unknown", "looked")
    change_form_template = "desk/outlet.html"
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
                wanted = [*said["feed_list"].splitlines(), *said["confirmed"]]
                sources.follow(obj, by=by, feeds=wanted)
        except DeskError as error:
            for words in [problem.message for problem in error.problems] or [str(error)]:
                messages.error(request, words)

    @admin.display(description=_("Domains"))
    def hosts(self, outlet: Outlet) -> str:
        return ", ".join(domain.host for domain in outlet.domains.all()) or "—"

    @admin.display(description=_("Last look for feeds"))
    def looked(self, outlet: Outlet) -> str:
        """When its front page was asked which feeds it declares, and what came of it."""
        job = sources.last_look_for_feeds(outlet)
        if job is None:
            return "—"
        if job.state in Job.OPEN:
            return str(_("Its front page is being asked. Load this page again in a moment."))
        if job.state != Job.State.SUCCEEDED:
            return format_html(str(_("It came to nothing: {cause}")), cause=job.cause)
        said = ngettext(
            "{n} feed was declared there, {when}.",
            "{n} feeds were declared there, {when}.",
            len(outlet.offered),
        )
        return format_html(said, n=len(outlet.offered), when=when(job.finished_at))

    def get_urls(self) -> list[URLPattern]:
        look = self.admin_site.admin_view(self.look_view)
        own = path("<uuid:pk>/look-for-feeds/", look, name="claims_outlet_look_for_feeds")
        return [own, *super().get_urls()]

    def look_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Have the front page asked for its feeds, and go back to the outlet."""
        outlet = self.get_queryset(request).filter(pk=pk).first()
        if outlet is None:
            raise Http404
        if request.method == "POST":
            try:
                sources.look_for_feeds(outlet, by=actor_of(request))
            except DeskError as error:
                messages.error(request, " ".join(error.sentences()))
            else:
                messages.success(request, _("Its front page is asked for the feeds it declares."))
        return HttpResponseRedirect(reverse("admin:claims_outlet_change", args=[pk]))


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
