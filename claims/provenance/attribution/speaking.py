"""The rules for verbs of saying, telling, showing and finding out."""

from collections.abc import Sequence

from claims.provenance.attribution.carriers import (
    as_outlet,
    carried,
    outlet_told,
    outlets_told,
    with_addressee,
)
from claims.provenance.attribution.content import (
    CLAUSE_WINDOW,
    clause_follows,
    content_mark,
    has_clause,
    is_content_first,
    mark_at,
    next_is_cue,
    object_follows,
    opens_clause,
)
from claims.provenance.attribution.denying import said_false, says_false
from claims.provenance.attribution.extents import after, before
from claims.provenance.attribution.found import GUESSED, LIKELY, SURE, Found, cue_span, make
from claims.provenance.attribution.lexicon import Lexicon
from claims.provenance.attribution.phrases import classify, split_sources
from claims.provenance.attribution.subjects import (
    acceptable,
    against_what,
    document_before,
    past_addressee,
    relative_antecedent,
    sources_after,
    subjects_after,
    subjects_before,
    turned_subjects,
    verb_group,
)
from claims.provenance.attribution.tokens import Token
from claims.provenance.attribution.words import Phrase, Words

_LEAST_CONTENT = 3
_FAR_AGENT = 7
"""Tokens between "was announced" and "by the ministry"."""


def _speech(words: Words, index: int, stop: int, *, strong: bool, rule: str) -> list[Found]:
    """X said …, …, X said, …, said X."""
    group, voice = verb_group(words, index)
    if voice == "never":
        return []
    if voice == "passive" and rule != "quoted_as_saying":
        return _by_agent(words, index, stop)
    relative = relative_antecedent(words, group)
    if relative is not None:
        return _relative_speech(words, relative, index, stop, strong=strong)
    subject, inverted = _speakers(words, group, stop)
    if not subject or _is_printed(words, subject, index) or _says_nothing(words, stop):
        return []
    end = max(stop, *(phrase.stop for phrase in subject)) if inverted else stop
    first = _follows_content(words, group) if inverted else is_content_first(words, subject, stop)
    after_subject = end if inverted and words.lexicon.order == "VSO" else stop
    if not _says(
        words,
        subject,
        index,
        after_subject,
        strong=strong,
        first=first or (inverted and words.lexicon.order != "VSO"),
    ):
        return []
    made = [
        make(words, phrase, "speech", rule, index, stop, SURE if strong else LIKELY)
        for phrase in subject
    ]
    for one in made:
        one.content_first = first
        if against_what(words, one.phrase):
            one.role, one.rule, one.settled = "frame", "contradicted", True
        one.denial = says_false(words, end) or (
            (first or inverted) and said_false(words, group if inverted else one.phrase.first)
        )
    told_first = inverted and past_addressee(words, stop) > stop
    return with_addressee(words, made, end if inverted and not told_first else stop)


def _says_nothing(words: Words, stop: int) -> bool:
    """As in "the mayor said nothing."; "said nothing would change" goes on."""
    if stop >= len(words.tokens) or not words.lexicon.word(words.tokens[stop], "said_nothing"):
        return False
    following = words.tokens[stop + 1] if stop + 1 < len(words.tokens) else None
    return following is None or not following.word or words.lexicon.word(following, "preposition")


def _by_agent(words: Words, index: int, stop: int) -> list[Found]:
    """As in "was announced on Monday by the ministry": who did stands after "by"."""
    if words.lexicon.word(words.tokens[index], "posts"):
        return []  # "posted by an account": where a clip comes from, nobody's word
    for at in range(stop, min(len(words.tokens), stop + _FAR_AGENT)):
        token = words.tokens[at]
        if not token.word or words.lexicon.word(token, "that", "relative", "and"):
            return []
        if words.lexicon.word(token, "agent_mark"):
            return [
                make(words, phrase, "frame", "reported_by", index, stop, LIKELY)
                for phrase in sources_after(words, at + 1)
                if phrase.known and not phrase.own
            ]
    return []


def _is_printed(words: Words, subject: Sequence[Phrase], index: int) -> bool:
    """As in "footage posted on Friday": a document is published, it does not publish."""
    return words.lexicon.word(words.tokens[index], "posts", "prints") and all(
        phrase.kind == "document" for phrase in subject
    )


def inverted(words: Words, index: int, stop: int, found: list[Found]) -> list[Found]:
    """As in "…, a-t-elle déclaré": the pronoun stands inside the verb, after what was said."""
    if mark_at(words, index - 1) not in {",", '"', "?", "!", "—", "–"}:
        return []
    for at in range(index, stop):
        phrase = classify(words, at, at + 1)
        if phrase is not None and phrase.pronoun:
            one = make(words, phrase, "speech", "said", index, stop, SURE)
            one.content_first = True
            one.denial = "deny" in words.cue_at[index][1] or said_false(words, index)
            return with_addressee(words, [one], stop)
    return []


def _speakers(words: Words, group: int, stop: int) -> tuple[list[Phrase], bool]:
    """Who speaks, and whether they stand after the verb."""
    if words.lexicon.order == "VSO":
        lex = words.lexicon
        after_subject = words.tokens[stop - 1].low.endswith(lex.agreeing_suffix or ("\0",))
        skip = after_subject or _addressed(words, stop)
        following = [] if skip else subjects_after(words, stop)
        if acceptable(following, words):
            return acceptable(following, words), True
        return acceptable(subjects_before(words, group), words), False
    fronted = _fronted(words, group, stop)
    if fronted:
        return fronted, True
    subject = acceptable(subjects_before(words, group), words)
    after_mark = group > 0 and not words.tokens[group - 1].word
    if after_mark and (not subject or mark_at(words, group - 1) == '"'):
        turned = acceptable(turned_subjects(words, stop), words)
        if turned and (not subject or not has_clause(words, turned[0].first)):
            return turned, True
    return subject, False


def _addressed(words: Words, at: int) -> bool:
    """Whether what follows is whom it was said to: "قال لقناة"."""
    lex = words.lexicon
    if at >= len(words.tokens):
        return False
    low = words.tokens[at].low
    return not lex.nouns.classes(low) and any(
        low.startswith(prefix) and lex.nouns.classes(low.removeprefix(prefix))
        for prefix in lex.addressee
    )


def _fronted(words: Words, group: int, stop: int) -> list[Phrase]:
    """As in "בריאיון לרדיו אמרה השרה כי": verb and subject change places without a comma."""
    lex = words.lexicon
    if lex.capitals:
        return _fronted_verb(words, group, stop) if lex.verb_may_open else []
    if _addressed(words, stop):
        return []
    following = [phrase for phrase in subjects_after(words, stop) if phrase.known]
    end = max((phrase.stop for phrase in following), default=len(words.tokens))
    end += mark_at(words, end) in {",", "،"}
    if end >= len(words.tokens) or not opens_clause(words.lexicon, words.tokens[end]):
        return []
    return acceptable(following, words)


def _fronted_verb(words: Words, group: int, stop: int) -> list[Phrase]:
    """As in "Aseguró además un portavoz que": the verb opens its clause."""
    lex = words.lexicon
    opens = (
        group == 0
        or not words.tokens[group - 1].word
        or lex.word(words.tokens[group - 1], "and", "opener")
    )
    if not opens:
        return []
    following = acceptable([p for p in turned_subjects(words, stop) if p.known], words)
    end = max((phrase.stop for phrase in following), default=len(words.tokens))
    if end >= len(words.tokens):
        return []
    return following if opens_clause(lex, words.tokens[end]) else []


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
    if words.lexicon.word(words.tokens[comma + 1], "which"):
        # "…, which said" may take up the whole clause, unless a house that speaks stands there.
        sources = [p for p in sources if strong and p.kind in {"organisation", "outlet"}]
    if not (strong or clause_follows(words, stop)):
        return []
    named = [phrase for phrase in sources if phrase.end == words.tokens[comma - 1].end][-1:]
    return [
        make(words, phrase, "speech", "relative_speech", index, stop, LIKELY) for phrase in named
    ]


def _says(
    words: Words, subject: Sequence[Phrase], index: int, stop: int, *, strong: bool, first: bool
) -> bool:
    """Whether the verb reports words here: a thing for its object makes it another verb."""
    if first:
        return True
    if not strong:
        return _weak_accepts(words, subject, index, stop)
    return not object_follows(words, stop) or _weak_accepts(words, subject, index, stop)


def _weak_accepts(words: Words, subject: Sequence[Phrase], index: int, stop: int) -> bool:
    if next_is_cue(words, stop):
        return False
    if clause_follows(words, stop):
        return True
    lex = words.lexicon
    cue = words.tokens[index:stop]
    if any(lex.word(token, "estimates") for token in cue):
        return _figure_follows(words, stop) and all(phrase.known for phrase in subject)
    if any(lex.word(token, "describes") for token in cue):
        return all(phrase.known for phrase in subject) and any(
            lex.word(token, "complement") for token in words.tokens[stop : stop + 8]
        )
    if any(_is(lex, token, "announces") for token in cue):
        return all(phrase.known for phrase in subject)
    if lex.word(words.tokens[index], "posts") and stop < len(words.tokens):
        return lex.word(words.tokens[stop], "preposition")
    counted = stop < len(words.tokens) and (
        words.tokens[stop].low.isdigit() or lex.word(words.tokens[stop], "figure", "nothing")
    )
    if counted and any(_is(lex, token, "reports") for token in cue):
        return all(phrase.known for phrase in subject)
    carrier = all(phrase.kind in {"outlet", "collective"} for phrase in subject)
    return carrier and any(_is(lex, token, "reports") for token in cue)


def _is(lex: Lexicon, token: Token, name: str) -> bool:
    """Whether the verb, without a conjunction written onto it, is of this class."""
    return any(name in lex.words.classes(form) for form in lex.forms(token.low))


def _figure_follows(words: Words, stop: int) -> bool:
    """As in "put the damage at six million": a figure within what the estimate is of."""
    for token in words.tokens[stop : stop + CLAUSE_WINDOW]:
        if not token.word and token.low in {",", ".", ";"}:
            return False
        if token.low[0].isdigit() or words.lexicon.word(token, "figure"):
            return True
    return False


def _tells_nobody(words: Words, stop: int, end: int) -> bool:
    """As in "tells the truth" or "informed, safe and dignified": nobody is told anything."""
    if stop >= len(words.tokens) or words.tokens[stop].low in {",", ".", ";"}:
        return True
    lex = words.lexicon
    for token in words.tokens[stop:end]:
        if lex.word(token, "preposition"):
            return False  # "told a conference at the time"
        if lex.word(token, "not_told") and not token.cap:
            return True
    return False


def told(words: Words, index: int, stop: int, found: list[Found]) -> list[Found]:
    """X told Y: two hops where Y is an outlet, one where Y only listened."""
    group, voice = verb_group(words, index)
    if voice == "passive":
        return _was_told(words, group, index, stop)
    if voice != "active":
        return []
    if words.lexicon.order == "VSO":
        return _told_after(words, index, stop)
    first, end = after(words, stop)
    if _tells_nobody(words, stop, end):
        return []
    addressees = outlets_told(words, first, end)
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
    return carried(words, made, *addressees)


def _told_after(words: Words, index: int, stop: int) -> list[Found]:
    """As in "أبلغ مصدر صحيفة الضفة": the speaker follows the verb, then the one who was told."""
    lex = words.lexicon
    first, end = after(words, stop)
    outlet = next(
        (
            at
            for at in range(first + 1, end)
            if "outlet" in lex.nouns.classes(words.tokens[at].low)
            # "مدير صحيفة": the head of a paper is one phrase.
            and not lex.nouns.classes(words.tokens[at - 1].low) & {"person", "organisation"}
        ),
        None,
    )
    subject = acceptable(split_sources(words, first, outlet or end), words) if end > first else []
    made = [make(words, phrase, "speech", "told", index, stop, SURE) for phrase in subject]
    if outlet is None:
        return with_addressee(words, made, max((p.stop for p in subject), default=stop))
    return carried(words, made, outlet_told(words, classify(words, outlet, end)))


def _was_told(words: Words, group: int, index: int, stop: int) -> list[Found]:
    """As in "the Gazette had been told by a clerk that": the clerk, through the Gazette."""
    if stop >= len(words.tokens) or not words.lexicon.word(words.tokens[stop], "agent_mark"):
        return []
    tellers = [p for p in sources_after(words, stop + 1) if p.known and not p.own]
    made = [make(words, phrase, "speech", "told", index, stop, LIKELY) for phrase in tellers]
    told_whom = acceptable(subjects_before(words, group), words)
    outlets = [p for p in told_whom if p.kind == "outlet" and p.is_name]
    return carried(words, made, *outlets[:1])


def said(words: Words, index: int, stop: int, found: list[Found]) -> list[Found]:
    rule = (
        "quoted_as_saying"
        if stop - index > 1 and words.lexicon.word(words.tokens[index], "passive")
        else "said"
    )
    return _joined_frame(words, index, stop, found) or _speech(
        words, index, stop, strong=True, rule=rule
    )


def _joined_frame(words: Words, index: int, stop: int, found: list[Found]) -> list[Found]:
    """As in "según avanzó la radio y confirmó el alcalde": the verb goes on with the frame."""
    lex = words.lexicon
    if not (lex.verb_may_open and index and lex.word(words.tokens[index - 1], "and") and found):
        return []
    last = found[-1]
    if last.role != "frame" or last.phrase.stop != index - 1:
        return []
    return [
        make(words, phrase, "frame", "according_to", index, stop, LIKELY)
        for phrase in acceptable(turned_subjects(words, stop), words)
        if phrase.known and not has_clause(words, phrase.first)
    ]


def reported_that(words: Words, index: int, stop: int, found: list[Found]) -> list[Found]:
    return _speech(words, index, stop, strong=False, rule="reported_that")


def fixed_turn(words: Words, index: int, stop: int, found: list[Found]) -> list[Found]:
    return _speech(words, index, stop, strong=True, rule="fixed_turn")


def accused(words: Words, index: int, stop: int, found: list[Found]) -> list[Found]:
    group, voice = verb_group(words, index)
    if voice != "active":
        return []
    lex = words.lexicon
    stands = subjects_after(words, stop) if lex.order == "VSO" else subjects_before(words, group)
    subject = [phrase for phrase in acceptable(stands, words) if phrase.known]
    window = words.tokens[stop : stop + CLAUSE_WINDOW]
    # Where a language writes "of" onto the next word, whom it accuses is enough.
    charged = (
        not lex.capitals
        or lex.word(words.tokens[index], "blames")
        or any(lex.word(token, "charge") for token in window)
    )
    if not subject or not window or not charged:
        return []
    return [make(words, phrase, "speech", "accused", index, stop, LIKELY) for phrase in subject]


def branded(words: Words, index: int, stop: int, found: list[Found]) -> list[Found]:
    """As in 'called the vote "a new beginning"': only with the words themselves."""
    quoted = any(
        words.tokens[at].low == '"' for at in range(stop, min(len(words.tokens), stop + 8))
    )
    group, voice = verb_group(words, index)
    if voice != "active" or not quoted or words.quoted[index]:
        return []
    subject = [p for p in acceptable(subjects_before(words, group), words) if p.known]
    return [make(words, phrase, "speech", "branded", index, stop, LIKELY) for phrase in subject]


def document_shows(words: Words, index: int, stop: int, found: list[Found]) -> list[Found]:
    """A document shows; anybody else shows nothing by this rule."""
    group, voice = verb_group(words, index)
    if voice != "active" or next_is_cue(words, stop):
        return []
    if stop < len(words.tokens) and words.lexicon.word(words.tokens[stop], "resembles"):
        return []  # "reads like a ransom note"
    held = next((one for one in reversed(found) if one.role == "held_document"), None)
    if held is not None and _reaches(words, held, group):
        held.cue, held.first, held.stop = cue_span(words, index, stop), index, stop
        return []
    issued = _issued(words, group, found)
    if issued is not None:
        document = make(words, issued, "held_document", "document_held", index, stop, LIKELY)
        document.parent, document.settled = found[-1], True
        return [document]
    subject = [
        phrase
        for phrase in acceptable(subjects_before(words, group), words)
        if phrase.kind == "document"
        or (phrase.kind == "outlet" and words.lexicon.word(words.tokens[index], "airs"))
        or _discovers(words, phrase, index, stop)
    ]
    if subject and stop >= len(words.tokens) and not content_mark(words, subject[0].first):
        return []
    made = [
        make(words, phrase, "speech", "document_shows", index, stop, LIKELY) for phrase in subject
    ]
    for one in made:
        one.content_first = is_content_first(words, subject, stop)
    return made


def _issued(words: Words, group: int, found: list[Found]) -> Phrase | None:
    """As in "A photograph released by the palace shows": the photograph, through the palace."""
    last = found[-1] if found else None
    if last is None or last.rule != "reported_by" or last.phrase.stop > group:
        return None
    if any(words.lexicon.finite(token) for token in words.tokens[last.phrase.stop : group]):
        return None
    first, end = document_before(words, last.first)
    phrase = classify(words, first, end) if end > first and end == last.first else None
    if phrase is None or phrase.kind != "document" or not phrase.known:
        return None
    # The Herald's own story is no paper that it published.
    return None if "story" in words.lexicon.nouns.classes(phrase.head) else phrase


def _discovers(words: Words, phrase: Phrase, index: int, stop: int) -> bool:
    """As in "researchers found that": people find out, too, where what they found is a clause."""
    lex = words.lexicon
    if not phrase.known or phrase.pronoun or not lex.word(words.tokens[index], "discovers"):
        return False
    if stop < len(words.tokens) and lex.word(words.tokens[stop], "that"):
        return True
    return is_content_first(words, [phrase], stop)


def _reaches(words: Words, held: Found, group: int) -> bool:
    """Whether the document obtained by an outlet is the subject of the verb that starts here."""
    if held.role != "held_document" or held.stop < 0:
        return False
    at = words.introduces(held.phrase.first)
    apart = at >= 0 and (at not in words.in_cue or "carried" in words.cue_over(at))
    if apart and words.lexicon.word(words.tokens[at], "preposition"):
        return False  # "In a memo leaked to the Herald, the minister warns"
    between = range(held.stop, group)
    return all(at in words.in_cue or not words.lexicon.finite(words.tokens[at]) for at in between)


def found_out(words: Words, index: int, stop: int, found: list[Found]) -> list[Found]:
    """As in "the Herald has learned that": only outlets and own people learn in print."""
    group, voice = verb_group(words, index)
    if voice == "passive":
        return []
    joined = _joined_frame(words, index, stop, found)
    if joined:
        return joined
    lex = words.lexicon
    stands = subjects_after(words, stop) if lex.order == "VSO" else subjects_before(words, group)
    turned = not stands and mark_at(words, group - 1) in {",", '"'}
    if turned:
        stands = turned_subjects(words, stop)
    end = max([stop, *(phrase.stop for phrase in stands)])
    from_whom = _learned_from(words, end)
    # Only the press "croit savoir".
    press = any(lex.word(token, "press_only") for token in words.tokens[index:stop])
    stands = [
        as_outlet(p) if p.kind == "organisation" and p.is_name and (p.outlet_like or press) else p
        for p in stands
    ]
    subject = [
        phrase
        for phrase in stands
        if phrase.own
        or (phrase.kind == "outlet" and phrase.is_name and (from_whom or turned))
        or _may_learn(words, phrase, index, stop)
    ]
    made = [
        make(words, phrase, "speech", "outlet_learned", index, stop, LIKELY) for phrase in subject
    ]
    if not made:
        return []
    for one in made:
        one.content_first = turned
    cited = [make(words, phrase, "cite", "citing", index, stop, LIKELY) for phrase in from_whom]
    for one in cited:
        one.parent, one.settled = made[0], True
    return [*made, *cited]


def _learned_from(words: Words, at: int) -> list[Phrase]:
    """As in "has learned from two officials that": from whom the outlet has it."""
    lex = words.lexicon
    if at >= len(words.tokens) or not lex.word(words.tokens[at], "learned_from"):
        return []
    kinds = {"unnamed", "person", "organisation", "document", "collective", "outlet"}
    return [p for p in sources_after(words, at + 1) if p.known and p.kind in kinds and not p.own]


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
    if is_content_first(words, [phrase], stop):
        return True  # "…, the Bulletin has learned."
    return clause_follows(words, stop) or any(
        lex.word(token, "prints") for token in words.tokens[index:stop]
    )


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
