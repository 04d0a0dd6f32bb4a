"""The rules for one sentence: which cue makes which phrase the source of what."""

from collections.abc import Callable, Sequence

from claims.provenance.attribution.found import Found
from claims.provenance.attribution.lexicon import Lexicon
from claims.provenance.attribution.phrases import (
    Phrase,
    Words,
    after,
    before,
    classify,
    split_sources,
)
from claims.provenance.attribution.tokens import Token
from claims.text.attributed import Span

_CLAUSE_WINDOW = 14
_SURE, _LIKELY, _GUESSED = 0.95, 0.85, 0.7
_OPENERS, _CLOSERS = "\"'(", "\"')"
_VERBAL = frozenset(
    ["say", "weak", "claim", "show", "accuse", "tell", "learn", "quote", "deny", "brand", "saying"]
)


def words_of(tokens: Sequence[Token], lex: Lexicon) -> Words:
    """The tokens with the cues among them and which stand in a quotation."""
    cue_at: dict[int, tuple[int, frozenset[str]]] = {}
    in_cue: set[int] = set()
    index = 0
    while index < len(tokens):
        hits = [
            hit
            for form in lex.forms(tokens[index].low)
            for hit in lex.cues.at(tokens, index, form)
        ]
        hits.sort(reverse=True)
        length = hits[0][0] if hits else 0
        if (
            hits
            and not _inside_name(tokens, index, lex)
            and not (length == 1 and _is_noun(tokens, index, lex))
        ):
            cue_at[index] = (length, frozenset(name for size, name in hits if size == length))
            in_cue.update(range(index, index + length))
            index += length
        else:
            index += 1
    return Words(tokens, cue_at, frozenset(in_cue), _quotations(tokens), lex)


def _inside_name(tokens: Sequence[Token], index: int, lex: Lexicon) -> bool:
    """A cue with a capital in mid-sentence is a name: the Said Theatre, the Daily Denied."""
    if not (lex.capitals and tokens[index].cap) or index == 0:
        return False
    return tokens[index - 1].word


def _is_noun(tokens: Sequence[Token], index: int, lex: Lexicon) -> bool:
    """ "Report", "claims" and "notes" are nouns before a verb or "by", and after an article."""
    token = tokens[index]
    after = tokens[index + 1] if index + 1 < len(tokens) else None
    if lex.word(token, "prints"):
        subject = tokens[index - 1] if index else None
        return subject is None or not (subject.cap or lex.word(subject, "auxiliary", "adverb"))
    if (
        index
        and lex.noun(token) & {"person", "unnamed"}
        and lex.word(tokens[index - 1], "definite")
    ):
        return True
    if not (
        lex.noun(token) & {"document", "story", "collective"}
        or token.low in lex.denial.get("objects", ())
    ):
        return False
    before = tokens[index - 1] if index else None
    if before is not None and (
        lex.word(before, "definite", "indefinite", "possessive") or before.low in {"'s", "'"}
    ):
        return True
    if before is not None and before.word and not before.cap and _opens_phrase(tokens, index, lex):
        return True
    if after is None or not after.word:
        return before is None or not before.word
    return (
        lex.finite(after)
        or lex.word(after, "by", "passive")
        or any(
            name in _VERBAL
            for form in lex.forms(after.low)
            for _, name in lex.cues.at(tokens, index + 1, form)
        )
    )


def _opens_phrase(tokens: Sequence[Token], index: int, lex: Lexicon) -> bool:
    """Whether an article or a preposition stands shortly before, with no verb in between."""
    for at in range(index - 1, max(-1, index - 4), -1):
        token = tokens[at]
        if lex.word(token, "preposition") and at < index - 1:
            return True
        if token.word and lex.word(token, "finite", "auxiliary", "modal", "relative"):
            return False
        if any(name in _VERBAL for _, name in lex.cues.at(tokens, at, token.low)):
            return not lex.noun(token) and at < index
        if (
            lex.word(token, "definite", "indefinite")
            and at == index - 2
            and not tokens[index - 1].cap
        ):
            return not lex.noun(tokens[index - 1]) & {
                "organisation",
                "person",
                "unnamed",
                "outlet",
            }
    return False


def _quotations(tokens: Sequence[Token]) -> list[int]:
    """For each token the number of the outermost quotation around it, 0 outside."""
    numbers = [0] * len(tokens)
    marks = [index for index, token in enumerate(tokens) if token.low == '"']
    for number, (opening, closing) in enumerate(zip(marks[::2], marks[1::2], strict=False), 1):
        for index in range(opening + 1, closing):
            numbers[index] = number
    if len(marks) % 2:
        for index in range(marks[-1] + 1, len(tokens)):
            numbers[index] = len(marks) // 2 + 1
    return numbers


def read_sentence(words: Words) -> list[Found]:
    """Everything the cues of one sentence make a source, in the order of the cues."""
    found: list[Found] = []
    for index in sorted(words.cue_at):
        length, classes = words.cue_at[index]
        for name, rule in _RULES:
            if name in classes:
                new = rule(words, index, index + length, found)
                found.extend(new)
                if new or any(one.first == index for one in found):
                    break
    return _without_repeats(found)


def _without_repeats(found: list[Found]) -> list[Found]:
    """One edge for one mention: the surest rule that read it, but a frame keeps its speaker."""
    kept: list[Found] = []
    for one in found:
        same = next(
            (k for k in kept if k.phrase.start == one.phrase.start and k.role == one.role), None
        )
        overlapping = next(
            (
                k
                for k in kept
                if k.phrase.start < one.phrase.end and one.phrase.start < k.phrase.end
            ),
            None,
        )
        if same is None and overlapping is None:
            kept.append(one)
    return kept


# -- helpers of the rules ---------------------------------------------------------------------


def _make(
    words: Words, phrase: Phrase, role: str, rule: str, index: int, stop: int, confidence: float
) -> Found:
    tokens = words.tokens
    start = index
    if role == "speech" and index > 0 and words.lexicon.word(tokens[index - 1], "cue_auxiliary"):
        start = index - 1
    return Found(
        phrase=phrase,
        role=role,
        rule=rule,
        cue=_cue_span(words, start, stop),
        first=index,
        stop=stop,
        confidence=confidence if phrase.known else min(confidence, _GUESSED),
        quoted=words.quoted[index],
    )


def _cue_span(words: Words, first: int, stop: int) -> Span:
    return words.tokens[first].start, words.tokens[stop - 1].end


def _verb_group(words: Words, index: int) -> tuple[int, str]:
    """Where the verb group of the cue starts, and ``active``, ``passive`` or ``never``."""
    lex = words.lexicon
    at = index
    voice = "active"
    for _ in range(5):
        if at == 0:
            break
        token = words.tokens[at - 1]
        if at > 1 and (2, "adverb") in lex.words.at(
            words.tokens, at - 2, words.tokens[at - 2].low
        ):
            at -= 2
            continue
        if lex.word(token, "modal", "infinitive", "negation") and not token.cap:
            return at - 1, "never"
        if (lex.word(token, "passive") and at == index) or (lex.word(token, "passive") and voice == "active" and _only_adverbs(words, at, index)):
            voice = "passive"
        elif (
            not lex.word(token, "auxiliary", "adverb", "clitic")
            or (token.cap
            and not words.opens(at - 1))
        ):
            break
        at -= 1
    following = words.tokens[index + 1] if index + 1 < len(words.tokens) else None
    if following is not None and lex.word(following, "negation_after"):
        return at, "never"
    return at, voice


def _only_adverbs(words: Words, first: int, stop: int) -> bool:
    return all(words.lexicon.word(words.tokens[at], "adverb") for at in range(first, stop))


def _mark(words: Words, index: int) -> str:
    return (
        words.tokens[index].low
        if 0 <= index < len(words.tokens) and not words.tokens[index].word
        else ""
    )


def _at_end(words: Words, index: int) -> bool:
    return index >= len(words.tokens)


def _subject(words: Words, verb: int) -> list[Phrase]:
    """Who stands before the verb, also across a parenthesis; a list of two is "both A and B"."""
    if verb > 1 and words.lexicon.word(words.tokens[verb - 1], "and"):
        return _clause_subject(words, verb - 1)
    first, stop = before(words, verb)
    trailing = stop
    while trailing > first and words.lexicon.word(words.tokens[trailing - 1], "adverb", "both"):
        trailing -= 1
    trailing = _without_time(words, first, trailing)
    if trailing > first:
        sources = split_sources(words, first, trailing)
        return _list_before(words, first) + sources if len(sources) > 1 else sources
    if _mark(words, verb - 1) in {",", "—", "–", "-", "،", ")"}:
        return _across(words, verb - 1)
    return []


def _list_before(words: Words, first: int) -> list[Phrase]:
    """The first ones of "doctors, nurses and the director said"."""
    earlier: list[Phrase] = []
    while first > 1 and _mark(words, first - 1) == ",":
        left, right = before(words, first - 1)
        phrase = classify(words, left, right) if right > left else None
        if phrase is None or not phrase.known or right - left > 4:
            break
        earlier.insert(0, phrase)
        first = left
    return earlier if first == 0 or (earlier and _clause_start(words, first)) else []


def _clause_subject(words: Words, limit: int) -> list[Phrase]:
    """The subject that "showed … and said" shares: the one that opens the sentence."""
    start = 0
    while start < limit and words.lexicon.word(words.tokens[start], "opener", "time", "contrast"):
        start += 1
    first, stop = after(words, start, min(limit, start + _CLAUSE_WINDOW))
    sources = split_sources(words, first, stop) if stop > first else []
    return [phrase for phrase in sources if phrase.known]


def _without_time(words: Words, first: int, stop: int) -> int:
    """Cut "on Tuesday" and "this week" off the end of a subject."""
    lex = words.lexicon
    at = stop
    while at > first + 1 and lex.word(words.tokens[at - 1], "time"):
        at -= 1
        while at > first + 1 and lex.word(
            words.tokens[at - 1], "preposition", "definite", "adverb"
        ):
            at -= 1
    return at


def _across(words: Words, closing: int) -> list[Phrase]:
    """The subject before a parenthesis that ends at *closing*: "X, the mayor of Kell, said"."""
    tokens = words.tokens
    tries = 0
    for opening in range(closing - 1, max(-1, closing - 60), -1):
        if _mark(words, opening) not in {",", "—", "–", "-", "،", "("}:
            if _mark(words, opening) in {";", ":"}:
                break
            continue
        if words.quoted[opening] != words.quoted[closing]:
            continue
        tries += 1
        if tries > 6:
            break
        first, stop = before(words, opening)
        if first >= stop or not (_clause_start(words, first)):
            continue
        sources = split_sources(words, first, stop)
        sources = [phrase for phrase in sources if phrase.known or phrase.definite]
        if not sources or (first > 0 and first - 1 in words.in_cue):
            continue
        if _is_clause_between(words, opening + 1, closing):
            continue
        inside = classify(words, opening + 1, closing)
        if (
            len(sources) == 1
            and not sources[0].is_name
            and inside is not None
            and inside.is_name
            and inside.end == tokens[closing - 1].end
            and not words.lexicon.word(tokens[opening + 1], "preposition")
            and opening + 1 not in words.in_cue
            and not words.lexicon.word(tokens[opening + 1], "definite", "indefinite", "relative")
            and not (tokens[opening - 1].cap and not sources[0].is_name)
        ):
            return [inside]
        return sources
    return []


def _is_clause_between(words: Words, first: int, stop: int) -> bool:
    """Whether a main clause, not a parenthesis, stands between two commas."""
    lex = words.lexicon
    opening = words.tokens[first]
    if first in words.in_cue or lex.word(
        opening, "relative", "boundary", "preposition", "which", "as"
    ):
        return False
    return any(
        lex.word(token, "finite", "auxiliary", "modal") and not words.quoted[at]
        for at, token in enumerate(words.tokens[first:stop], start=first)
    )


def _clause_start(words: Words, index: int) -> bool:
    """Whether a subject at *index* opens its clause (or follows an opener such as "But")."""
    lex = words.lexicon
    if index == 0:
        return True
    token = words.tokens[index - 1]
    if not token.word:
        return token.low in {'"', ":", ";", "—", "–", ")", ".", "'", ","}
    return lex.word(token, "opener", "contrast", "that", "and", "time", "boundary")


def _inverted(words: Words, index: int) -> list[Phrase]:
    """Who stands after the verb: ", said X"; not where a clause follows instead."""
    first, stop = after(words, index)
    if stop <= first:
        return []
    if (
        stop < len(words.tokens)
        and words.lexicon.finite(words.tokens[stop])
        and words.tokens[stop].word
    ):
        return []
    if words.lexicon.word(words.tokens[first], "that"):
        return []
    sources = split_sources(words, first, stop)
    named = _apposition(words, stop)
    if (
        named is not None
        and len(sources) == 1
        and not sources[0].is_name
        and sources[0].kind in {"person", "organisation"}
    ):
        return [named]
    return sources


def _apposition(words: Words, comma: int) -> Phrase | None:
    """The name in ", le maire, Luc Ferrand"."""
    if (
        _mark(words, comma) != ","
        or comma + 1 >= len(words.tokens)
        or not words.is_name(comma + 1)
    ):
        return None
    first, stop = after(words, comma + 1)
    phrase = classify(words, first, stop)
    at_end = stop >= len(words.tokens) or not words.tokens[stop].word
    return phrase if phrase is not None and phrase.is_name and at_end else None


def _object(words: Words, index: int) -> list[Phrase]:
    """The sources that follow a cue such as "according to" or "citing"."""
    lex = words.lexicon
    at = index
    while at < len(words.tokens) and (_mark(words, at) in {'"', "'", ":"}):
        at += 1
    first, stop = after(words, at)
    if stop <= first:
        return []
    sources = split_sources(words, first, stop)
    if len(sources) == 1 and _mark(words, stop) == ",":
        sources += _listed(words, stop, sources[0])
    if (
        sources
        and not sources[0].is_name
        and sources[0].kind in {"person", "organisation"}
        and len(sources) == 1
    ):
        named = _apposition(words, stop)
        if named is not None and lex.capitals and named.kind == sources[0].kind:
            return [named]
    return sources


def _listed(words: Words, comma: int, one: Phrase) -> list[Phrase]:
    """The others of "according to A, B and C"."""
    if not one.known:
        return []
    first, stop = after(words, comma + 1)
    parts = split_sources(words, first, stop) if stop > first else []
    return parts if len(parts) > 1 and all(part.known for part in parts) else []


def _is_content_first(words: Words, subject: Sequence[Phrase], stop: int) -> bool:
    """Whether what was said stands before: nothing but time and place follows the cue."""
    first = min(phrase.first for phrase in subject)
    preceded = _content_mark(words, first)
    if not preceded:
        return False
    if stop >= len(words.tokens):
        return True
    lex = words.lexicon
    token = words.tokens[stop]
    if not token.word:
        return token.low in {".", ",", "!", "?", ";", ")", "—", "–", "…", "،", "-"}
    return lex.word(
        token, "preposition", "time", "adverb", "contrast", "as", "boundary"
    ) and not lex.word(token, "that")


def _content_mark(words: Words, first: int) -> bool:
    """Whether a comma or a closing quotation with words before it stands before token *first*."""
    at = first - 1
    while at >= 0 and words.lexicon.word(words.tokens[at], "definite", "indefinite", "both"):
        at -= 1
    while at >= 0 and words.tokens[at].word and at > first - 6 and words.is_name(at) is not False:
        at -= 1
    mark = _mark(words, at)
    return mark in {",", '"', "'", "?", "!", "—", "–", "،", "”"} and at >= 2


def _clause_follows(words: Words, index: int) -> bool:
    """Whether a clause or quotation that could be what was said stands after the cue."""
    lex = words.lexicon
    at = index
    while (
        at < len(words.tokens)
        and at < index + 5
        and lex.word(words.tokens[at], "time", "adverb", "preposition")
        and not lex.word(words.tokens[at], "that")
    ):
        at += 1
    for start in {index, at}:
        if start < len(words.tokens):
            token = words.tokens[start]
            if lex.word(token, "that") and not token.cap:
                return True
            if _mark(words, start) in {":", '"', "'"}:
                return True
            if any(
                token.low.startswith(mark) and len(token.low) > len(mark) + 1
                for mark in _that_prefixes(lex)
            ):
                return True
            if token.word and token.low == ",":
                return False
    return _has_clause(words, at)


def _that_prefixes(lex: Lexicon) -> tuple[str, ...]:
    return tuple(word[:-1] for word in lex.denial.get("that_prefix", ()))


def _has_clause(words: Words, index: int) -> bool:
    """A subject and a finite verb of the list within the next words, no relative in between."""
    lex = words.lexicon
    for at in range(index, min(len(words.tokens), index + _CLAUSE_WINDOW)):
        token = words.tokens[at]
        if not token.word and token.low not in {"'", "'s", "-"}:
            return False
        if lex.word(token, "relative", "that") and at > index:
            return False
        if at > index and lex.word(token, "finite", "auxiliary", "modal"):
            return True
    return False


def _acceptable(phrases: Sequence[Phrase], words: Words) -> list[Phrase]:
    """The phrases that may speak: no "that said", no "I think"."""
    kept: list[Phrase] = []
    for phrase in phrases:
        token = words.tokens[phrase.first]
        alone = phrase.stop - phrase.first == 1
        if phrase.first and words.lexicon.word(words.tokens[phrase.first - 1], "what"):
            continue
        if alone and words.lexicon.word(token, "nobody", "first_person", "relative", "that"):
            continue
        if alone and words.lexicon.word(
            token, "preposition", "boundary", "adverb", "auxiliary", "and"
        ):
            continue
        kept.append(phrase)
    return kept


# -- the rules --------------------------------------------------------------------------------


def _speech(words: Words, index: int, stop: int, *, strong: bool, rule: str) -> list[Found]:
    """X said …, …, X said, …, said X."""
    lex = words.lexicon
    group, voice = _verb_group(words, index)
    if voice == "never" or (voice == "passive" and rule != "quoted_as_saying"):
        return []
    relative = _relative_antecedent(words, group)
    if relative is not None:
        return _relative_speech(words, relative, index, stop, strong=strong)
    subject: list[Phrase] = []
    inverted = False
    if lex.order == "VSO":
        subject = _acceptable(_inverted_any(words, stop), words)
        inverted = bool(subject)
    if not subject:
        subject = _acceptable(_subject(words, group), words)
    if (
        (not subject or _mark(words, group - 1) == '"')
        and lex.order != "VSO"
        and group > 0
        and not words.tokens[group - 1].word
    ):
        turned = _acceptable(_inverted(words, stop), words)
        if turned and (not subject or not _has_clause(words, turned[0].first)):
            subject, inverted = turned, True
    if not subject:
        return []
    end = max(stop, *(phrase.stop for phrase in subject)) if inverted else stop
    first = (
        _is_content_first(words, subject, stop)
        if not inverted
        else (group >= 3 and lex.order != "VSO")
        or (group >= 3 and _mark(words, group - 1) in {",", '"', "،"})
    )
    if (
        not strong
        and not inverted
        and not first
        and not _weak_accepts(words, subject, index, stop)
    ):
        return []
    if not inverted and not first and not strong and _next_is_cue(words, stop):
        return []
    made = [
        _make(words, phrase, "speech", rule, index, stop, _SURE if strong else _LIKELY)
        for phrase in subject
    ]
    for one in made:
        one.content_first = first
        one.denial = _says_false(words, end) or (first and _said_false(words, one.phrase.first))
    return _with_addressee(words, made, end if inverted else stop)


def _inverted_any(words: Words, index: int) -> list[Phrase]:
    """The subject right after the verb, where that is the usual order."""
    first, stop = after(words, index)
    return split_sources(words, first, stop) if stop > first else []


def _next_is_cue(words: Words, index: int) -> bool:
    """ "Media reports said": the first word is a noun where a verb of saying follows it."""
    hit = words.cue_at.get(index)
    return (
        hit is not None
        and bool(hit[1] & {"say", "tell", "weak", "show"})
        and not hit[1] & {"from"}
    )


def _weak_accepts(words: Words, subject: Sequence[Phrase], index: int, stop: int) -> bool:
    if words.tokens[index].low in words.lexicon.denial.get("objects", ()) and _next_is_cue(
        words, stop
    ):
        return False
    if _clause_follows(words, stop):
        return True
    lex = words.lexicon
    cue = words.tokens[index:stop]
    if any(lex.word(token, "announces") for token in cue):
        return all(phrase.known for phrase in subject)
    if lex.word(words.tokens[index], "posts") and stop < len(words.tokens):
        return lex.word(words.tokens[stop], "preposition")
    carrier = all(phrase.kind in {"outlet", "collective"} for phrase in subject)
    return carrier and any(lex.word(token, "reports") for token in cue)


def _relative_antecedent(words: Words, group: int) -> int | None:
    """The comma before ", which quoted" or ", who said", or None."""
    lex = words.lexicon
    if group < 2 or not lex.word(words.tokens[group - 1], "relative"):
        return None
    at = group - 2
    return at if _mark(words, at) in {",", "،"} else None


def _relative_speech(
    words: Words, comma: int, index: int, stop: int, *, strong: bool
) -> list[Found]:
    """ "…, who said he was well": the speaker is the name right before the comma."""
    first, end = before(words, comma)
    sources = [
        phrase
        for phrase in (split_sources(words, first, end) if end > first else [])
        if phrase.known
    ]
    if words.lexicon.word(words.tokens[comma + 1], "which") or not (
        strong or _clause_follows(words, stop)
    ):
        return []
    named = [phrase for phrase in sources if phrase.end == words.tokens[comma - 1].end][-1:]
    return [
        _make(words, phrase, "speech", "relative_speech", index, stop, _LIKELY) for phrase in named
    ]


def _with_addressee(words: Words, made: list[Found], index: int) -> list[Found]:
    """ "told Radio Sur": the outlet that was told carries the word of who told it."""
    lex = words.lexicon
    carrier: Phrase | None = None
    index = _past_apposition(words, index)
    for at in range(index, min(index + 3, len(words.tokens))):
        token = words.tokens[at]
        if lex.word(token, "addressee"):
            first, stop = after(words, at + 1)
            carrier = _outlet_told(words, classify(words, first, stop) if stop > first else None)
            break
        prefix = next(
            (p for p in lex.addressee if token.low.startswith(p) and len(token.low) > len(p) + 1),
            None,
        )
        if prefix is not None:
            first, stop = after(words, at)
            carrier = _outlet_told(words, classify(words, first, stop) if stop > first else None)
            break
        if not lex.word(token, "adverb", "time"):
            break
    return _carried(words, made, carrier)


def _past_apposition(words: Words, index: int) -> int:
    """After ", boulangère à Sarlac," where an addressee follows it, else *index*."""
    if _mark(words, index) != ",":
        return index
    for at in range(index + 1, min(index + 9, len(words.tokens) - 1)):
        if _mark(words, at) == ",":
            return at + 1 if words.lexicon.word(words.tokens[at + 1], "addressee") else index
    return index


def _carried(words: Words, made: list[Found], carrier: Phrase | None) -> list[Found]:
    if carrier is None or not made:
        return made
    one = made[0]
    outlet = Found(
        phrase=carrier,
        role="carrier",
        rule="told_outlet",
        cue=one.cue,
        first=one.first,
        stop=one.stop,
        confidence=_SURE if carrier.named else _LIKELY,
        content_first=one.content_first,
        quoted=one.quoted,
    )
    for speaker in made:
        speaker.parent, speaker.settled = outlet, True
    return [outlet, *made]


def _outlet_told(words: Words, phrase: Phrase | None) -> Phrase | None:
    """The addressee if it is an outlet that carried the word, None if it merely listened."""
    if phrase is None or phrase.own:
        return None
    if phrase.kind == "outlet" and (phrase.is_name or phrase.definite):
        return phrase
    if phrase.generic_outlet and phrase.kind == "unnamed":
        return phrase
    if (
        phrase.is_name
        and phrase.outlet_like
        and phrase.kind == "organisation"
        and phrase.stop - phrase.first <= 2
    ):
        return _as_outlet(phrase)
    if phrase.kind == "collective" and phrase.stop - phrase.first > 1:
        lead = words.tokens[phrase.first]
        return None if words.lexicon.word(lead, "definite") else phrase
    return None


def _as_outlet(phrase: Phrase) -> Phrase:
    return Phrase(
        phrase.first,
        phrase.stop,
        phrase.start,
        phrase.end,
        "outlet",
        True,
        True,
        head=phrase.head,
        is_name=True,
        outlet_like=True,
    )


def _tell(words: Words, index: int, stop: int, found: list[Found]) -> list[Found]:
    """X told Y: two hops where Y is an outlet, one where Y only listened."""
    group, voice = _verb_group(words, index)
    if voice != "active":
        return []
    first, end = after(words, stop)
    addressee = _outlet_told(words, classify(words, first, end) if end > first else None)
    relative = _relative_antecedent(words, group)
    if relative is not None:
        left, right = before(words, relative)
        subject = [
            p for p in (split_sources(words, left, right) if right > left else []) if p.known
        ][-1:]
    else:
        subject = _acceptable(_subject(words, group), words)
    if not subject:
        return []
    made = [_make(words, phrase, "speech", "told", index, stop, _SURE) for phrase in subject]
    for one in made:
        one.content_first = _is_content_first(words, subject, max(stop, end))
        one.denial = _says_false(words, max(stop, end)) or (
            one.content_first and _said_false(words, one.phrase.first)
        )
    return _carried(words, made, addressee)


def _say(words: Words, index: int, stop: int, found: list[Found]) -> list[Found]:
    rule = (
        "quoted_as_saying"
        if stop - index > 1 and words.lexicon.word(words.tokens[index], "passive")
        else "said"
    )
    return _speech(words, index, stop, strong=True, rule=rule)


def _weak(words: Words, index: int, stop: int, found: list[Found]) -> list[Found]:
    return _speech(words, index, stop, strong=False, rule="reported_that")


def _claim(words: Words, index: int, stop: int, found: list[Found]) -> list[Found]:
    return _speech(words, index, stop, strong=True, rule="fixed_turn")


def _accuse(words: Words, index: int, stop: int, found: list[Found]) -> list[Found]:
    group, voice = _verb_group(words, index)
    if voice != "active":
        return []
    subject = [phrase for phrase in _acceptable(_subject(words, group), words) if phrase.known]
    following = words.tokens[stop].low if stop < len(words.tokens) else ""
    window = {token.low for token in words.tokens[stop : stop + 12]}
    if not subject or not following or not window & {"of", "for", "on"}:
        return []
    return [_make(words, phrase, "speech", "accused", index, stop, _LIKELY) for phrase in subject]


def _show(words: Words, index: int, stop: int, found: list[Found]) -> list[Found]:
    """A document shows; anybody else shows nothing by this rule."""
    group, voice = _verb_group(words, index)
    if voice != "active" or _next_is_cue(words, stop):
        return []
    held = next((one for one in reversed(found) if one.role == "held_document"), None)
    if held is not None and _reaches(words, held, group):
        held.cue, held.first, held.stop = _cue_span(words, index, stop), index, stop
        return []
    subject = [phrase for phrase in _subject(words, group) if phrase.kind == "document"]
    if subject and stop >= len(words.tokens):
        return []
    made = [
        _make(words, phrase, "speech", "document_shows", index, stop, _LIKELY)
        for phrase in subject
    ]
    for one in made:
        one.content_first = _is_content_first(words, subject, stop)
    return made


def _reaches(words: Words, held: Found, group: int) -> bool:
    """Whether the document obtained by an outlet is the subject of the verb that starts here."""
    if held.role != "held_document" or held.stop < 0:
        return False
    between = range(held.stop, group)
    return all(at in words.in_cue or not words.lexicon.finite(words.tokens[at]) for at in between)


def _learn(words: Words, index: int, stop: int, found: list[Found]) -> list[Found]:
    """ "The Herald has learned that": only outlets and this paper's own people learn in print."""
    group, voice = _verb_group(words, index)
    if voice == "passive":
        return []
    subject = [
        phrase for phrase in _subject(words, group) if _may_learn(words, phrase, index, stop)
    ]
    return [
        _make(words, phrase, "speech", "outlet_learned", index, stop, _LIKELY)
        for phrase in subject
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
    return _clause_follows(words, stop) or lex.word(words.tokens[index], "prints")


def _from(words: Words, index: int, stop: int, found: list[Found]) -> list[Found]:
    """According to X."""
    if words.cue_at.get(stop, (0, frozenset()))[1] & {"from"}:
        return []
    sources = [phrase for phrase in _object(words, stop) if phrase.known and not phrase.own]
    made = [
        _make(words, phrase, "frame", "according_to", index, stop, _SURE) for phrase in sources
    ]
    for one in made:
        one.content_first = index > 0
    if made and made[0].phrase.kind == "document" and _held_follows(words, made[0]):
        made[0].role, made[0].rule = "held_document", "document_held"
    return made


def _held_follows(words: Words, one: Found) -> bool:
    """Whether "seen by X" follows, so that the document came through X."""
    for at in range(one.phrase.first, min(len(words.tokens), one.phrase.stop + 2)):
        hit = words.cue_at.get(at)
        if hit is not None and "held" in hit[1]:
            carrier = _object(words, at + hit[0])
            return bool(carrier) and carrier[0].kind == "outlet"
    return False


def _agent(words: Words, index: int, stop: int, found: list[Found]) -> list[Found]:
    """Reported by X; a report by X."""
    group, voice = _verb_group(words, index)
    if voice == "never":
        return []
    noun = (
        bool({"story"} & words.lexicon.noun(words.tokens[stop - 2]))
        if stop - index >= 2
        else False
    )
    sources = [
        phrase
        for phrase in _object(words, stop)
        if phrase.known
        and (not noun or phrase.kind in {"outlet", "collective"})
        and (phrase.is_name or not noun)
    ]
    confidence = _SURE if any(phrase.kind == "outlet" for phrase in sources) else _LIKELY
    return [
        _make(words, phrase, "frame", "reported_by", index, stop, confidence) for phrase in sources
    ]


def _quoted_by(words: Words, index: int, stop: int, found: list[Found]) -> list[Found]:
    """X was quoted by OUTLET as saying."""
    group, voice = _verb_group(words, index)
    carriers = [phrase for phrase in _object(words, stop) if phrase.known]
    if not carriers:
        return []
    outlet = _make(words, carriers[0], "carrier", "quoted_by", index, stop, _SURE)
    speaker = next((one for one in reversed(found) if one.phrase.stop in {group, group - 1}), None)
    if speaker is not None:
        speaker.parent, speaker.settled = outlet, True
        return [outlet]
    at = group - 1 if _mark(words, group - 1) == "," else group
    subject = _acceptable(_subject(words, at), words)
    made = [
        _make(words, phrase, "speech", "quoted_by", index, stop, _LIKELY) for phrase in subject
    ]
    for one in made:
        one.parent, one.settled = outlet, True
    return [outlet, *made]


def _held(words: Words, index: int, stop: int, found: list[Found]) -> list[Found]:
    """Documents obtained by OUTLET: the outlet, and through it the documents."""
    owners = _object(words, stop)
    known = next((one for one in found if one.role == "held_document" and not one.settled), None)
    first, end = _document_before(words, index)
    phrase = (
        known.phrase
        if known is not None
        else (classify(words, first, end) if end > first else None)
    )
    if phrase is None or not owners or phrase.kind not in {"document", "unnamed", "person"}:
        return []
    owner = owners[0]
    if owner.own:
        document = _make(words, phrase, "held_document", "document_held", index, stop, _LIKELY)
        document.settled = True
        return [document] if known is None and phrase.kind == "document" else []
    if not (owner.kind == "outlet" or (owner.is_name and owner.outlet_like)):
        return []
    outlet = _make(
        words,
        owner if owner.kind == "outlet" else _as_outlet(owner),
        "carrier",
        "obtained_by",
        index,
        stop,
        _SURE,
    )
    if known is None:
        known = next((one for one in found if one.phrase.start == phrase.start), None)
    if known is not None:
        known.parent, known.settled = outlet, True
        return [outlet]
    if phrase.kind != "document" and "document" not in words.lexicon.noun(
        words.tokens[phrase.stop - 1]
    ):
        return []
    withheld = Phrase(
        phrase.first,
        phrase.stop,
        phrase.start,
        phrase.end,
        "document",
        False,
        True,
        head=phrase.head,
    )
    document = _make(words, withheld, "held_document", "document_held", index, stop, _SURE)
    document.parent, document.settled = outlet, True
    outlet.content_first = document.content_first = _content_mark(words, phrase.first)
    return [outlet, document]


def _document_before(words: Words, index: int) -> tuple[int, int]:
    """The noun that "obtained by" follows, also after a preposition: "in a letter obtained by"."""
    first, end = before(words, index)
    if end > first:
        return first, end
    lex = words.lexicon
    for at in range(index - 1, max(-1, index - 6), -1):
        if lex.word(words.tokens[at], "definite", "indefinite", "possessive"):
            return at, index
        if not words.tokens[at].word or lex.word(words.tokens[at], "preposition"):
            return at + 1, index
    return index, index


def _cite(words: Words, index: int, stop: int, found: list[Found]) -> list[Found]:
    """Citing X: a source only if X is one, and somebody speaks whose source it is."""
    group, voice = _verb_group(words, index)
    if voice == "never":
        return []
    sources = [phrase for phrase in _object(words, stop) if phrase.known]
    return [_make(words, phrase, "cite", "citing", index, stop, _LIKELY) for phrase in sources]


def _quote(words: Words, index: int, stop: int, found: list[Found]) -> list[Found]:
    """X quoted Y (as saying); which cited Y."""
    group, voice = _verb_group(words, index)
    if voice != "active":
        return []
    lex = words.lexicon
    relative = _relative_antecedent(words, group)
    subject: list[Phrase] = []
    if relative is None:
        subject = (
            [p for p in _inverted_any(words, stop) if p.known]
            if lex.order == "VSO"
            else [phrase for phrase in _acceptable(_subject(words, group), words) if phrase.known]
        )
    at = stop
    if lex.order == "VSO" and subject:
        at = subject[-1].stop
    if any(lex.word(token, "about") for token in words.tokens[at : at + 1]):
        at += 1
    elif lex.order == "VSO":
        return []
    sources = [phrase for phrase in _object(words, at) if phrase.known]
    if not sources:
        return []
    cited = [_make(words, phrase, "cite", "quoted", index, stop, _LIKELY) for phrase in sources]
    if relative is not None:
        for one in cited:
            one.relative = relative
        return cited
    if not subject:
        return []
    speaker = _make(words, subject[0], "speech", "quotes", index, stop, _LIKELY)
    same = next((one for one in found if one.phrase.start == speaker.phrase.start), None)
    for one in cited:
        one.parent, one.settled = same or speaker, True
    return cited if same is not None else [speaker, *cited]


def _carrying(words: Words, index: int, stop: int, found: list[Found]) -> list[Found]:
    """In an interview with OUTLET: it carries whoever speaks in this sentence."""
    first, end = after(words, stop)
    outlet = _outlet_told(words, classify(words, first, end) if end > first else None)
    return (
        []
        if outlet is None
        else [_make(words, outlet, "carrier_open", "interview_with", index, stop, _LIKELY)]
    )


def _deny(words: Words, index: int, stop: int, found: list[Found]) -> list[Found]:
    """X denied it: no origin of the claim, but what the report was stays one."""
    lex = words.lexicon
    group, voice = _verb_group(words, index)
    if voice != "active" or not _denies(words, index, stop):
        return []
    if lex.order == "VSO":
        subject = _acceptable(_inverted_any(words, stop), words) or _acceptable(
            _subject(words, group), words
        )
    else:
        subject = _acceptable(_subject(words, group), words)
        turned = "deny" in words.cue_at[index][1] and not lex.word(
            words.tokens[index], "participle"
        )
        if not subject and turned and group > 0 and not words.tokens[group - 1].word:
            subject = _acceptable(_inverted(words, stop), words)
    if not subject:
        return []
    made = [_make(words, phrase, "speech", "denied", index, stop, _LIKELY) for phrase in subject]
    for one in made:
        one.denial = True
        one.content_first = _aside(words, one.phrase.first)
    return made + _denied_report(words, stop)


def _aside(words: Words, first: int) -> bool:
    """ ", which his office denied" and ", a claim the mayor denies" stand outside what was said."""
    at = first - 1
    lex = words.lexicon
    for _ in range(4):
        if at < 1:
            return False
        if _mark(words, at) in {",", "—", "–"}:
            return True
        if not (
            lex.word(words.tokens[at], "relative", "indefinite", "definite")
            or words.tokens[at].low in lex.denial.get("objects", ())
        ):
            return False
        at -= 1
    return False


def _denied_report(words: Words, index: int) -> list[Found]:
    """ "denied the Herald's report": the Herald did report it."""
    first, stop = after(words, index)
    if stop <= first:
        return []
    phrase = classify(words, first, stop)
    if phrase is None or phrase.kind != "outlet" or not phrase.is_name:
        return []
    made = _make(words, phrase, "frame", "denied_report", stop - 1, stop, _LIKELY)
    made.settled = True
    return [made]


def _denies(words: Words, index: int, stop: int) -> bool:
    """Whether the verb denies a report here: "denied bail" and "rejected the tender" do not."""
    denial = words.lexicon.denial
    window = [token for token in words.tokens[stop : stop + 9]]
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
    if objects & set(low) or any(
        words.lexicon.word(token, "denied_object") for token in window[:cut]
    ):
        return True
    if not any(form in denial.get("alone", frozenset()) for form in forms):
        return false or (not low and _aside(words, index))
    nouns = [
        word
        for word, token in zip(low, window, strict=False)
        if not words.lexicon.word(token, "definite", "possessive")
    ]
    return not (
        (nouns
        and nouns[0] in denial.get("not_objects", frozenset()))
        or (len(nouns) > 1
        and nouns[0] == "a"
        and nouns[1] in denial.get("not_objects", frozenset()))
    )


def _has_false(words: Words, low: list[str]) -> bool:
    text = " " + " ".join(low) + " "
    return any(f" {phrase} " in text for phrase in words.lexicon.denial.get("false", ()))


def _says_false(words: Words, index: int) -> bool:
    """ "said the story was untrue" denies; "said it was wrong of him to go" does not."""
    low: list[str] = []
    for token in words.tokens[index : index + 12]:
        if not token.word and token.low in {".", ";", ",", '"'}:
            break
        low.append(token.low)
    if not _has_false(words, low):
        return False
    head = [word for word in low[:5]]
    objects = words.lexicon.denial.get("objects", frozenset()) - {
        "that",
        "figure",
        "figures",
        "statement",
        "it",
        "this",
        "idea",
    }
    return (
        bool(objects & set(head))
        or "no truth" in " ".join(low)
        or ("not true" in " ".join(low) and bool({"it", "this"} & set(head)))
    )


def _said_false(words: Words, stop: int) -> bool:
    """ "\"That is simply not true,\" the minister said": what was said before is the denial."""
    low = [token.low for token in words.tokens[:stop] if token.word]
    if len(low) > _CLAUSE_WINDOW or not _has_false(words, low):
        return False
    if "no truth" in " ".join(low):
        return True
    objects = words.lexicon.denial.get("objects", frozenset())
    return bool(set(low[:3]) & (objects | {"that", "these", "this", "it"}))


def _denied_by(words: Words, index: int, stop: int, found: list[Found]) -> list[Found]:
    sources = [phrase for phrase in _object(words, stop) if phrase.known]
    group, voice = _verb_group(words, index)
    if voice == "never" or not sources:
        return []
    subject_first, subject_stop = before(words, group)
    low = {token.low for token in words.tokens[subject_first:subject_stop]}
    if words.tokens[index].low not in words.lexicon.denial.get(
        "alone", ()
    ) and not low & words.lexicon.denial.get("objects", frozenset()):
        return []
    made = [
        _make(words, phrase, "speech", "denied_by", index, stop, _LIKELY) for phrase in sources
    ]
    for one in made:
        one.denial = True
        one.content_first = False
    return made


def _saying(words: Words, index: int, stop: int, found: list[Found]) -> list[Found]:
    """ "Rehn resigned on Monday, saying he was ill": the subject of the sentence speaks."""
    if found or _mark(words, index - 1) != ",":
        return []
    start = 0
    first, end = after(words, start)
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
    return [_make(words, phrase, "speech", "participle", index, stop, _GUESSED)]


Rule = Callable[[Words, int, int, list[Found]], list[Found]]
# In this order: the first that finds something in a cue settles it.
_RULES: tuple[tuple[str, Rule], ...] = (
    ("quoted_by", _quoted_by),
    ("from", _from),
    ("carried", _carrying),
    ("held", _held),
    ("agent", _agent),
    ("denied_by", _denied_by),
    ("deny", _deny),
    ("brand", _deny),
    ("cite", _cite),
    ("quote", _quote),
    ("tell", _tell),
    ("say", _say),
    ("claim", _claim),
    ("accuse", _accuse),
    ("learn", _learn),
    ("show", _show),
    ("weak", _weak),
    ("saying", _saying),
)
