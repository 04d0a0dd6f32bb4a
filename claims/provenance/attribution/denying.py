"""The rules for denials: evidence about a claim, never an origin of it."""

from claims.provenance.attribution.content import CLAUSE_WINDOW, mark_at
from claims.provenance.attribution.extents import after, before
from claims.provenance.attribution.found import LIKELY, Found, make
from claims.provenance.attribution.phrases import classify
from claims.provenance.attribution.subjects import (
    acceptable,
    relative_antecedent,
    sources_after,
    subjects_after,
    subjects_before,
    turned_subjects,
    verb_group,
)
from claims.provenance.attribution.words import Phrase, Words

_CLAIM_AND_DENIER = 3
_FAR_CLAIM = 20
"""Tokens between "The rumour" and "denied by"."""


def deny(words: Words, index: int, stop: int, found: list[Found]) -> list[Found]:
    """X denied it: no origin of the claim, but what the report was stays one."""
    lex = words.lexicon
    group, voice = verb_group(words, index)
    if voice != "active" or not _denies(words, index, stop):
        return []
    if lex.order == "VSO":
        subject = [
            phrase
            for phrase in acceptable(subjects_after(words, stop), words)
            if words.tokens[phrase.first].low not in lex.denial.get("objects", ())
        ] or acceptable(subjects_before(words, group), words)
    else:
        subject = _denier_before(words, group)
        turned = "deny" in words.cue_at[index][1] and not lex.word(
            words.tokens[index], "participle"
        )
        opens = (
            lex.verb_may_open
            if group == 0
            else not words.tokens[group - 1].word or lex.word(words.tokens[group - 1], "aside")
        )
        if not subject and turned and opens:
            subject = acceptable(turned_subjects(words, stop), words)
    if not subject:
        return []
    asked = [one for one in found if one.rule == "quoted_by" and one.parent is not None]
    for one in asked:
        if one.parent is not None and subject[-1].start == one.parent.phrase.start:
            one.denial = True  # "engineers asked by the Herald deny it": the engineers
            return _denied_report(words, stop)
    subject = [_without_claim(words, phrase) for phrase in subject]
    made = [make(words, phrase, "speech", "denied", index, stop, LIKELY) for phrase in subject]
    for one in made:
        one.denial = True
        turned_after = one.phrase.first > index
        one.content_first = _aside(words, group if turned_after else one.phrase.first)
    return made + _denied_report(words, stop)


def _denier_before(words: Words, group: int) -> list[Phrase]:
    """Who stands before the verb, also as "…, who denies it"."""
    lex = words.lexicon
    relative = relative_antecedent(words, group)
    if relative is None and group > 1 and mark_at(words, group - 2) == ",":
        relative = group - 2 if lex.word(words.tokens[group - 1], "denier_relative") else None
    if relative is None:
        return acceptable(subjects_before(words, group), words)
    first, stop = before(words, relative)
    phrase = classify(words, first, stop) if stop > first else None
    return [phrase] if phrase is not None and phrase.known else []


def _aside(words: Words, first: int) -> bool:
    """As in ", which his office denied": outside of what was said."""
    at = first - 1
    lex = words.lexicon
    for _ in range(4):
        if at < 1:
            return False
        if mark_at(words, at) in {",", "—", "–"}:
            return True
        if not (
            lex.word(words.tokens[at], "relative", "indefinite", "definite", "aside")
            or words.tokens[at].low in lex.denial.get("objects", ())
        ):
            return False
        at -= 1
    return False


def _without_claim(words: Words, phrase: Phrase) -> Phrase:
    """As in ", a charge it denies": who denies stands after what is denied."""
    lex = words.lexicon
    at = phrase.first + 1
    if phrase.stop - phrase.first < _CLAIM_AND_DENIER or not lex.word(
        words.tokens[phrase.first], "indefinite"
    ):
        return phrase
    if words.tokens[at].low not in lex.denial.get("objects", ()):
        return phrase
    return classify(words, at + 1, phrase.stop) or phrase


def _object_before(words: Words, index: int) -> bool:
    """As in ", which the club disputes": what is denied stands before."""
    for at in range(index - 1, max(0, index - 7), -1):
        if not words.tokens[at].word:
            return words.lexicon.word(words.tokens[at + 1], "relative", "aside") or (
                # ", a claim the regulator rejected"
                words.lexicon.word(words.tokens[at + 1], "indefinite", "definite")
                and words.tokens[at + 2].low in words.lexicon.denial.get("objects", ())
            )
    return False


def _denied_report(words: Words, index: int) -> list[Found]:
    """As in "denied the Herald's report": the Herald did report it."""
    first, stop = after(words, index)
    if stop <= first:
        return []
    phrase = classify(words, first, stop)
    if phrase is None or phrase.kind != "outlet" or not phrase.is_name:
        return []
    made = make(words, phrase, "frame", "denied_report", stop - 1, stop, LIKELY)
    made.settled = True
    return [made]


def _denies(words: Words, index: int, stop: int) -> bool:
    """Whether the verb denies a report here: "denied bail" and "rejected the tender" do not."""
    denial = words.lexicon.denial
    window = words.tokens[stop : stop + 9]
    low = [token.low for token in window]
    cut = next(
        (at for at, token in enumerate(window) if not token.word and token.low in {".", ";", ","}),
        len(low),
    )
    low = low[:cut]
    objects = denial.get("objects", frozenset())
    false = _has_false(words, low)
    if "brand" in words.cue_at[index][1] and "deny" not in words.cue_at[index][1]:
        return false and bool(objects & set(low))
    verb = words.tokens[index].low
    forms = words.lexicon.forms(verb)
    if window and words.lexicon.word(window[0], "infinitive_opener"):
        return True
    if objects & set(low) or any(
        words.lexicon.word(token, "denied_object") for token in window[:cut]
    ):
        return True
    if not any(form in denial.get("alone", frozenset()) for form in forms):
        if index and words.lexicon.word(words.tokens[index - 1], "turned_aside"):
            return True  # "ce que contestent les syndicats"
        return false or (not low and _object_before(words, index))
    nouns = [
        word
        for word, token in zip(low, window, strict=False)
        if not words.lexicon.word(token, "definite", "possessive")
    ]
    return not (
        (nouns and nouns[0] in denial.get("not_objects", frozenset()))
        or (
            len(nouns) > 1
            and nouns[0] == "a"
            and nouns[1] in denial.get("not_objects", frozenset())
        )
    )


def _has_false(words: Words, low: list[str]) -> bool:
    text = " " + " ".join(low) + " "
    denial = words.lexicon.denial
    return any(
        f" {phrase} " in text for name in ("false", "flat") for phrase in denial.get(name, ())
    )


def says_false(words: Words, index: int) -> bool:
    """As in "said the story was untrue" denies; "said it was wrong of him to go" does not."""
    low: list[str] = []
    # "said in an email that the report was false": from "that" on.
    opening = next(
        (
            at + 1
            for at in range(index, min(index + 6, len(words.tokens)))
            if words.lexicon.word(words.tokens[at], "that")
            and words.lexicon.word(words.tokens[index], "preposition")
        ),
        index,
    )
    for token in words.tokens[opening : opening + 12]:
        if not token.word and token.low in {".", ";", ",", '"'}:
            break
        low.append(token.low)
    if not _has_false(words, low):
        return False
    head = low[:5]
    if any(phrase in " ".join(low) for phrase in words.lexicon.denial.get("flat", ())):
        return True
    objects = words.lexicon.denial.get("objects", frozenset()) - {
        "that",
        "figure",
        "figures",
        "statement",
        "it",
        "this",
        "idea",
    }
    return bool(objects & set(head)) or (
        "not true" in " ".join(low) and bool({"it", "this"} & set(head))
    )


def said_false(words: Words, stop: int) -> bool:
    """Whether what was said before denies it: "That is not true," the minister said."""
    low = [token.low for token in words.tokens[:stop] if token.word]
    denial = words.lexicon.denial
    if " ".join(low).replace("' ", "'") in denial.get("short", ()):
        return True
    if len(low) > CLAUSE_WINDOW or not _has_false(words, low):
        return False
    if any(phrase in " ".join(low) for phrase in denial.get("flat", ())):
        return True
    pointing = denial.get("pointing", frozenset())
    return bool(set(low[:4]) & (denial.get("objects", frozenset()) | pointing))


def denied_by(words: Words, index: int, stop: int, found: list[Found]) -> list[Found]:
    sources = [phrase for phrase in sources_after(words, stop) if phrase.known]
    group, voice = verb_group(words, index)
    if voice == "never" or not sources:
        return []
    low = {token.low for token in words.tokens[max(0, group - _FAR_CLAIM) : group]}
    if words.tokens[index].low not in words.lexicon.denial.get(
        "alone", ()
    ) and not low & words.lexicon.denial.get("objects", frozenset()):
        return []
    made = [make(words, phrase, "speech", "denied_by", index, stop, LIKELY) for phrase in sources]
    for one in made:
        one.denial = True
        one.content_first = False
    return made
