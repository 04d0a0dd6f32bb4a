"""The queue: what this person may take, why each stands where it stands, and the next one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from claims.admin.base import actor_of, desk_page
from claims.errors import DeskError
from claims.models import Actor, Claim, Role
from reviews.admin.parts.replies import with_awaited
from reviews.admin.saved import saved_at
from reviews.policy import current as current_policy
from reviews.queue import pick
from reviews.queue.rank import priorities_of

SHOWN = 50
FOR_EDITORS = (Claim.Stage.ADJUDICATION, Claim.Stage.READY)


def page(request: HttpRequest) -> HttpResponse:
    """The first of the queue with their reasons; a POST takes a claim back that was skipped."""
    by = actor_of(request)
    if request.method == "POST":
        return _offer_again(request, by)
    language, reviews = _language(request.GET), by.holds(Role.REVIEWER)
    stage = request.GET.get("stage", "")
    stage = stage if stage in Claim.Stage.values else ""
    queue = pick.queue(by, language=language, stage=stage).select_related("article__outlet")
    rows = list(queue.prefetch_related(with_awaited())[: SHOWN + 1])
    person = by.person
    return desk_page(
        request,
        "desk/queue.html",
        {
            "rows": priorities_of(rows[:SHOWN]),
            "goes_on": len(rows) > SHOWN,
            "shown": SHOWN,
            "language": language,
            "languages": person.languages if person is not None else [],
            "weights": current_policy().weights,
            "reviews": reviews,
            "stage": stage,
            "stages": [] if reviews else [(one.value, one.label) for one in FOR_EDITORS],
            "passed_over": list(pick.passed_over(by)[:SHOWN]),
            **saved_at("queue", request),
        },
        title=_("Queue"),
    )


def next_for_me(request: HttpRequest) -> HttpResponse:
    """Take a seat of the next claim and open it; with nothing to take, say so."""
    back = reverse("desk:queue")
    if request.method != "POST":
        return HttpResponseRedirect(back)
    try:
        hold = pick.take_next(by=actor_of(request), language=_language(request.POST))
    except DeskError as error:
        messages.error(request, " ".join(error.sentences()))
        return HttpResponseRedirect(back)
    if hold is None:
        messages.warning(request, _("Nothing waits for you that you may take."))
        return HttpResponseRedirect(back)
    return HttpResponseRedirect(
        reverse("admin:claims_claim_change", args=[hold.claim]) + "#reviews"
    )


def _language(said: QueryDict) -> str:
    return said.get("language", "").replace("\0", "")


def _offer_again(request: HttpRequest, by: Actor) -> HttpResponse:
    try:
        pick.offer_again(request.POST.get("claim", ""), by=by)
    except DeskError as error:
        messages.error(request, " ".join(error.sentences()))
    else:
        messages.success(request, _("Your queue offers it again."))
    return HttpResponseRedirect(reverse("desk:queue"))
