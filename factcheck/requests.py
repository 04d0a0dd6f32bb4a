"""Notes each request in the log, once, with how it ended."""

import uuid

import structlog
from django.http import HttpRequest
from django_structlog.middlewares import RequestMiddleware

from factcheck.lanes import brings_token


class Noted(RequestMiddleware):
    """django-structlog’s middleware, which begins with less.

    The caller’s address is known already (``factcheck.address``), and no line is made of a
    beginning only to be dropped.
    """

    def prepare(self, request: HttpRequest) -> None:
        """What every line about this request carries."""
        ip = request.META.get("REMOTE_ADDR") or None
        structlog.contextvars.bind_contextvars(request_id=str(uuid.uuid4()), ip=ip)
        # Whose token it is, the API finds out; the line at the end says it.
        if not brings_token(request):
            self.bind_user_id(request)
