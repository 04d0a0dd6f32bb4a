"""The look before a bulk act: which claims, what will happen to each, and why some will stay."""

from datetime import timedelta

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from claims.errors import Invalid
from claims.models import Actor, Claim, Role, User
from claims.models.claim import ClaimQuerySet
from reviews.bulk.acts import Act, as_json, may_ask
from reviews.models import BulkAct, BulkItem

MOST = 20_000
# A look that nobody acted on; its versions are old by then.
KEEP_UNBEGUN = timedelta(days=1)
FILTER_MAX = 2_000
Outcome = BulkItem.Outcome
_COPY = "COPY reviews_bulkitem (act_id, claim_id, version, outcome, code, why) FROM STDIN"


@transaction.atomic
def look(act: Act, claims: ClaimQuerySet, *, by: Actor, chosen_by: str = "") -> BulkAct:
    """Keep which claims are meant, each at its version, with what is foreseen. Changes no claim.

    ``claims`` are those chosen; only what the person may know of is taken. ``chosen_by`` says by
    which filter. Raises Forbidden, Invalid (no claim, too many, a wish that cannot be used).
    """
    may_ask(act.kind, by)
    problems = act.problems()
    if problems:
        raise Invalid("Something has to be said first.", problems=problems)
    meant = Claim.objects.visible_to(by).filter(pk__in=claims.order_by().values("pk"))
    _refuse_how_many(meant)
    BulkAct.objects.filter(
        begun_at__isnull=True, made_at__lt=timezone.now() - KEEP_UNBEGUN
    ).delete()
    row = BulkAct.objects.create(
        kind=act.kind, wish=as_json(act), by=_person(by), chosen_by=chosen_by[:FILTER_MAX]
    )
    seen = [(claim, act.foresee(claim, by)) for claim in _rows(meant, act)]
    # By COPY: rows made one by one were half of the time that somebody waits for the look.
    with connection.cursor() as cursor, cursor.copy(_COPY) as kept:
        for claim, foreseen in seen:
            code, why = (foreseen.code, foreseen.why) if foreseen is not None else ("", "")
            kept.write_row((row.pk, claim.pk, claim.version, Outcome.WAITING.value, code, why))
    return row


def acts_of(by: Actor) -> QuerySet[BulkAct]:
    """The bulk acts this person may look into: their own; an editor or admin all that began."""
    rows = BulkAct.objects.select_related("by")
    mine = rows.filter(by=by.person)
    if by.holds(Role.EDITOR, Role.ADMIN):
        return mine | rows.filter(begun_at__isnull=False)
    return mine


def items_of(row: BulkAct, by: Actor) -> QuerySet[BulkItem]:
    """Its claims that this person may know of now: a claim may have been restricted since."""
    items = row.items.all()
    if by.holds(Role.EDITOR, Role.ADMIN):
        return items
    return items.filter(claim__in=Claim.objects.visible_to(by).values("pk"))


def _refuse_how_many(meant: ClaimQuerySet) -> None:
    many = meant[: MOST + 1].count()
    if not many:
        raise Invalid.at("/claims", "No claim is chosen: choose some, or a filter that fits some.")
    if many > MOST:
        raise Invalid.at("/claims", f"This fits more than {MOST:,} claims; narrow the filter.")


def _rows(meant: ClaimQuerySet, act: Act) -> list[Claim]:
    """The claims with what the act looks at, first of the queue first."""
    fields = ("state", "version", "published_version", "due_at", "outcome")
    return list(meant.only("id", *fields).annotate(**act.beside).order_by("-priority", "id"))


def _person(by: Actor) -> User:
    if by.person is None:
        raise RuntimeError("may_ask lets only people through")
    return by.person
