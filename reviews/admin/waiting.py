"""The queue: what this person may take, why each stands where it stands, and the next one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from claims.admin.base import actor_of, desk_page
from claims.errors import DeskError
from claims.models import Role
from reviews.admin.parts.replies import with_awaited
from reviews.policy import current as current_policy
from reviews.queue import pick
from reviews.queue.rank import priorities_of

SHOWN = 50


def page(request: HttpRequest) -> HttpResponse:
    """The first of the queue with their reasons, and the button that takes the next."""
    by = actor_of(request)
    language = request.GET.get("language", "")
    queue = pick.queue(by, language=language).select_related("article__outlet")
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
            "reviews": by.holds(Role.REVIEWER),
        },
        title=_("Queue"),
    )


def next_for_me(request: HttpRequest) -> HttpResponse:
    """Take a seat of the next claim and open it; with nothing to take, say so."""
    back = reverse("desk:queue")
    if request.method != "POST":
        return HttpResponseRedirect(back)
    try:
        hold = pick.take_next(by=actor_of(request), language=request.POST.get("language", ""))
    except DeskError as error:
        messages.error(request, " ".join(error.sentences()))
        return HttpResponseRedirect(back)
    if hold is None:
        messages.warning(request, _("Nothing waits for you that you may take."))
        return HttpResponseRedirect(back)
    return HttpResponseRedirect(
        reverse("admin:claims_claim_change", args=[hold.claim]) + "#reviews"
    )
