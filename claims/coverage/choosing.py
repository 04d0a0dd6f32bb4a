"""Whom a look asks for what: as somebody says, or as the claim has it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from claims.coverage import places
from claims.coverage.queries import ADDRESSES_MAX, LENGTH_MAX, QUERIES_MAX, Query, build, by_hand
from claims.errors import Forbidden, Invalid, Problem
from claims.models import Actor, Claim
from claims.text.usable import problem_with
from claims.web.address import parse
from claims.web.errors import BadAddress
from claims.web.guard import LONGEST_URL

_MEANT_AS_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://\S*")
ASK_A_PERSON = "This claim is marked discreet: a person has to start the look for it."


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be asked of whom: shown before anything of a discreet claim leaves the house.

    ``places``: every provider there is, by name; ``chosen`` those that would be asked.
    """

    places: tuple[places.Place, ...]
    chosen: frozenset[str]
    queries: tuple[Query, ...]


def preview(claim: Claim) -> Preview:
    """What a look would ask of whom where nobody says otherwise."""
    asked, known = queries_for(claim, None), places.known()
    chosen = places.default(known)
    every = {**known, **{place.name: place for place in chosen}}
    return Preview(tuple(every.values()), frozenset(place.name for place in chosen), asked)


def refuse_unseen(
    claim: Claim,
    *,
    by: Actor,
    providers: Sequence[str] | None,
    queries: Sequence[str] | None,
) -> None:
    """Unless a person names what leaves the house and where it goes, nothing does."""
    if by.person is None:
        raise Forbidden(ASK_A_PERSON)
    asked = queries_for(claim, queries)
    outside = [
        place for place in places_for(providers, asked) if place.outside and place.configured
    ]
    if not outside:
        return
    problems = []
    if providers is None:
        names = ", ".join(place.name for place in outside)
        problems.append(Problem("/providers", f"Name who is asked. These would be: {names}."))
    if queries is None:
        words = " · ".join(query.text for query in asked)
        problems.append(Problem("/queries", f"Say what is asked for. It would be: {words}"))
    if problems:
        raise Invalid("This claim is discreet: say what leaves the house.", problems=problems)


def places_for(names: Sequence[str] | None, asked: tuple[Query, ...]) -> tuple[places.Place, ...]:
    """Whom to ask; addresses among the queries are looked at whoever else is asked.

    Raises Invalid where *names* has a provider that there is not.
    """
    known = places.known()
    if names is None:
        chosen = list(places.default(known))
    else:
        problems = [
            Problem(f"/providers/{at}", f"There are these providers: {', '.join(sorted(known))}.")
            for at, name in enumerate(names)
            if name not in known
        ]
        if not names:
            problems = [Problem("/providers", "Name at least one provider.")]
        if problems:
            raise Invalid("These providers cannot be asked.", problems=problems)
        chosen = [known[name] for name in dict.fromkeys(names)]
    by_hand = known[places.BY_HAND]
    if by_hand not in chosen and any(query.address for query in asked):
        chosen.append(by_hand)
    return tuple(chosen)


def queries_for(claim: Claim, texts: Sequence[str] | None) -> tuple[Query, ...]:
    """What to ask for. Raises Invalid with a problem for each of *texts* that cannot be asked."""
    if texts is None:
        headline = claim.article.title if claim.article is not None else ""
        return build(claim.text, language=claim.language, headline=headline)
    problems = []
    asked = by_hand(texts, language=claim.language)
    addresses = sum(1 for query in asked if query.address)
    if not asked or addresses > ADDRESSES_MAX or len(asked) - addresses > QUERIES_MAX:
        most = f"up to {QUERIES_MAX} searches and {ADDRESSES_MAX} addresses"
        problems.append(Problem("/queries", f"Ask with {most}, or leave it to the desk."))
    for at, text in enumerate(texts):
        if (what := _problem_of(text)) is not None:
            problems.append(Problem(f"/queries/{at}", what))
    if problems:
        raise Invalid("These queries cannot be asked.", problems=problems)
    return asked


def _problem_of(text: str) -> str | None:
    """Why *text* cannot be asked: what was meant as an address is no search for words."""
    try:
        parse(text)
    except BadAddress as error:
        if _MEANT_AS_ADDRESS.fullmatch(text.strip()):
            return str(error)
        longest = LENGTH_MAX
    else:
        longest = LONGEST_URL
    what = problem_with(text, longest=longest, what="The query")
    return "The query is empty." if what is None and not text.strip() else what
