"""Work as rows: wanted in a transaction, taken by one worker at a time, never left half done.

The row is the truth. The message that tells a worker is a hint, sent when the transaction
commits; it may be lost, doubled or late without harm, because taking a job is one
compare-and-swap and the sweep sends again what stayed waiting.

    JobError
    ├── Again    try later: the cause may pass (counts as an attempt)
    ├── Later    nothing was tried yet: somebody else comes first (counts as none)
    ├── GaveUp   no use trying again
    └── Fenced   the job is no longer this worker's: write nothing

Order of locks, for everybody who takes more than one: claim, coverage run, job.
"""

import json
import os
import random
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from celery import current_app
from celery.exceptions import SoftTimeLimitExceeded
from django.db import DatabaseError, InterfaceError, connection, transaction
from django.db.models import F, Min, Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone
from kombu.exceptions import KombuError

from claims.errors import Busy, Conflict, DeskError
from claims.models import Actor, Article, Claim, CoverageRun, Job
from claims.statements import Statement
from claims.web.errors import FetchError, Unreadable

log = structlog.get_logger(__name__)

ATTEMPTS_MAX = 5
HEARTBEAT = timedelta(seconds=5)
LOST_AFTER = timedelta(seconds=15)
# Celery's hard limit is 300 s. A heart that beats for longer belongs to a worker that hangs.
LONGEST_LIFE = timedelta(seconds=330)
KEEP_DONE = timedelta(days=30)
# A job that waits longer than this for a worker is worth a banner.
TOO_OLD = timedelta(seconds=90)
CAUSE_MAX = 2_000

_FIRST_WAIT, _LONGEST_WAIT = 2.0, 600.0
# Later ones are sent by the sweep: a message with a long delay would sit in one worker's memory.
_LONGEST_DELAY_IN_A_MESSAGE = 60.0
_BROKER_REST = 5.0
_WINDOW = 200
_SWEEP_LOCK = 0x6A6F62
_ODD_CLOCK = timedelta(seconds=60)

# Every job walks these three (docs/adr/0012).
_TAKE = Statement("""
UPDATE claims_job SET state = 'running', attempts = attempts + 1, fence = fence + 1,
  heartbeat_at = statement_timestamp(), finished_at = NULL
WHERE id = %(job)s::uuid AND state = 'queued' AND not_before <= statement_timestamp()
  AND (deadline IS NULL OR deadline > statement_timestamp())
RETURNING id, kind, key, fence, attempts, args, article_id, claim_id, run_id, created_at, deadline
""")
_OWN = Statement("""
SELECT 1 FROM claims_job
WHERE id = %(job)s::uuid AND fence = %(fence)s::integer AND state = 'running' FOR UPDATE
""")
_SUCCEED = Statement("""
UPDATE claims_job SET state = 'succeeded', finished_at = statement_timestamp(), code = '',
  cause = '', article_id = coalesce(%(article)s::uuid, article_id)
WHERE id = %(job)s::uuid AND fence = %(fence)s::integer AND state = 'running'
RETURNING 1
""")
_SUCCEED_SOON = Statement("""
UPDATE claims_job SET state = 'succeeded', finished_at = statement_timestamp(), code = '',
  cause = ''
WHERE id = %(job)s::uuid AND fence = %(fence)s::integer AND state = 'running'
  AND set_config('synchronous_commit', 'off', true) = 'off'
RETURNING 1
""")


class JobError(Exception):
    """Why a job did not come to its end, as a code and a sentence for people."""

    def __init__(self, code: str, cause: str) -> None:
        super().__init__(cause)
        self.code = code
        self.cause = cause


class Again(JobError):
    """The cause may pass. ``after``: not before so many seconds; ``until``: not after."""

    def __init__(
        self, code: str, cause: str, *, after: float = 0, until: datetime | None = None
    ) -> None:
        super().__init__(code, cause)
        self.after = after
        self.until = until


class Later(JobError):
    """Nothing was tried: it is not this job's turn. ``after`` seconds it may be."""

    def __init__(self, code: str, cause: str, *, after: float) -> None:
        super().__init__(code, cause)
        self.after = after


class GaveUp(JobError):
    """Trying again would come to the same."""


class Fenced(JobError):
    """Somebody else has the job now, or nobody wants it any more."""

    def __init__(self) -> None:
        super().__init__("fenced", "This work was taken over; what came late is not written.")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A job to be: what ``enqueue_all`` makes rows of."""

    kind: str
    key: str
    args: Mapping[str, Any] = field(default_factory=dict)
    article: Article | None = None
    claim: Claim | None = None
    run: CoverageRun | None = None
    not_before: datetime | None = None
    deadline: datetime | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """A job in one worker's hands. ``fence`` proves it; ``attempt`` counts from 1."""

    id: UUID
    kind: str
    key: str
    fence: int
    attempt: int
    args: Mapping[str, Any]
    article_id: UUID | None
    claim_id: UUID | None
    run_id: UUID | None
    created_at: datetime
    deadline: datetime | None

    @property
    def run_key(self) -> UUID:
        """The run the job is part of; a job that is part of none has no business asking."""
        if self.run_id is None:
            raise RuntimeError(f"job {self.key} is part of no run")
        return self.run_id


@dataclass(frozen=True, slots=True)
class Swept:
    """What one sweep did, in jobs."""

    taken_back: int = 0
    ended: int = 0
    told: int = 0
    pruned: int = 0


@dataclass(frozen=True, slots=True)
class Liveness:
    """Whether work is being done. ``waiting``: age of the oldest due job; ``silent``: queues."""

    waiting: timedelta
    silent: tuple[str, ...]

    @property
    def behind(self) -> bool:
        return self.waiting > TOO_OLD or bool(self.silent)


def enqueue(
    kind: str,
    *,
    key: str,
    args: Mapping[str, Any] | None = None,
    article: Article | None = None,
    claim: Claim | None = None,
    run: CoverageRun | None = None,
    not_before: datetime | None = None,
    deadline: datetime | None = None,
) -> Job:
    """Want some work done, in the caller's transaction; a worker is told when it commits.

    The key names the effect: a key that is there already gives its row as it stands, whatever
    its state (``start_again`` is for one that ended). Never fails because the broker is gone.
    """
    wanted = Wanted(kind, key, args or {}, article, claim, run, not_before, deadline)
    return enqueue_all([wanted])[0]


@transaction.atomic
def enqueue_anew(kind: str, *, key: str, args: Mapping[str, Any]) -> Job:
    """``enqueue`` for what is wanted now and then: where it ended, it begins again."""
    Job.objects.filter(key=key).exclude(state__in=Job.OPEN).delete()
    return enqueue(kind, key=key, args=args)


def enqueue_all(wanted: Iterable[Wanted]) -> list[Job]:
    """Want many at once, in two statements; rows in the order of the wishes."""
    wishes = list(wanted)
    made = [_row(wish) for wish in wishes]
    Job.objects.bulk_create(made, ignore_conflicts=True)
    rows = {job.key: job for job in Job.objects.filter(key__in=[wish.key for wish in wishes])}
    ours = {job.pk for job in made}
    found = [rows[wish.key] for wish in wishes]
    # In the order of the wishes: who asks for many at once names the most promising first.
    _tell_on_commit([job for job in dict.fromkeys(found) if job.pk in ours])
    return found


def take(job_id: UUID) -> Held | None:
    """Take a waiting job, or None where there is nothing to take: one winner, whoever asks."""
    taken = _TAKE.row(job=job_id)
    if taken is None:
        return None
    job, kind, key, fence, attempt, args, article, claim, run, created, deadline = taken
    return Held(
        id=job,
        kind=kind,
        key=key,
        fence=fence,
        attempt=attempt,
        args=json.loads(args),
        article_id=article,
        claim_id=claim,
        run_id=run,
        created_at=created,
        deadline=deadline,
    )


def beat(held: Held) -> None:
    """Say that the work goes on. Raises Fenced when somebody else has it."""
    if not _mine(held).update(heartbeat_at=Now()):
        raise Fenced


def own(held: Held) -> None:
    """Prove, in the transaction that writes, that the job is still this worker's.

    The row stays locked until the commit, so nobody can take it over in between. Call it after
    the locks on claim and run. Raises Fenced.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("own() belongs into the transaction that writes.")
    if _OWN.row(job=held.id, fence=held.fence) is None:
        raise Fenced


def succeed(held: Held, *, article: Article | None = None) -> None:
    """The work is done. In the transaction that writes its effect, both are there or neither.

    ``article``: what the work was about, where that was not known before. Does nothing to a job
    that ended already or is somebody else's.
    """
    about = article.pk if article is not None else None
    _SUCCEED.row(job=held.id, fence=held.fence, article=about)


@transaction.atomic
def fail(held: Held, error: JobError) -> Job.State:
    """Note why an attempt came to nothing. Waits and tries again, or ends; says which.

    Ends after five attempts, on GaveUp, and where the next attempt would be too late for the
    job's deadline or the error's ``until``. Raises Fenced.
    """
    own(held)
    job = Job.objects.get(pk=held.id)
    job.code, job.cause = error.code[:40], _sentence(error.cause)
    due = timezone.now() + timedelta(seconds=_wait(job.attempts, error))
    if isinstance(error, Later):
        job.attempts -= 1
    if _may_try_again(job, error, due):
        job.state, job.not_before = Job.State.QUEUED, due
        _tell_on_commit([job])
    else:
        job.state, job.finished_at = Job.State.FAILED, timezone.now()
    job.save(update_fields=["state", "attempts", "code", "cause", "not_before", "finished_at"])
    return Job.State(job.state)


def cancel(jobs: Iterable[Job]) -> int:
    """End what is still open; a worker in the middle of it is fenced. How many there were."""
    return Job.objects.filter(pk__in=[job.pk for job in jobs], state__in=Job.OPEN).update(
        state=Job.State.CANCELLED,
        fence=F("fence") + 1,
        finished_at=Now(),
        code="cancelled",
        cause="Somebody stopped this.",
    )


def start_again(jobs: Iterable[Job], *, deadline: datetime | None = None) -> int:
    """Let jobs that failed or were stopped run anew, with all their attempts. How many."""
    ended = Job.objects.filter(
        pk__in=[job.pk for job in jobs], state__in=[Job.State.FAILED, Job.State.CANCELLED]
    )
    with transaction.atomic():
        rows = list(ended.select_for_update())
        Job.objects.filter(pk__in=[job.pk for job in rows]).update(
            state=Job.State.QUEUED,
            attempts=0,
            fence=F("fence") + 1,
            not_before=Now(),
            deadline=deadline,
            heartbeat_at=None,
            finished_at=None,
            code="",
            cause="",
        )
        for job in rows:
            job.not_before = timezone.now()
        _tell_on_commit(rows)
    return len(rows)


def retry(job: Job, *, by: Actor) -> Job:
    """A person lets one failed job run again. Raises Forbidden; Conflict if it did not fail."""
    by.need("coverage:write" if job.run_id else "claims:write")
    if not start_again([job]):
        raise Conflict("Only work that failed or was stopped can be started again.")
    return Job.objects.get(pk=job.pk)


def work(job_id: UUID, do: Callable[[Held], None]) -> tuple[Held, Job.State] | None:
    """Take a job, do it, and note how it ended; None where there was nothing to take or tell.

    ``do`` may run twice: it writes under ``own`` or in ways that do no harm twice. Whatever it
    raises counts as an attempt. When the database itself is gone nothing can be noted; the
    sweep takes the job back.
    """
    held = take(job_id)
    if held is None:
        return None
    with _heart.beating(held):
        try:
            do(held)
            _succeed_at_last(held)
        except Fenced:
            log.info("job.fenced", job=str(held.id), kind=held.kind)
            return None
        except Exception as error:  # noqa: BLE001 - whatever it was belongs into the row
            state = _note(held, error)
            return (held, state) if state is not None else None
    return held, Job.State.SUCCEEDED


@transaction.atomic
def sweep() -> Swept:
    """Take back what lost its worker, end what is out of time, tell workers what still waits.

    A second sweep at the same time does nothing.
    """
    if not _only_one():
        return Swept()
    taken_back = _take_back()
    ended = _end_the_late()
    overdue = _overdue()
    _tell_on_commit(overdue)
    return Swept(taken_back, ended, len(overdue), _prune())


def ping(queues: Iterable[str]) -> None:
    """Ask each queue for a sign of life: one row per queue, done over and over."""
    names = [_ping(queue) for queue in queues]
    enqueue_all(Wanted(name, name) for name in names)
    with transaction.atomic():
        again = Job.objects.filter(key__in=names).exclude(state__in=Job.OPEN)
        rows = list(again.select_for_update(skip_locked=True))
        Job.objects.filter(pk__in=[job.pk for job in rows]).update(
            state=Job.State.QUEUED, attempts=0, not_before=Now(), heartbeat_at=None
        )
        for job in rows:
            job.not_before = timezone.now()
        _tell_on_commit(rows)


def liveness(queues: Iterable[str] = ()) -> Liveness:
    """How long the oldest due job has waited, and which queues gave no sign for too long."""
    now = timezone.now()
    oldest = Job.objects.filter(state=Job.State.QUEUED, not_before__lte=now).aggregate(
        oldest=Min("not_before")
    )["oldest"]
    names = {_ping(queue): queue for queue in queues}
    alive = set(
        Job.objects.filter(key__in=names, finished_at__gt=now - TOO_OLD).values_list(
            "key", flat=True
        )
    )
    return Liveness(
        waiting=now - oldest if oldest else timedelta(),
        silent=tuple(queue for name, queue in names.items() if name not in alive),
    )


def at_work() -> bool:
    """Whether some worker is in the middle of a job and gave a sign of life lately."""
    alive = Job.objects.filter(heartbeat_at__gt=timezone.now() - LOST_AFTER)
    return alive.filter(state=Job.State.RUNNING).exists()


def _ping(queue: str) -> str:
    return f"ping.{queue}"


def _row(wish: Wanted) -> Job:
    return Job(
        kind=wish.kind,
        key=wish.key,
        args=dict(wish.args),
        article=wish.article,
        claim=wish.claim,
        run=wish.run,
        not_before=wish.not_before or timezone.now(),
        deadline=wish.deadline,
    )


def _succeed_at_last(held: Held) -> None:
    """Note the end of work whose effects are safe already, without waiting for the disk.

    An end that is lost with the server is one that was never noted: the sweep takes the job
    back, and ``do`` runs again, as it may after any worker's death.
    """
    if connection.in_atomic_block:
        succeed(held)
    else:
        _SUCCEED_SOON.row(job=held.id, fence=held.fence)


def _mine(held: Held) -> QuerySet[Job]:
    return Job.objects.filter(pk=held.id, fence=held.fence, state=Job.State.RUNNING)


def _sentence(cause: str) -> str:
    return cause.replace("\0", "")[:CAUSE_MAX]


def _wait(attempts: int, error: JobError) -> float:
    """Seconds before the next attempt: 2, 6, 18, 54, each by half more or less."""
    backoff = min(_FIRST_WAIT * 3.0 ** (attempts - 1), _LONGEST_WAIT)
    spread = random.uniform(0.5, 1.5)  # noqa: S311 - to spread them, not to hide
    if isinstance(error, Later):
        return error.after * spread
    return max(backoff * spread, error.after if isinstance(error, Again) else 0)


def _may_try_again(job: Job, error: JobError, due: datetime) -> bool:
    if isinstance(error, Later):
        return job.deadline is None or due < job.deadline
    if not isinstance(error, Again) or job.attempts >= ATTEMPTS_MAX:
        return False
    ends = [moment for moment in (job.deadline, error.until) if moment is not None]
    return all(due < end for end in ends)


def _note(held: Held, error: Exception) -> Job.State | None:
    """Write down what an attempt ran into; None where that cannot be written either."""
    try:
        return fail(held, _as_job_error(held, error))
    except Fenced:
        return None
    except (DatabaseError, InterfaceError):
        log.exception("job.not_noted", job=str(held.id), kind=held.kind)
        return None


def _as_job_error(held: Held, error: Exception) -> JobError:
    if isinstance(error, JobError):
        return error
    if isinstance(error, Busy | FetchError):
        return Again(_code(error), error.message, after=error.retry_after or 0)
    if isinstance(error, DeskError | Unreadable):
        return GaveUp(_code(error), error.message)
    if isinstance(error, SoftTimeLimitExceeded):
        return Again("too_slow", "This took too long and was stopped.")
    log.error("job.crashed", exc_info=error, job=str(held.id), kind=held.kind)
    return Again("crashed", f"The desk ran into an error of its own ({type(error).__name__}).")


def _code(error: DeskError | FetchError | Unreadable) -> str:
    return error.reason if isinstance(error, DeskError) else error.code


@dataclass(slots=True)
class _Pulse:
    """A job in hand: when it says so next, and until when, by the monotonic clock."""

    held: Held
    due: float
    until: float


class _Heart:
    """Beats for every job in hand of this process: a long page or a slow host is no lost worker.

    One thread does it for all, since starting one takes longer than most work lives.
    """

    def __init__(self) -> None:
        self.forked()

    def forked(self) -> None:
        """In a fork: the thread and the jobs are the parent's."""
        self._lock = threading.Lock()
        self._sooner = threading.Event()
        self._pulses: dict[UUID, _Pulse] = {}
        self._thread: threading.Thread | None = None
        self._looks_at = 0.0

    @contextmanager
    def beating(self, held: Held) -> Iterator[None]:
        now = time.monotonic()
        pulse = _Pulse(held, now + HEARTBEAT.total_seconds(), now + LONGEST_LIFE.total_seconds())
        with self._lock:
            self._pulses[held.id] = pulse
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, daemon=True)
                self._thread.start()
            elif pulse.due < self._looks_at:
                self._sooner.set()
        try:
            yield
        finally:
            with self._lock:
                self._pulses.pop(held.id, None)

    def _run(self) -> None:
        """One beat every five seconds; most work is over before the first and costs none."""
        while True:
            now = time.monotonic()
            with self._lock:
                due = [pulse for pulse in self._pulses.values() if pulse.due <= now < pulse.until]
                for pulse in due:
                    pulse.due = now + HEARTBEAT.total_seconds()
                dues = [pulse.due for pulse in self._pulses.values() if now < pulse.until]
                self._looks_at = min([*dues, now + HEARTBEAT.total_seconds()])
                self._sooner.clear()
            if due:
                self._beat(due)
            self._sooner.wait(max(self._looks_at - time.monotonic(), 0))

    def _beat(self, due: Iterable[_Pulse]) -> None:
        try:
            for pulse in due:
                self._beat_once(pulse)
        finally:
            connection.close()

    def _beat_once(self, pulse: _Pulse) -> None:
        held = pulse.held
        try:
            beat(held)
        except Fenced:
            pulse.until = 0.0
        except (DatabaseError, InterfaceError):
            log.warning("job.no_heartbeat", job=str(held.id), kind=held.kind)


_heart = _Heart()
os.register_at_fork(after_in_child=_heart.forked)


def _only_one() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_SWEEP_LOCK])
        return bool(cursor.fetchone()[0])


def _take_back() -> int:
    """Running without a heartbeat: waits again, or ends after too many workers were lost on it.

    A heartbeat from the future means that the clock was set back; nothing proves that worker.
    """
    now = timezone.now()
    lost = Job.objects.filter(state=Job.State.RUNNING).filter(
        Q(heartbeat_at__lt=now - LOST_AFTER)
        | Q(heartbeat_at__gt=now + _ODD_CLOCK)
        | Q(heartbeat_at__isnull=True)
    )
    ids = list(lost.select_for_update(skip_locked=True).values_list("pk", flat=True))
    taken = Job.objects.filter(pk__in=ids)
    worn_out = taken.filter(attempts__gte=ATTEMPTS_MAX).update(
        state=Job.State.FAILED,
        fence=F("fence") + 1,
        finished_at=now,
        code="lost",
        cause=f"The worker was lost {ATTEMPTS_MAX} times in the middle of this.",
    )
    again = taken.filter(state=Job.State.RUNNING).update(
        state=Job.State.QUEUED, fence=F("fence") + 1, not_before=now, heartbeat_at=None
    )
    return worn_out + again


def _end_the_late() -> int:
    """Open past its deadline: failed, with what went wrong last where something did."""
    now = timezone.now()
    late = Job.objects.filter(state__in=Job.OPEN, deadline__lt=now)
    rows = list(late.select_for_update(skip_locked=True))
    for job in rows:
        said = f" Last: {job.cause}" if job.cause else ""
        Job.objects.filter(pk=job.pk).update(
            state=Job.State.FAILED,
            fence=F("fence") + 1,
            finished_at=now,
            code="deadline",
            cause=_sentence(f"The time for this was over.{said}"),
        )
    return len(rows)


def _overdue() -> list[Job]:
    """Due jobs nobody took, oldest first: as many per queue as its messages leave room for.

    A long queue has its messages still; sending them again each time would only make it longer.
    """
    now = timezone.now()
    # A row made in the future means that the clock was set back: it is due now.
    Job.objects.filter(
        state=Job.State.QUEUED, created_at__gt=now + _ODD_CLOCK, not_before__gt=now
    ).update(not_before=now)
    waiting = Job.objects.filter(
        state=Job.State.QUEUED, not_before__lte=now - timedelta(seconds=3)
    ).order_by("not_before")
    room: dict[str, int] = {}
    chosen = []
    for job in waiting[: 5 * _WINDOW]:
        queue = _queue_of(job.kind)
        if queue not in room:
            room[queue] = _WINDOW - _messages_in(queue)
        if room[queue] > 0:
            room[queue] -= 1
            chosen.append(job)
    return chosen


def _prune() -> int:
    """Forget what was done long ago; a run keeps its jobs, because its counts are made of them."""
    old = Job.objects.filter(
        state=Job.State.SUCCEEDED, run__isnull=True, finished_at__lt=timezone.now() - KEEP_DONE
    ).values("pk")[:1000]
    return Job.objects.filter(pk__in=list(old.values_list("pk", flat=True))).delete()[0]


def _queue_of(kind: str) -> str:
    routed = current_app.amqp.router.route({}, _task(kind))
    queue = routed.get("queue")
    return str(getattr(queue, "name", None) or current_app.conf.task_default_queue)


def _messages_in(queue: str) -> int:
    """How many messages wait in the broker; none where it cannot say."""
    if not _broker.answers():
        return 0
    try:
        with current_app.connection_for_write() as link:
            channel: Any = link.default_channel
            return int(channel.queue_declare(queue=queue, passive=True).message_count)
    except _broker.errors():
        return 0


def _task(kind: str) -> str:
    return f"job:{kind}"


def _tell_on_commit(jobs: Iterable[Job]) -> None:
    """Send a worker to each job once the rows can be seen; losing the message is no harm."""
    hints = [(str(job.pk), job.kind, job.not_before) for job in jobs]
    if hints:
        transaction.on_commit(lambda: _tell(hints), robust=True)


def _tell(hints: list[tuple[str, str, datetime]]) -> None:
    for job_id, kind, not_before in hints:
        delay = max(0.0, (not_before - timezone.now()).total_seconds())
        if delay > _LONGEST_DELAY_IN_A_MESSAGE:
            continue
        if not _broker.answers():
            return
        try:
            current_app.send_task(
                _task(kind),
                args=[job_id],
                countdown=delay or None,
                retry=False,
                ignore_result=True,
            )
        except _broker.errors() as error:
            # The sweep will send it; until then nobody has to wait for a dead broker again.
            _broker.rest()
            log.warning("job.not_told", job=job_id, kind=kind, why=str(error))


class _Broker:
    """Remembers for a moment that the broker did not answer, so that one wait is enough."""

    def __init__(self) -> None:
        self._quiet_until = 0.0

    def answers(self) -> bool:
        return time.monotonic() >= self._quiet_until

    def rest(self) -> None:
        self._quiet_until = time.monotonic() + _BROKER_REST

    @staticmethod
    def errors() -> tuple[type[BaseException], ...]:
        """What comes up when the broker cannot be reached: kombu's own, and its transport's."""
        transport = current_app.connection_for_write().transport
        return (KombuError, OSError, *transport.connection_errors, *transport.channel_errors)


_broker = _Broker()
