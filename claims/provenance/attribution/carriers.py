"""Outlets that carry the word of others: who was told, not who merely listened."""

# ruff: noqa: PLR2004 - counts of a few words; a name for each would hide the grammar

from dataclasses import replace

from claims.provenance.attribution.content import mark_at
from claims.provenance.attribution.extents import after
from claims.provenance.attribution.found import LIKELY, SURE, Found
from claims.provenance.attribution.phrases import classify, split_sources
from claims.provenance.attribution.words import Phrase, Words


def with_addressee(words: Words, made: list[Found], index: int) -> list[Found]:
    """As in "told Radio Sur": the outlet that was told carries the word of who told it."""
    lex = words.lexicon
    carrier: Phrase | None = None
    index = _past_apposition(words, index)
    for at in range(index, min(index + 3, len(words.tokens))):
        token = words.tokens[at]
        if lex.word(token, "addressee"):
            first, stop = after(words, at + 1)
            carrier = outlet_told(words, classify(words, first, stop) if stop > first else None)
            break
        prefix = next(
            (p for p in lex.addressee if token.low.startswith(p) and len(token.low) > len(p) + 1),
            None,
        )
        if token.low in lex.addressee and mark_at(words, at + 1) == '"' and not lex.capitals:
            _, stop = after(words, at + 2)  # 'סיפר ל"הבירה"'
            told = classify(words, at + 2, stop) if stop > at + 2 else None
            closed = told is not None and mark_at(words, told.stop) == '"'
            carrier = as_outlet(told) if told is not None and closed else None
            break
        if prefix is not None:
            first, stop = after(words, at)
            carrier = outlet_told(words, classify(words, first, stop) if stop > first else None)
            break
        if lex.word(token, "on_air"):
            first, stop = after(words, at + 1)
            heard = classify(words, first, stop) if stop > first else None
            if heard is not None and heard.is_name and heard.kind == "outlet":
                carrier = outlet_told(words, heard)
            break
        if not lex.word(token, "adverb", "time"):
            break
    return carried(words, made, carrier)


def _past_apposition(words: Words, index: int) -> int:
    """After ", boulangère à Sarlac," where an addressee follows it, else *index*."""
    if mark_at(words, index) != ",":
        return index
    for at in range(index + 1, min(index + 9, len(words.tokens) - 1)):
        if mark_at(words, at) == ",":
            return at + 1 if words.lexicon.word(words.tokens[at + 1], "addressee") else index
    return index


def carried(words: Words, made: list[Found], *told: Phrase | None) -> list[Found]:
    """The speakers with the outlets that were told; they rest on the first of these."""
    carriers = [phrase for phrase in told if phrase is not None]
    if not carriers or not made:
        return made
    outlets = [_carrier(made[0], phrase) for phrase in carriers]
    for speaker in made:
        speaker.parent, speaker.settled = outlets[0], True
    return [*outlets, *made]


def _carrier(one: Found, phrase: Phrase) -> Found:
    return Found(
        phrase=phrase,
        role="carrier",
        rule="told_outlet",
        cue=one.cue,
        first=one.first,
        stop=one.stop,
        confidence=SURE if phrase.named else LIKELY,
        content_first=one.content_first,
        quoted=one.quoted,
    )


def outlets_told(words: Words, first: int, stop: int) -> list[Phrase]:
    """The outlets that were told: "told Reuters and the Ledger" are two."""
    if stop <= first:
        return []
    parts = split_sources(words, first, stop)
    outlets = [told for part in parts if (told := outlet_told(words, part)) is not None]
    return outlets if len(outlets) == len(parts) else outlets[:1]


def outlet_told(words: Words, phrase: Phrase | None) -> Phrase | None:
    """The addressee if it is an outlet that carried the word, None if it merely listened."""
    if phrase is None or phrase.own:
        return None
    if phrase.kind == "outlet" and (phrase.is_name or phrase.definite):
        return phrase
    if phrase.generic_outlet and phrase.kind == "unnamed":
        return phrase
    if (
        phrase.is_name
        and phrase.outlet_like
        and phrase.kind == "organisation"
        and phrase.stop - phrase.first <= 2
    ):
        return as_outlet(phrase)
    if phrase.kind == "collective" and phrase.stop - phrase.first > 1:
        lead = words.tokens[phrase.first]
        return None if words.lexicon.word(lead, "definite") else phrase
    return None


def as_outlet(phrase: Phrase) -> Phrase:
    """The name read as an outlet's: whoever publishes what it was told is one."""
    return replace(phrase, kind="outlet", named=True, known=True, is_name=True, outlet_like=True)
