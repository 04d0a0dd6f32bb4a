"""What is answered where something went wrong outside the API: a page, or a problem document.

A page is made without the database and without the session, which may be what is gone.
"""

import sys
from datetime import timedelta

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import loader

from factcheck.rest import PROBLEM, RETRY_AFTER, TITLES, problem


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django’s 400, for the API as a problem document."""
    return _answer(request, 400, "400.html")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 403, "403.html")


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _answer(request, 403, "403_csrf.html")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 404, "404.html")


def locked_out(
    request: HttpRequest, original: HttpResponse | None = None, credentials: object = None
) -> HttpResponse:
    """Too many wrong passwords for one name from one address."""
    answer = _answer(request, settings.AXES_HTTP_RESPONSE_CODE, "429.html")
    pause: timedelta = settings.AXES_COOLOFF_TIME
    answer.headers["Retry-After"] = str(int(pause.total_seconds()))
    return answer


def server_error(request: HttpRequest) -> HttpResponse:
    """Django’s 500; where the database is gone a 503 that says when to come back."""
    gone = isinstance(sys.exception(), OperationalError | InterfaceError)
    answer = _answer(request, 503 if gone else 500, "500.html")
    if gone:
        answer.headers["Retry-After"] = str(RETRY_AFTER)
    return answer


def _answer(request: HttpRequest, status: int, template: str) -> HttpResponse:
    if request.path.startswith("/api/") or _reads_json_alone(request):
        body = problem(status, TITLES[status] + ".")
        return JsonResponse(body, status=status, content_type=PROBLEM)
    told = {
        "at_desk": request.path.startswith("/admin/"),
        "desk": settings.DESK_NAME,
        "minutes": int(settings.AXES_COOLOFF_TIME.total_seconds() // 60),
        "sample": settings.DEMO,
    }
    return HttpResponse(loader.render_to_string(template, told), status=status)


def _reads_json_alone(request: HttpRequest) -> bool:
    """Whether the caller names JSON and no page: then no page is what it gets."""
    named = {kind.main_type + "/" + kind.sub_type for kind in request.accepted_types}
    return bool(named & {"application/json", PROBLEM}) and not named & {"text/html", "text/*"}
