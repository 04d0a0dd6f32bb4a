"""Rows for tests: each builder makes the least that is valid, and takes what matters by name."""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from claims.models import (
    Actor,
    ApiToken,
    Article,
    Candidate,
    Capture,
    Claim,
    Claimant,
    ClaimAuthor,
    CoverageItem,
    CoverageRun,
    Domain,
    Evidence,
    Outlet,
    Owner,
    ProvenanceEdge,
    Reading,
    Role,
    SourceNode,
    User,
    Wording,
)
from claims.models.actors import bearer
from claims.models.actors import person as acting
from claims.text.attributed import Attribution
from claims.text.digest import words_digest
from claims.web.page import READER
from reviews import rounds
from reviews.models import SEATS, Lease, RatingScale, Review, ReviewEvidence, Round
from reviews.scales import load, rating_of

SEEDS = Path(__file__).resolve().parents[1] / "seeds"
SEED_ARTICLE = SEEDS / "000_b33190913e3caa3e.txt"
LONG_AGO = datetime(2020, 12, 20, 12, 32, tzinfo=UTC)

_number = count(1)


def person(*roles: str, name: str = "", **fields: Any) -> User:
    """Somebody of the desk; a contributor unless roles are named. It has no password yet."""
    user = User(
        username=name or f"person-{next(_number)}",
        roles=[str(role) for role in roles] or [Role.CONTRIBUTOR.value],
        **fields,
    )
    # Argon2 costs more than most tests do; whoever logs in sets a password of their own.
    user.set_unusable_password()
    user.save()
    return user


def actor(*roles: str, name: str = "", scopes: Iterable[str] | None = None) -> Actor:
    """A new person at the desk with all their roles allow, or only with ``scopes``."""
    user = person(*roles, name=name)
    return acting(user) if scopes is None else Actor(person=user, scopes=frozenset(scopes))


def contributor(name: str = "") -> Actor:
    return actor(Role.CONTRIBUTOR, name=name)


def reviewer(name: str = "") -> Actor:
    return actor(Role.REVIEWER, name=name)


def editor(name: str = "") -> Actor:
    return actor(Role.EDITOR, name=name)


def admin(name: str = "") -> Actor:
    return actor(Role.ADMIN, name=name)


def token(
    *scopes: str, of: User | None = None, name: str = "", expires_at: datetime | None = None
) -> tuple[ApiToken, str]:
    """A token and its words; a contributor's scopes unless some are named."""
    return ApiToken.issue(
        name or f"token-{next(_number)}",
        person=of,
        scopes=scopes or ("claims:read", "claims:write", "coverage:write", "events:read"),
        expires_at=expires_at,
    )


def service(*scopes: str) -> Actor:
    """A token without a person."""
    return bearer(token(*scopes)[0])


def outlet(
    name: str = "", *, host: str = "", owner: str = "", agency: bool = False, **fields: Any
) -> Outlet:
    """A publisher with a ``.example`` host, and an owner where one is named."""
    number = next(_number)
    made = Outlet.objects.create(
        name=name or f"Outlet {number}",
        owner=Owner.objects.get_or_create(name=owner)[0] if owner else None,
        agency=agency,
        **fields,
    )
    Domain.objects.create(host=host or f"outlet-{number}.example", outlet=made)
    return made


def capture(
    body: bytes = b"Captured words.",
    *,
    media_type: str = "text/plain",
    text: str | None = None,
    **fields: Any,
) -> Capture:
    """Stored bytes. ``text`` is what the present reader took from them, where a test says it."""
    digest = hashlib.sha256(body).hexdigest()
    key = f"captures/{digest[:2]}/{digest}"
    if not default_storage.exists(key):
        default_storage.save(key, ContentFile(body))
    made = Capture.objects.create(
        media_type=media_type,
        sha256=digest,
        size=len(body),
        storage_key=key,
        **{"final_url": f"https://paper.example/{next(_number)}", **fields},
    )
    if text is not None:
        Reading.objects.create(capture=made, reader=READER, text=text)
    return made


def article(text: str = "", *, title: str = "", url: str = "", **fields: Any) -> Article:
    """A text that was read. ``attributions`` may be Attribution objects or their JSON."""
    number = next(_number)
    text = text or f"The council closed bridge number {number} on Monday, the mayor said."
    edges = fields.pop("attributions", ())
    return Article.objects.create(
        text=text,
        title=title,
        url=url,
        key=Article.key_of(url or f"test:{number}", text),
        attributions=[e.as_json() if isinstance(e, Attribution) else e for e in edges],
        **{"language": "en", "status": Article.Status.READY, **fields},
    )


def seed_article(**fields: Any) -> Article:
    """The seed article as handed in, byte for byte, without a reading."""
    return article(SEED_ARTICLE.read_text(encoding="utf-8"), handed_in=True, **fields)


def attribution(
    text: str,
    source: str,
    cue: str,
    *,
    kind: str = "outlet",
    number: int = 1,
    reach: Iterable[str] = (),
    **fields: Any,
) -> Attribution:
    """An edge read from ``text``: places are where the words first stand in it."""
    return Attribution(
        id=f"e{number}",
        source=source,
        source_span=_place(text, source),
        cue=cue,
        cue_span=_place(text, cue),
        kind=kind,
        reach=tuple(_place(text, words) for words in reach),
        **{
            "from_id": "article",
            "named": kind not in {"unnamed", "collective"},
            "depth": 1,
            "rule": "test",
            "version": "1",
            "confidence": 0.9,
            **fields,
        },
    )


def _place(text: str, words: str) -> tuple[int, int]:
    start = text.index(words)
    return start, start + len(words)


def candidate(of: Article, exact: str = "", **fields: Any) -> Candidate:
    """An open candidate that stands on ``exact`` words of the article, by default on all."""
    exact = exact or of.text
    start, end = _place(of.text, exact)
    return Candidate.objects.create(
        article=of,
        start=start,
        end=end,
        **{
            "rank": of.candidates.count() + 1,
            "text": exact,
            "score": 0.7,
            "parts": [{"name": "checkable", "points": 0.7}],
            **fields,
        },
    )


def claimant(name: str = "", kind: str = Claimant.Kind.PERSON) -> Claimant:
    return Claimant.objects.get_or_create(name=name or f"Claimant {next(_number)}", kind=kind)[0]


def claim(text: str = "", *, author: Actor | None = None, **fields: Any) -> Claim:
    """A draft on the desk, or in checking with its open round. Nothing of it is in the log.

    ``author`` is the person who wrote the words; without one nobody here did.
    """
    text = text or f"Bridge number {next(_number)} was closed on Monday."
    in_checking = fields.get("state") == Claim.State.CHECKING
    made = Claim.objects.create(
        text=text,
        text_digest=words_digest(text),
        **{
            "language": "en",
            "stage": Claim.Stage.REVIEW if in_checking else None,
            "created_by": author.person if author is not None else None,
            **fields,
        },
    )
    if author is not None and author.person is not None:
        ClaimAuthor.objects.create(claim=made, person=author.person)
    if in_checking:
        open_round(made)
    return made


def in_checking(text: str = "", **fields: Any) -> Claim:
    """A claim in checking with its first round open."""
    return claim(text, state=Claim.State.CHECKING, **fields)


def covered(claim: Claim, *articles: Article, provider: str = "archive") -> list[CoverageItem]:
    """Articles as coverage of a claim, first seen a minute apart in the order given."""
    start = timezone.now() - timedelta(days=1) + timedelta(minutes=claim.coverage.count())
    return [
        CoverageItem.objects.create(
            claim=claim,
            article=one,
            provider=provider,
            first_seen=start + timedelta(minutes=minutes),
        )
        for minutes, one in enumerate(articles)
    ]


def run(claim: Claim, **fields: Any) -> CoverageRun:
    return CoverageRun.objects.create(claim=claim, **{"providers": ["archive"], **fields})


def wording(claim: Claim) -> Wording:
    return Wording.objects.create(claim=claim, number=claim.wordings.count() + 1)


def article_node(claim: Claim, article: Article, **fields: Any) -> SourceNode:
    """The node of a coverage article in the claim's graph."""
    return SourceNode.objects.create(
        claim=claim,
        key=f"article:{article.pk}",
        label=str(article)[:300],
        kind=SourceNode.Kind.ARTICLE,
        article=article,
        **fields,
    )


def node(claim: Claim, label: str, kind: str = "outlet", **fields: Any) -> SourceNode:
    """A cited source."""
    return SourceNode.objects.create(
        claim=claim,
        label=label,
        kind=kind,
        **{
            "key": f"test:{next(_number)}",
            "named": kind not in {"unnamed", "collective"},
            **fields,
        },
    )


def edge(
    source: SourceNode,
    target: SourceNode,
    kind: str = "attributes_to",
    **fields: Any,
) -> ProvenanceEdge:
    """A suggested link of the chain."""
    return ProvenanceEdge.objects.create(
        claim=source.claim, source=source, target=target, type=kind, **fields
    )


def evidence(claim: Claim, **fields: Any) -> Evidence:
    """A page that gives context, captured, unless said otherwise."""
    stands = fields.keys() & {"capture", "url", "contact"}
    return Evidence.objects.create(
        claim=claim,
        **{
            "title": f"Page {next(_number)}",
            "stance": Evidence.Stance.CONTEXT,
            "kind": Evidence.Kind.PAGE,
            **({} if stands else {"capture": capture()}),
            **fields,
        },
    )


def scale(slug: str = "six-steps") -> RatingScale:
    """One of the desk's rating scales, active."""
    data = json.loads((SEEDS / "scales" / f"{slug}.json").read_text(encoding="utf-8"))
    return load(data, activate=True)


def open_round(claim: Claim, **fields: Any) -> Round:
    """The claim's next round on the active scale, with its seats free."""
    last = claim.rounds.order_by("-number").first()
    return Round.objects.create(
        claim=claim,
        number=last.number + 1 if last is not None else 1,
        scale=RatingScale.objects.filter(active=True).first() or scale(),
        **fields,
    )


def lease(claim: Claim, holder: User, *, seat: str = "first", minutes: int = 15) -> Lease:
    """A seat that somebody holds; with ``minutes`` below nought it has run out."""
    return Lease.objects.update_or_create(
        claim=claim,
        seat=seat,
        defaults={
            "holder": holder,
            "taken_at": timezone.now(),
            "expires_at": timezone.now() + timedelta(minutes=minutes),
        },
    )[0]


def review(
    of: Round, by: User, rating: str, *, cites: Iterable[Evidence] = (), reason: str = "Because."
) -> Review:
    """A review as a row alone: nothing is revealed or settled by it."""
    cited = list(cites)
    made = Review.objects.create(
        round=of,
        reviewer=by,
        seat=SEATS[of.reviews.count()],
        rating=rating_of(of.scale, rating),
        reason=reason,
        words_digest=rounds.words_digest(of.claim),
        evidence_digest="0" * 64,
    )
    ReviewEvidence.objects.bulk_create(
        ReviewEvidence(review=made, evidence=item, digest=rounds.evidence_digest(item))
        for item in cited
    )
    return made
