"""Who is calling: the holder of a token, or a person with a session at the desk."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated
from rest_framework.request import Request

from claims.models import Actor, ApiToken, Role, User
from claims.models.actors import bearer, person

# ``last_used_at`` is for people who look for forgotten tokens; a write per request is too dear.
USED_AGAIN_AFTER = timedelta(minutes=5)
FRESH = timedelta(minutes=10)
# When this session signed in, kept in the session itself: ``last_login`` belongs to the person,
# and a fresh login elsewhere must not freshen an old session.
SIGNED_IN_AT = "signed_in_at"


class Bearer(BaseAuthentication):
    """``Authorization: Bearer <token>``. Stands first, so that a missing token is a 401."""

    def authenticate(self, request: Request) -> tuple[User | AnonymousUser, ApiToken] | None:
        scheme, _, words = request.headers.get("Authorization", "").partition(" ")
        if not scheme:
            return None
        words = words.strip()
        if scheme.lower() != "bearer" or not words:
            raise AuthenticationFailed("Send the token as “Authorization: Bearer <token>”.")
        token = ApiToken.opened_by(words)
        if token is None:
            raise AuthenticationFailed("This token is unknown, expired or revoked.")
        _note_use(token)
        return token.person or AnonymousUser(), token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="factcheck"'


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "claims.api.auth.Bearer"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "fcd_…"}


class Session(SessionAuthentication):
    """A person signed in at the desk. Every write carries Django's CSRF token."""


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "claims.api.auth.Session"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}


def actor_of(request: Request) -> Actor:
    """The actor behind a request; nobody at all is a 401."""
    if isinstance(request.auth, ApiToken):
        return bearer(request.auth)
    if isinstance(request.user, User) and _has_shown_second_factor(request.user):
        return person(request.user)
    raise NotAuthenticated("Sign in, or send a token as “Authorization: Bearer <token>”.")


def has_fresh_session(request: Request) -> bool:
    """Whether a person signed in to this very session within the last ten minutes."""
    if request.auth is not None or not isinstance(request.user, User):
        return False
    since = _signed_in_at(request)
    return since is not None and timezone.now() - since < FRESH


def note_sign_in(sender: Any, request: Any, **_: Any) -> None:
    """Keep when the session began; connected to Django's ``user_logged_in``."""
    if request is not None and hasattr(request, "session"):
        request.session[SIGNED_IN_AT] = timezone.now().isoformat()


def _signed_in_at(request: Request) -> datetime | None:
    kept = request.session.get(SIGNED_IN_AT)
    return parse_datetime(kept) if isinstance(kept, str) else None


def _has_shown_second_factor(user: User) -> bool:
    """Editors and admins owe a second factor; half a sign-in opens no door here either."""
    if not settings.OTP_REQUIRED or not user.holds(Role.EDITOR, Role.ADMIN):
        return True
    # Put there by django-otp's middleware.
    return bool(user.is_verified())  # type: ignore[attr-defined]


def _note_use(token: ApiToken) -> None:
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at > USED_AGAIN_AFTER:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
