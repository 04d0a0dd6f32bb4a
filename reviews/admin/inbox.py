"""The inbox: what a person should know, newest first, and what they have seen."""

from typing import cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.admin.base import desk_page
from claims.models import User
from reviews.models import Notification

SHOWN = 100


def page(request: HttpRequest) -> HttpResponse:
    """The newest notices; a POST marks one, or all of them, as read."""
    person = cast("User", request.user)
    notices = Notification.objects.filter(person=person)
    if request.method == "POST":
        unread = notices.filter(read_at__isnull=True)
        one = request.POST.get("notice", "")
        if one:
            unread = unread.filter(pk=one) if _is_uuid(one) else unread.none()
        unread.update(read_at=timezone.now())
        return HttpResponseRedirect(reverse("desk:inbox"))
    rows = list(notices.select_related("claim").order_by("-at")[:SHOWN])
    return desk_page(
        request,
        "desk/inbox.html",
        {"notices": rows, "any_unread": any(row.read_at is None for row in rows)},
        title=_("Inbox"),
    )


def _is_uuid(value: str) -> bool:
    try:
        UUID(value)
    except ValueError:
        return False
    return True
