"""Middleware for people at a browser, which a request with a token of the API passes by.

A token is all that its caller is: no session is opened for it, no language chosen, no second
factor asked, and no page is shown. The API answers who it is (``claims.api.auth``).
"""

from typing import Any

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django_otp.middleware import OTPMiddleware

# What a browser may do with an answer of the API that it was led to: nothing.
_NO_PAGE = "default-src 'none'; frame-ancestors 'none'"


def brings_token(request: HttpRequest) -> bool:
    """Whether this is a call of the API that says itself who calls."""
    return "HTTP_AUTHORIZATION" in request.META and request.path_info.startswith("/api/v1/")


class _ForPeople:
    """In front of a middleware: those who bring a token go straight on."""

    get_response: Any

    def __call__(self, request: HttpRequest) -> Any:
        if brings_token(request):
            return self.straight(request)
        return super().__call__(request)  # type: ignore[misc]

    def straight(self, request: HttpRequest) -> HttpResponseBase:
        answer: HttpResponseBase = self.get_response(request)
        return answer


class Policy(_ForPeople, CSPMiddleware):
    """The policy for pages is put together for each; that for the API is always the same."""

    def straight(self, request: HttpRequest) -> HttpResponseBase:
        answer = super().straight(request)
        # Captured bytes bring a stricter one of their own.
        answer.headers.setdefault("Content-Security-Policy", _NO_PAGE)
        return answer


class Language(_ForPeople, LocaleMiddleware):
    """The API speaks the desk’s own language, whoever the thread served before."""

    def straight(self, request: HttpRequest) -> HttpResponseBase:
        translation.activate(settings.LANGUAGE_CODE)
        return super().straight(request)


class Session(_ForPeople, SessionMiddleware):
    pass


class Person(_ForPeople, AuthenticationMiddleware):
    pass


class SecondFactor(_ForPeople, OTPMiddleware):  # type: ignore[misc]  # without types
    pass


class Messages(_ForPeople, MessageMiddleware):
    pass
