"""Reads source phrases in scripts without capitals, where trade words mark the names."""

# ruff: noqa: PLR2004 - counts of a few words; a name for each would hide the grammar

from collections.abc import Sequence
from dataclasses import replace

from claims.provenance.attribution.kinds import kind_of_noun
from claims.provenance.attribution.lexicon import Lexicon
from claims.provenance.attribution.tokens import Token
from claims.provenance.attribution.words import Phrase, Words, made


def uncapitalised(words: Words, first: int, stop: int) -> Phrase | None:
    """A phrase in a script without capitals: what follows a word of the trade is the name."""
    lex = words.lexicon
    tokens = words.tokens
    marks = [(index, lex.noun(tokens[index])) for index in range(first, stop)]
    for index, _ in marks:
        whole = {
            name for size, name in lex.names.at(tokens, index, tokens[index].low)
        } | lex.names.classes(_bare(lex, tokens[index]))
        if whole & {"agencies", "outlets"}:
            return made(
                words,
                first,
                stop,
                (index, stop),
                kind="outlet",
                named=True,
                known=True,
                head=tokens[index].low,
                is_name=True,
                outlet_like=True,
            )
    at = next((index for index, classes in marks if "outlet" in classes), None)
    if at is not None:
        return _outlet_after(words, first, stop, at)
    classes = marks[0][1] or (marks[1][1] if len(marks) > 1 else set())
    phrase = {
        name
        for form in lex.forms(tokens[first].low)
        for size, name in lex.nouns.at(tokens, first, form)
        if size <= stop - first
    }
    classes = classes | phrase
    if "inanimate" in classes:
        return None
    definite = tokens[first].low.startswith(lex.article) if lex.article else False
    name_at = first
    if classes & {"title", "person"}:
        name_at = _after_title(lex, tokens, first, stop)
    is_name = name_at > first
    kind, named = (
        ("person", True)
        if is_name
        else kind_of_noun(
            classes,
            definite=definite or (stop - first > 1 and "unnamed" not in classes),
            indefinite=False,
            bare=not definite,
            plural=False,
            modifiers=set().union(*(found for _, found in marks)),
            several=stop - first > 1,
        )
    )
    return made(
        words,
        first,
        stop,
        (name_at, stop),
        kind=kind,
        named=named,
        known=bool(classes) or is_name,
        head=tokens[first].low,
        definite=definite,
        is_name=is_name,
        generic_outlet=False,
    )


def unprefixed(words: Words, phrase: Phrase | None) -> Phrase | None:
    """The phrase without the preposition that is written onto its first word."""
    if phrase is None:
        return None
    token = next(t for t in words.tokens[phrase.first : phrase.stop] if t.start == phrase.start)
    if words.lexicon.nouns.classes(token.low):
        return phrase
    for prefix in words.lexicon.prefixed:
        bare = token.low.removeprefix(prefix)
        known = words.lexicon.nouns.classes(bare) or words.lexicon.names.classes(bare)
        if bare != token.low and known:
            return replace(phrase, start=phrase.start + len(prefix))
    return phrase


def _bare(lex: Lexicon, token: Token) -> str:
    """The word without one preposition written onto it."""
    for clitic in lex.clitics:
        if token.low.startswith(clitic) and len(token.low) > len(clitic) + 1:
            return token.low[len(clitic) :]
    return token.low


def _outlet_after(words: Words, first: int, stop: int, at: int) -> Phrase:
    """As in "صحيفة الساحل": the name after the word of the trade; without one it is unnamed."""
    lex = words.lexicon
    tokens = words.tokens
    start = at
    while start < stop and lex.noun(tokens[start]) & {"outlet", "story"}:
        start += 1
    while start < stop and lex.noun(tokens[start]) & {"outlet_modifier"}:
        start += 1
    keeps_noun = "agency_noun" in lex.noun(tokens[at])
    if start >= stop:
        definite = tokens[at].low.startswith(lex.article)
        return made(
            words,
            first,
            stop,
            (at, stop),
            kind="outlet" if definite else "unnamed",
            named=False,
            known=True,
            head=tokens[at].low,
            definite=definite,
            generic_outlet=True,
        )
    shown = at if keeps_noun else start
    return made(
        words,
        first,
        stop,
        (shown, stop),
        kind="outlet",
        named=True,
        known=True,
        head=tokens[stop - 1].low,
        is_name=True,
        outlet_like=True,
    )


def _after_title(lex: Lexicon, tokens: Sequence[Token], first: int, stop: int) -> int:
    """Where a name starts after "وزير النقل" or "ראש העיר"; *first* where none follows."""
    at = first
    while at < stop and lex.noun(tokens[at]) & {"title", "person", "spokesperson"}:
        at += 1
    while at < stop and (tokens[at].low.startswith(lex.article) or lex.noun(tokens[at])):
        at += 1
    remaining = stop - at
    return at if remaining >= 1 and at > first and remaining <= 4 else first
