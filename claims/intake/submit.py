"""A claim comes onto the desk: the same words twice are one claim with more demand."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F

from claims import jobs
from claims.errors import Problem
from claims.intake import checks
from claims.ledger.events import ClaimCreated
from claims.ledger.record import Happening, record_all
from claims.models import (
    SYSTEM,
    Actor,
    Article,
    Claim,
    Claimant,
    ClaimAuthor,
    CoverageItem,
)
from claims.text.digest import words_digest
from claims.text.language import UNKNOWN, guess, is_latin
from claims.text.passage import anchor_at, find

CLAIMANT_MAX = 200
REF_MAX = 200
QUOTE_KEYS = frozenset({"exact", "prefix", "suffix", "start", "end"})
HANDED_IN = "handed_in"
TRACE = "claim.trace"

Trace = Callable[[Claim], object]
"""Reads the chain of a new claim at once. Doors hand it in, since capabilities do not import
each other; without it a job does the same a moment later."""


@dataclass(frozen=True, slots=True)
class Created:
    """A claim, and whether it is new; where it is not, its demand grew by one."""

    claim: Claim
    new: bool


@dataclass(frozen=True, slots=True)
class Words:
    """A claim about to be made. ``written`` says whether ``by`` wrote the words.

    Words taken over unchanged from a candidate, a passage, a reader, a feed or an import are
    nobody's of this desk, and whoever took them may review them.
    """

    text: str
    written: bool
    language: str = ""
    claimant: tuple[str, str] | None = None
    article: Article | None = None
    quote: Mapping[str, Any] | None = None
    appearances: Sequence[Mapping[str, Any]] = ()
    checkworthiness: Mapping[str, Any] = field(default_factory=dict)
    external_ref: str | None = None


@transaction.atomic
def create(  # noqa: PLR0913 - one for each field that can be sent
    *,
    by: Actor,
    text: str,
    language: str = "",
    claimant: Mapping[str, Any] | None = None,
    article: Article | None = None,
    quote: Mapping[str, Any] | None = None,
    external_ref: str | None = None,
    taken_over: bool = False,
    trace: Trace | None = None,
) -> Created:
    """Put a claim on the desk, or raise the demand of the one with the same words.

    ``by`` wrote the words, unless it is the desk itself (readers, feeds) or they are
    ``taken_over`` unchanged (an import). ``claimant`` is {name, kind}, ``quote`` {exact, prefix,
    suffix}; with an article that was read, the quote has to stand in it. The other with the same
    words is the first that ``by`` may see and that was not withdrawn. Raises Forbidden, Invalid.
    """
    checks.may_write(by)
    problems = [
        *checks.words(text, "/text", longest=checks.CLAIM_MAX, what="The claim"),
        *checks.language(language),
        *_claimant_problems(claimant),
        *quote_problems(quote, article),
        *checks.line(external_ref or "", "/external_ref", longest=REF_MAX, what="The reference"),
    ]
    checks.refuse(problems)
    return put(
        Words(
            text=text.strip(),
            written=not by.is_system and not taken_over,
            language=language,
            claimant=_claimant_of(claimant),
            article=article,
            quote=placed_quote(quote, article),
            external_ref=external_ref or None,
        ),
        by=by,
        trace=trace,
    )


def put(words: Words, *, by: Actor, trace: Trace | None = None) -> Created:
    """Make the claim of checked words, in the caller's transaction; records it last."""
    created, happened = place(words, by=by, trace=trace)
    if happened:
        record_all(happened)
    return created


def place(
    words: Words, *, by: Actor, trace: Trace | None = None
) -> tuple[Created, list[Happening]]:
    """The same for an act that makes several claims: it records what is returned beside it."""
    digest = words_digest(words.text)
    _one_at_a_time(digest)
    known = _known(digest, by)
    if known is not None:
        Claim.objects.filter(pk=known.pk).update(demand=F("demand") + 1)
        known.refresh_from_db(fields=["demand"])
        if words.article is not None:
            _cover(known, words.article)
        return Created(known, new=False), []
    claim = _new(words, digest, by)
    if words.written and by.person is not None:
        ClaimAuthor.objects.create(claim=claim, person=by.person)
    if words.article is not None:
        _cover(claim, words.article, trace)
        claim.refresh_from_db()
    said = ClaimCreated(language=claim.language, text=claim.text)
    happened = Happening(said, claim.pk, by if words.written else SYSTEM)
    return Created(claim, new=True), [happened]


def _one_at_a_time(digest: str) -> None:
    """Whoever brings the same words at the same moment waits, and then finds the claim."""
    key = int.from_bytes(bytes.fromhex(digest[:16]), "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])


def _known(digest: str, by: Actor) -> Claim | None:
    return (
        Claim.objects.visible_to(by)
        .filter(text_digest=digest)
        .exclude(outcome=Claim.Outcome.WITHDRAWN)
        .order_by("created_at", "id")
        .first()
    )


def _new(words: Words, digest: str, by: Actor) -> Claim:
    claimant = None
    if words.claimant is not None:
        name, kind = words.claimant
        claimant, _ = Claimant.objects.get_or_create(name=name, kind=kind)
    return Claim.objects.create(
        text=words.text,
        text_digest=digest,
        language=words.language or _language(words),
        claimant=claimant,
        article=words.article,
        quote=words.quote,
        appearances=list(words.appearances),
        checkworthiness=dict(words.checkworthiness),
        external_ref=words.external_ref,
        sample=words.article is not None and words.article.sample,
        created_by=by.person,
    )


def _language(words: Words) -> str:
    """The article's language, else a guess; the desk's own where too few words tell.

    In letters that the desk's language is not written in, nothing: a person has to say it.
    """
    if words.article is not None and words.article.language:
        return words.article.language
    guessed = guess(words.text)
    if guessed != UNKNOWN:
        return guessed
    return settings.LANGUAGE_CODE if is_latin(words.text) else ""


def _cover(claim: Claim, article: Article, trace: Trace | None = None) -> None:
    """The article a claim came from is the first of its coverage, and its chain is read."""
    _, new = CoverageItem.objects.get_or_create(
        claim=claim, article=article, defaults={"provider": HANDED_IN}
    )
    if trace is not None:
        trace(claim)
    elif new:
        jobs.enqueue(TRACE, key=f"{TRACE}:{claim.pk}:{article.pk}", claim=claim)


def _claimant_problems(claimant: Mapping[str, Any] | None) -> list[Problem]:
    if claimant is None:
        return []
    problems = [
        Problem(f"/claimant/{key}", "A claimant has a name and a kind.")
        for key in sorted(claimant.keys() - {"name", "kind"})
    ]
    name, kind = claimant.get("name"), claimant.get("kind", Claimant.Kind.OTHER)
    if isinstance(name, str):
        problems += checks.words(
            name, "/claimant/name", longest=CLAIMANT_MAX, what="The claimant’s name"
        )
    else:
        problems.append(Problem("/claimant/name", "Say who made the claim, by name."))
    if kind not in Claimant.Kind.values:
        known = ", ".join(Claimant.Kind.values)
        problems.append(Problem("/claimant/kind", f"Use one of: {known}."))
    return problems


def _claimant_of(claimant: Mapping[str, Any] | None) -> tuple[str, str] | None:
    if claimant is None:
        return None
    return claimant["name"].strip(), claimant.get("kind", Claimant.Kind.OTHER)


def quote_problems(quote: Mapping[str, Any] | None, article: Article | None) -> list[Problem]:
    """What is wrong with a claim's quote; with an article that was read, it has to stand in it."""
    if quote is None:
        return []
    problems = [
        Problem(f"/quote/{key}", "A quote has exact, prefix and suffix.")
        for key in sorted(quote.keys() - QUOTE_KEYS)
    ]
    for key in ("exact", "prefix", "suffix"):
        value = quote.get(key, "")
        if not isinstance(value, str):
            problems.append(Problem(f"/quote/{key}", "This has to be text."))
        else:
            problems += checks.line(
                value, f"/quote/{key}", longest=checks.CLAIM_MAX, what="The quote"
            )
    if problems:
        return problems
    if not str(quote.get("exact", "")).strip():
        return [Problem("/quote/exact", "Give the words the claim stands on.")]
    if article is not None and article.text and _found(quote, article) is None:
        return [Problem("/quote/exact", "These words are not in the article.")]
    return []


def placed_quote(
    quote: Mapping[str, Any] | None, article: Article | None
) -> dict[str, Any] | None:
    """The quote with its place in the article, in the article's own spelling."""
    if quote is None:
        return None
    place = _found(quote, article) if article is not None and article.text else None
    if place is None or article is None:
        return {key: quote.get(key, "") for key in ("exact", "prefix", "suffix")}
    return anchor_at(article.text, *place).as_json()


def _found(quote: Mapping[str, Any], article: Article) -> tuple[int, int] | None:
    found = find(
        article.text,
        quote["exact"],
        prefix=quote.get("prefix", ""),
        suffix=quote.get("suffix", ""),
    )
    return (found.start, found.end) if found is not None else None
