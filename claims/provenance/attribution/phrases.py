"""Finds the words that name a source, and tells what kind of source they name."""

from dataclasses import replace

from claims.provenance.attribution.kinds import kind_of_noun, noun_classes
from claims.provenance.attribution.tokens import Token
from claims.provenance.attribution.uncased import uncapitalised, unprefixed
from claims.provenance.attribution.words import CONNECTORS, Phrase, Words, made, runs

_FULL_NAME = 2
_COMPOUNDS = ("post", "wire", "watch", "news", "press", "times", "herald", "media", "radio", "tv")
"""Endings of names such as Ferrywatch; the words by themselves are in the list of names."""
_LONGEST_ACRONYM = 5
_NAMED_ARTICLES = frozenset(["le", "la", "el", "il", "les", "los", "las", "die", "das"])
_FOREIGN_ARTICLES = frozenset(
    ["al", "le", "la", "el", "il", "der", "die", "das", "les", "los", "las"]
)


def classify(words: Words, first: int, stop: int) -> Phrase | None:
    """What the tokens from *first* to *stop* name; None where they can name no source."""
    lex = words.lexicon
    tokens = words.tokens
    while first < stop and (not tokens[first].word or lex.word(tokens[first], "both")):
        first += 1
    while first < stop and (
        (not tokens[stop - 1].word and not _closes_name(words, first, stop))
        or tokens[stop - 1].low == "'s"
    ):
        stop -= 1
    if first >= stop:
        return None
    pronoun = _pronoun(words, first, stop)
    if pronoun is not None:
        return pronoun
    own = _own(words, first, stop)
    if own is not None:
        return own
    if not lex.capitals:
        return unprefixed(words, uncapitalised(words, first, stop))
    core = _core_end(words, first, stop)
    names = runs(words, first, stop)
    story = _story(words, first, stop, core, names)
    if story is not None:
        return story
    part = _partitive(words, first, core, stop)
    if part is not None:
        return part
    head_run = next((run for run in names if run[0] < core <= run[1]), None)
    if head_run is not None:
        return _owner(words, first, names, head_run) or _name(words, first, head_run)
    return _common(words, first, stop, core)


def _closes_name(words: Words, first: int, stop: int) -> bool:
    """Whether a quotation mark ends a name that another one opens within the phrase."""
    return words.tokens[stop - 1].low == '"' and any(
        token.low == '"' for token in words.tokens[first : stop - 1]
    )


def _owner(
    words: Words, first: int, names: list[tuple[int, int]], run: tuple[int, int]
) -> Phrase | None:
    """As in "the Washington Post's Fact Checker": a part of an outlet speaks for the outlet."""
    start = run[0]
    if start == first or words.tokens[start - 1].low != "'s":
        return None
    owner = next((name for name in names if name[1] == start - 1), None)
    named = None if owner is None else _name(words, first, owner)
    part = _name(words, start, run)
    if named is None or named.kind != "outlet" or part is None or part.kind == "outlet":
        return None
    # "The Post's Dana Holt" is a person; "the Post's Fact Checker" no.
    return (
        named
        if any(
            "own_people" in words.lexicon.noun(t) or t.low.endswith("er")
            for t in words.tokens[slice(*run)]
        )
        else None
    )


def _pronoun(words: Words, first: int, stop: int) -> Phrase | None:
    if stop - first != 1:
        return None
    token = words.tokens[first]
    for name in ("he", "she", "they", "it"):
        if words.lexicon.word(token, name):
            kind = "organisation" if name == "it" else "person"
            return made(
                words, first, stop, (first, stop), kind=kind, named=False, known=True, pronoun=name
            )
    return None


def _own(words: Words, first: int, stop: int) -> Phrase | None:
    """This newspaper and its people."""
    for form in words.lexicon.forms(words.tokens[first].low):
        for length, name in words.lexicon.nouns.at(words.tokens, first, form):
            if name == "self" and first + length <= stop:
                return made(
                    words,
                    first,
                    stop,
                    (first, stop),
                    kind="self",
                    named=True,
                    known=True,
                    own=True,
                )
    return None


def _core_end(words: Words, first: int, stop: int) -> int:
    """Where the noun phrase proper ends: before its first "of …", "who …", "briefed on …"."""
    lex = words.lexicon
    for index in range(first + 1, stop):
        token = words.tokens[index]
        if token.cap and not lex.word(token, "preposition"):
            continue
        if lex.word(token, "preposition", "relative", "that", "boundary") or not token.word:
            return index
        if lex.word(token, "attach_start") and not (
            lex.noun(token) and lex.word(words.tokens[index - 1], "definite", "indefinite")
        ):
            return index
        if (
            token.low.endswith(lex.participle_suffix or ("\0",))
            and lex.noun(words.tokens[index - 1])
            and not lex.noun(token) & {"document", "story"}
        ):
            return index
        if lex.finite(token) and (_is_participle(words, index) or lex.word(token, "auxiliary")):
            return index
    return stop


def _is_participle(words: Words, index: int) -> bool:
    """As in "Briefed on", "published in": a participle after its noun; "leaked memo" is none."""
    lex = words.lexicon
    following = words.tokens[index + 1] if index + 1 < len(words.tokens) else None
    if following is not None and lex.word(following, "attach", "preposition"):
        return True
    return bool(lex.noun(words.tokens[index - 1])) and not words.tokens[index].cap


def _story(
    words: Words, first: int, stop: int, core: int, names: list[tuple[int, int]]
) -> Phrase | None:
    """As in "a report in the Harbour Mail": the outlet is the source."""
    lex = words.lexicon
    if (
        core - 1 < first
        or words.is_name(core - 1)
        or not lex.noun(words.tokens[core - 1]) & {"story", "programme"}
    ):
        return None
    for run in names:
        named = _name(words, max(first, run[0] - 3), run)
        if named is not None and named.kind == "outlet":
            return replace(named, first=first, stop=stop, outlet_like=True)
    return None


def _name(words: Words, first: int, run: tuple[int, int]) -> Phrase | None:
    """A phrase that turns on a name: an outlet, an organisation, or a person without titles."""
    lex = words.lexicon
    tokens = words.tokens
    start, stop = run
    kind, outlet_like = _kind_of_name(words, first, run)
    if kind is None:
        return None
    if kind == "person":
        start = _without_titles(words, start, stop)
    elif (
        start > first
        and lex.word(tokens[start - 1], "definite")
        and tokens[start - 1].low != "this"
    ):
        start -= 1
    return made(
        words,
        first,
        stop,
        (start, stop),
        kind=kind,
        named=True,
        known=True,
        head=tokens[stop - 1].low,
        is_name=True,
        outlet_like=outlet_like,
    )


def _kind_of_name(words: Words, first: int, run: tuple[int, int]) -> tuple[str | None, bool]:
    """The kind of a name, and whether it might be an outlet's; None where nobody is named."""
    lex = words.lexicon
    start, stop = run
    tokens = [token for token in words.tokens[start:stop] if token.low not in CONNECTORS]
    if not tokens or _nobody(words, tokens):
        return None, False
    whole = _listed(words, start, stop)
    described = lex.noun(words.tokens[start - 1]) if start > first else set()
    if "platforms" in whole and "outlet" not in described:
        return "organisation", False  # where it was posted, not who said it
    if whole & {"agencies", "outlets"} or "outlet" in described or _outlet_noun(words, first, run):
        return "outlet", True
    if "countries" in whole:
        return "organisation", False
    if "organisation" in described and not described & {"person", "title", "spokesperson"}:
        return "organisation", False
    # "Vale & Sons", "Doctors Without Frontiers"
    if any(token.low == "&" for token in words.tokens[start:stop]) or any(
        lex.word(token, "preposition") for token in tokens[1:-1]
    ):
        return "organisation", False
    titled = _without_titles(words, start, stop) > start or bool(
        described & {"person", "unnamed", "title"}
    )
    telling = _telling_word(words, tokens, titled=titled)
    if telling:
        return telling, telling == "outlet"
    return ("person", False) if titled else _bare_name(words, first, run, tokens)


def _nobody(words: Words, tokens: list[Token]) -> bool:
    """Capitals that name nobody: days, months, articles of a law."""
    lex = words.lexicon
    return all(lex.word(token, "time") for token in tokens) or any(
        "never_names" in lex.names.classes(token.low) for token in tokens
    )


def _outlet_noun(words: Words, first: int, run: tuple[int, int]) -> bool:
    """Whether a word of the trade follows: "the Herald newspaper"."""
    start, stop = run
    after = words.tokens[stop] if stop < len(words.tokens) else None
    named = after is not None and not after.cap and "outlet" in words.lexicon.noun(after)
    return named and start > first


def _telling_word(words: Words, tokens: list[Token], *, titled: bool) -> str:
    """The kind that the last telling word of the name gives: Herald, Ministry; or nothing."""
    # The last word tells in "Kell Port Courier", the first in "Courrier du Port".
    for token in tokens if words.lexicon.head_first else reversed(tokens):
        classes = words.lexicon.names.classes(token.low)
        if "." in token.low[1:-1] and not token.text.isupper():
            return "outlet"  # a domain
        if not titled and token.low.endswith(_COMPOUNDS) and token.low not in _COMPOUNDS:
            return "outlet"
        if "outlet_names" in classes and not (titled and len(tokens) <= _FULL_NAME):
            return "outlet"
        if "organisation_names" in classes and not titled:
            return "organisation"
    return ""


def _bare_name(
    words: Words, first: int, run: tuple[int, int], tokens: list[Token]
) -> tuple[str | None, bool]:
    """A name without a telling word: by its article, its length and its look."""
    start = run[0]
    if _opens_with_article(words, *run):
        return "outlet", True
    article = start > first and words.lexicon.word(words.tokens[start - 1], "definite")
    if len(tokens) == 1:
        text = tokens[0].text
        acronym = text.isupper() and 1 < len(text) <= _LONGEST_ACRONYM
        foreign = text.startswith(("Al-", "El-"))
        return ("organisation" if acronym or article else "person"), acronym or foreign
    if article:
        return "organisation", True
    if tokens[0].low in _FOREIGN_ARTICLES:
        return ("outlet" if not words.opens(start) else "organisation"), True
    return "person", False


def _opens_with_article(words: Words, start: int, stop: int) -> bool:
    """Whether the article is part of the name: "obtenidos por El Cerro"."""
    token = words.tokens[start]
    return (
        stop - start > 1
        and not words.opens(start)
        and token.low in _NAMED_ARTICLES
        and words.tokens[start + 1].cap
    )


def _listed(words: Words, start: int, stop: int) -> set[str]:
    """The lists that hold the whole name."""
    return {
        name
        for length, name in words.lexicon.names.at(words.tokens, start, words.tokens[start].low)
        if length == stop - start
    }


def _without_titles(words: Words, start: int, stop: int) -> int:
    """Where the name proper starts: after the last title in it that is not its last word."""
    lex = words.lexicon
    for index in range(stop - 2, start - 1, -1):
        classes = lex.noun(words.tokens[index])
        if classes & {"title", "person"} and words.tokens[index + 1].cap:
            return index + 1
    return start


def _partitive(words: Words, first: int, core: int, stop: int) -> Phrase | None:
    """As in "One of the officers", "several of its members": some of those, none by name."""
    lex = words.lexicon
    if core - first != 1 or core + 1 >= stop or words.tokens[core].low != "of":
        return None
    if not (lex.word(words.tokens[first], "indefinite", "part")):
        return None
    if lex.word(words.tokens[core + 1], "they", "definite") and (
        core + 2 == stop or not words.tokens[core + 2].cap
    ):
        return made(
            words,
            first,
            stop,
            (first, stop),
            kind="unnamed",
            named=False,
            known=True,
            head=words.tokens[first].low,
        )
    whole = classify(words, core + 1, stop)
    if whole is None or not whole.known or whole.is_name:
        return None
    return replace(
        whole,
        first=first,
        start=words.tokens[first].start,
        kind="unnamed",
        named=False,
        definite=False,
    )


def _common(words: Words, first: int, stop: int, core: int) -> Phrase | None:
    """A phrase that turns on a common noun: "the audit report", "two aides", "local media"."""
    lex = words.lexicon
    tokens = words.tokens
    opening = tokens[first]
    definite = lex.word(opening, "definite")
    indefinite = lex.word(opening, "indefinite") or opening.low.isdigit()
    possessive = lex.word(opening, "possessive") or any(
        token.low in {"'s", "'"} for token in tokens[first:core]
    )
    head = tokens[core - 1]
    if core - first == 1 and (definite or lex.word(opening, "possessive")):
        return None
    classes = noun_classes(words, first, core)
    if "inanimate" in classes:
        return None
    if "state_outlet" in classes and any(token.cap for token in tokens[first + 1 : core]):
        # "the Turan state news agency": each state has one
        return made(
            words,
            first,
            stop,
            (first, core),
            kind="outlet",
            named=True,
            known=True,
            head=head.low,
            definite=definite,
            is_name=True,
            outlet_like=True,
        )
    if "outlet" in classes and not indefinite:
        owner = _before_trade(words, first, core, definite=definite)
        if owner is not None:
            return owner
    modifiers = {name for token in tokens[first:stop] for name in lex.noun(token)}
    if not classes and any(lex.word(token, "hides_name") for token in tokens[first : core - 1]):
        classes = {"unnamed"}  # "an unidentified bodyguard"
    if (
        not classes
        and not (definite or possessive)
        and head.low.endswith(lex.unnamed_suffix or ("\0",))
    ):
        classes = {"unnamed"}
    kind, named = kind_of_noun(
        classes,
        definite=definite or possessive,
        indefinite=indefinite,
        bare=not (definite or possessive or indefinite),
        plural=head.low.endswith("s"),
        modifiers=modifiers,
        several=core - first > 1,
        of_something=core < stop and tokens[core].low in {"of", "by", "from", "de", "du", "del"},
    )
    return made(
        words,
        first,
        stop,
        (first, stop),
        kind=kind,
        named=named,
        known=bool(classes),
        head=head.low,
        definite=definite,
        generic_outlet=bool(classes & {"outlet"})
        and not (classes & {"organisation"} and not definite),
    )


def _before_trade(words: Words, first: int, core: int, *, definite: bool) -> Phrase | None:
    """As in "Al-Sabah newspaper": the name right before the word of the trade is the outlet's."""
    lex = words.lexicon
    for run in reversed(runs(words, first, core)):
        following = words.tokens[run[1] : core]
        if not following or not all(lex.noun(token) or token.low == "news" for token in following):
            continue
        tokens = words.tokens[run[0] : run[1]]
        listed = bool(_listed(words, *run) & {"agencies", "outlets"})
        # "the Kenyan newspaper" names none; "Kenyan newspaper" alone is nobody's style.
        adjective = definite and tokens[-1].low.endswith(lex.demonym_suffix or ("\0",))
        if not listed and adjective:
            return None
        return made(
            words,
            first,
            core,
            (first if definite else run[0], core),
            kind="outlet",
            named=True,
            known=True,
            head=tokens[-1].low,
            is_name=True,
            outlet_like=True,
        )
    return None


def split_sources(words: Words, first: int, stop: int) -> list[Phrase]:
    """The sources in a phrase: "doctors and the army" are two, "The Post and Courier" is one."""
    lex = words.lexicon
    if not lex.capitals:
        return _split_written_on(words, first, stop)
    for index in range(first + 1, stop - 1):
        if not lex.word(words.tokens[index], "and") or _one_name(words, first, index, stop):
            continue
        left = classify(words, first, index)
        again = lex.word(words.tokens[index + 1], "agent_mark") and index + 2 < stop
        right = split_sources(words, index + 1 + again, stop)
        if left is not None and left.known and right and all(part.known for part in right):
            return [left, *right]
    whole = classify(words, first, stop)
    return [] if whole is None else [whole]


def _split_written_on(words: Words, first: int, stop: int) -> list[Phrase]:
    """The sources where "and" is written onto the second: "תושבים והעירייה"."""
    lex = words.lexicon
    for index in range(first + 1, stop):
        token = words.tokens[index]
        mark = next((c for c in lex.strip if token.low.startswith(c)), None)
        if mark is None or not lex.nouns.classes(token.low[len(mark) :]):
            continue
        left, right = classify(words, first, index), classify(words, index, stop)
        if left is not None and left.known and right is not None and right.known:
            shifted = right.start + (len(mark) if right.start == token.start else 0)
            return [left, replace(right, start=shifted)]
    whole = classify(words, first, stop)
    return [] if whole is None else [whole]


def _one_name(words: Words, first: int, index: int, stop: int) -> bool:
    """Whether "and" stands inside one name: the outlet word comes only after it."""
    tokens = words.tokens
    if not (tokens[index - 1].cap and index + 1 < stop and tokens[index + 1].cap):
        return False
    left = [run for run in runs(words, first, index) if run[1] == index]
    if not left:
        return False
    start, end = left[0]
    kinds = {
        name for token in tokens[start:end] for name in words.lexicon.names.classes(token.low)
    }
    if kinds & {"agencies", "outlets", "countries"}:
        return False
    size = sum(token.low not in CONNECTORS for token in tokens[start:end])
    right = {
        name
        for token in tokens[index + 1 : stop]
        for name in words.lexicon.names.classes(token.low)
    }
    has_word = bool(kinds & {"outlet_names", "organisation_names"})
    if "of" in {token.low for token in tokens[start:end]}:
        return not right & {"outlet_names", "organisation_names"}
    return size == 1 and bool(right & {"outlet_names", "organisation_names"} or has_word)
