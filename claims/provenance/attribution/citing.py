"""The rules for "according to", "citing", "quoted by" and papers somebody obtained."""

# ruff: noqa: PLR2004 - counts of a few words; a name for each would hide the grammar

from dataclasses import replace

from claims.provenance.attribution.carriers import as_outlet, outlet_told
from claims.provenance.attribution.content import content_mark, mark_at, opens_clause
from claims.provenance.attribution.extents import after, before
from claims.provenance.attribution.found import LIKELY, SURE, Found, make
from claims.provenance.attribution.phrases import classify
from claims.provenance.attribution.subjects import (
    acceptable,
    document_before,
    relative_antecedent,
    shared_subject,
    sources_after,
    subjects_after,
    subjects_before,
    verb_group,
)
from claims.provenance.attribution.words import Phrase, Words

_LONGEST_FRONT = 10


def according_to(words: Words, index: int, stop: int, found: list[Found]) -> list[Found]:
    """According to X."""
    if words.cue_at.get(stop, (0, frozenset()))[1] & {"from"}:
        return []
    if "unnamed" in words.lexicon.noun(words.tokens[stop - 1]) and stop - index > 1:
        _, end = after(words, stop)  # "de source judiciaire"
        source = classify(words, stop - 1, end)
        if source is None:
            return []
        return [make(words, source, "frame", "according_to", index, stop - 1, SURE)]
    sources = [phrase for phrase in sources_after(words, stop) if phrase.known and not phrase.own]
    sources = sources or _learned_ourselves(words, stop)
    if len(sources) == 1 and sources[0].kind == "document":
        issuer = _issuer(words, sources[0].stop)
        story = "story" in words.lexicon.nouns.classes(sources[0].head)
        if issuer is not None and (issuer.kind != "outlet" or story):
            return []  # "according to figures published by the union": the union
        if issuer is not None:
            return [make(words, sources[0], "held_document", "document_held", index, stop, LIKELY)]
    made = [make(words, phrase, "frame", "according_to", index, stop, SURE) for phrase in sources]
    for one in made:
        one.content_first = index > 0
    if made and made[0].phrase.kind == "document" and _held_follows(words, made[0]):
        made[0].role, made[0].rule = "held_document", "document_held"
    return made


def contrary_to(words: Words, index: int, stop: int, found: list[Found]) -> list[Found]:
    """Contrary to what X reported: X did report it, and nobody here rests on that."""
    made = [
        make(words, phrase, "frame", "contradicted", index, stop, LIKELY)
        for phrase in sources_after(words, stop)
        if phrase.known and not phrase.own
    ]
    for one in made:
        one.settled = True
    return made


def _learned_ourselves(words: Words, stop: int) -> list[Phrase]:
    """As in "según ha podido saber este diario de fuentes judiciales"."""
    own = next((phrase for phrase in sources_after(words, stop) if phrase.own), None)
    if own is None or own.stop >= len(words.tokens):
        return []
    at = next(
        (
            at
            for at in range(own.first, min(own.first + 4, len(words.tokens)))
            if words.lexicon.word(words.tokens[at], "learned_from")
        ),
        None,
    )
    return [] if at is None else [p for p in sources_after(words, at + 1) if p.known and not p.own]


def _issuer(words: Words, at: int) -> Phrase | None:
    """Who follows the document as in "published by X"."""
    hit = words.cue_at.get(at)
    if hit is None or "agent" not in hit[1]:
        return None
    known = next((phrase for phrase in sources_after(words, at + hit[0]) if phrase.known), None)
    return None if known is None else _as_printer(words, known, at, at + hit[0])


def _held_follows(words: Words, one: Found) -> bool:
    """Whether "seen by X" follows, so that the document came through X."""
    for at in range(one.phrase.first, min(len(words.tokens), one.phrase.stop + 2)):
        hit = words.cue_at.get(at)
        if hit is not None and "held" in hit[1]:
            carrier = sources_after(words, at + hit[0])
            return bool(carrier) and carrier[0].kind == "outlet"
    return False


def reported_by(words: Words, index: int, stop: int, found: list[Found]) -> list[Found]:
    """Reported by X; a report by X."""
    lex = words.lexicon
    _, voice = verb_group(words, index)
    if voice == "never" and not lex.word(words.tokens[index], "definite", "indefinite"):
        return []
    noun = (
        bool({"story"} & words.lexicon.noun(words.tokens[stop - 2]))
        if stop - index >= 2
        else False
    ) or any(words.lexicon.word(token, "surfaces") for token in words.tokens[index:stop])
    sources = [
        phrase
        for phrase in sources_after(words, stop)
        if phrase.known
        and (not noun or phrase.kind in {"outlet", "collective"})
        and (phrase.is_name or not noun)
        and not (phrase.generic_outlet and _is_page(words, phrase))
    ]
    sources = [_as_printer(words, phrase, index, stop) for phrase in sources]
    confidence = SURE if any(phrase.kind == "outlet" for phrase in sources) else LIKELY
    made = [
        make(words, phrase, "frame", "reported_by", index, stop, confidence) for phrase in sources
    ]
    held = next((one for one in found if one.role == "held_document" and not one.settled), None)
    if held is not None and held.phrase.stop == index and made and sources[0].kind == "outlet":
        held.phrase = replace(held.phrase, named=False)
        held.parent, held.settled = made[0], True  # "a note revealed by the Herald"
    return made


def _is_page(words: Words, phrase: Phrase) -> bool:
    """As in "published on the town's website": where it stands, not who says it."""
    return any(
        words.lexicon.word(token, "pages") for token in words.tokens[phrase.first : phrase.stop]
    )


def _as_printer(words: Words, phrase: Phrase, index: int, stop: int) -> Phrase:
    """Whoever "first published" news is an outlet, whatever its name."""
    prints = any(words.lexicon.word(token, "prints") for token in words.tokens[index:stop])
    return as_outlet(phrase) if prints and phrase.is_name and phrase.kind == "person" else phrase


def quoted_by(words: Words, index: int, stop: int, found: list[Found]) -> list[Found]:
    """X was quoted by OUTLET as saying."""
    group, _ = verb_group(words, index)
    carriers = [phrase for phrase in sources_after(words, stop) if phrase.known]
    if not carriers:
        return []
    one_word = carriers[0].stop - carriers[0].first == 1 and carriers[0].kind == "person"
    if "asks" in words.cue_at[index][1] and one_word and carriers[0].is_name:
        carriers[0] = as_outlet(carriers[0])  # whoever asks for the paper is the paper
    before_cue = words.tokens[group - 1] if group else None
    outlet = make(words, carriers[0], "carrier", "quoted_by", index, stop, SURE)
    speaker = next((one for one in reversed(found) if one.phrase.stop in {group, group - 1}), None)
    if speaker is not None:
        speaker.parent, speaker.settled = outlet, True
        return [outlet]
    if before_cue is not None and words.lexicon.word(before_cue, "complement"):
        outlet.role = "carrier_open"  # "As cited by the Star, the letter warns"
        return [outlet]
    asked = "asks" in words.cue_at[index][1]
    if asked and (before_cue is None or words.lexicon.word(before_cue, "boundary")):
        outlet.role = "carrier_open"
        return [outlet] if carriers[0].kind == "outlet" else []
    at = group - 1 if mark_at(words, group - 1) == "," else group
    subject = acceptable(subjects_before(words, at), words)
    if subject and not asked and not any(phrase.known for phrase in subject):
        # "The figure of 400, cited by both": a thing says nothing.
        return [make(words, p, "frame", "quoted_by", index, stop, LIKELY) for p in carriers]
    made = [make(words, phrase, "speech", "quoted_by", index, stop, LIKELY) for phrase in subject]
    for one in made:
        one.parent, one.settled = outlet, True
    if asked and not made:
        outlet.role = "carrier_open"
    return [outlet, *made]


def obtained_by(words: Words, index: int, stop: int, found: list[Found]) -> list[Found]:
    """Documents obtained by OUTLET: the outlet, and through it the documents."""
    owners = sources_after(words, stop)
    known = next((one for one in found if one.role == "held_document" and not one.settled), None)
    first, end = document_before(words, index)
    if index > 1 and words.lexicon.word(words.tokens[index - 1], "and"):
        shared = shared_subject(words, index - 1)
        first, end = (shared[0].first, shared[0].stop) if shared else (first, end)
    phrase = (
        known.phrase
        if known is not None
        else (classify(words, first, end) if end > first else None)
    )
    ours = stop < len(words.tokens) and words.lexicon.word(words.tokens[stop], "first_person")
    owners = [] if ours else owners
    if phrase is None or not (owners or ours):
        return []
    if phrase.kind not in {"document", "unnamed", "person"}:
        return []
    owner = owners[0] if owners else None
    if owner is None or owner.own:
        shown = replace(phrase, kind="document", named=False)
        document = make(words, shown, "held_document", "document_held", index, stop, LIKELY)
        document.settled = True
        return [document] if known is None and _is_paper(words, phrase) else []
    if not _may_hold(words, owner, index):
        return []
    outlet = make(
        words,
        as_outlet(owner) if owner.outlet_like or owner.kind == "person" else owner,
        "carrier",
        "obtained_by",
        index,
        stop,
        SURE,
    )
    if known is None:
        known = next((one for one in found if one.phrase.start == phrase.start), None)
    others = [
        make(words, other, "carrier", "obtained_by", index, stop, SURE)
        for other in owners[1:]
        if other.kind == "outlet"
    ]
    if known is not None:
        if known.phrase.kind == "document":
            known.phrase = replace(known.phrase, named=False)
        known.parent, known.settled = outlet, True
        return [outlet, *others]
    if phrase.kind != "document" and "document" not in words.lexicon.noun(
        words.tokens[phrase.stop - 1]
    ):
        return []
    withheld = replace(phrase, kind="document", named=False, known=True)
    document = make(words, withheld, "held_document", "document_held", index, stop, SURE)
    document.parent, document.settled = outlet, True
    outlet.content_first = document.content_first = content_mark(words, phrase.first)
    return [outlet, *others, document]


def holds(words: Words, index: int, stop: int, found: list[Found]) -> list[Found]:
    """As in "a report which the Herald has obtained": the outlet, and through it the report."""
    group, voice = verb_group(words, index)
    owner = next(iter(acceptable(subjects_before(words, group), words)), None)
    if voice != "active" or owner is None:
        return []
    at = owner.first - 1
    while at > 0 and words.lexicon.word(words.tokens[at], "definite"):
        at -= 1
    if at < 1 or not words.lexicon.word(words.tokens[at], "held_relative"):
        return []
    while at > 1 and words.lexicon.word(words.tokens[at - 1], "preposition", "definite"):
        at -= 1
    first, end = document_before(words, at)
    phrase = classify(words, first, end) if end > first else None
    if phrase is None or phrase.kind != "document":
        return []
    if not (owner.own or owner.kind in {"outlet", "organisation"}):
        return []
    document = make(
        words, replace(phrase, named=False), "held_document", "document_held", index, stop, LIKELY
    )
    document.settled = True
    if owner.own:
        return [document]
    outlet = make(words, owner, "carrier", "obtained_by", index, stop, LIKELY)
    document.parent = outlet
    return [outlet, document]


def _is_paper(words: Words, phrase: Phrase) -> bool:
    """A document, or a thing that no list knows: what we were shown is some paper."""
    if phrase.kind == "document":
        return True
    return not phrase.known and not phrase.is_name and phrase.kind == "unnamed"


def _may_hold(words: Words, owner: Phrase, index: int) -> bool:
    """Whether the papers came through an outlet: a lone name that "obtained" them is one."""
    if owner.kind == "outlet" or (owner.is_name and owner.outlet_like):
        return True
    if owner.kind == "organisation" and owner.is_name:
        return words.lexicon.word(words.tokens[index], "checks")
    alone = owner.is_name and owner.kind == "person" and owner.stop - owner.first == 1
    return alone and words.lexicon.word(words.tokens[index], "press_holds")


def citing(words: Words, index: int, stop: int, found: list[Found]) -> list[Found]:
    """Citing X: a source only if X is one, and somebody speaks whose source it is."""
    _, voice = verb_group(words, index)
    if voice == "never":
        return []
    sources = [phrase for phrase in sources_after(words, stop) if phrase.known]
    if words.lexicon.word(words.tokens[index], "mentions"):
        # "referring to the budget" only explains what is meant.
        sources = [p for p in sources if p.kind in {"outlet", "collective", "document"}]
    return [make(words, phrase, "cite", "citing", index, stop, LIKELY) for phrase in sources]


def account(words: Words, index: int, stop: int, found: list[Found]) -> list[Found]:
    """By X's account; in her words."""
    lex = words.lexicon
    at = index - 1
    while (
        at > 0
        and at > index - 8
        and words.tokens[at - 1].word
        and not lex.word(words.tokens[at - 1], "by", "boundary")
    ):
        at -= 1
    if at <= 0 or not lex.word(words.tokens[at - 1], "by"):
        return []
    end = index
    while end > at and lex.word(words.tokens[end - 1], "own"):
        end -= 1
    mine = lex.word(words.tokens[end - 1], "possessive") and end - at == 1
    if not mine and words.tokens[end - 1].low not in {"'s", "'"}:
        return []
    phrase = _possessor(words, at) if mine else classify(words, at, end)
    if phrase is None or not phrase.known:
        return []
    made = make(words, phrase, "frame", "by_account", index, stop, LIKELY)
    made.content_first = at > 1
    return [made]


def claim_of(words: Words, index: int, stop: int, found: list[Found]) -> list[Found]:
    """As in "the mayor's claim that": the noun says what the verb would."""
    lex = words.lexicon
    at = index - 1
    if lex.word(words.tokens[at], "possessive"):
        phrase = _possessor(words, at)
    else:
        first, end = before(words, at)
        phrase = classify(words, first, end) if end > first else None
    if phrase is None or not (phrase.known or phrase.pronoun):
        return []
    return [make(words, phrase, "speech", "claim_of", index, stop, LIKELY)]


def _possessor(words: Words, index: int) -> Phrase | None:
    """Whom "his" or "her" stands for."""
    lex = words.lexicon
    for name in ("he", "she", "they", "it"):
        if lex.word(words.tokens[index], f"{name}_own"):
            return replace(
                made_pronoun(words, index),
                kind="organisation" if name == "it" else "person",
                pronoun=name,
            )
    return None


def made_pronoun(words: Words, index: int) -> Phrase:
    """A pronoun as a phrase that could name a source."""
    token = words.tokens[index]
    return Phrase(index, index + 1, token.start, token.end, "person", named=False, known=True)


def emerges(words: Words, index: int, stop: int, found: list[Found]) -> list[Found]:
    """As in "del informe se desprende que": the document stands before, after "from"."""
    lex = words.lexicon
    if stop >= len(words.tokens) or not opens_clause(lex, words.tokens[stop]):
        return []
    for at in range(max(0, index - _LONGEST_FRONT), index):
        token = words.tokens[at]
        if not token.word or at in words.in_cue:
            continue
        written_on = not lex.capitals and any(
            token.low.startswith(mark) and lex.nouns.classes(token.low[len(mark) :])
            for mark in lex.prefixed
        )
        if not (written_on or (lex.capitals and lex.word(token, "attach"))):
            continue
        phrase = classify(words, at if written_on else at + 1, index)
        if phrase is None or phrase.kind != "document":
            return []
        return [make(words, phrase, "frame", "emerges", index, stop, LIKELY)]
    return []


def quotes(words: Words, index: int, stop: int, found: list[Found]) -> list[Found]:
    """X quoted Y (as saying); which cited Y."""
    group, voice = verb_group(words, index)
    if voice != "active":
        return []
    relative = relative_antecedent(words, group)
    subject = [] if relative is not None else _who_quotes(words, group, stop)
    sources = _quoted_sources(words, stop, subject)
    if not sources:
        return []
    cited = [make(words, phrase, "cite", "quoted", index, stop, LIKELY) for phrase in sources]
    for one in cited:
        one.denial = _as_denying(words, one.phrase.stop)
    if relative is not None:
        for one in cited:
            one.relative = relative
        return cited
    if not subject:
        return []
    speaker = make(words, subject[0], "speech", "quotes", index, stop, LIKELY)
    same = next((one for one in found if one.phrase.start == speaker.phrase.start), None)
    for one in cited:
        one.parent, one.settled = same or speaker, True
    return cited if same is not None else [speaker, *cited]


def _who_quotes(words: Words, group: int, stop: int) -> list[Phrase]:
    """The known subjects of "quoted"."""
    verb_first = words.lexicon.order == "VSO"
    subject = subjects_after(words, stop) if verb_first else subjects_before(words, group)
    return [phrase for phrase in acceptable(subject, words) if phrase.known]


def _quoted_sources(words: Words, stop: int, subject: list[Phrase]) -> list[Phrase]:
    """Whom they quote: the object, or, where the verb stands first, who follows "about"."""
    verb_first = words.lexicon.order == "VSO"
    at = subject[-1].stop if verb_first and subject else stop
    to_whom = ["about"]
    if words.lexicon.word(words.tokens[stop - 1], "ascribes"):
        to_whom = ["ascribed_to"]
    about = any(words.lexicon.word(token, *to_whom) for token in words.tokens[at : at + 1])
    if verb_first and not about:
        return []
    object_pronoun = classify(words, at, at + 1) if at + 1 < len(words.tokens) else None
    if object_pronoun is not None and object_pronoun.pronoun:
        following = words.tokens[at + 1]
        as_saying = words.lexicon.words.at(words.tokens, at + 1, following.low)
        return [object_pronoun] if "as_saying" in {name for _, name in as_saying} else []
    relies = any(
        words.lexicon.word(token, "relies") for token in words.tokens[max(0, stop - 4) : stop]
    )
    return [
        phrase if phrase.known or not relies else replace(phrase, kind="document", known=True)
        for phrase in sources_after(words, at + about)
        if phrase.known or relies or _as_saying(words, phrase.stop)
    ]


def _as_denying(words: Words, at: int) -> bool:
    """As in "quoted a spokesman as denying any losses"."""
    if at + 1 >= len(words.tokens) or not words.lexicon.word(words.tokens[at], "complement"):
        return False
    return words.lexicon.word(words.tokens[at + 1], "participle")


def _as_saying(words: Words, at: int) -> bool:
    """Whether "as saying" follows: whatever stands before it speaks."""
    if at >= len(words.tokens):
        return False
    hits = words.lexicon.words.at(words.tokens, at, words.tokens[at].low)
    return "as_saying" in {name for _, name in hits}


def interviewed(words: Words, index: int, stop: int, found: list[Found]) -> list[Found]:
    """In an interview with OUTLET: it carries whoever speaks in this sentence."""
    if mark_at(words, stop) == '"':
        stop += 1
    first, end = after(words, stop)
    owner = next((at for at in range(first, end) if words.tokens[at].low in {"'s", "'"}), end)
    outlet = outlet_told(words, classify(words, first, end) if end > first else None)
    if outlet is None and first < owner < end:
        outlet = outlet_told(words, classify(words, first, owner))  # "Plover FM's breakfast show"
    return (
        []
        if outlet is None
        else [make(words, outlet, "carrier_open", "interview_with", index, stop, LIKELY)]
    )
