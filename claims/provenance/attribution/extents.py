"""Finds where a noun phrase starts and stops, ahead of a cue or after it."""

from claims.provenance.attribution.content import opens_clause
from claims.provenance.attribution.lexicon import Lexicon
from claims.provenance.attribution.tokens import Token
from claims.provenance.attribution.words import CONNECTORS, Words

_REACH_BACK = 25
_LONGEST_NAME = 7


_REACH_ON = 18


def after(words: Words, index: int, limit: int | None = None) -> tuple[int, int]:
    """First and stop of the noun phrase that starts at *index*."""
    lex = words.lexicon
    tokens = words.tokens
    stop = min(len(tokens), index + _REACH_ON) if limit is None else limit
    at = index
    while at < stop and lex.word(tokens[at], "both", "definite", "indefinite", "possessive"):
        at += 1
    if at > index and _of_them(words, at, stop):
        at += 1
        while at < stop and lex.word(tokens[at], "definite", "possessive"):
            at += 1
        if at < stop and lex.word(tokens[at], "they"):
            return index, at + 1
    first_noun = at
    while at < stop:
        step = _step(words, at, first_noun, stop)
        if step == 0:
            break
        at += step
    return index, at


def _of_them(words: Words, at: int, stop: int) -> bool:
    """As in "one of the officers" and "two of them"."""
    return at + 1 < stop and words.tokens[at].low == "of"


def _step(words: Words, at: int, first_noun: int, stop: int) -> int:  # noqa: C901, PLR0911, PLR0912 - the grammar of a noun phrase, one rule a line
    """How many tokens from *at* go on with the noun phrase; 0 where it ends."""
    lex = words.lexicon
    token = words.tokens[at]
    before = words.tokens[at - 1]
    following = words.tokens[at + 1] if at + 1 < stop else None
    if token.low == '"' and at > first_noun:
        return _quoted_name(words, at, stop)
    if token.low in {"'s", "'"}:
        return 1 if following is not None and following.word else 0
    if not token.word or (at in words.in_cue and not token.cap):
        return 0
    if at > first_noun and _addresses(words, at):
        return 0
    if (
        at > first_noun
        and not lex.capitals
        and (_changes_script(lex, before, token) or _is_platform(lex, token))
    ):
        return 0
    if lex.word(token, "and"):
        return (
            1
            if following is not None
            and following.word
            and at > first_noun
            and at + 1 not in words.in_cue
            and not _clause_after(words, at + 1, stop)
            else 0
        )
    joined = lex.word(before, "and", "preposition")
    inside_name = before.cap and following is not None and following.cap
    if token.low in CONNECTORS and inside_name and not token.cap:
        return 0 if lex.word(token, "definite") and at > first_noun else 1
    if lex.word(token, "attach") and lex.word(token, "indefinite") and at > first_noun:
        return _attached(words, at, first_noun, following)  # "l'association des riverains"
    if lex.word(token, "definite", "indefinite", "possessive") and not token.cap:
        return 1 if joined or (lex.capitals and words.tokens[at - 1].low in CONNECTORS) else 0
    dated = lex.word(token, "time") and at > first_noun
    if token.cap and lex.capitals and not (dated and not _ends_title(lex, before, token)):
        return 1
    if lex.word(token, "that", "relative", "contrast", "he", "she", "they", "first_person"):
        return 0
    if at == first_noun and lex.word(token, "attach_start") and lex.noun(token):
        return 1  # "deux proches du dossier": people, not "close to"
    if lex.word(token, "preposition", "boundary", "attach_start"):
        return _attached(words, at, first_noun, following)
    if at > first_noun and lex.word(token, "finite", "auxiliary", "modal"):
        return 0
    if at > first_noun and lex.finite(token):
        return (
            1 if following is not None and lex.word(following, "attach") and not before.cap else 0
        )
    if at > first_noun and lex.word(token, "adverb", "time"):
        return 0
    if at > first_noun and before.cap and lex.capitals and not joined:
        return _noun_after_name(words, at, first_noun, following)
    if not lex.capitals and at > first_noun:
        return _goes_on(words, at, first_noun)
    return 1


def _quoted_name(words: Words, at: int, stop: int) -> int:
    """As in `the website "Ledgerline"`: the length of the name with its marks, else 0."""
    if "outlet" not in words.lexicon.noun(words.tokens[at - 1]):
        return 0
    closing = next(
        (i for i in range(at + 1, min(stop, at + _LONGEST_NAME)) if words.tokens[i].low == '"'),
        None,
    )
    return 0 if closing is None else closing + 1 - at


def _ends_title(lex: Lexicon, before: Token, token: Token) -> bool:
    """As in "Marsh Today": a word of time that ends the name of a paper."""
    return before.cap and "outlet_names" in lex.names.classes(token.low)


def _is_platform(lex: Lexicon, token: Token) -> bool:
    """As in "בטלגרם": where it was posted, with its preposition written on."""
    return any(
        token.low.startswith(prefix) and "platforms" in lex.names.classes(token.low[len(prefix) :])
        for prefix in lex.prefixed
    )


def _changes_script(lex: Lexicon, before: Token, token: Token) -> bool:
    """Where a name in Latin letters ends, and the sentence goes on in its own script."""
    return before.text.isascii() and before.word and not token.text.isascii()


def _addresses(words: Words, at: int) -> bool:
    """As in "لقناة" or "au mensuel": to a channel, and so no part of who speaks."""
    lex = words.lexicon
    token = words.tokens[at]
    if lex.capitals:
        if not lex.word(token, "addressee") or lex.word(words.tokens[at - 1], "attach_start"):
            return False
        ahead = words.tokens[at + 1 : at + 4]
        named = bool(ahead) and any(
            lex.names.classes(t.low) & {"outlet_names", "agencies", "outlets"} and t.cap
            for t in ahead
        )
        return named or any(
            "outlet" in lex.noun(t) and not lex.word(words.tokens[at - 1], "and")
            for t in ahead[:2]
        )
    return any(
        token.low.startswith(prefix) and "outlet" in lex.nouns.classes(token.low[len(prefix) :])
        for prefix in lex.addressee
    )


def _noun_after_name(words: Words, at: int, first_noun: int, following: Token | None) -> int:
    """As in "a Hebrew news website": a noun goes on after a capital, a clause does not."""
    lex = words.lexicon
    if lex.noun(words.tokens[at]):
        return 1
    opened = first_noun > 0 and lex.word(words.tokens[first_noun - 1], "indefinite")
    return 1 if opened and following is not None and lex.noun(following) else 0


def _goes_on(words: Words, at: int, first_noun: int) -> int:
    """Without capitals: a definite noun ends the phrase where an indefinite one follows it."""
    lex = words.lexicon
    before, token = words.tokens[at - 1], words.tokens[at]
    if opens_clause(lex, token) and "outlet" not in lex.noun(before):
        return 0
    if not lex.article or lex.order != "VSO":
        return 1
    denied = token.low.startswith(lex.article) and token.low in lex.denial.get("objects", ())
    if denied and "outlet" not in lex.noun(before):
        return 0  # "نفى صاحب المصنع الاتهامات": what is denied is not who denies it
    if _new_office(words, at, first_noun):
        return 0
    named = any(
        lex.noun(word) & {"title", "person", "outlet", "spokesperson"}
        for word in words.tokens[first_noun:at]
    )
    joined = tuple(mark + article for mark in lex.strip for article in lex.article)
    if (
        before.low.startswith(lex.article)
        and not token.low.startswith((*lex.article, *joined))
        and not named
    ):
        return 0
    return 1


def _new_office(words: Words, at: int, first_noun: int) -> bool:
    """As in "النائب فؤاد سليم الوزير": after a name somebody else's office starts."""
    lex = words.lexicon
    before, token = words.tokens[at - 1], words.tokens[at]
    people = {"person", "organisation", "unnamed", "collective"}
    return (
        at > first_noun + 1
        and token.low.startswith(lex.article)
        and bool(lex.noun(token) & people)
        and not (lex.noun(before) or lex.known(before))
        and not before.low.startswith(lex.article)
    )


def _attached(words: Words, at: int, first_noun: int, following: Token | None) -> int:
    """Whether "of …", "in …" or "close to …" belongs to the noun before it."""
    lex = words.lexicon
    token, before = words.tokens[at], words.tokens[at - 1]
    if following is None or not following.word or at == first_noun:
        return 0
    if lex.word(following, "time") or (
        following.low.isdigit() and following.low.startswith(("19", "20"))
    ):
        return 0
    if lex.word(token, "attach_start"):
        return 2 if lex.word(following, "preposition") else int(not lex.capitals)
    if not lex.word(token, "attach"):
        return 0
    if not lex.capitals and _where_it_was_said(words, at):
        return 0
    if token.low in {"of", "de", "du", "des", "del", "d'"}:
        return 1
    if not lex.capitals:
        return 1
    return 0 if before.cap and not lex.noun(before) else 1


def _where_it_was_said(words: Words, at: int) -> bool:
    """As in "وزارة الصحة في بيان" or "على تلغرام": no part of who said it."""
    lex = words.lexicon
    before, following = words.tokens[at - 1], words.tokens[at + 1]
    if "platforms" in lex.names.classes(following.low) or opens_clause(lex, following):
        return True  # "شدد الوزير على أن" is no "minister for" either
    papers = {"document", "story"}
    return bool(lex.noun(following) & papers) and not lex.noun(before) & {
        *papers,
        "outlet",
        "collective",
    }


def _clause_after(words: Words, index: int, stop: int) -> bool:
    """Whether what follows "and" is a clause of its own, not a second source."""
    for at in range(index, min(stop, index + 6)):
        if not words.tokens[at].word:
            return False
        if words.lexicon.finite(words.tokens[at]) and at > index:
            return True
    return False


def before(words: Words, stop: int) -> tuple[int, int]:
    """First and stop of the subject that ends right before token *stop*; empty at a mark."""
    lex = words.lexicon
    tokens = words.tokens
    first = stop
    relative = False
    while first > 0 and stop - first < _REACH_BACK:
        token = tokens[first - 1]
        quoted = _quoted_name_before(words, first - 1)
        if quoted:
            first -= quoted
            continue
        if not token.word and token.low not in {"'", "'s"}:
            break
        named = words.is_name(first - 1) and not words.opens(first - 1)
        if first - 1 in words.in_cue and not named and not _in_relative(words, first - 1):
            break
        if (
            lex.word(token, "relative")
            and first - 1 > 0
            and tokens[first - 2].word
            and token.low not in {"that", "which"}
        ):
            relative = True
        elif lex.word(token, "that", "contrast", "relative") or (
            lex.word(token, "boundary") and not lex.word(token, "preposition", "attach_start")
        ):
            break
        first -= 1
    return _reduced(words, first, stop, relative=relative)


def _quoted_name_before(words: Words, closing: int) -> int:
    """As in `the website "Ledgerline" reported`: the length of the name with its marks, else 0."""
    if words.tokens[closing].low != '"':
        return 0
    for at in range(closing - 1, max(0, closing - _LONGEST_NAME), -1):
        if words.tokens[at].low == '"':
            named = "outlet" in words.lexicon.noun(words.tokens[at - 1])
            return closing + 1 - at if named and closing - at > 1 else 0
    return 0


def _in_relative(words: Words, index: int) -> bool:
    """Whether a cue stands in a relative clause of the subject: "officials who said no"."""
    return any(
        words.lexicon.word(words.tokens[at], "relative")
        and words.tokens[at].low not in {"that", "which"}
        for at in range(max(0, index - 3), index)
    )


def _reduced(words: Words, first: int, stop: int, *, relative: bool) -> tuple[int, int]:
    """The subject without openers, time and the clause that runs into it."""
    lex = words.lexicon
    tokens = words.tokens
    while first < stop and not tokens[first].word:
        first += 1
    while first < stop and (
        lex.word(tokens[first], "opener", "and", "adverb", "time")
        and not (lex.word(tokens[first], "part") and tokens[first + 1].low == "of")
        and not (tokens[first].cap and not words.opens(first))
    ):
        first += 1
    first = _past_time(words, first, stop)
    if not relative:
        last = next(
            (at for at in range(stop - 2, first - 1, -1) if _breaks(words, at, stop)), None
        )
        if last is not None:
            first = last + 1
            while first < stop and lex.word(tokens[first], "and", "adverb", "opener"):
                first += 1
    if first < stop and lex.word(tokens[first], "preposition") and lex.capitals:
        first = _after_leading(words, first, stop)
    return first, stop


def _past_time(words: Words, first: int, stop: int) -> int:
    """After "Two days later": a number, a time and a word that places it."""
    lex = words.lexicon
    at = first
    while at < min(stop, first + 3) and (
        lex.word(words.tokens[at], "indefinite", "time", "definite")
        or words.tokens[at].low.isdigit()
    ):
        at += 1
    if at > first + 1 and at < stop and lex.word(words.tokens[at], "opener", "time"):
        placed = lex.word(words.tokens[at - 1], "time")
        return at + 1 if placed else first
    return first


def _breaks(words: Words, at: int, stop: int) -> bool:
    """Whether a finite verb at *at* ends a clause before the subject starts."""
    token = words.tokens[at]
    if token.cap or not words.lexicon.finite(token):
        return False
    if at and (2, "attach_start") in words.lexicon.words.at(
        words.tokens, at - 1, words.tokens[at - 1].low
    ):
        return False  # "au fait du dossier"
    if words.lexicon.word(token, "finite", "auxiliary", "modal"):
        return True
    # Two verbs need a joint: "a poll published last week put" has one, "fell and police said" two.
    return any(words.lexicon.word(word, "and") for word in words.tokens[at + 1 : stop])


def _after_leading(words: Words, first: int, stop: int) -> int:
    """The subject after "On Monday" or "In a statement": from its own article or name on."""
    lex = words.lexicon
    at = first + 1
    while at < stop and lex.word(words.tokens[at], "definite", "indefinite", "possessive"):
        at += 1
    at += 1
    while at < stop:
        if lex.word(words.tokens[at], "definite", "indefinite", "possessive") or lex.noun(
            words.tokens[at]
        ):
            return at
        if words.is_name(at) and not words.is_name(at - 1):
            return at
        at += 1
    return stop
