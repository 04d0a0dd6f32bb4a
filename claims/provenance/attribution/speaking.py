"""The rules for verbs of saying, telling, showing and finding out."""

from collections.abc import Sequence

from claims.provenance.attribution.carriers import carried, outlet_told, with_addressee
from claims.provenance.attribution.content import (
    clause_follows,
    has_clause,
    is_content_first,
    mark_at,
    next_is_cue,
)
from claims.provenance.attribution.denying import said_false, says_false
from claims.provenance.attribution.extents import after, before
from claims.provenance.attribution.found import GUESSED, LIKELY, SURE, Found, cue_span, make
from claims.provenance.attribution.phrases import classify, split_sources
from claims.provenance.attribution.subjects import (
    acceptable,
    relative_antecedent,
    subjects_after,
    subjects_before,
    turned_subjects,
    verb_group,
)
from claims.provenance.attribution.words import Phrase, Words

_LEAST_CONTENT = 3


def _speech(words: Words, index: int, stop: int, *, strong: bool, rule: str) -> list[Found]:
    """X said …, …, X said, …, said X."""
    group, voice = verb_group(words, index)
    if voice == "never" or (voice == "passive" and rule != "quoted_as_saying"):
        return []
    relative = relative_antecedent(words, group)
    if relative is not None:
        return _relative_speech(words, relative, index, stop, strong=strong)
    subject, inverted = _speakers(words, group, stop)
    if not subject:
        return []
    end = max(stop, *(phrase.stop for phrase in subject)) if inverted else stop
    first = _follows_content(words, group) if inverted else is_content_first(words, subject, stop)
    if not (strong or inverted or first) and not _weak_accepts(words, subject, index, stop):
        return []
    made = [
        make(words, phrase, "speech", rule, index, stop, SURE if strong else LIKELY)
        for phrase in subject
    ]
    for one in made:
        one.content_first = first
        one.denial = says_false(words, end) or (first and said_false(words, one.phrase.first))
    return with_addressee(words, made, end if inverted else stop)


def _speakers(words: Words, group: int, stop: int) -> tuple[list[Phrase], bool]:
    """Who speaks, and whether they stand after the verb."""
    if words.lexicon.order == "VSO":
        following = acceptable(subjects_after(words, stop), words)
        if following:
            return following, True
        return acceptable(subjects_before(words, group), words), False
    subject = acceptable(subjects_before(words, group), words)
    after_mark = group > 0 and not words.tokens[group - 1].word
    if after_mark and (not subject or mark_at(words, group - 1) == '"'):
        turned = acceptable(turned_subjects(words, stop), words)
        if turned and (not subject or not has_clause(words, turned[0].first)):
            return turned, True
    return subject, False


def _follows_content(words: Words, group: int) -> bool:
    """Whether what was said can stand before a verb whose subject follows it."""
    if group < _LEAST_CONTENT:
        return False
    return words.lexicon.order != "VSO" or mark_at(words, group - 1) in {",", '"', "،"}


def _relative_speech(
    words: Words, comma: int, index: int, stop: int, *, strong: bool
) -> list[Found]:
    """As in "…, who said he was well": the speaker is the name right before the comma."""
    first, end = before(words, comma)
    sources = [
        phrase
        for phrase in (split_sources(words, first, end) if end > first else [])
        if phrase.known
    ]
    if words.lexicon.word(words.tokens[comma + 1], "which") or not (
        strong or clause_follows(words, stop)
    ):
        return []
    named = [phrase for phrase in sources if phrase.end == words.tokens[comma - 1].end][-1:]
    return [
        make(words, phrase, "speech", "relative_speech", index, stop, LIKELY) for phrase in named
    ]


def _weak_accepts(words: Words, subject: Sequence[Phrase], index: int, stop: int) -> bool:
    if next_is_cue(words, stop):
        return False
    if clause_follows(words, stop):
        return True
    lex = words.lexicon
    cue = words.tokens[index:stop]
    if any(lex.word(token, "announces") for token in cue):
        return all(phrase.known for phrase in subject)
    if lex.word(words.tokens[index], "posts") and stop < len(words.tokens):
        return lex.word(words.tokens[stop], "preposition")
    carrier = all(phrase.kind in {"outlet", "collective"} for phrase in subject)
    return carrier and any(lex.word(token, "reports") for token in cue)


def _tells_nobody(words: Words, stop: int, end: int) -> bool:
    """As in "tells the truth" or "informed, safe and dignified": nobody is told anything."""
    if stop >= len(words.tokens) or words.tokens[stop].low in {",", ".", ";"}:
        return True
    return any(
        words.lexicon.word(token, "not_told") and not token.cap for token in words.tokens[stop:end]
    )


def told(words: Words, index: int, stop: int, found: list[Found]) -> list[Found]:
    """X told Y: two hops where Y is an outlet, one where Y only listened."""
    group, voice = verb_group(words, index)
    if voice != "active":
        return []
    first, end = after(words, stop)
    if _tells_nobody(words, stop, end):
        return []
    addressee = outlet_told(words, classify(words, first, end) if end > first else None)
    relative = relative_antecedent(words, group)
    if relative is not None:
        left, right = before(words, relative)
        subject = [
            p for p in (split_sources(words, left, right) if right > left else []) if p.known
        ][-1:]
    else:
        subject = acceptable(subjects_before(words, group), words)
    if not subject:
        return []
    made = [make(words, phrase, "speech", "told", index, stop, SURE) for phrase in subject]
    for one in made:
        one.content_first = is_content_first(words, subject, max(stop, end))
        one.denial = says_false(words, max(stop, end)) or (
            one.content_first and said_false(words, one.phrase.first)
        )
    return carried(words, made, addressee)


def said(words: Words, index: int, stop: int, found: list[Found]) -> list[Found]:
    rule = (
        "quoted_as_saying"
        if stop - index > 1 and words.lexicon.word(words.tokens[index], "passive")
        else "said"
    )
    return _speech(words, index, stop, strong=True, rule=rule)


def reported_that(words: Words, index: int, stop: int, found: list[Found]) -> list[Found]:
    return _speech(words, index, stop, strong=False, rule="reported_that")


def fixed_turn(words: Words, index: int, stop: int, found: list[Found]) -> list[Found]:
    return _speech(words, index, stop, strong=True, rule="fixed_turn")


def accused(words: Words, index: int, stop: int, found: list[Found]) -> list[Found]:
    group, voice = verb_group(words, index)
    if voice != "active":
        return []
    subject = [
        phrase for phrase in acceptable(subjects_before(words, group), words) if phrase.known
    ]
    following = words.tokens[stop].low if stop < len(words.tokens) else ""
    window = {token.low for token in words.tokens[stop : stop + 12]}
    if not subject or not following or not window & {"of", "for", "on"}:
        return []
    return [make(words, phrase, "speech", "accused", index, stop, LIKELY) for phrase in subject]


def document_shows(words: Words, index: int, stop: int, found: list[Found]) -> list[Found]:
    """A document shows; anybody else shows nothing by this rule."""
    group, voice = verb_group(words, index)
    if voice != "active" or next_is_cue(words, stop):
        return []
    held = next((one for one in reversed(found) if one.role == "held_document"), None)
    if held is not None and _reaches(words, held, group):
        held.cue, held.first, held.stop = cue_span(words, index, stop), index, stop
        return []
    subject = [phrase for phrase in subjects_before(words, group) if phrase.kind == "document"]
    if subject and stop >= len(words.tokens):
        return []
    made = [
        make(words, phrase, "speech", "document_shows", index, stop, LIKELY) for phrase in subject
    ]
    for one in made:
        one.content_first = is_content_first(words, subject, stop)
    return made


def _reaches(words: Words, held: Found, group: int) -> bool:
    """Whether the document obtained by an outlet is the subject of the verb that starts here."""
    if held.role != "held_document" or held.stop < 0:
        return False
    between = range(held.stop, group)
    return all(at in words.in_cue or not words.lexicon.finite(words.tokens[at]) for at in between)


def found_out(words: Words, index: int, stop: int, found: list[Found]) -> list[Found]:
    """As in "the Herald has learned that": only outlets and own people learn in print."""
    group, voice = verb_group(words, index)
    if voice == "passive":
        return []
    subject = [
        phrase
        for phrase in subjects_before(words, group)
        if _may_learn(words, phrase, index, stop)
    ]
    return [
        make(words, phrase, "speech", "outlet_learned", index, stop, LIKELY) for phrase in subject
    ]


def _may_learn(words: Words, phrase: Phrase, index: int, stop: int) -> bool:
    """Whether an outlet found out by itself here, or its own people were there."""
    lex = words.lexicon
    if phrase.kind == "self":
        return True
    if phrase.kind != "outlet" or not phrase.is_name:
        return False
    if lex.word(words.tokens[index], "witnesses"):
        return any(
            "own_people" in lex.noun(token) for token in words.tokens[phrase.first : phrase.stop]
        )
    return clause_follows(words, stop) or lex.word(words.tokens[index], "prints")


def participle(words: Words, index: int, stop: int, found: list[Found]) -> list[Found]:
    """As in "Rehn resigned on Monday, saying he was ill": the subject of the sentence speaks."""
    if found or mark_at(words, index - 1) != ",":
        return []
    start = 0
    _, end = after(words, start)
    while start < end and words.lexicon.word(words.tokens[start], "opener", "time", "adverb"):
        start += 1
    phrase = classify(words, start, end) if end > start else None
    if (
        phrase is None
        or not phrase.known
        or phrase.kind not in {"person", "organisation", "unnamed"}
    ):
        return []
    if phrase.stop >= index:
        return []
    return [make(words, phrase, "speech", "participle", index, stop, GUESSED)]
