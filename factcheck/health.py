"""Says whether this process answers, and whether the desk can work."""

from collections.abc import Callable
from datetime import timedelta

from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.db import Error as DatabaseFailure
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from claims import jobs
from claims.models import Job
from factcheck.celery import CLOCK_TICKED

OK = "ok"
FRESH = timedelta(seconds=30)
ASK_EVERY = 5  # seconds
_migrated = False


@never_cache
@require_safe
def alive(_request: HttpRequest) -> HttpResponse:
    """200 as long as the process answers; nothing else is looked at."""
    return JsonResponse({"status": OK})


@never_cache
@require_safe
def ready(_request: HttpRequest) -> HttpResponse:
    """Each part with ``ok`` or what is wrong; 503 when one of them is not ok."""
    found = {name: outcome(name) for name in CHECKS}
    good = set(found.values()) == {OK}
    answer = JsonResponse(found, status=200 if good else 503)
    if not good:
        answer["Retry-After"] = str(ASK_EVERY)
    return answer


def outcome(name: str) -> str:
    """What one check says; its failure in a word or two, because a stranger may read it."""
    try:
        return CHECKS[name]()
    except DatabaseFailure:
        return "unknown, no database"
    except Exception:  # noqa: BLE001 - whatever a client library raises: the part does not answer
        return "no answer"


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseFailure:
        connection.close()
        return "no answer"
    return OK


def _broker() -> str:
    with current_app.connection_for_write() as link:
        link.ensure_connection(max_retries=1, timeout=2)
    return OK


def _worker() -> str:
    """Proved by a row that a worker finished. Where the last is old, a new one is asked for.

    Asking here, too, keeps a dead clock from looking like a dead worker. Workers whose hands
    are full with long jobs answer late; the heartbeat of what they do is proof enough.
    """
    done = Job.objects.filter(
        key__in=[f"ping.{queue}" for queue in settings.QUEUES],
        finished_at__gt=timezone.now() - FRESH,
    ).count()
    if done == len(settings.QUEUES) or jobs.at_work():
        return OK
    if cache.add("readyz:asked", 1, ASK_EVERY):
        jobs.ping(settings.QUEUES)
    return "no work done"


def _beat() -> str:
    ticked = cache.get(CLOCK_TICKED)
    if ticked is None or timezone.now().timestamp() - ticked > FRESH.total_seconds():
        return "not ticking"
    return OK


def _migrations() -> str:
    """Whether all are applied; once they are, they stay so for this process."""
    global _migrated  # noqa: PLW0603 - reading the whole graph costs 50 ms
    if not _migrated:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return "missing"
        _migrated = True
    return OK


CHECKS: dict[str, Callable[[], str]] = {
    "database": _database,
    "broker": _broker,
    "worker": _worker,
    "beat": _beat,
    "migrations": _migrations,
}
