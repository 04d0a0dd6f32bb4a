"""Reads source phrases in scripts without capitals, where trade words mark the names."""

# ruff: noqa: PLR2004 - counts of a few words; a name for each would hide the grammar

from collections.abc import Sequence
from dataclasses import replace

from claims.provenance.attribution.kinds import kind_of_noun
from claims.provenance.attribution.lexicon import Lexicon
from claims.provenance.attribution.tokens import Token
from claims.provenance.attribution.words import Phrase, Words, made

_LONGEST_QUOTED = 5


def uncapitalised(words: Words, first: int, stop: int) -> Phrase | None:
    """A phrase in a script without capitals: what follows a word of the trade is the name."""
    lex = words.lexicon
    tokens = words.tokens
    foreign = _foreign(words, first, stop) or _between_marks(words, first, stop)
    if foreign is not None:
        return foreign
    marks = [(index, lex.noun(tokens[index])) for index in range(first, stop)]
    for index, _ in marks:
        listed = [
            size
            for size, name in lex.names.at(tokens, index, tokens[index].low)
            if name in {"agencies", "outlets"} and index + size <= stop
        ]
        if lex.names.classes(_bare(lex, tokens[index])) & {"agencies", "outlets"}:
            listed.append(1)
        if listed:
            return made(
                words,
                first,
                stop,
                (index, index + max(listed)),
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
    several = lex.word(tokens[first], "indefinite")
    name_at = first
    if classes & {"title", "person"}:
        name_at = _after_title(lex, tokens, first, stop)
    is_name = name_at > first
    kind, named = (
        ("person", True)
        if is_name
        else kind_of_noun(
            classes,
            definite=definite or (stop - first > 1 and "unnamed" not in classes and not several),
            indefinite=several,
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


def _foreign(words: Words, first: int, stop: int) -> Phrase | None:
    """A name in Latin letters, with or without its marks: an outlet unless its words say else."""
    inner = [at for at in range(first, stop) if words.tokens[at].word]
    latin = [at for at in inner if words.tokens[at].text.isascii() and words.tokens[at].cap]
    if not latin or any(not words.tokens[at].text.isascii() for at in range(latin[0], stop)):
        return None
    described = {
        name for at in inner if at < latin[0] for name in words.lexicon.noun(words.tokens[at])
    }
    telling = {name for at in latin for name in words.lexicon.names.classes(words.tokens[at].low)}
    kind = "outlet"
    if "outlet" not in described and not telling & {"outlets", "outlet_names", "agencies"}:
        if telling & {"countries", "organisation_names"} or "organisation" in described:
            kind = "organisation"
        elif described & {"person", "title", "unnamed"}:
            kind = "person"
    return _named(words, first, stop, (latin[0], latin[-1] + 1), kind)


def _between_marks(words: Words, first: int, stop: int) -> Phrase | None:
    """A name in quotation marks: «المرفأ اليوم» alone, or after a word of the trade."""
    tokens = words.tokens
    opening = next((at for at in range(first, stop) if tokens[at].low == '"'), None)
    if (
        opening is not None
        and stop - opening > 2
        and "outlet" in words.lexicon.noun(tokens[first])
    ):
        return _named(words, first, stop, (opening + 1, stop - 1), "outlet")
    around = first > 0 and stop < len(tokens) and tokens[first - 1].low == tokens[stop].low == '"'
    if around and stop - first <= _LONGEST_QUOTED and words.quoted[first]:
        return _named(words, first, stop, (first, stop), "outlet")
    return None


def _named(words: Words, first: int, stop: int, span: tuple[int, int], kind: str) -> Phrase:
    return made(
        words,
        first,
        stop,
        span,
        kind=kind,
        named=True,
        known=True,
        head=words.tokens[span[1] - 1].low,
        is_name=True,
        outlet_like=kind == "outlet",
    )


def unlisted_name(words: Words, first: int, stop: int) -> Phrase | None:
    """Between commas, two or three words that no list holds: the name of the one before."""
    lex = words.lexicon
    if lex.capitals or not 2 <= stop - first <= 3:
        return None
    for token in words.tokens[first:stop]:
        if not token.word or lex.noun(token) or lex.known(token) or token.low[0].isdigit():
            return None
    if any(at in words.in_cue for at in range(first, stop)):
        return None
    return _named(words, first, stop, (first, stop), "person")


def unprefixed(words: Words, phrase: Phrase | None) -> Phrase | None:
    """The phrase without the preposition that is written onto its first word."""
    if phrase is None:
        return None
    token = next(t for t in words.tokens[phrase.first : phrase.stop] if t.start == phrase.start)
    if words.lexicon.nouns.classes(token.low):
        return phrase
    for prefix in (*words.lexicon.prefixed, *words.lexicon.strip):
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


def _bare_forms(lex: Lexicon, low: str) -> tuple[str, ...]:
    """The word itself where a list holds it as it stands."""
    return (low,) if lex.nouns.classes(low) else ()


def _outlet_after(words: Words, first: int, stop: int, at: int) -> Phrase:
    """As in "صحيفة الساحل": the name after the word of the trade; without one it is unnamed."""
    lex = words.lexicon
    tokens = words.tokens
    start = at
    while start < stop and lex.noun(tokens[start]) & {"outlet", "story"}:
        start += 1
    while start < stop and lex.noun(tokens[start]) & {"outlet_modifier"}:
        start += 1
    if start >= stop and stop - at > 1 and tokens[stop - 1].low.startswith(lex.article or ("\0",)):
        start = stop - 1  # "صحيفة الخبر": a paper called The News
    keeps_noun = "agency_noun" in lex.noun(tokens[at])
    if start >= stop:
        low = tokens[at].low
        definite = low.startswith(lex.article) or (
            bool(lex.clitics) and low not in _bare_forms(lex, low)
        )
        return made(
            words,
            first,
            stop,
            (at, stop),
            kind="outlet" if definite else "unnamed",
            named=False,
            known=True,
            head=_bare(lex, tokens[at]) if low not in _bare_forms(lex, low) else low,
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


def _relative_on(lex: Lexicon, tokens: Sequence[Token], first: int, at: int) -> bool:
    """As in "מהנדס שעבד": one of a trade, and what they did, with "who" written onto it."""
    if at != first + 1 or not tokens[at].low.startswith(lex.that_prefix or ("\0",)):
        return False
    office = tokens[first].low
    definite = bool(lex.article) and office.startswith(lex.article)
    return not definite and "title" not in lex.nouns.classes(office) and not lex.known(tokens[at])


def _after_title(lex: Lexicon, tokens: Sequence[Token], first: int, stop: int) -> int:
    """Where a name starts after "وزير النقل" or "ראש העיר"; *first* where none follows."""
    at = first
    while at < stop and lex.noun(tokens[at]) & {"title", "person", "spokesperson"}:
        at += 1
    # "للميناء": of the harbour, and so no name either.
    melted = tuple(c for c in lex.clitics if len(c) > 1) if lex.order == "VSO" else ()
    while at < stop and (
        tokens[at].low.startswith((*lex.article, *melted)) or lex.noun(tokens[at])
    ):
        at += 1
    if at < stop and (
        lex.word(tokens[at], "bound", "preposition") or _relative_on(lex, tokens, first, at)
    ):
        return first
    remaining = stop - at
    return at if remaining >= 1 and at > first and remaining <= 4 else first
