"""A digest by e-mail of what somebody has not read in their inbox yet; a job for each."""

import smtplib
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from claims import jobs
from claims.jobs import Again, GaveUp, Held
from claims.models import Claim, User
from claims.models.actors import person as acting
from reviews.models import Notification

MAIL = "reviews.digest"
# Who reads mail once a day reads it in the morning. An hour, UTC.
DAILY_AT = 6
IN_ONE = 50
# A notice that nobody wanted to mail for so long is no news any more.
NEWS = timedelta(days=7)
WORDS = 160


def is_on() -> bool:
    """Whether this desk has a mail server to send by."""
    return bool(settings.EMAIL_HOST)


def change(person: User, *, digest: str, muted: Iterable[str]) -> None:
    """Keep how somebody wants to be told. What is in the inbox now is not mailed afterwards."""
    if digest != person.digest:
        to_mail(person).update(mailed_at=timezone.now())
    person.digest, person.muted = digest, sorted(muted)
    person.save(update_fields=["digest", "muted"])


def to_mail(person: User) -> QuerySet[Notification]:
    """What somebody has neither read nor been mailed, oldest first."""
    since = timezone.now() - NEWS
    unread = Notification.objects.filter(person=person, read_at__isnull=True, at__gte=since)
    return unread.filter(mailed_at__isnull=True).order_by("at")


def want_due(now: datetime) -> int:
    """Want a mail for each person whose time has come; how many. By the clock, twice harmless."""
    if not is_on():
        return 0
    wanted = [
        # One an hour has this key; more often, nobody asked for.
        jobs.Wanted(MAIL, key=f"{MAIL}:{person.pk}:{now:%Y-%m-%dT%H}", args={"to": str(person.pk)})
        for person in _waiting()
        if person.digest == User.Digest.HOURLY or now.hour == DAILY_AT
    ]
    jobs.enqueue_all(wanted)
    return len(wanted)


def send(held: Held) -> None:
    """Mail one digest. Raises Again where the server did not take it, GaveUp where it never will.

    A worker killed between the sending and the note of it sends the same mail again, under the
    same Message-ID.
    """
    person = User.objects.filter(pk=UUID(held.args["to"]), is_active=True).first()
    if person is None or person.digest == User.Digest.NEVER or not person.email:
        return
    notices = list(to_mail(person).select_related("claim")[:IN_ONE])
    if not notices:
        return
    _hand_over(_mail(person, notices, message_id=f"<{held.id}@{_domain()}>"))
    with transaction.atomic():
        jobs.own(held)
        Notification.objects.filter(pk__in=[one.pk for one in notices]).update(
            mailed_at=timezone.now()
        )


def _waiting() -> QuerySet[User]:
    """Who wants mail and has news for one."""
    fresh = Notification.objects.filter(
        person=OuterRef("pk"),
        read_at__isnull=True,
        mailed_at__isnull=True,
        at__gte=timezone.now() - NEWS,
    )
    people = User.objects.filter(is_active=True).exclude(digest=User.Digest.NEVER)
    return people.exclude(email="").filter(Exists(fresh))


def _mail(person: User, notices: list[Notification], *, message_id: str) -> EmailMessage:
    seen = set(
        Claim.objects.visible_to(acting(person))
        .filter(pk__in=[one.claim_id for one in notices])
        .exclude(visibility=Claim.Visibility.RESTRICTED)
        .values_list("pk", flat=True)
    )
    rows = [
        {
            "said": one.message,
            "words": _words(one.claim) if one.claim_id in seen and one.claim else "",
            "url": _address("admin:claims_claim_change", one.claim_id) if one.claim_id else "",
        }
        for one in notices
    ]
    text = render_to_string(
        "desk/digest.txt",
        {
            "person": person,
            "rows": rows,
            "inbox": _address("desk:inbox"),
            "comfort": _address("desk:comfort"),
            "desk": settings.DESK_NAME,
        },
    )
    subject = ngettext("%(count)d notice", "%(count)d notices", len(rows)) % {"count": len(rows)}
    return EmailMessage(
        subject=f"[{settings.DESK_NAME}] {subject}",
        body=text,
        to=[person.email],
        headers={"Message-ID": message_id, "Auto-Submitted": "auto-generated"},
    )


def _words(claim: Claim) -> str:
    line = " ".join(claim.text.split())
    return line if len(line) <= WORDS else f"{line[: WORDS - 1]}…"


def _hand_over(mail: EmailMessage) -> None:
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as error:
        raise GaveUp("refused", _("The mail server refuses this person’s address.")) from error
    except smtplib.SMTPAuthenticationError as error:
        said = _("The mail server refuses the name and password in EMAIL_URL.")
        raise GaveUp("not_configured", said) from error
    except (smtplib.SMTPException, OSError) as error:
        said = _("The mail server did not take the mail (%s).") % type(error).__name__
        raise Again("mail_server", said) from error


def _address(name: str, *args: object) -> str:
    return f"{settings.SITE_URL}{reverse(name, args=args)}"


def _domain() -> str:
    return settings.SITE_URL.split("//", 1)[-1].split(":", 1)[0] or "localhost"
