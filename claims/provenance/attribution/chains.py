"""Draws the chains of one sentence: which source was cited by which."""

from claims.provenance.attribution.found import Found
from claims.provenance.attribution.words import Words

_STANDS_ALONE = frozenset({"denied_report", "contradicted", "denied_by"})
"""Rules for a report that is named only to be denied, and for who denies it: rest on nobody."""

_NEAR = 12
"""How many cues to either side are looked at: nobody nests deeper, and time stays linear."""


def link(words: Words, found: list[Found]) -> list[Found]:
    """Fill in ``parent`` of each and drop what turns out to be no source; order is kept."""
    numbers = segments(words)
    for one in found:
        one.segment = numbers[one.first]
    found = _written_in(words, _carriers(words, found))
    kept = [one for one in found if not _gives_reason(words, one, found)]
    kept = [one for one in kept if one.role != "cite" or _cited(words, one, kept)]
    frames_first = sorted(enumerate(kept), key=lambda item: item[1].role != "frame")
    for at, one in frames_first:
        if not one.settled:
            one.parent = _above(words, one, kept[max(0, at - _NEAR) : at + _NEAR])
    for at, one in enumerate(kept):
        if one.settled and one.parent is None and one.role == "carrier":
            one.parent = _above(words, one, kept[max(0, at - _NEAR) : at + _NEAR])
    return [one for one in kept if not _ring(one)]


def repeats_last(words: Words, found: list[Found]) -> list[Found]:
    """As in "told the Herald …, the paper said": the paper is the Herald, and carries nobody."""
    for one in found:
        if one.first < 0 or one.phrase.is_name or not one.phrase.definite:
            continue
        if not (one.content_first and "outlet" in words.lexicon.nouns.classes(one.phrase.head)):
            continue
        named = any(
            other.phrase.kind == "outlet" and other.phrase.is_name and other.first < one.first
            for other in found
        )
        if named:
            one.parent = None
            for other in found:
                if other.parent is one:
                    other.parent = None
    return found


def _gives_reason(words: Words, one: Found, found: list[Found]) -> bool:
    """As in "because an inspection found cracks": content of whoever else speaks here."""
    if one.role != "speech" or one.phrase.is_name or one.phrase.pronoun or one.settled:
        return False
    behind = words.tokens[max(0, one.phrase.first - 2) : one.phrase.first]
    if not any(words.lexicon.word(token, "reason") for token in behind):
        return False
    return any(
        other is not one and other.role in {"speech", "frame", "carrier"} for other in found
    )


def _ring(one: Found) -> bool:
    seen = {id(one)}
    at = one.parent
    while at is not None:
        if id(at) in seen:
            one.parent = None
            return False
        seen.add(id(at))
        at = at.parent
    return False


def segments(words: Words) -> list[int]:
    """For each token the number of its part of the sentence."""
    numbers: list[int] = []
    number = 0
    lex = words.lexicon
    # "While the union speaks of 900, the company says 300": two parts.
    halves = bool(words.tokens) and lex.capitals and lex.word(words.tokens[0], "halving")
    for at, token in enumerate(words.tokens):
        contrast = (
            at > 0 and not words.tokens[at - 1].word and _contrasts(words, at)
        ) or _clause_joined(words, at)
        if not words.quoted[at] and (token.low == ";" or (contrast and at > 1)):
            number += 1
        elif halves and not words.quoted[at] and token.low == ",":
            number, halves = number + 1, False
        numbers.append(number)
    return numbers


def _contrasts(words: Words, at: int) -> bool:
    """Whether "but" or "في حين" stands here."""
    token = words.tokens[at]
    if words.lexicon.word(token, "contrast"):
        return True
    return any(
        name == "contrast" for _, name in words.lexicon.words.at(words.tokens, at, token.low)
    )


def _clause_joined(words: Words, at: int) -> bool:
    """As in "، وقال": where "and" is written onto a verb of saying, a clause of its own starts."""
    lex = words.lexicon
    if lex.capitals or at == 0 or words.tokens[at - 1].low not in {",", "،"}:
        return False
    low = words.tokens[at].low
    if not low.startswith(lex.strip):
        return False
    speaks = {"say", "weak", "deny", "tell"}
    hit = words.cue_at.get(at)
    if hit is not None:
        return bool(hit[1] & speaks)
    following = words.cue_at.get(at + 1)
    people = {"person", "unnamed", "organisation", "outlet", "collective", "spokesperson"}
    somebody = {name for form in lex.forms(low) for name in lex.nouns.classes(form)} & people
    return bool(somebody) and following is not None and bool(following[1] & speaks)


def _carriers(words: Words, found: list[Found]) -> list[Found]:
    """Give the speaker of the sentence to the outlet that interviewed them."""
    for one in found:
        if one.role != "carrier_open":
            continue
        one.role = "carrier"
        related = one.first and words.lexicon.word(words.tokens[one.first - 1], "relative")
        speakers = [
            other
            for other in found
            if not other.settled
            and (
                other.role == "speech"
                or (related and other.role == "frame" and other.first < one.first)
            )
        ]
        if not speakers:
            if words.lexicon.word(words.tokens[one.first], "asked"):
                one.role = "asked"  # "declined to comment when asked by the paper"
            continue
        nearest = min(speakers, key=lambda other: abs(other.first - one.first))
        nearest.parent, nearest.settled = one, True
    return [one for one in found if one.role != "asked"]


def _written_in(words: Words, found: list[Found]) -> list[Found]:
    """As in "In a letter seen by the Herald, the dean admits": the dean, through the Herald."""
    for one in found:
        before = words.introduces(one.phrase.first)
        if one.role != "held_document" or before < 0:
            continue
        if words.cue_over(before) & {"from", "cite", "quote", "agent"}:
            continue  # "according to a memo": the cue asks for the memo
        if not words.lexicon.word(words.tokens[before], "preposition"):
            continue
        writer = next(
            (
                other
                for other in found
                if other.role == "speech"
                and other.first > one.phrase.stop
                and other.phrase.kind in {"person", "unnamed", "organisation"}
                and not (other.settled or other.content_first or other.denial)
            ),
            None,
        )
        if writer is not None:
            writer.parent, writer.settled, writer.medium = one.parent, True, one.phrase
            return [other for other in found if other is not one]
    return found


def _cited(words: Words, one: Found, found: list[Found]) -> bool:
    """Find who cites: the name before ", which cited", or whoever speaks; else it is a reason."""
    if one.settled:
        return True
    others = [other for other in found if other is not one and other.role != "held_document"]
    if one.relative >= 0:
        end = words.tokens[one.relative - 1].end
        host = next((other for other in others if other.phrase.end == end), None)
        if host is None:
            host = next((o for o in reversed(others) if o.first < one.first), None)
    else:
        host = _speaker_of(words, one, others)
    if host is None:
        strong = one.phrase.kind in {"outlet", "collective"} and one.rule == "citing"
        opened = one.first > 0 and not words.tokens[0].cap
        return strong and (opened or not words.lexicon.capitals)
    one.parent, one.settled = host, True
    return True


def _speaker_of(words: Words, one: Found, others: list[Found]) -> Found | None:
    """The one whose words "citing X" qualifies."""
    speakers = [
        other
        for other in others
        if other.segment == one.segment
        and other.role in {"speech", "frame", "carrier"}
        and not other.denial
    ]
    adjacent = [
        o
        for o in [*speakers, *(o for o in others if o.role == "cite")]
        if 0 <= one.first - o.phrase.stop <= 1 and o.phrase.stop <= one.first
    ]
    if adjacent:
        return adjacent[-1]
    earlier = [o for o in speakers if o.first < one.first]
    if earlier:
        shallow = [o for o in earlier if o.role != "carrier"] or earlier
        return _outermost(shallow)
    later = [o for o in speakers if o.first > one.first]
    return later[0] if later else None


def _outermost(speakers: list[Found]) -> Found:
    """Who governs the sentence: the first that speaks, or the last after the content."""
    last = speakers[-1]
    return last if last.content_first else speakers[0]


def _above(words: Words, one: Found, near: list[Found]) -> Found | None:
    """On whose word *one* is known, or None for the article's own."""
    if one.rule in _STANDS_ALONE:
        return None
    others = [
        other
        for other in near
        if other is not one
        and other.segment == one.segment
        and not _below(other, one)
        and other.parent is not one
    ]
    speaker = _quoting(one, others)
    if speaker is not None:
        return speaker
    if one.role == "frame" and one.rule == "according_to":
        report = _report_around(words, one, others)
        if report is not None:
            return report
    if one.role == "frame":
        return _outer_speech(words, one, others) if _within_that(words, one) else None
    frame = next(
        (
            o
            for o in others
            if o.role == "frame"
            and o.phrase.kind != "self"
            and o.rule not in _STANDS_ALONE
            and not (o.rule == "reported_by" and o.phrase.kind not in {"outlet", "collective"})
            and not (one.phrase.kind == "outlet" and o.phrase.kind not in {"outlet", "collective"})
            and not _inside_words(words, one, o)
        ),
        None,
    )
    if frame is not None and not one.denial:
        return frame
    relayed = frame is not None and frame.rule == "reported_by"
    if frame is not None and frame.first < one.first and not (one.content_first or relayed):
        return frame
    before = _outer_speech(words, one, others)
    if before is not None:
        return before
    after = [
        o
        for o in others
        if o.content_first
        and not o.denial
        and o.first > one.first
        and o.role == "speech"
        and o.phrase.first > one.first
        and not one.content_first
        and not o.phrase.pronoun
    ]
    return after[0] if after else None


def _inside_words(words: Words, one: Found, frame: Found) -> bool:
    """As in "said that the report by Reuters was wrong": the frame is part of what was said."""
    if frame.rule != "reported_by" or one.content_first or frame.first <= one.stop:
        return False
    return any(words.lexicon.word(token, "that") for token in words.tokens[one.stop : frame.first])


def _report_around(words: Words, one: Found, others: list[Found]) -> Found | None:
    """As in "the Post reported that X will, two aides say": what an outlet reports, it cites."""
    if one.phrase.kind in {"outlet", "collective"} or one.first == 0:
        return None
    reports = [
        o
        for o in others
        if o.role == "speech"
        and o.phrase.kind == "outlet"
        and not (o.content_first or o.denial or o.quoted)
        and o.stop <= one.first
    ]
    return reports[-1] if reports else None


def _within_that(words: Words, one: Found) -> bool:
    """As in "reported that, according to two officials, …": the frame belongs to the report."""
    at = one.first - 1
    if at > 0 and not words.tokens[at].word:
        at -= 1
    return at > 0 and words.lexicon.word(words.tokens[at], "that")


def _below(other: Found, one: Found) -> bool:
    """Whether *other* already rests on *one*."""
    at = other.parent
    for _ in range(8):
        if at is None:
            return False
        if at is one:
            return True
        at = at.parent
    return False


def _quoting(one: Found, others: list[Found]) -> Found | None:
    """Who is quoted as saying that another said it."""
    if not one.quoted:
        return None
    speakers = [o for o in others if not o.quoted and o.role == "speech"]
    return speakers[0] if speakers else None


def _outer_speech(words: Words, one: Found, others: list[Found]) -> Found | None:
    """The nearest earlier speaker within whose report *one* stands."""
    start = min(one.phrase.first, one.first)
    if one.content_first and one.role != "frame":
        return None
    for other in reversed(others):
        if other.role != "speech" or other.content_first or other.denial or other.first >= start:
            continue
        if other.phrase.first == one.phrase.first or other.rule == "denied_by":
            continue
        if other.quoted and not one.quoted:
            continue
        if other.cue == one.cue or _coordinated(words, start):
            continue
        return other
    return None


def _coordinated(words: Words, start: int) -> bool:
    """As in ", and police said": a clause of its own, not part of what was said before."""
    at = start - 1
    while at > 0 and words.lexicon.word(
        words.tokens[at], "definite", "indefinite", "opener", "adverb"
    ):
        if words.lexicon.word(words.tokens[at], "and"):
            break
        at -= 1
    return at > 0 and words.lexicon.word(words.tokens[at], "and")
