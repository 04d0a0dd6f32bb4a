"""Applies the rules to one sentence: which cue makes which phrase the source of what."""

from collections.abc import Callable

from claims.provenance.attribution.citing import (
    according_to,
    account,
    citing,
    claim_of,
    contrary_to,
    emerges,
    holds,
    interviewed,
    obtained_by,
    quoted_by,
    quotes,
    reported_by,
)
from claims.provenance.attribution.denying import denied_by, deny
from claims.provenance.attribution.found import Found
from claims.provenance.attribution.speaking import (
    accused,
    branded,
    document_shows,
    fixed_turn,
    found_out,
    inverted,
    participle,
    reported_that,
    said,
    told,
)
from claims.provenance.attribution.words import Words

Rule = Callable[[Words, int, int, list[Found]], list[Found]]


_RULES: tuple[tuple[str, Rule], ...] = (
    ("quoted_by", quoted_by),
    ("contrary", contrary_to),
    ("inverted", inverted),
    ("from", according_to),
    ("account", account),
    ("claim_noun", claim_of),
    ("emerge", emerges),
    ("carried", interviewed),
    ("held", obtained_by),
    ("holds", holds),
    ("agent", reported_by),
    ("denied_by", denied_by),
    ("deny", deny),
    ("brand", deny),
    ("brand", branded),
    ("cite", citing),
    ("quote", quotes),
    ("tell", told),
    ("say", said),
    ("claim", fixed_turn),
    ("accuse", accused),
    ("learn", found_out),
    ("show", document_shows),
    ("weak", reported_that),
    ("saying", participle),
)


def read_sentence(words: Words) -> list[Found]:
    """Everything the cues of one sentence make a source, in the order of the cues."""
    found: list[Found] = []
    for index in sorted(words.cue_at):
        length, classes = words.cue_at[index]
        for name, rule in _RULES:
            if name in classes:
                new = rule(words, index, index + length, found)
                found.extend(new)
                if new or any(one.first == index for one in found):
                    break
    return _without_repeats(found)


def _without_repeats(found: list[Found]) -> list[Found]:
    """One edge for one mention: the surest rule that read it, but a frame keeps its speaker."""
    kept: list[Found] = []
    for one in found:
        same = next(
            (k for k in kept if k.phrase.start == one.phrase.start and k.role == one.role), None
        )
        overlapping = next(
            (
                k
                for k in kept
                if k.phrase.start < one.phrase.end and one.phrase.start < k.phrase.end
            ),
            None,
        )
        if (same is None and overlapping is None) or _says_and_denies(one, overlapping):
            kept.append(one)
    return kept


def _says_and_denies(one: Found, other: Found | None) -> bool:
    """As in "admitted the error but denied lying": the same one said one thing, denied another."""
    return (
        other is not None
        and one.phrase == other.phrase
        and one.role == other.role == "speech"
        and one.denial != other.denial
        and one.first != other.first
        and not one.phrase.pronoun
    )
