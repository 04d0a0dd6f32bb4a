"""The published document: everything a reader gets, as canonical bytes that never change.

Names of reviewers are not in it: bylines are shown beside it and can be taken away at once.
Nothing of evidence that is the desk's alone is in it but that it exists.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from claims.evidence.opened import contact_told
from claims.ledger.canonical import canonical
from claims.models import Claim, Evidence
from reviews.markup.claimreview import ClaimReviewFacts, claim_review
from reviews.method import in_force
from reviews.models import Finding, Publication, Rating, ReplyRequest, Verdict, in_language

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Edition:
    """What one version is made of."""

    claim: Claim
    verdict: Verdict
    finding: Finding
    cited: tuple[Evidence, ...]
    slug: str
    version: int
    published_at: datetime
    first_published_at: datetime
    overrides: tuple[tuple[str, str], ...]
    sample: bool = False
    corrects: Publication | None = None
    kind: str = ""
    note: str = ""
    requested_by: str = ""


def page_url(slug: str) -> str:
    return f"{settings.SITE_URL}/checks/{slug}/"


def json_url(slug: str, version: int) -> str:
    return f"{settings.SITE_URL}/checks/{slug}/v/{version}.json"


def freeze(edition: Edition) -> tuple[bytes, str]:
    """The canonical bytes of one version and their SHA-256, hex."""
    body = canonical(compose(edition))
    return body, hashlib.sha256(body).hexdigest()


def compose(edition: Edition) -> dict[str, Any]:
    """The document as plain JSON without floats; the shape is in docs/reference/published.md."""
    claim, verdict = edition.claim, edition.verdict
    evidence = [evidence_json(item) for item in edition.cited]
    return {
        "format": FORMAT,
        "sample": edition.sample,
        "slug": edition.slug,
        "version": edition.version,
        "url": page_url(edition.slug),
        "json_url": json_url(edition.slug, edition.version),
        "published_at": stamp(edition.published_at),
        "first_published_at": stamp(edition.first_published_at),
        "desk": settings.DESK_NAME,
        "claim": {
            "id": str(claim.pk),
            "text": claim.text,
            "language": claim.language,
            "claimant": _claimant(claim),
            "quote": claim.quote,
            "article": _article(claim),
            "appearances": _appearances(claim),
            "topic": claim.topic.name if claim.topic is not None else None,
            "why": claim.why or None,
        },
        "headline": edition.finding.headline,
        "answer": edition.finding.answer,
        "finding": [
            {
                "text": one["text"],
                "evidence": list(one["evidence"]),
                "judgement": bool(one.get("judgement")),
            }
            for one in edition.finding.sentences
        ],
        "looked_against": edition.finding.looked_against or None,
        "verdict": {
            "id": str(verdict.pk),
            "by": verdict.by,
            "recorded_at": stamp(verdict.recorded_at),
            "rating": rating_json(verdict.rating, claim.language),
        },
        "method": {
            "judged": verdict.method or None,
            "published": in_force(verdict.rating.scale).as_json(),
        },
        "evidence": evidence,
        "sources": claim.sources,
        "graph": _graph(claim),
        "replies": [_reply(one) for one in claim.replies.all()],
        "overrides": [{"code": code, "note": note} for code, note in edition.overrides],
        "correction": _correction(edition),
        "claim_review": claim_review(_facts(edition)),
    }


def evidence_json(item: Evidence) -> dict[str, Any]:
    """One piece of evidence as readers get it: link, short quote, time and digest, no bytes."""
    if item.visibility != Evidence.Visibility.PUBLIC:
        return {"id": str(item.pk), "visibility": item.visibility, "kind": item.kind}
    capture = item.capture
    return {
        "id": str(item.pk),
        "visibility": item.visibility,
        "kind": item.kind,
        "title": item.title,
        "stance": item.stance,
        "quote": item.quote,
        "anchor": item.anchor,
        "translation": item.translation,
        "primary": item.primary,
        "named": item.named,
        "interest": item.interest or None,
        "url": (capture.final_url if capture is not None else item.url) or None,
        "archive_url": _archive_url(item),
        "captured_at": stamp(capture.fetched_at) if capture is not None else None,
        "sha256": capture.sha256 if capture is not None else None,
        "contact": contact_told(item.contact),
    }


def rating_json(rating: Rating, language: str) -> dict[str, Any]:
    return {
        "code": rating.code,
        "label": in_language(rating.label, language),
        "definition": in_language(rating.definition, language),
        "number": plain_number(rating.number),
        "class": rating.rating_class,
        "scale": rating.scale.slug,
        "scale_version": rating.scale.version,
    }


def plain_number(number: Any) -> int | str | None:
    """A rating's number without a float: an integer, else its decimal digits."""
    if number is None:
        return None
    return int(number) if number == int(number) else str(number.normalize())


def stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _facts(edition: Edition) -> ClaimReviewFacts:
    claim, rating = edition.claim, edition.verdict.rating
    numbers = [one.number for one in rating.scale.ratings.all() if one.number is not None]
    article = claim.article
    return ClaimReviewFacts(
        url=page_url(edition.slug),
        claim=claim.text,
        language=claim.language,
        rating=in_language(rating.label, claim.language),
        number=plain_number(rating.number),
        best=plain_number(max(numbers, default=None)),
        worst=plain_number(min(numbers, default=None)),
        author=settings.DESK_NAME,
        author_url=settings.SITE_URL,
        answer=edition.finding.answer,
        published=stamp(edition.first_published_at),
        modified=stamp(edition.published_at),
        claimant=claim.claimant.name if claim.claimant is not None else "",
        claimant_kind=claim.claimant.kind if claim.claimant is not None else "",
        claim_date=_day(claim),
        appearance=article.url if article is not None else "",
        based_on=tuple(
            url
            for item in edition.cited
            if item.visibility == Evidence.Visibility.PUBLIC
            and (url := item.capture.final_url if item.capture is not None else item.url)
        ),
        correction=edition.note,
    )


def _day(claim: Claim) -> str:
    article = claim.article
    if article is None:
        return ""
    if article.published_on is not None:
        return article.published_on.isoformat()
    return article.published_at.date().isoformat() if article.published_at is not None else ""


def _claimant(claim: Claim) -> dict[str, str] | None:
    if claim.claimant is None:
        return None
    return {"name": claim.claimant.name, "kind": claim.claimant.kind}


def _article(claim: Claim) -> dict[str, Any] | None:
    article = claim.article
    if article is None:
        return None
    return {
        "title": article.title,
        "url": article.url or None,
        "outlet": article.outlet.name if article.outlet is not None else None,
        "published": _day(claim) or None,
        "published_as_printed": article.published_raw or None,
        "sha256": article.capture.sha256 if article.capture is not None else None,
    }


def _appearances(claim: Claim) -> list[dict[str, Any]]:
    rows = claim.coverage.filter(set_aside=False).select_related("article__outlet")[:500]
    return [
        {
            "url": row.article.url or None,
            "title": row.article.title,
            "outlet": row.article.outlet.name if row.article.outlet is not None else None,
            "relation": row.relation,
        }
        for row in rows
    ]


def _graph(claim: Claim) -> dict[str, Any] | None:
    trace = claim.traces.first()
    if trace is None:
        return None
    return {
        "trace": str(trace.pk),
        "rule_version": trace.rule_version,
        "inputs_sha256": trace.inputs_digest,
        "circular": trace.summary["circular"],
        **without_floats(trace.graph),
    }


def without_floats(value: Any) -> Any:
    """The same JSON with each float as its shortest decimal string: the log's format has none."""
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, dict):
        return {name: without_floats(part) for name, part in value.items()}
    if isinstance(value, list):
        return [without_floats(part) for part in value]
    return value


def _archive_url(item: Evidence) -> str | None:
    if item.capture is None:
        return None
    link = item.capture.archive_links.order_by("-recorded_at").first()
    return link.url if link is not None else None


def _reply(one: ReplyRequest) -> dict[str, Any]:
    return {
        "asked": one.asked,
        "role": one.role,
        "asked_at": stamp(one.asked_at),
        "deadline": stamp(one.deadline) if one.deadline is not None else None,
        "answer": one.answer or None,
        "answered_at": stamp(one.answered_at) if one.answered_at is not None else None,
        "not_asked_because": one.not_asked_because or None,
    }


def _correction(edition: Edition) -> dict[str, Any] | None:
    if edition.corrects is None:
        return None
    return {
        "kind": edition.kind,
        "note": edition.note,
        "requested_by": edition.requested_by or None,
        "corrects": edition.corrects.version,
        "corrects_sha256": edition.corrects.sha256,
    }
