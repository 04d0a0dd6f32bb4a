"""Bulk acts at the desk: choose, look what will happen, let it begin, see what stayed and why."""

import copy
import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from claims.admin.acts import ActForm, look_again
from claims.admin.base import actor_of, desk_page
from claims.admin.listing import AFTER, BEFORE
from claims.errors import DeskError, Invalid, Missing
from claims.models import Actor, Claim
from claims.models.claim import ClaimQuerySet
from reviews.admin.many_forms import FORMS, said_of
from reviews.admin.parts.many import standing_of
from reviews.bulk import acts, begin, look
from reviews.models import BulkAct

CHOSEN_MAX = 200
SHOWN = 50
_PLACE = re.compile(r"[0-9]{1,18}")


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """What to do with the claims that were ticked, or that fit the list's filter.

    The first POST comes from the list and shows the act's form; the second, with ``look``, keeps
    what is meant and leads to the page that says what will happen.
    """
    kind, by = request.POST.get("act", ""), actor_of(request)
    status, form = 200, None
    try:
        acts.may_ask(kind, by)
        form = FORMS[kind](act=kind)
        claims, chosen_by = _meant(request)
        if "look" in request.POST:
            form = FORMS[kind](request.POST, act=kind)
            if not form.is_valid():
                raise look_again()
            row = look.look(form.said(), claims, by=by, chosen_by=chosen_by)
            return HttpResponseRedirect(reverse("desk:many_act", args=[row.pk]))
    except DeskError as refusal:
        status = refusal.status
        form = form or ActForm(act="none")
        form.refuse(refusal)
    return desk_page(
        request,
        "desk/many/choose.html",
        {
            "form": form,
            "kind": kind if kind in acts.ACTS else "",
            "by_filter": request.POST.get("scope") == "filter",
            "filter": request.POST.get("filter", ""),
            "chosen": request.POST.getlist("claim")[:CHOSEN_MAX],
        },
        title=BulkAct.Kind(kind).label if kind in acts.ACTS else _("Many claims at once"),
        status=status,
    )


def page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One bulk act: before it begins what will happen, then how far it is, then what stayed."""
    by, status, refusal = actor_of(request), 200, None
    row = _act(by, pk)
    if request.method == "POST":
        try:
            return _press(request, row, by)
        except DeskError as error:
            status, refusal = error.status, ActForm(act="none")
            refusal.refuse(error)
            row = _act(by, pk)
    place = _PLACE.fullmatch(request.GET.get(AFTER, ""))
    after = int(place.group()) if place is not None else 0
    return desk_page(
        request,
        "desk/many/act.html",
        {
            "act": row,
            "said": said_of(row),
            "mine": by.is_person(row.by),
            "form": refusal,
            **standing_of(row, by, after=after, shown=SHOWN),
        },
        title=row.get_kind_display(),
        status=status,
    )


def records(request: HttpRequest) -> HttpResponse:
    """The bulk acts there were, newest first."""
    rows = look.acts_of(actor_of(request)).filter(begun_at__isnull=False)
    return desk_page(
        request,
        "desk/many/list.html",
        {"acts": [(row, said_of(row)) for row in rows.order_by("-begun_at")[:SHOWN]]},
        title=_("Bulk acts"),
    )


def _press(request: HttpRequest, row: BulkAct, by: Actor) -> HttpResponse:
    here = reverse("desk:many_act", args=[row.pk])
    pressed = request.POST.get("do", "")
    if pressed == "begin":
        if row.kind == BulkAct.Kind.DISMISS and "sure" not in request.POST:
            raise Invalid(_("Tick that you are sure: these claims leave the queue."))
        begin.begin(row, by=by)
    elif pressed == "stop":
        begin.stop(row, by=by)
        messages.success(request, _("Stopped. What was done stays done."))
    else:
        raise Invalid(_("There is no such button here."))
    return HttpResponseRedirect(here)


def _act(by: Actor, pk: UUID) -> BulkAct:
    found = look.acts_of(by).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _meant(request: HttpRequest) -> tuple[ClaimQuerySet, str]:
    """The claims that were chosen, and by which filter."""
    if request.POST.get("scope") == "filter":
        query = request.POST.get("filter", "")
        return _of_filter(request, query), query
    chosen = request.POST.getlist("claim")
    if not chosen:
        raise Invalid(_("No claim is chosen. Go back and tick some, or take all that fit."))
    if len(chosen) > CHOSEN_MAX:
        raise Invalid(_("Tick fewer, or take all that fit a filter."))
    try:
        keys = [UUID(key) for key in chosen]
    except ValueError as error:
        raise Missing(_("One of these is no claim. Go back and tick them anew.")) from error
    return Claim.objects.visible_to(actor_of(request)).filter(pk__in=keys), ""


def _of_filter(request: HttpRequest, query: str) -> ClaimQuerySet:
    """Every claim on all pages of the list as it was filtered."""
    if len(query) > look.FILTER_MAX:
        raise Invalid(_("This filter is too long."))
    said = _without_place(QueryDict(query.lstrip("?")))
    if any("\0" in value for value in said.values()):
        # The list searches for nothing then, which is every claim.
        raise Invalid(_("This is no filter of the list of claims."))
    asked = copy.copy(request)
    asked.GET = said  # type: ignore[assignment]
    asked.method = "GET"
    site_page: Any = admin.site.get_model_admin(Claim)
    try:
        found: ClaimQuerySet = site_page.get_changelist_instance(asked).queryset
    except (IncorrectLookupParameters, SuspiciousOperation) as error:
        raise Invalid(_("This is no filter of the list of claims.")) from error
    return found


def _without_place(query: QueryDict) -> Mapping[str, Any]:
    kept = query.copy()
    for name in (AFTER, BEFORE):
        kept.pop(name, None)
    return kept
