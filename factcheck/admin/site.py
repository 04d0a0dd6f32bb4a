"""The desk's own admin site: who may come in, and what stands on every page."""

import time
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import URLPattern, URLResolver, reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from claims.jobs import TOO_OLD, liveness
from claims.models import Role, User

EVERYBODY = frozenset(Role.values)
LOOK_AGAIN = 5.0
RULERS = frozenset({Role.EDITOR.value, Role.ADMIN.value})
THEME_COOKIE = "desk_theme"
THEMES = ("auto", "light", "dark")


@dataclass(frozen=True, slots=True)
class Place:
    """One line of the navigation: where it leads, who sees it, and its key."""

    label: str | Promise
    name: str
    roles: frozenset[str] = EVERYBODY
    key: str = ""


PLACES = (
    Place(_("My desk"), "desk:index", key="d"),
    Place(_("Queue"), "desk:queue", frozenset({Role.REVIEWER.value}), "q"),
    Place(_("Claims"), "admin:claims_claim_changelist", key="c"),
    Place(_("Articles"), "admin:claims_article_changelist", key="a"),
    Place(_("Inbox"), "desk:inbox", key="i"),
)
MORE = (
    Place(_("Publications"), "admin:reviews_publication_changelist"),
    Place(_("Outlets"), "admin:claims_outlet_changelist"),
    Place(_("Owners"), "admin:claims_owner_changelist"),
    Place(_("Claimants"), "admin:claims_claimant_changelist"),
    Place(_("Topics"), "admin:claims_topic_changelist"),
    Place(_("Tags"), "admin:claims_tag_changelist"),
    Place(_("Skills and interests"), "desk:interests"),
    Place(_("Bulk acts"), "desk:many"),
    Place(_("Jobs"), "admin:claims_job_changelist"),
    Place(_("Rating scales"), "admin:reviews_ratingscale_changelist"),
    Place(_("Policy"), "desk:policy"),
    Place(_("Dashboard"), "desk:dashboard", RULERS),
    Place(_("Agreement"), "desk:agreement", RULERS),
    Place(_("People"), "admin:claims_user_changelist", frozenset({Role.ADMIN.value})),
    Place(_("Tokens"), "admin:claims_apitoken_changelist"),
)


class DeskLogin(AdminAuthenticationForm):
    """Whoever has a role at the desk may come in; Django's staff flag counts for nothing."""

    def confirm_login_allowed(self, user: AbstractBaseUser) -> None:
        # Told like a wrong password, so that nobody learns which names exist.
        if not isinstance(user, User) or not user.holds(*EVERYBODY):
            raise ValidationError(
                self.error_messages["invalid_login"],
                code="invalid_login",
                params={"username": self.username_field.verbose_name},
            )


class DeskSite(AdminSite):
    site_header = _("Fact-check desk")
    site_title = _("Fact-check desk")
    index_title = _("My desk")
    login_template = "desk/login.html"
    password_change_template = "desk/password.html"  # noqa: S105 - a template
    password_change_done_template = "desk/password_done.html"  # noqa: S105 - a template
    login_form = DeskLogin
    site_url = "/"
    enable_nav_sidebar = False
    empty_value_display = "—"

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Take only classes that name the roles they open to.

        Installed packages register pages of their own (login attempts, devices with their keys,
        groups), which would open by Django's permission rows; the desk has its own for people.
        """
        if admin_class is not None and hasattr(admin_class, "readers"):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        """Anybody with a role; editors and admins once they have shown their second factor."""
        return has_role(request) and not owes_second_factor(request)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        if has_role(request) and owes_second_factor(request):
            asked = {"next": request.GET.get("next", reverse("desk:index"))}
            return HttpResponseRedirect(f"{reverse('desk:second-factor')}?{urlencode(asked)}")
        return super().login(request, extra_context)

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        context = super().each_context(request)
        context["desk"] = _desk(request) if self.has_permission(request) else _entrance(request)
        return context

    def get_app_list(
        self, request: HttpRequest, app_label: str | None = None
    ) -> list[dict[str, Any]]:
        """Nobody looks for work by application and model: the navigation has its own words."""
        return []

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Without the detour to an object’s public page by its type and key: nothing here has one.

        It asks no role’s leave for the object it names, and fails on a key that is no id.
        """
        return [one for one in super().get_urls() if getattr(one, "name", "") != "view_on_site"]

    def app_index(
        self, request: HttpRequest, app_label: str, extra_context: dict[str, Any] | None = None
    ) -> Any:
        return HttpResponseRedirect(reverse("desk:index"))


def has_role(request: HttpRequest) -> bool:
    return isinstance(request.user, User) and request.user.holds(*EVERYBODY)


def owes_second_factor(request: HttpRequest) -> bool:
    """Whether this person publishes or rules, and has so far shown a password alone."""
    if not settings.OTP_REQUIRED or not isinstance(request.user, User):
        return False
    # ``is_verified`` is put there by django-otp's middleware.
    return request.user.holds(*RULERS) and not request.user.is_verified()  # type: ignore[attr-defined]


def _desk(request: HttpRequest) -> dict[str, Any]:
    person = request.user
    assert isinstance(person, User)  # noqa: S101 - has_permission said so
    return {
        **_entrance(request),
        "person": person,
        "roles": [Role(role).label for role in person.roles],
        "places": _links(PLACES, request),
        "more": _links(MORE, request),
        "unread": person.notifications.filter(read_at__isnull=True)[:100].count(),
        "keys_off": person.keys_off,
        "behind": _GLANCE.words_now(),
    }


def _entrance(request: HttpRequest) -> dict[str, Any]:
    theme = request.COOKIES.get(THEME_COOKIE, "auto")
    return {
        "name": settings.DESK_NAME,
        "theme": theme if theme in THEMES else "auto",
        "sample": settings.DEMO,
    }


def _links(places: tuple[Place, ...], request: HttpRequest) -> list[dict[str, Any]]:
    person = request.user
    assert isinstance(person, User)  # noqa: S101 - has_permission said so
    links = []
    for place in places:
        if not person.holds(*place.roles):
            continue
        url = reverse(place.name)
        at_home = place.name == "desk:index"
        here = request.path == url if at_home else request.path.startswith(url)
        links.append({"label": place.label, "url": url, "key": place.key, "here": here})
    return links


@dataclass(slots=True)
class _Glance:
    """The last look at how long work waits: every page asks, and seconds do not matter."""

    at: float = float("-inf")
    words: str = ""

    def words_now(self) -> str:
        if time.monotonic() - self.at > LOOK_AGAIN:
            self.words, self.at = _behind(), time.monotonic()
        return self.words


_GLANCE = _Glance()


def _behind() -> str:
    """A sentence when work waits for too long: a quiet desk must not look like a finished one."""
    waiting_for = liveness().waiting
    if waiting_for <= TOO_OLD:
        return ""
    minutes = int(waiting_for.total_seconds() // 60)
    return gettext(
        "Work has been waiting for %(minutes)s min. Reading and coverage are behind; an admin"
        " should see whether the worker runs."
    ) % {"minutes": max(minutes, 1)}
