"""Sources that stand around the text: datelines of agencies, credits, headlines with a colon."""

# ruff: noqa: PLR2004 - counts of a few words; a name for each would hide the grammar

import re

from claims.provenance.attribution.found import Found
from claims.provenance.attribution.lexicon import Lexicon
from claims.provenance.attribution.phrases import classify
from claims.provenance.attribution.tokens import tokenise
from claims.provenance.attribution.words import Phrase, Words

_SURE, _LIKELY = 0.95, 0.8
_LONGEST_HEADLINE = 220
_LABEL_WORDS = 2
_LONGEST_LABEL = 5
_DATELINE = re.compile(
    r"^\s*(?P<place>[^\W\d_][^()\n]{1,60}?)\s*(?P<cue>\((?P<agency>[^()\n]{2,40})\)\.?\s*[-–—:]+)"
)
_LEADING = re.compile(r"^\s*(?P<cue>\(?(?P<agency>[^()\n,–—-]{2,30}?)\)?\s*[–—-]{1,2})\s")
_BRACKETED = re.compile(r"^\s*(?P<cue>\((?P<agency>[^()\n]{2,30})\))\s+(?=\S)")
_DASHED = re.compile(
    r"^\s*(?P<place>[^()\n:–—-]{2,40}?)\s*[-–—/,]\s*"
    r"(?P<cue>(?P<agency>[^()\n:–—,-]{2,30}?)\s*[:–—-]{1,2})\s"
)
_UNDASHED = re.compile(
    r"^\s*(?P<place>[^\W\d_][^()\n]{1,60}?)\s*"
    r"(?P<cue>\((?P<agency>[^()\n]{2,40})\))\s+(?=\S)"
)
_BY = re.compile(
    r"^\s*(?P<cue>By)\s+(?:[^\n,|/;:]{2,60}(?:\s*[,|/]|\s+and)\s*)?(?P<agency>(?:the\s+)?[^\n,.|/]{2,30}?)"
    r"(?:\s+(?:staff|reporters?|news agency))?\s*(?:$|\n)",
    re.IGNORECASE,
)
_COPYRIGHT = re.compile(
    r"^\s*(?P<cue>©|\(c\)|copyright)\s*(?:\d{4}\s*)?(?P<agency>[^\n,.\d]{2,40}?)\s*(?:\d{4})?\.?\s*$",
    re.IGNORECASE,
)
_TRAILING = re.compile(r"(?P<cue>[(\[—–-]\s*(?P<agency>[^()\n—–-]{2,40}?)\s*[)\]]?)\s*\.?\s*$")


def byline(words: Words, text: str, start: int, end: int) -> list[Found]:
    """Agencies in a dateline at the start of a passage, or alone in brackets at its end."""
    made: list[Found] = []
    head = text[start : min(end, start + 140)]
    for pattern in (_DATELINE, _LEADING):
        found = pattern.match(head)
        if found and _is_agency(
            words.lexicon, found["agency"], place=found.groupdict().get("place")
        ):
            made.append(_agency(words, text, start, found))
            break
    for pattern in (_UNDASHED, _BRACKETED, _DASHED, _BY):
        found = pattern.match(head)
        if found and not made and _listed(words.lexicon, found["agency"]):
            place = found.groupdict().get("place")
            shouted = place is None or place.split(",")[0].strip().isupper()
            if pattern is _DASHED or shouted:
                made.append(_agency(words, text, start, found))
    found = _COPYRIGHT.match(text[start:end])
    if found and not made and _listed(words.lexicon, found["agency"]):
        made.append(_agency(words, text, start, found))
    tail_start = max(start, end - 80)
    tail = text[tail_start:end]
    found = _TRAILING.search(tail)
    if found and _is_agency(words.lexicon, found["agency"], place=None) and not made:
        made.append(_agency(words, text, tail_start, found))
    return [one for one in made if one.first >= 0]


def _is_agency(lex: Lexicon, name: str, *, place: str | None) -> bool:
    """A known agency, "agencies", or, after a place in capitals, any short capitalised name."""
    from_list = _listed(lex, name)
    if from_list:
        return True
    if "collective" in lex.nouns.classes(name.casefold().strip()) and "agenc" in name.casefold():
        return True
    capitals = place is not None and place.split(",")[0].strip().isupper()
    return capitals and name[:1].isupper() and not any(char.isdigit() for char in name)


def _listed(lex: Lexicon, name: str) -> bool:
    for part in re.split(r"[/&,]", name):
        bare = re.sub(r"^(?:by|the|with)\s+", "", part.strip(), flags=re.IGNORECASE)
        tokens = tokenise(bare)
        if tokens and (len(tokens), "agencies") in lex.names.at(tokens, 0, tokens[0].low):
            return True
    return False


def _agency(words: Words, text: str, offset: int, found: "re.Match[str]") -> Found:
    start, end = offset + found.start("agency"), offset + found.end("agency")
    name = text[start:end]
    collective = "agenc" in name.casefold() and not _listed(words.lexicon, name)
    phrase = Phrase(
        first=-1,
        stop=-1,
        start=start,
        end=end,
        kind="collective" if collective else "outlet",
        named=not collective,
        known=True,
        head=name.casefold(),
        is_name=not collective,
        outlet_like=not collective,
    )
    cue = (offset + found.start("cue"), offset + found.end("cue"))
    return Found(
        phrase=phrase,
        role="byline",
        rule="agency_byline",
        cue=cue,
        first=0,
        stop=0,
        confidence=_SURE,
        settled=True,
    )


def credit(words: Words) -> list[Found]:
    """Who wrote parts of the text: "With inputs from PTI", "AFP contributed"."""
    lex = words.lexicon
    tokens = words.tokens
    made: list[Found] = []
    for index, (length, classes) in words.cue_at.items():
        if "byline" in classes:
            made.extend(_credited(words, index, index + length))
        elif "byline_after" in classes:
            first = max(0, index - 6)
            while first < index and not (
                words.is_name(first)
                or lex.word(tokens[first], "definite")
                or lex.noun(tokens[first])
            ):
                first += 1
            phrase = classify(words, first, index) if first < index else None
            if phrase is not None and phrase.kind in {"outlet", "collective", "organisation"}:
                made.append(_found(words, phrase, index, index + length))
    return made


def _credited(words: Words, index: int, stop: int) -> list[Found]:
    tokens = words.tokens
    if "agency" in {token.low for token in tokens[index:stop]}:
        at = next(at for at in range(index, stop) if tokens[at].low == "agency")
        phrase = Phrase(
            first=at,
            stop=at + 1,
            start=tokens[at].start,
            end=tokens[at].end,
            kind="collective",
            named=False,
            known=True,
            head="agency",
        )
        return [_found(words, phrase, stop - 1, stop)]
    end = stop
    made: list[Found] = []
    while end < len(tokens) and end < stop + 12 and tokens[end].low not in {")", ".", ";"}:
        end += 1
    first = stop
    for at in range(stop, end + 1):
        if at == end or tokens[at].low in {",", "and", "&", "/"}:
            named = classify(words, first, at) if at > first else None
            if named is not None and named.kind in {"outlet", "collective", "organisation"}:
                made.append(_found(words, named, index, stop))
            first = at + 1
    return made


def _found(words: Words, phrase: Phrase, first: int, stop: int) -> Found:
    return Found(
        phrase=phrase,
        role="byline",
        rule="agency_credit",
        cue=(words.tokens[first].start, words.tokens[stop - 1].end),
        first=first,
        stop=stop,
        confidence=_SURE,
        settled=True,
    )


def headline(words: Words, *, known: frozenset[str]) -> list[Found]:
    """As in "Ferry line sold: Sources"; a topic before a colon is no source."""
    tokens = words.tokens
    if not tokens or tokens[-1].end - tokens[0].start > _LONGEST_HEADLINE:
        return []
    marks = [
        at
        for at, token in enumerate(tokens)
        if token.low in {":", "–", "—", "-", "|"}
        and 0 < at < len(tokens) - 1
        and not words.quoted[at]
        and (
            token.low == ":"
            or (tokens[at - 1].end < token.start and token.end < tokens[at + 1].start)
        )
    ]
    if not marks:
        return []
    last = marks[-1]
    if tokens[-1].low not in {".", "!", "?"} and len(tokens) - last - 1 <= 7 and last >= 2:
        phrase = classify(words, last + 1, len(tokens))
        if phrase is not None and phrase.stop == len(tokens) and _credible(words, phrase, known):
            return [_turn(words, phrase, last)]
    first = marks[0]
    if tokens[first].low == ":" and first <= 6 and len(tokens) - first > 3:
        phrase = classify(words, 0, first)
        if (
            phrase is not None
            and phrase.first == 0
            and _credible(words, phrase, known, leading=True)
        ):
            return [_turn(words, phrase, first)]
    return []


def _credible(
    words: Words, phrase: Phrase, known: frozenset[str], *, leading: bool = False
) -> bool:
    """Whether what stands beside the colon is somebody's word, not a topic or a label."""
    tokens = words.tokens[phrase.first : phrase.stop]
    alone = len(tokens) == 1
    if (alone and "headline_label" in words.lexicon.noun(tokens[0])) or _has_verb(words, phrase):
        return False
    if phrase.is_name and phrase.kind == "person":
        following = (
            words.tokens[phrase.stop + 1].low if phrase.stop + 1 < len(words.tokens) else ""
        )
        return phrase.head in known or (leading and following == '"')
    if phrase.kind == "organisation" and phrase.is_name and phrase.outlet_like:
        return phrase.head in known
    if phrase.pronoun or not phrase.known:
        return False
    if phrase.kind == "document" and len(tokens) > _LABEL_WORDS:
        return False
    if leading and not phrase.is_name and phrase.kind not in {"unnamed", "person"}:
        return alone
    return len(tokens) <= _LONGEST_LABEL


def _has_verb(words: Words, phrase: Phrase) -> bool:
    """Whether a cue or another verb stands in it: then it is a clause."""
    return any(
        at in words.in_cue or (words.lexicon.finite(words.tokens[at]) and not words.tokens[at].cap)
        for at in range(phrase.first, phrase.stop)
    )


def _turn(words: Words, phrase: Phrase, mark: int) -> Found:
    token = words.tokens[mark]
    return Found(
        phrase=phrase,
        role="headline",
        rule="headline",
        cue=(token.start, token.end),
        first=mark,
        stop=mark + 1,
        confidence=_LIKELY,
        settled=True,
    )
