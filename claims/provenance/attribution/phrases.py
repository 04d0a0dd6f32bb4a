"""Finds the words that name a source, and tells what kind of source they name."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from claims.provenance.attribution.lexicon import Lexicon
from claims.provenance.attribution.tokens import Token

_REACH_BACK = 25
_REACH_ON = 18
_CONNECTORS = frozenset(
    "of the and for & de del la las los el des du d' l' al van von der den di da bin ibn y et".split()
)
_LONGEST_NOUN = 3


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase that could name a source: its tokens, the words that name, and the kind.

    ``known`` tells a name or a word of the lists from a mere guess by position; ``pronoun`` and
    ``definite`` ("the report") say what may stand for something named before; ``head`` is the
    noun it turns on, ``named_run`` whether it turns on a name.
    """

    first: int
    stop: int
    start: int
    end: int
    kind: str
    named: bool
    known: bool
    head: str = ""
    definite: bool = False
    pronoun: str = ""
    is_name: bool = False
    outlet_like: bool = False
    generic_outlet: bool = False
    own: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """The tokens of one sentence with what rules ask of them: where cues and quotations are."""

    tokens: Sequence[Token]
    cue_at: dict[int, tuple[int, frozenset[str]]]
    in_cue: frozenset[int]
    quoted: Sequence[int]
    lexicon: Lexicon

    def opens(self, index: int) -> bool:
        """Whether the token starts a sentence or a quotation, where capitals say nothing."""
        return index == 0 or not self.tokens[index - 1].word

    def is_name(self, index: int) -> bool:
        """Whether the token is part of a name, as far as capitals tell."""
        token = self.tokens[index]
        if not (token.word and token.cap):
            return False
        lex = self.lexicon
        if lex.word(token, "he", "she", "they", "it", "first_person"):
            return False
        if not self.opens(index):
            return True
        if lex.word(
            token, "definite", "indefinite", "possessive", "preposition", "opener", "both"
        ):
            return False
        following = self.tokens[index + 1] if index + 1 < len(self.tokens) else None
        known = bool(lex.noun(token)) and not lex.names.classes(token.low)
        known = known or token.low.endswith(lex.unnamed_suffix or ("\0",))
        if following is not None and following.word and not following.cap:
            return not (known or lex.noun(following)) or self._connected(index)
        return not known or (following is not None and following.cap and following.word)

    def _connected(self, index: int) -> bool:
        """A name at the start that runs on in small words: "Times of Harrow"."""
        after = self.tokens[index + 1 : index + 4]
        return (
            len(after) > 1 and after[0].low in {"of", "de", "du", "des", "del"} and after[-1].cap
        )


def runs(words: Words, first: int, stop: int) -> list[tuple[int, int]]:
    """The names between two tokens: capitalised words, with the small words that join them."""
    found: list[tuple[int, int]] = []
    index = first
    while index < stop:
        if not words.is_name(index):
            index += 1
            continue
        end = index + 1
        while end < stop:
            if words.tokens[end].word and (
                words.tokens[end].cap or words.tokens[end].low.isdigit()
            ):
                end += 1
                continue
            joined = _joined(words, end, stop)
            if joined == end:
                break
            end = joined
        found.append((index, end))
        index = end
    return found


def _joined(words: Words, end: int, stop: int) -> int:
    """Where the name goes on after small words, or *end*; "and" joins no two full names."""
    at = end
    while at < stop and words.tokens[at].low in _CONNECTORS and not words.tokens[at].cap:
        at += 1
    if at == end or at >= stop or not (words.tokens[at].cap and words.tokens[at].word):
        return end
    return at


def classify(words: Words, first: int, stop: int) -> Phrase | None:
    """What the tokens from *first* to *stop* name; None where they can name no source."""
    lex = words.lexicon
    tokens = words.tokens
    while first < stop and (not tokens[first].word or lex.word(tokens[first], "both")):
        first += 1
    while first < stop and not tokens[stop - 1].word:
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
        return _unprefixed(words, _uncapitalised(words, first, stop))
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
        return _name(words, first, head_run)
    return _common(words, first, stop, core)


def _made(words: Words, first: int, stop: int, span: tuple[int, int], **what: object) -> Phrase:
    tokens = words.tokens
    return Phrase(
        first=first,
        stop=stop,
        start=tokens[span[0]].start,
        end=tokens[span[1] - 1].end,
        **what,  # type: ignore[arg-type]
    )


def _pronoun(words: Words, first: int, stop: int) -> Phrase | None:
    if stop - first != 1:
        return None
    token = words.tokens[first]
    for name in ("he", "she", "they", "it"):
        if words.lexicon.word(token, name):
            kind = "organisation" if name == "it" else "person"
            return _made(
                words, first, stop, (first, stop), kind=kind, named=False, known=True, pronoun=name
            )
    return None


def _own(words: Words, first: int, stop: int) -> Phrase | None:
    """This newspaper and its people."""
    for form in words.lexicon.forms(words.tokens[first].low):
        for length, name in words.lexicon.nouns.at(words.tokens, first, form):
            if name == "self" and first + length <= stop:
                return _made(
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
        if lex.word(token, "attach_start"):
            return index
        if lex.finite(token) and (_is_participle(words, index) or lex.word(token, "auxiliary")):
            return index
    return stop


def _is_participle(words: Words, index: int) -> bool:
    """ "Briefed on", "published in": a participle after its noun; "leaked memo" is none."""
    lex = words.lexicon
    following = words.tokens[index + 1] if index + 1 < len(words.tokens) else None
    if following is not None and lex.word(following, "attach", "preposition"):
        return True
    return bool(lex.noun(words.tokens[index - 1])) and not words.tokens[index].cap


def _noun_classes(words: Words, first: int, core: int) -> set[str]:
    """The classes of the longest known noun that ends the phrase, of up to three words."""
    lex = words.lexicon
    if lex.head_first:
        return _first_noun(words, first, core)
    for length in range(min(_LONGEST_NOUN, core - first), 0, -1):
        start = core - length
        token = words.tokens[start]
        found = {
            name
            for form in lex.forms(token.low)
            for size, name in lex.nouns.at(words.tokens, start, form)
            if size == length
        }
        if length == 1:
            found |= lex.noun(token)
        if found - {"title", "inanimate", "audience", "headline_label", "withheld"}:
            return found
        if "inanimate" in found:
            return found
    return set()


def _first_noun(words: Words, first: int, core: int) -> set[str]:
    """The classes of the first known noun, where adjectives follow: "une source policière"."""
    lex = words.lexicon
    for start in range(first, core):
        hits = lex.nouns.at(words.tokens, start, words.tokens[start].low)
        fitting = [(size, name) for size, name in hits if start + size <= core and name != "title"]
        if not fitting and lex.noun(words.tokens[start]) - {"title"}:
            return lex.noun(words.tokens[start])
        if fitting:
            return {name for size, name in fitting if size == fitting[0][0]}
    return set()


def _story(
    words: Words, first: int, stop: int, core: int, names: list[tuple[int, int]]
) -> Phrase | None:
    """ "A report in the Harbour Mail", "the Mail's investigation": the outlet is the source."""
    lex = words.lexicon
    if (
        core - 1 < first
        or words.is_name(core - 1)
        or "story" not in lex.noun(words.tokens[core - 1])
    ):
        return None
    for run in names:
        named = _name(words, max(first, run[0] - 3), run)
        if named is not None and named.kind == "outlet":
            return Phrase(
                first,
                stop,
                named.start,
                named.end,
                "outlet",
                True,
                True,
                head=named.head,
                is_name=True,
                outlet_like=True,
            )
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
    return _made(
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
    lex = words.lexicon
    start, stop = run
    tokens = [token for token in words.tokens[start:stop] if token.low not in _CONNECTORS]
    if not tokens:
        return None, False
    whole = _listed(words, start, stop)
    before = words.tokens[start - 1] if start > first else None
    described = lex.noun(before) if before is not None else set()
    after = words.tokens[stop] if stop < len(words.tokens) else None
    if whole & {"agencies", "outlets"} or "outlet" in described:
        return "outlet", True
    if after is not None and not after.cap and "outlet" in lex.noun(after) and before is not None:
        return "outlet", True
    if "countries" in whole:
        return "organisation", False
    if any("never_names" in lex.names.classes(token.low) for token in tokens) or all(
        lex.word(token, "time") for token in tokens
    ):
        return None, False
    if "organisation" in described and not described & {"person", "title", "spokesperson"}:
        return "organisation", False
    titled = _without_titles(words, start, stop) > start or bool(
        described & {"person", "unnamed", "title"}
    )
    for token in reversed(tokens):
        classes = lex.names.classes(token.low)
        if "outlet_names" in classes and not (titled and len(tokens) <= 2):
            return "outlet", True
        if "organisation_names" in classes and not titled:
            return "organisation", False
    if titled:
        return "person", False
    article = before is not None and lex.word(before, "definite")
    if len(tokens) == 1:
        text = tokens[0].text
        acronym = text.isupper() and 1 < len(text) <= 5
        foreign = text.startswith(("Al-", "El-", "Al", "Ha'")) and "-" in text
        return ("organisation" if acronym or article else "person"), acronym or foreign
    if article:
        return "organisation", True
    if tokens[0].low in {"al", "le", "la", "el", "il", "der", "die", "das", "les", "los", "las"}:
        return ("outlet" if not words.opens(start) else "organisation"), True
    return "person", False


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
    """ "One of the officers", "several of its members": some of those, none by name."""
    lex = words.lexicon
    if core - first != 1 or core + 1 >= stop or words.tokens[core].low != "of":
        return None
    if not (
        lex.word(words.tokens[first], "indefinite") or words.tokens[first].low in {"none", "half"}
    ):
        return None
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
    classes = _noun_classes(words, first, core)
    if "inanimate" in classes:
        return None
    modifiers = {name for token in tokens[first:stop] for name in lex.noun(token)}
    if (
        not classes
        and not (definite or possessive)
        and head.low.endswith(lex.unnamed_suffix or ("\0",))
    ):
        classes = {"unnamed"}
    kind, named = _kind_of_noun(
        classes,
        definite=definite or possessive,
        indefinite=indefinite,
        bare=not (definite or possessive or indefinite),
        plural=head.low.endswith("s"),
        modifiers=modifiers,
        several=core - first > 1,
        of_something=core < stop and tokens[core].low in {"of", "by", "de", "du", "del"},
    )
    return _made(
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


def _kind_of_noun(  # noqa: C901, PLR0911, PLR0912 - one line per kind reads best in one place
    classes: set[str],
    *,
    definite: bool,
    indefinite: bool,
    bare: bool,
    plural: bool,
    modifiers: set[str],
    several: bool,
    of_something: bool = False,
) -> tuple[str, bool]:
    if "spokesperson" in classes and (several or definite):
        return "organisation", True
    if "collective" in classes and not (definite and "organisation" in classes):
        return "collective", False
    if "outlet" in classes:
        if "organisation" in classes and definite:
            return "organisation", True
        return ("outlet", False) if definite else ("unnamed", False)
    if "public_document" in classes:
        return "document", True
    if "document" in classes:
        if "withheld" in modifiers or "private_document" in classes:
            return "document", False
        return "document", definite or indefinite or of_something or (
            bare and several and not plural
        )
    if "unnamed" in classes and "person" not in classes and "organisation" not in classes:
        return "unnamed", False
    if "organisation" in classes:
        return ("unnamed", False) if indefinite else ("organisation", True)
    if "person" in classes:
        return ("unnamed", False) if indefinite else ("person", True)
    if "story" in classes:
        return "document", False
    if definite and not plural:
        return "person", True
    return "unnamed", False


def _uncapitalised(words: Words, first: int, stop: int) -> Phrase | None:
    """A phrase in a script without capitals: what follows a word of the trade is the name."""
    lex = words.lexicon
    tokens = words.tokens
    marks = [(index, lex.noun(tokens[index])) for index in range(first, stop)]
    for index, _ in marks:
        whole = {
            name for size, name in lex.names.at(tokens, index, tokens[index].low)
        } | lex.names.classes(_bare(lex, tokens[index]))
        if whole & {"agencies", "outlets"}:
            return _made(
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
        else _kind_of_noun(
            classes,
            definite=definite or (stop - first > 1 and "unnamed" not in classes),
            indefinite=False,
            bare=not definite,
            plural=False,
            modifiers=set().union(*(found for _, found in marks)),
            several=stop - first > 1,
        )
    )
    return _made(
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


def _unprefixed(words: Words, phrase: Phrase | None) -> Phrase | None:
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
    """ "صحيفة الساحل": the name after the word of the trade; without one it is unnamed."""
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
        return _made(
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
    return _made(
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


def split_sources(words: Words, first: int, stop: int) -> list[Phrase]:
    """The sources in a phrase: "doctors and the army" are two, "The Post and Courier" is one."""
    lex = words.lexicon
    if not lex.capitals:
        return _split_written_on(words, first, stop)
    for index in range(first + 1, stop - 1):
        if not lex.word(words.tokens[index], "and") or _one_name(words, first, index, stop):
            continue
        left = classify(words, first, index)
        right = split_sources(words, index + 1, stop)
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
    size = sum(token.low not in _CONNECTORS for token in tokens[start:end])
    right = {
        name
        for token in tokens[index + 1 : stop]
        for name in words.lexicon.names.classes(token.low)
    }
    has_word = bool(kinds & {"outlet_names", "organisation_names"})
    if "of" in {token.low for token in tokens[start:end]}:
        return not right & {"outlet_names", "organisation_names"}
    return size == 1 and bool(right & {"outlet_names", "organisation_names"} or has_word)


def after(words: Words, index: int, limit: int | None = None) -> tuple[int, int]:
    """First and stop of the noun phrase that starts at *index*."""
    lex = words.lexicon
    tokens = words.tokens
    stop = min(len(tokens), index + _REACH_ON) if limit is None else limit
    at = index
    while at < stop and lex.word(tokens[at], "both", "definite", "indefinite", "possessive"):
        at += 1
    first_noun = at
    while at < stop:
        step = _step(words, at, first_noun, stop)
        if step == 0:
            break
        at += step
    return index, at


def _step(words: Words, at: int, first_noun: int, stop: int) -> int:  # noqa: C901, PLR0911, PLR0912 - the grammar of a noun phrase, one rule a line
    """How many tokens from *at* go on with the noun phrase; 0 where it ends."""
    lex = words.lexicon
    token = words.tokens[at]
    before = words.tokens[at - 1]
    following = words.tokens[at + 1] if at + 1 < stop else None
    if token.low in {"'s", "'"}:
        return 1 if following is not None and following.word else 0
    if not token.word or (at in words.in_cue and not token.cap):
        return 0
    if at > first_noun and not lex.capitals and _addresses(lex, token):
        return 0
    if lex.word(token, "and"):
        return (
            1
            if following is not None
            and following.word
            and at > first_noun
            and not _clause_after(words, at + 1, stop)
            else 0
        )
    joined = lex.word(before, "and", "preposition")
    inside_name = before.cap and following is not None and following.cap
    if token.low in _CONNECTORS and inside_name and not token.cap:
        return 1
    if lex.word(token, "definite", "indefinite", "possessive") and not token.cap:
        return 1 if joined or (lex.capitals and words.tokens[at - 1].low in _CONNECTORS) else 0
    if token.cap and lex.capitals and not (lex.word(token, "time") and at > first_noun):
        return 1
    if lex.word(token, "that", "relative", "contrast", "he", "she", "they", "first_person"):
        return 0
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


def _addresses(lex: Lexicon, token: Token) -> bool:
    """ "لقناة": to a channel, and so no part of who speaks."""
    return any(
        token.low.startswith(prefix) and "outlet" in lex.nouns.classes(token.low[len(prefix) :])
        for prefix in lex.addressee
    )


def _noun_after_name(words: Words, at: int, first_noun: int, following: Token | None) -> int:
    """ "a Hebrew news website", "Kell police": a noun goes on after a capital, a clause does not."""
    lex = words.lexicon
    if lex.noun(words.tokens[at]):
        return 1
    opened = first_noun > 0 and lex.word(words.tokens[first_noun - 1], "indefinite")
    return 1 if opened and following is not None and lex.noun(following) else 0


def _goes_on(words: Words, at: int, first_noun: int) -> int:
    """Without capitals: a definite noun ends the phrase where an indefinite one follows it."""
    lex = words.lexicon
    before, token = words.tokens[at - 1], words.tokens[at]
    if not lex.article or lex.order != "VSO":
        return 1
    named = any(
        lex.noun(word) & {"title", "person", "outlet", "spokesperson"}
        for word in words.tokens[first_noun:at]
    )
    if before.low.startswith(lex.article) and not token.low.startswith(lex.article) and not named:
        return 0
    return 1


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
    if token.low in {"of", "de", "du", "des", "del", "d'"}:
        return 1
    if not lex.capitals:
        return 1
    return 0 if before.cap and not lex.noun(before) else 1


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
        if not token.word and token.low not in {"'", "'s"}:
            break
        if first - 1 in words.in_cue and not (
            words.is_name(first - 1) and not words.opens(first - 1)
        ):
            if not _in_relative(words, first - 1):
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
    while first < stop and (
        lex.word(tokens[first], "opener", "and", "adverb", "time")
        and not (tokens[first].cap and not words.opens(first))
    ):
        first += 1
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


def _breaks(words: Words, at: int, stop: int) -> bool:
    """Whether a finite verb at *at* ends a clause before the subject starts."""
    token = words.tokens[at]
    if token.cap or not words.lexicon.finite(token):
        return False
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
