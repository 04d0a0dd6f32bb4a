"""Claims on the desk: the list, and the page that follows the work from top to bottom."""

from collections.abc import Sequence
from tempfile import TemporaryFile
from typing import Any, ClassVar, cast
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.postgres.search import SearchQuery
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.admin.acts import Act, ActForm, Forms, perform, perform_guarded
from claims.admin.base import EVERYBODY, RoleGuarded, actor_of, attachment, desk_page
from claims.admin.listing import Order
from claims.errors import DeskError
from claims.evidence.bundle import write_bundle
from claims.models import Claim, Role
from claims.models.claim import WORDS_SEARCH, ClaimQuerySet
from claims.provenance import graph as graphs
from reviews import notes
from reviews.admin import page
from reviews.admin.acts import ACTS, UNCHECKED, may_transition
from reviews.admin.forms.ahead import ReasonForm, TransitionForm
from reviews.admin.parts.chain import (
    EXPORTS,
    OPENED_AT_MOST,
    export,
    hops_from,
    picture_from,
)
from reviews.admin.parts.past import activity_of
from reviews.admin.parts.replies import with_awaited
from reviews.admin.parts.slices import numbered
from reviews.admin.parts.source import source_of
from reviews.admin.saved import saved_at
from reviews.bulk.acts import kinds_for
from reviews.models import Lease
from reviews.queue import pick
from reviews.queue.pick import queue as queue_of
from reviews.rounds import hides, unrevealed_since

# Matches that are sorted at all: a common word would otherwise rank half the desk.
SEARCH_CAP = 1_000
HISTORY = 200
# As long as a user name can be.
NAME_MAX = 150
# After these the next item of one's queue opens, for whoever likes it so.
DECISIONS = frozenset({"review", "agree", "adjudicate"})
CLOSING = frozenset({"publish", "dismiss"})


def _known(one: admin.SimpleListFilter) -> None:
    """Refuse a choice that is none: passed over, it would choose every claim for a bulk act."""
    if one.value() is not None and one.value() not in {key for key, _label in one.lookup_choices}:
        raise IncorrectLookupParameters


class StageFilter(admin.SimpleListFilter):
    title = gettext_lazy("Stage")
    parameter_name = "stage"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Claim.Stage.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Claim]) -> QuerySet[Claim]:
        value = self.value()
        _known(self)
        return queryset.filter(stage=value) if value is not None else queryset


class OnlyFilter(admin.SimpleListFilter):
    """What is loud: each choice narrows the list to claims that press for one reason."""

    title = gettext_lazy("Only")
    parameter_name = "only"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("urgent", gettext_lazy("Urgent")),
            ("overdue", gettext_lazy("Overdue")),
            ("paused", gettext_lazy("Waiting for an answer")),
            ("look", gettext_lazy("Needs another look")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Claim]) -> QuerySet[Claim]:
        _known(self)
        claims = cast("ClaimQuerySet", queryset)
        if self.value() == "urgent":
            return queryset.filter(urgent=True)
        if self.value() == "overdue":
            return claims.overdue()
        if self.value() == "paused":
            return claims.paused()
        if self.value() == "look":
            return queryset.filter(needs_look=True)
        return queryset


class MineFilter(admin.SimpleListFilter):
    title = gettext_lazy("Whose")
    parameter_name = "whose"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("mine", gettext_lazy("Assigned to me")), ("nobody", gettext_lazy("Nobody’s"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Claim]) -> QuerySet[Claim]:
        _known(self)
        if self.value() == "mine":
            return queryset.filter(assigned_to=request.user.pk)
        if self.value() == "nobody":
            return queryset.filter(assigned_to__isnull=True)
        return queryset


@admin.register(Claim)
class ClaimAdmin(RoleGuarded):
    """Nothing here writes a claim: every button of its page calls the verb of that name."""

    readers = EVERYBODY
    list_display = ("text",)
    list_filter = ("state", StageFilter, MineFilter, OnlyFilter)
    search_fields = ("text",)
    search_help_text = gettext_lazy("Words of the claim")
    change_list_template = "desk/claims.html"
    orders: ClassVar[dict[str, Order]] = {
        "priority": Order(gettext_lazy("Priority"), "priority", key_descending=False),
        "due": Order(gettext_lazy("Due"), "due_at", descending=False, key_descending=False),
        "newest": Order(gettext_lazy("Newest"), "created_at"),
        "demand": Order(gettext_lazy("Demand"), "demand", key_descending=False),
    }
    empty = gettext_lazy("No claim yet. Hand in an article and take one from it.")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Claim]:
        """What this person may know of; the list, search and look-ups all begin here."""
        held = Lease.objects.filter(
            holder__isnull=False, expires_at__gt=timezone.now()
        ).select_related("holder")
        return (
            Claim.objects.visible_to(actor_of(request))
            .select_related("article__outlet", "claimant")
            .prefetch_related(
                "assigned_to", Prefetch("leases", held, to_attr="living_leases"), with_awaited()
            )
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Full text first; words that are no word of it are looked for as they stand."""
        words = search_term.replace("\0", "").strip()
        if not words:
            return queryset, False
        known = Claim.objects.visible_to(actor_of(request))
        query = SearchQuery(words, config="simple", search_type="websearch")
        hits = known.annotate(words=WORDS_SEARCH).filter(words=query).order_by()
        found = list(hits.values_list("pk", flat=True)[:SEARCH_CAP])
        if not found:
            alike = known.filter(text__icontains=words).order_by()
            found = list(alike.values_list("pk", flat=True)[:SEARCH_CAP])
        return queryset.filter(pk__in=found), False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The list, with what this person may do to many of its claims at once."""
        many = [(kind.value, kind.label) for kind in kinds_for(actor_of(request))]
        more = {"many": many, **saved_at("claims", request)}
        return super().changelist_view(request, {**(extra_context or {}), **more})

    def get_urls(self) -> list[URLPattern]:
        act = self.admin_site.admin_view(self.act_view)
        picture = self.admin_site.admin_view(self.picture_view)
        chain = self.admin_site.admin_view(self.chain_view)
        bundle = self.admin_site.admin_view(self.bundle_view)
        names = self.admin_site.admin_view(self.names_view)
        source = self.admin_site.admin_view(self.source_view)
        return [
            path("<uuid:pk>/names/", names, name="claims_claim_names"),
            path("<uuid:pk>/evidence.wacz", bundle, name="claims_claim_bundle"),
            path("<uuid:pk>/source/<uuid:look>/", source, name="claims_claim_source"),
            path("<uuid:pk>/chain.<str:ending>", chain, name="claims_claim_chain"),
            path("<uuid:pk>/picture/", picture, name="claims_claim_picture"),
            path("<uuid:pk>/act/<slug:name>/", act, name="claims_claim_act"),
            path("<uuid:pk>/act/<slug:name>/<slug:target>/", act, name="claims_claim_act_on"),
            *super().get_urls(),
        ]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        claim = self._claim(request, object_id)
        return self._page(request, claim, Forms(), by_hand="by_hand" in request.GET)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """What happened to the claim, from the log; nothing else here keeps a history."""
        claim, by = self._claim(request, object_id), actor_of(request)
        unrevealed = unrevealed_since(claim)
        blind = {str(one.pk) for one in claim.evidence.all() if hides(unrevealed, one, by)}
        return desk_page(
            request,
            "desk/history.html",
            {
                "claim": claim,
                "activity": activity_of(claim, by, blind=blind, limit=HISTORY),
                "limit": HISTORY,
            },
            title=_("What happened"),
        )

    def picture_view(self, request: HttpRequest, pk: Any) -> HttpResponse:
        """The whole chain as a picture, with the same as a list below it."""
        claim = self._claim(request, str(pk))
        rows = graphs.load(claim)
        opened = frozenset(request.GET.getlist("open")[:OPENED_AT_MOST])
        picture = picture_from(rows, opened=opened, address=request.path)
        hops, part = hops_from(rows, part=numbered(request.GET.get("part", "")))
        return desk_page(
            request,
            "desk/picture.html",
            {"claim": claim, "picture": picture, "hops": hops, "part": part},
            title=_("Who has it from whom"),
        )

    def chain_view(self, request: HttpRequest, pk: Any, ending: str) -> HttpResponse:
        """The chain to take along: as a picture, as the API has it, or as PROV-JSON."""
        claim = self._claim(request, str(pk))
        if ending not in EXPORTS:
            raise Http404
        body = export(claim, graphs.load(claim), ending)
        name = f"chain-{claim.pk}.{ending}"
        return HttpResponse(
            body,
            content_type=f"{EXPORTS[ending]}; charset=utf-8",
            headers={
                "Content-Disposition": f'attachment; filename="{name}"',
                "X-Content-Type-Options": "nosniff",
            },
        )

    def source_view(self, request: HttpRequest, pk: Any, look: Any) -> HttpResponse:
        """A cited source that is not what it was, beside what the check relied on."""
        claim, by = self._claim(request, str(pk)), actor_of(request)
        source = source_of(claim, look, by)
        if source is None:
            raise Http404
        open_ = source.look.alert is not None and source.look.alert.closed_at is None
        may_settle = open_ and by.holds(Role.REVIEWER, Role.EDITOR)
        form = Forms().of(ReasonForm, "settle_alert", source.look.alert_id)
        shown = {"claim": claim, "source": source, "settle_form": form if may_settle else None}
        title = source.look.evidence.title[:80]
        return desk_page(request, "desk/source.html", shown, title=title)

    def names_view(self, request: HttpRequest, pk: Any) -> HttpResponse:
        """Colleagues whom a note could name, while their name is typed: a list of options."""
        claim, by = self._claim(request, str(pk)), actor_of(request)
        begun = request.GET.get("begun", "").replace("\0", "")[:NAME_MAX]
        found = notes.colleagues(claim, begun, by=by)
        return render(request, "desk/claim/names.html", {"names": found})

    def bundle_view(self, request: HttpRequest, pk: Any) -> HttpResponseBase:
        """Every capture the claim stands on, as one file that other tools open."""
        claim = self._claim(request, str(pk))
        # On disk, not in memory: a claim may have hundreds of captures.
        file = TemporaryFile()  # noqa: SIM115 - the answer closes it
        try:
            write_bundle(claim, file, by=actor_of(request))
        except BaseException:
            file.close()
            raise
        file.seek(0)
        name = f"evidence-{claim.pk}.wacz"
        return attachment(file, name=name, media_type="application/wacz")

    def act_view(self, request: HttpRequest, pk: Any, name: str, target: str = "") -> HttpResponse:
        """One button of the page was pressed: do it, or show the page again with the reasons."""
        claim, by = self._claim(request, str(pk)), actor_of(request)
        act = ACTS.get(name)
        if act is None:
            raise Http404
        if request.method != "POST":
            return HttpResponseRedirect(_url(claim))
        form = act.form(request.POST, request.FILES, act=name, target=target)
        _complete(form, claim)
        try:
            said = self._do(act, claim, form, by)
        except DeskError as error:
            form.refuse(error)
            fresh = self._claim(request, str(pk))
            return self._page(request, fresh, Forms(refused=form), status=error.status)
        if "HX-Request" in request.headers:
            # What the page shows beside the form may follow from what was kept.
            return HttpResponse(
                said, content_type="text/plain; charset=utf-8", headers={"HX-Trigger": "kept"}
            )
        place = self._after(request, claim, form, act)
        if not place.startswith(_url(claim)):
            # Another claim is on the page then: the words say which one this was about.
            said = format_html('{} <a href="{}">{}</a>', said, _url(claim), claim.text[:80])
        messages.success(request, said)
        return HttpResponseRedirect(place)

    def _do(self, act: Act, claim: Claim, form: ActForm, by: Any) -> str:
        if form.act == "transition":
            may_transition(claim, form.target, by)
        if form.act in UNCHECKED:
            form.is_valid()
            return act.do(claim, form, by)
        if not form.guarded:
            return perform(act, claim, form, by=by)

        def version_now() -> int:
            return Claim.objects.select_for_update().get(pk=claim.pk).version

        return perform_guarded(act, claim, form, by=by, now=version_now)

    def _after(self, request: HttpRequest, claim: Claim, form: ActForm, act: Act) -> str:
        """Where one stands afterwards: at the same part, or before the next item of the queue."""
        by, name = actor_of(request), form.act
        person = by.person
        decided = name in DECISIONS or (name == "transition" and form.target in CLOSING)
        if decided and person is not None and person.open_next:
            following = queue_of(by).exclude(pk=claim.pk).first()
            if following is not None and person.holds(Role.REVIEWER, Role.EDITOR):
                return _url(following)
        if name == "skip":
            following = pick.queue(by).first()
            return _url(following) if following is not None else reverse("desk:queue")
        return f"{_url(claim)}#{act.section}"

    def _claim(self, request: HttpRequest, key: str) -> Claim:
        """The claim, if this person may know of it; hidden and absent are told alike."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        claim = page.claims_for_page(actor_of(request)).filter(pk=_uuid(key)).first()
        if claim is None:
            raise Http404
        return claim

    def _page(
        self,
        request: HttpRequest,
        claim: Claim,
        page_forms: Forms,
        *,
        by_hand: bool = False,
        status: int = 200,
    ) -> HttpResponse:
        return desk_page(
            request,
            "desk/claim/page.html",
            page.context(
                claim,
                actor_of(request),
                page_forms,
                by_hand=by_hand,
                changing=request.GET.get("change", ""),
                citing=request.GET.get("cite", ""),
                links=numbered(request.GET.get("links", "")),
                named=request.GET.get("named", "").replace("\0", "")[:200].strip(),
            ),
            title=claim.text[:80],
            status=status,
        )


def _url(claim: Claim) -> str:
    return reverse("admin:claims_claim_change", args=[claim.pk])


def _complete(form: Any, claim: Claim) -> None:
    """Give a sent form the choices its page offered."""
    choices: Sequence[tuple[str, str]] = ()
    if hasattr(form, "sentences"):
        choices = [(str(key), title) for key, title in claim.evidence.values_list("pk", "title")]
    if isinstance(form, TransitionForm):
        form.sent_overrides()
    if hasattr(form, "over"):
        form.over(choices if hasattr(form, "sentences") else claim.nodes.all())


def _uuid(key: str) -> UUID:
    try:
        return UUID(key)
    except ValueError as error:
        raise Http404 from error
