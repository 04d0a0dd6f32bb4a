"""What a sentence asserts once the words that name its source are set aside."""

# ruff: noqa: PLR2004 - counts of a few words; a name for each would hide the grammar

import re
from collections.abc import Sequence

from claims.extraction.wording import Wording, words_in
from claims.text.attributed import Attribution, Span

# Rules whose words frame the sentence; a speaker inside what is said belongs to the assertion.
_FRAMING = frozenset(
    ["told", "told_outlet", "citing", "quoted", "quotes", "obtained_by", "document_held",
     "interview_with", "quoted_by", "according_to", "reported_by"]
)  # fmt: skip
_CARRYING = frozenset(["obtained_by", "interview_with"])
_FEW_WORDS = 6
_ENOUGH_WORDS = 3
_LONG_OFFICE = 14
_LONG_PLACE = 20
_SOON = 8
_COMMA = re.compile(r",(?!\d)")
_TRIM = " \t\r\n,;:،؛–—-"
_QUOTES = '"“”„«»'


def asserted(text: str, sentence: Span, edges: Sequence[Attribution], words: Wording) -> Span:
    """The passage of *sentence* that is said, without "according to X" and "X said that".

    The whole sentence where its source stands in the middle, or where the rest would be no clause.
    """
    start, end = sentence
    zone = _zone(text, sentence, edges)
    if zone is None:
        return trimmed(text, start, end)
    before, after = text[start : zone[0]], text[zone[1] : end]
    size_before, size_after = len(words_in(before)), len(words_in(after))
    framed = _only_names(before, words) or _only_where(before, after, words)
    least = _ENOUGH_WORDS if framed else size_before
    if size_after > least and least <= _FEW_WORDS:
        begin = _after_frame(text, zone[1], end, words)
        span = trimmed(text, begin, end)
        if _needs_that(text, zone[1], begin, words):
            return trimmed(text, start, end)
    elif size_after <= _FEW_WORDS or _only_relative(after, words):
        span = trimmed(text, start, _before_speaker(text, start, zone[0]))
    else:
        span = trimmed(text, start, end)
    quoted = span[0] > start and text[span[0] - 1] in _QUOTES
    clause = quoted or _is_clause(text[slice(*span)], words)
    return span if clause else trimmed(text, start, end)


def _needs_that(text: str, frame_end: int, begin: int, words: Wording) -> bool:
    """As in "l'acte mentionne un prix": no "que", comma or quotation, and so no clause follows."""
    if not words.words("clause_needs_that"):
        return False
    opened = text[frame_end:begin] + text[begin : begin + 2]
    return words.find("that", opened) is None and not any(
        mark in opened for mark in _QUOTES + ",:\u00a0"
    )


def _only_where(before: str, after: str, words: Wording) -> bool:
    """As in "In an email dated 4 May, Anna Strand wrote that": where it was said, then "that"."""
    found = words_in(before)
    opens = bool(found) and found[0] in words.words("prepositions")
    that = words.find("that", after[:_SOON])
    return (
        opens
        and len(found) <= _LONG_PLACE
        and that is not None
        and not after[: that.start()].strip()
    )


def _only_names(before: str, words: Wording) -> bool:
    """As in "The widow of one of the men, Amina Doss, said": no verb ahead of the source."""
    found = words_in(before)
    tells = bool(words.words("past"))
    return tells and len(found) <= _LONG_OFFICE and not has_verb(found, words)


def trimmed(text: str, start: int, end: int) -> Span:
    """The span without space, separators and unpaired quotation marks at its ends."""
    while start < end and text[start] in _TRIM:
        start += 1
    while end > start and text[end - 1] in _TRIM + ".":
        end -= 1
    inner = text[start:end]
    if inner[:1] and inner[0] in _QUOTES and sum(inner.count(mark) for mark in _QUOTES) == 1:
        start += 1
    if inner[-1:] and inner[-1] in _QUOTES and sum(inner.count(mark) for mark in _QUOTES) == 1:
        end -= 1
        while end > start and text[end - 1] in _TRIM + ".":
            end -= 1
    if end - start > 2 and text[start] in _QUOTES and text[end - 1] in _QUOTES:
        middle = text[start + 1 : end - 1]
        if not any(mark in middle for mark in _QUOTES):
            return trimmed(text, start + 1, end - 1)
    return start, end


def _zone(text: str, sentence: Span, edges: Sequence[Attribution]) -> Span | None:
    """From the first to the last word that names the source, with those it was had from."""
    outer = [
        edge for edge in edges if edge.rule not in {"agency_byline", "agency_credit", "headline"}
    ]
    if not outer:
        return None
    inside = {edge.id for edge in outer}
    roots = [edge for edge in outer if edge.from_id not in inside]
    zone = _around(roots[0])
    changed = True
    while changed:
        changed = False
        for edge in outer:
            low, high = _around(edge)
            through = roots[0].rule in _CARRYING and edge.from_id == roots[0].id
            if edge.rule in _FRAMING or edge.cue_span == roots[0].cue_span or through:
                gap = text[min(high, zone[1]) : max(low, zone[0])]
                wider = (min(low, zone[0]), max(high, zone[1]))
                if wider != zone and len(gap.split()) <= _FEW_WORDS:
                    zone, changed = wider, True
    return max(zone[0], sentence[0]), min(zone[1], sentence[1])


def _around(edge: Attribution) -> Span:
    return (
        min(edge.source_span[0], edge.cue_span[0]),
        max(edge.source_span[1], edge.cue_span[1]),
    )


def _after_frame(text: str, start: int, end: int, words: Wording) -> int:
    """Where what was said starts: after "that", or after the comma of "according to X, …"."""
    rest = text[start:end]
    that = words.find("that", rest[:60])
    if that is not None and len(words_in(rest[: that.start()])) <= _FEW_WORDS:
        return start + that.end()
    mark = _COMMA.search(rest)  # "8,000 people" is one word
    comma = mark.start() if mark else -1
    if comma >= 0 and len(words_in(rest[:comma])) <= _FEW_WORDS:
        begin = comma + 1
        first = words_in(rest[begin:])[:1]
        if first and first[0] in words.words("subordinators"):
            closing = rest.find(",", begin)
            return start + (closing + 1 if closing > 0 else begin)
        return start + begin
    return start


def _before_speaker(text: str, start: int, end: int) -> int:
    """Where what was said ends: before the title or trade of who said it."""
    cut = end
    for at in range(end - 1, max(start, end - 90), -1):
        if text[at] in _QUOTES or (text[at] == "," and not text[at + 1 : at + 2].isdigit()):
            cut = at + 1 if text[at] in _QUOTES else at
            break
    closing = max((text.rfind(mark, start, cut) for mark in _QUOTES), default=-1)
    office = words_in(text[closing + 1 : cut]) if closing > start else []
    # '"Nobody lied," its former chief engineer, Georg Halm, told me'
    if office and len(office) <= _FEW_WORDS and text[closing - 1] in ",.?!":
        return closing + 1
    return cut


def _only_relative(after: str, words: Wording) -> bool:
    first = words_in(after)[:1]
    return bool(first) and first[0] in words.words("subordinators") and after.lstrip()[:1] == ","


def _is_clause(passage: str, words: Wording) -> bool:
    found = words_in(passage)
    if len(found) < _ENOUGH_WORDS:
        return False
    return has_verb(found, words)


def has_verb(found: Sequence[str], words: Wording) -> bool:
    """Whether one of the words looks like a finite verb; always so where no list can tell."""
    finite = words.words("finite")
    if not words.words("past") and words.language != "en":
        return True
    suffix = words.affixes.get("past_suffix", ())
    return any(
        word in finite
        or (
            len(word) > 3
            and suffix
            and word.endswith(suffix)
            and word not in words.words("not_past")
        )
        or word in words.words("subject_verbs")
        or (
            len(word) > 3
            and word.endswith("s")
            and at > 0
            and not word.endswith(("ss", "us", "is"))
        )
        for at, word in enumerate(found)
    )
