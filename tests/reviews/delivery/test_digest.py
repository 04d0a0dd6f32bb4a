"""What people are mailed, when, and what never stands in a mail."""

import socketserver
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.conf import LazySettings
from django.core.mail import EmailMessage
from django.core.mail.utils import DNS_NAME

from claims import jobs
from claims.models import Claim, Job, User
from reviews import notices
from reviews.delivery import digest
from reviews.models import Notification
from tests import factories

pytestmark = pytest.mark.django_db

MORNING = datetime(2026, 3, 2, 6, 5, tzinfo=UTC)
NOON = datetime(2026, 3, 2, 12, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def mail_server(settings: LazySettings) -> None:
    settings.EMAIL_HOST = "mail.check.example"


def reader(*, digest: str = "hourly", email: str = "reader@check.example") -> User:
    by = factories.reviewer("reader")
    assert by.person is not None
    by.person.email, by.person.digest = email, digest
    by.person.save()
    return by.person


def told(person: User, *, claim: Claim | None = None, kind: str = "assigned") -> Claim:
    claim = claim or factories.claim(text="The bridge was closed on Monday.")
    notices.tell([person], kind, claim, "A claim is yours.", but=factories.editor())
    return claim


def work_off() -> list[str]:
    """Do every mail that is wanted; the states the jobs are in then."""
    for job in Job.objects.filter(kind=digest.MAIL, state=Job.State.QUEUED):
        jobs.work(job.pk, digest.send)
    return list(Job.objects.filter(kind=digest.MAIL).values_list("state", flat=True))


def test_what_was_not_read_comes_by_mail_once(mailoutbox: list[EmailMessage]) -> None:
    person = reader()
    claim = told(person)

    digest.want_due(NOON)
    digest.want_due(NOON + timedelta(minutes=5))
    assert work_off() == ["succeeded"]
    digest.want_due(NOON + timedelta(hours=1))

    [mail] = mailoutbox
    assert mail.to == ["reader@check.example"]
    assert "A claim is yours." in mail.body
    assert "The bridge was closed on Monday." in mail.body
    assert f"/admin/claims/claim/{claim.pk}/" in mail.body
    assert "/admin/comfort/" in mail.body
    assert Job.objects.filter(kind=digest.MAIL).count() == 1


def test_a_mail_about_a_restricted_claim_has_none_of_its_words(
    mailoutbox: list[EmailMessage],
) -> None:
    person = reader()
    claim = told(person)
    Claim.objects.filter(pk=claim.pk).update(visibility=Claim.Visibility.RESTRICTED)
    claim.assigned_to.add(person)

    digest.want_due(NOON)
    work_off()

    assert "A claim is yours." in mailoutbox[0].body
    assert "bridge" not in mailoutbox[0].body


def test_a_mail_once_a_day_comes_in_the_morning() -> None:
    told(reader(digest="daily"))

    assert digest.want_due(NOON) == 0
    assert digest.want_due(MORNING) == 1


def test_who_reads_the_inbox_gets_no_mail() -> None:
    told(reader())
    Notification.objects.update(read_at=NOON)

    assert digest.want_due(NOON) == 0


@pytest.mark.parametrize("how", [{"digest": "never"}, {"email": ""}])
def test_nobody_is_mailed_who_did_not_ask_or_cannot_be(how: dict[str, str]) -> None:
    told(reader(**how))

    assert digest.want_due(NOON) == 0


def test_a_desk_without_a_mail_server_wants_no_mail(settings: LazySettings) -> None:
    settings.EMAIL_HOST = ""
    told(reader())

    assert digest.want_due(NOON) == 0


def test_a_kind_that_was_switched_off_is_not_told_at_all() -> None:
    person = reader()
    digest.change(person, digest="hourly", muted=["urgent"])

    told(person, kind="urgent")
    told(person, kind="assigned")

    assert set(Notification.objects.values_list("kind", flat=True)) == {"assigned"}


def test_what_lay_in_the_inbox_before_mail_was_asked_for_is_not_mailed() -> None:
    person = reader(digest="never")
    told(person)

    digest.change(person, digest="hourly", muted=[])
    assert digest.want_due(NOON) == 0

    told(person)
    assert digest.want_due(NOON) == 1


def test_who_left_the_desk_between_wish_and_sending_gets_nothing(
    mailoutbox: list[EmailMessage],
) -> None:
    person = reader()
    told(person)
    digest.want_due(NOON)
    User.objects.filter(pk=person.pk).update(is_active=False)

    assert work_off() == ["succeeded"]
    assert mailoutbox == []


class _Refusing(socketserver.StreamRequestHandler):
    """A mail server that greets, and answers every recipient as it was told to."""

    def handle(self) -> None:
        self.wfile.write(b"220 mail.check.example\r\n")
        for line in self.rfile:
            said = line.upper()
            if said.startswith(b"RCPT"):
                self.wfile.write(self.server.answer)  # type: ignore[attr-defined]
            elif said.startswith(b"QUIT"):
                self.wfile.write(b"221 bye\r\n")
                return
            else:
                self.wfile.write(b"250 ok\r\n")


@pytest.fixture
def server(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    # The machine's own name would be asked of a name server beyond it.
    monkeypatch.setattr(DNS_NAME, "_fqdn", "desk.check.example", raising=False)
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Refusing) as running:
        running.daemon_threads = True
        threading.Thread(target=running.serve_forever, daemon=True).start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = running.server_address[:2]
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        yield running
        running.shutdown()


@pytest.mark.parametrize(
    ("answer", "state", "code"),
    [(b"550 no such mailbox\r\n", "failed", "refused"), (b"", "queued", "mail_server")],
)
def test_a_mail_that_is_not_taken_is_told_with_its_cause_and_stays_to_be_mailed(
    server: Any, answer: bytes, state: str, code: str, settings: LazySettings
) -> None:
    settings.EMAIL_TIMEOUT = 0.3
    server.answer = answer
    told(reader())
    digest.want_due(NOON)

    assert work_off() == [state]

    job = Job.objects.get(kind=digest.MAIL)
    assert job.code == code
    assert job.cause.startswith("The mail server")
    assert Notification.objects.filter(mailed_at__isnull=True).count() == 1


def test_a_worker_that_lost_its_job_does_not_note_the_mail_as_sent(
    mailoutbox: list[EmailMessage],
) -> None:
    told(reader())
    digest.want_due(NOON)
    job = Job.objects.get(kind=digest.MAIL)
    held = jobs.take(job.pk)
    assert held is not None
    Job.objects.update(fence=held.fence + 1)

    with pytest.raises(jobs.Fenced):
        digest.send(held)

    assert Notification.objects.filter(mailed_at__isnull=True).count() == 1
    assert UUID(held.args["to"])
