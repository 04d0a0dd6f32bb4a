"""A person takes what a machine saw, leaves it, or marks a passage of their own choice."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from claims.errors import Conflict, Invalid
from claims.intake import checks
from claims.intake.submit import Trace, Words, put
from claims.models import Actor, Article, Candidate, Claim, Claimant
from claims.text.attributed import Attribution, chain
from claims.text.normalise import plain
from claims.text.passage import anchor_at

REASON_MAX = 2_000
_CLAIMANTS = {"person": Claimant.Kind.PERSON, "organisation": Claimant.Kind.ORGANISATION}


@transaction.atomic
def take(candidate: Candidate, *, by: Actor, text: str = "", trace: Trace | None = None) -> Claim:
    """Make a candidate a draft claim. Taken twice, it is the same claim.

    With ``text`` that says it in other words, ``by`` is their author; taken as it is, nobody of
    the desk is. Raises Forbidden and Invalid.
    """
    checks.may_write(by)
    if text:
        checks.refuse(checks.words(text, "/text", longest=checks.CLAIM_MAX, what="The claim"))
    # Its claim is read afterwards: a join would show the row as it was before the wait.
    candidate = Candidate.objects.select_for_update().get(pk=candidate.pk)
    if candidate.status == Candidate.Status.TAKEN and candidate.claim is not None:
        return candidate.claim
    changed = bool(text) and plain(text) != plain(candidate.text)
    article = candidate.article
    created = put(
        Words(
            text=text.strip() if changed else candidate.text,
            written=changed,
            claimant=_claimant_of(candidate),
            article=article,
            quote=anchor_at(article.text, candidate.start, candidate.end).as_json(),
            appearances=candidate.appearances,
            checkworthiness={"score": candidate.score, "parts": candidate.parts},
        ),
        by=by,
        trace=trace,
    )
    candidate.status, candidate.claim = Candidate.Status.TAKEN, created.claim
    candidate.decided_by, candidate.decided_at = by.person, timezone.now()
    candidate.why = ""
    candidate.save(update_fields=["status", "claim", "decided_by", "decided_at", "why"])
    return created.claim


@transaction.atomic
def leave(candidate: Candidate, *, by: Actor, reason: str = "") -> Candidate:
    """Set a candidate aside; it stays to be seen. Raises Conflict where it was taken."""
    checks.may_write(by)
    checks.refuse(checks.line(reason, "/reason", longest=REASON_MAX, what="The reason"))
    candidate = Candidate.objects.select_for_update().get(pk=candidate.pk)
    if candidate.status == Candidate.Status.TAKEN:
        raise Conflict("This was taken already: it is a claim on the desk.")
    candidate.status, candidate.why = Candidate.Status.LEFT, reason.strip()
    candidate.decided_by, candidate.decided_at = by.person, timezone.now()
    candidate.save(update_fields=["status", "why", "decided_by", "decided_at"])
    return candidate


@transaction.atomic
def mark(
    article: Article,
    *,
    by: Actor,
    start: int,
    end: int,
    text: str = "",
    trace: Trace | None = None,
) -> Claim:
    """Make a marked passage of an article a draft claim, in its own words or in ``text``.

    ``start`` and ``end`` count characters of the article's text, end exclusive. Raises Forbidden,
    Invalid and, for an article that was not read yet, Conflict.
    """
    checks.may_write(by)
    if not article.text:
        raise Conflict("This article has no text yet; mark a passage when it was read.")
    if not 0 <= start < end <= len(article.text):
        raise Invalid.at(
            "/end" if 0 <= start < len(article.text) else "/start",
            f"Mark a passage inside the text: it has {len(article.text):,} characters.",
        )
    start, end = _trimmed(article.text, start, end)
    passage = article.text[start:end]
    changed = bool(text) and plain(text) != plain(passage)
    words = text.strip() if changed else passage
    pointer = "/text" if changed else "/start"
    checks.refuse(checks.words(words, pointer, longest=checks.CLAIM_MAX, what="The claim"))
    same = article.candidates.filter(start=start, end=end).order_by("rank").first()
    created = put(
        Words(
            text=words,
            written=changed,
            claimant=_claimant_of(same) if same is not None else None,
            article=article,
            quote=anchor_at(article.text, start, end).as_json(),
            appearances=same.appearances if same is not None else (),
            checkworthiness=_worth(same),
        ),
        by=by,
        trace=trace,
    )
    article.candidates.filter(start=start, end=end, claim=None).update(
        status=Candidate.Status.TAKEN,
        claim=created.claim,
        decided_by=by.person,
        decided_at=timezone.now(),
    )
    return created.claim


def _worth(candidate: Candidate | None) -> dict[str, Any]:
    return {"score": candidate.score, "parts": candidate.parts} if candidate is not None else {}


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    passage = text[start:end]
    left = len(passage) - len(passage.lstrip())
    if left == len(passage):
        return start, end
    return start + left, start + len(passage.rstrip())


def _claimant_of(candidate: Candidate) -> tuple[str, str] | None:
    """The named person or organisation at the end of the chain; a relay is no claimant.

    An inherited chain is a suggestion and makes nobody a claimant.
    """
    if candidate.inherited or not candidate.attributions:
        return None
    edges = [Attribution.from_json(edge) for edge in candidate.article.attributions]
    hops = chain(candidate.attributions[-1], edges)
    if not hops or any(hop.is_denial for hop in hops):
        return None
    last = hops[-1]
    kind = _CLAIMANTS.get(last.kind)
    if kind is None or not last.named:
        return None
    return plain(last.resolves_to or last.source)[:200], kind
