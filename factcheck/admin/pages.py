"""The desk pages that stand beside the admin's own, under the same roof and the same guard."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from factcheck.admin import second_factor
from factcheck.admin.site import THEME_COOKIE, THEMES
from reviews.admin import (
    agreements,
    comfort,
    dashboard,
    inbox,
    interests,
    many,
    mine,
    policies,
    saved,
    waiting,
)

A_YEAR = 365 * 24 * 3600


@require_POST
def change_theme(request: HttpRequest) -> HttpResponse:
    """Keep whether a person likes it light, dark, or as their machine says."""
    theme = request.POST.get("theme", "")
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}):
        back = reverse("admin:index")
    response = HttpResponseRedirect(back)
    if theme in THEMES:
        response.set_cookie(
            THEME_COOKIE, theme, max_age=A_YEAR, samesite="Lax", secure=request.is_secure()
        )
    return response


_guarded = admin.site.admin_view

app_name = "desk"
urlpatterns = [
    path("", _guarded(mine.page), name="index"),
    path("queue/", _guarded(waiting.page), name="queue"),
    path("queue/next/", _guarded(waiting.next_for_me), name="next"),
    path("interests/", _guarded(interests.page), name="interests"),
    path("saved/", _guarded(saved.change), name="saved"),
    path("many/", _guarded(many.records), name="many"),
    path("many/choose/", _guarded(many.choose), name="many_choose"),
    path("many/<uuid:pk>/", _guarded(many.page), name="many_act"),
    path("inbox/", _guarded(inbox.page), name="inbox"),
    path("agreement/", _guarded(agreements.page), name="agreement"),
    path("dashboard/", _guarded(dashboard.page), name="dashboard"),
    path("dashboard/<slug:name>.csv", _guarded(dashboard.download), name="dashboard-csv"),
    path("policy/", _guarded(policies.page), name="policy"),
    path("comfort/", _guarded(comfort.page), name="comfort"),
    # Not guarded by the site: it is what stands between half a sign-in and the desk.
    path("second-factor/", second_factor.page, name="second-factor"),
    path("theme/", change_theme, name="theme"),
]
