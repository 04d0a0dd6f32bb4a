"""Finds who speaks: before the verb, behind it, across a parenthesis, or after a cue."""

# ruff: noqa: PLR2004 - counts of a few words; a name for each would hide the grammar

from collections.abc import Sequence
from dataclasses import replace

from claims.provenance.attribution.content import CLAUSE_WINDOW, mark_at
from claims.provenance.attribution.extents import after, before
from claims.provenance.attribution.phrases import classify, split_sources
from claims.provenance.attribution.uncased import unlisted_name
from claims.provenance.attribution.words import Phrase, Words


def verb_group(words: Words, index: int) -> tuple[int, str]:
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
        if at > 1 and lex.word(token, "infinitive") and lex.word(words.tokens[at - 2], "seeming"):
            at -= 2
            continue
        if _negates(words, at):
            return at - 1, "never"
        if (lex.word(token, "passive") and at == index) or (
            lex.word(token, "passive") and voice == "active" and _only_adverbs(words, at, index)
        ):
            voice = "passive"
        elif not lex.word(token, "auxiliary", "adverb", "clitic") or (
            token.cap and not words.opens(at - 1)
        ):
            break
        at -= 1
    following = words.tokens[index + 1] if index + 1 < len(words.tokens) else None
    if (
        following is not None
        and words.cue_at.get(index, (1,))[0] == 1
        and lex.word(following, "infinitive")
        and _infinitive(words, index + 2)
    ):
        return at, "passive"
    if following is not None and lex.word(following, "negation_after"):
        return at, "never"
    return at, voice


def _negates(words: Words, at: int) -> bool:
    """Whether "not", "may", "to" or "دون أن" stands right before token *at*."""
    lex = words.lexicon
    token = words.tokens[at - 1]
    if lex.word(token, "modal", "infinitive", "negation") and not token.cap:
        return True
    pair = lex.words.at(words.tokens, at - 2, words.tokens[at - 2].low) if at > 1 else []
    return (2, "negation") in pair


def _infinitive(words: Words, index: int) -> bool:
    """Whether a verb, not somebody addressed, follows "to": "said to have left"."""
    if index >= len(words.tokens) or "tell" in words.cue_at.get(index - 2, (0, ()))[1]:
        return False
    lex = words.lexicon
    token = words.tokens[index]
    return not (
        token.cap
        or not token.word
        or lex.noun(token)
        or lex.word(token, "definite", "indefinite", "possessive", "he", "she", "they", "it")
        or lex.word(token, "first_person")
        or token.low.endswith("s")
    )


def _only_adverbs(words: Words, first: int, stop: int) -> bool:
    return all(words.lexicon.word(words.tokens[at], "adverb") for at in range(first, stop))


def subjects_before(words: Words, verb: int) -> list[Phrase]:
    """Who stands before the verb, also across a parenthesis; a list of two is "both A and B"."""
    if verb > 1 and words.lexicon.word(words.tokens[verb - 1], "and", "turning"):
        return shared_subject(words, verb - 1)
    if verb > 1 and _and_written_on(words, verb):
        return shared_subject(words, verb)
    first, stop = before(words, verb)
    trailing = stop
    while trailing > first and words.lexicon.word(words.tokens[trailing - 1], "adverb", "both"):
        if trailing - 1 > first and _ends_title(words, trailing - 1):
            break
        trailing -= 1
    trailing = _without_time(words, first, trailing)
    if trailing > first:
        sources = split_sources(words, first, trailing)
        return _list_before(words, first) + sources if len(sources) > 1 else sources
    if mark_at(words, verb - 1) in {",", "—", "–", "-", "،", ")"}:
        return _across(words, verb - 1)
    return []


def _and_written_on(words: Words, verb: int) -> bool:
    """As in "דחה את הטענות ואמר": the second verb of one subject."""
    lex = words.lexicon
    low = words.tokens[verb].low
    return (
        lex.order == "SVO"
        and low.startswith(lex.strip or ("\0",))
        and not lex.cues.classes(low)
        and words.tokens[verb - 1].word
    )


def _list_before(words: Words, first: int) -> list[Phrase]:
    """The first ones of "doctors, nurses and the director said"."""
    earlier: list[Phrase] = []
    while first > 1 and mark_at(words, first - 1) == ",":
        left, right = before(words, first - 1)
        phrase = classify(words, left, right) if right > left else None
        if phrase is None or not phrase.known or right - left > 4:
            break
        earlier.insert(0, phrase)
        first = left
    return earlier if first == 0 or (earlier and _clause_start(words, first)) else []


def shared_subject(words: Words, limit: int) -> list[Phrase]:
    """The subject that "showed … and said" shares: the one that opens the sentence."""
    lex = words.lexicon
    start = 0
    endings = (*lex.finite_suffix, *lex.participle_suffix)
    following = words.tokens[1] if limit > 1 else None
    if (
        lex.capitals
        and words.tokens[0].low.endswith(endings or ("\0",))
        and following is not None
        and not following.cap
        and not lex.noun(words.tokens[0])
    ):
        # "Asked if it was true, Rehn laughed and denied it."
        start = next((at + 1 for at in range(limit) if mark_at(words, at) == ","), 0)
    while start < limit and lex.word(words.tokens[start], "opener", "time", "contrast"):
        start += 1
    if start < limit and lex.capitals and lex.word(words.tokens[start], "preposition"):
        # "In a statement on its website, it said …"
        start = next((at + 1 for at in range(start, limit) if mark_at(words, at) == ","), limit)
    if start < limit and lex.word(words.tokens[start], "boundary"):
        return []
    first, stop = after(words, start, min(limit, start + CLAUSE_WINDOW))
    sources = split_sources(words, first, stop) if stop > first else []
    if len(sources) == 1 and not sources[0].is_name and sources[0].kind in {"person", "unnamed"}:
        named = _apposition(words, stop, closed=True)
        if named is not None and named.kind == "person":
            return [named]  # "The engineer, Ola Brandt, sighed and said"
    return [phrase for phrase in sources if phrase.known]


def _without_time(words: Words, first: int, stop: int) -> int:
    """Cut "on Tuesday" and "this week" off the end of a subject."""
    lex = words.lexicon
    at = stop
    while at > first + 1 and lex.word(words.tokens[at - 1], "time"):
        if _ends_title(words, at - 1):
            break
        at -= 1
        while at > first + 1 and lex.word(
            words.tokens[at - 1], "preposition", "definite", "adverb"
        ):
            at -= 1
    return at


def _ends_title(words: Words, index: int) -> bool:
    """Whether a word of time ends the name of a paper: "the Vessany Evening", "Kolm Today"."""
    token = words.tokens[index]
    return token.cap and "outlet_names" in words.lexicon.names.classes(token.low)


def _across(words: Words, closing: int) -> list[Phrase]:
    """The subject before a parenthesis that ends at *closing*: "X, the mayor of Kell, said"."""
    tokens = words.tokens
    tries = 0
    for opening in range(closing - 1, max(-1, closing - 60), -1):
        if mark_at(words, opening) not in {",", "—", "–", "-", "،", "("}:
            if mark_at(words, opening) in {";", ":"}:
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
        sources = split_sources(words, first, _without_place(words, first, stop))
        sources = [p for p in sources if p.known or p.definite or _owned(words, p)]
        if not sources or (first > 0 and first - 1 in words.in_cue):
            continue
        if _is_clause_between(words, opening + 1, closing):
            continue
        inside = unlisted_name(words, opening + 1, closing) or classify(
            words, opening + 1, closing
        )
        if (
            len(sources) == 1
            and not sources[0].is_name
            and inside is not None
            and inside.is_name
            and inside.end == tokens[closing - 1].end
            and not words.lexicon.word(tokens[opening + 1], "preposition")
            and opening + 1 not in words.in_cue
            and not words.lexicon.word(tokens[opening + 1], "definite", "indefinite", "relative")
            and (not tokens[opening - 1].cap or _names_holder(sources[0], inside))
        ):
            return [_of_kind(inside, sources[0])]
        return _described(words, sources) or _told_apart(sources, inside)
    return []


def _owned(words: Words, phrase: Phrase) -> bool:
    """As in "His agent, Petra Kiss, insists": somebody's, and so a person."""
    return words.lexicon.word(words.tokens[phrase.first], "possessive")


def _without_place(words: Words, first: int, stop: int) -> int:
    """Cut "there" off "A senior official there, speaking on Friday, said"."""
    while stop - first > 1 and words.lexicon.word(words.tokens[stop - 1], "there"):
        stop -= 1
    return stop


def _of_kind(name: Phrase, office: Phrase) -> Phrase:
    """As in "The manufacturer, Biovand, said": one word that is no person."""
    one_word = name.stop - name.first == 1 and name.kind == "person"
    if one_word and office.kind in {"organisation", "outlet"}:
        return replace(name, kind=office.kind)
    return name


def _told_apart(sources: list[Phrase], inside: Phrase | None) -> list[Phrase]:
    """As in "Nordline, the ferry company, said": what it is tells that it is nobody's surname."""
    last = sources[-1]
    house = inside is not None and not inside.is_name and inside.kind in {"organisation", "outlet"}
    if inside is None or not (house and last.is_name and last.kind == "person"):
        return sources
    if last.stop - last.first > 1:
        return sources
    return [*sources[:-1], replace(last, kind=inside.kind)]


def _names_holder(office: Phrase, inside: Phrase) -> bool:
    """As in "the mayor of Kell, Tomas Rehn,": a full name is no further place."""
    holder = office.kind in {"person", "unnamed"} and inside.kind == "person"
    return holder and inside.stop - inside.first > 1


def _described(words: Words, sources: list[Phrase]) -> list[Phrase]:
    """The name before "a spokesman for the fleet", where that only tells who it is."""
    if len(sources) != 1 or sources[0].is_name or mark_at(words, sources[0].first - 1) != ",":
        return []
    first, stop = before(words, sources[0].first - 1)
    if first >= stop or not _clause_start(words, first):
        return []
    named = split_sources(words, first, stop)
    return named if len(named) == 1 and named[0].is_name and named[0].kind == "person" else []


def _is_clause_between(words: Words, first: int, stop: int) -> bool:
    """Whether a main clause, not a parenthesis, stands between two commas."""
    lex = words.lexicon
    opening = words.tokens[first]
    if lex.capitals and not lex.clause_needs_that and lex.word(opening, "indefinite"):
        return False
    if first in words.in_cue or lex.word(
        opening, "relative", "boundary", "preposition", "which", "as"
    ):
        return False
    for at, token in enumerate(words.tokens[first:stop], start=first):
        if lex.word(token, "relative", "which"):
            return False
        if lex.word(token, "finite", "auxiliary", "modal") and not words.quoted[at]:
            return True
    return False


def _clause_start(words: Words, index: int) -> bool:
    """Whether a subject at *index* opens its clause (or follows an opener such as "But")."""
    lex = words.lexicon
    if index == 0:
        return True
    token = words.tokens[index - 1]
    if not token.word:
        return token.low in {'"', ":", ";", "—", "–", ")", ".", "'", ","}
    return lex.word(token, "opener", "contrast", "that", "and", "time", "boundary", "both")


def turned_subjects(words: Words, index: int) -> list[Phrase]:
    """Who stands after the verb: ", said X"; not where a clause follows instead."""
    first, stop = after(words, past_addressee(words, _past_time(words, index)))
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
    if stop < len(words.tokens) and words.lexicon.word(words.tokens[stop], "complement"):
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


def past_addressee(words: Words, index: int) -> int:
    """After "à l'AFP" or "a Radio Llano", where the speaker follows whom they told."""
    lex = words.lexicon
    if not lex.capitals or index >= len(words.tokens):
        return index
    if not lex.word(words.tokens[index], "addressee"):
        return index
    first, stop = after(words, index + 1)
    told = classify(words, first, stop) if stop > first else None
    return stop if told is not None and told.kind in {"outlet", "collective"} else index


def _past_time(words: Words, index: int) -> int:
    """After "mercredi" or "el miércoles", which may stand between verb and subject."""
    lex = words.lexicon
    at = index
    while at + 1 < len(words.tokens) and not words.tokens[at].cap:
        if lex.word(words.tokens[at], "time", "adverb"):
            at += 1
        elif lex.word(words.tokens[at], "definite", "preposition") and lex.word(
            words.tokens[at + 1], "time"
        ):
            at += 2
        else:
            break
    return at


def subjects_after(words: Words, index: int) -> list[Phrase]:
    """The subject right after the verb, where that is the usual order."""
    while index < len(words.tokens) and words.lexicon.word(words.tokens[index], "bound"):
        index += 1
    first, stop = after(words, index)
    sources = split_sources(words, first, stop) if stop > first else []
    if len(sources) == 1 and sources[0].kind == "person" and not sources[0].is_name:
        named = None if words.lexicon.capitals else _apposition(words, stop, closed=True)
        return [named] if named is not None else sources
    return sources


def _apposition(words: Words, comma: int, *, closed: bool = False) -> Phrase | None:
    """The name in ", le maire, Luc Ferrand"; ``closed`` asks for a comma behind it as well."""
    if not words.lexicon.capitals:
        closing = next(
            (at for at in range(comma + 1, len(words.tokens)) if not words.tokens[at].word),
            len(words.tokens),
        )
        if closed and mark_at(words, closing) not in {",", "،"}:
            return None
        return unlisted_name(words, comma + 1, closing) if mark_at(words, comma) else None
    if (
        mark_at(words, comma) != ","
        or comma + 1 >= len(words.tokens)
        or not words.is_name(comma + 1)
    ):
        return None
    first, stop = after(words, comma + 1)
    phrase = classify(words, first, stop)
    at_end = stop >= len(words.tokens) or not words.tokens[stop].word
    return phrase if phrase is not None and phrase.is_name and at_end else None


def sources_after(words: Words, index: int) -> list[Phrase]:
    """The sources that follow a cue such as "according to" or "citing"."""
    lex = words.lexicon
    at = _past_time(words, index) if lex.capitals else index
    while at < len(words.tokens) and (mark_at(words, at) in {'"', "'", ":"}):
        at += 1
    first, stop = after(words, at)
    if at > index and not lex.capitals:
        stop = _end_of_name(words, at) or stop
    if stop <= first:
        return []
    sources = split_sources(words, first, stop)
    if len(sources) == 1 and mark_at(words, stop) == ",":
        sources += _listed(words, stop, sources[0])
    if (
        sources
        and not sources[0].is_name
        and (sources[0].kind in {"person", "organisation"} or sources[0].generic_outlet)
        and len(sources) == 1
    ):
        fronted = all(token.word for token in words.tokens[:index])
        named = _apposition(words, stop, closed=fronted)
        speaks_for = "spokesperson" in lex.nouns.classes(sources[0].head)
        house = sources[0].generic_outlet and named is not None and named.kind == "outlet"
        if named is not None and (named.kind == sources[0].kind or speaks_for or house):
            return [named]
    return sources


def _end_of_name(words: Words, first: int) -> int:
    """Where a short quoted name ends, whatever its words mean: «المرفأ اليوم»; else 0."""
    closing = next(
        (at for at in range(first, min(len(words.tokens), first + 6)) if mark_at(words, at)), 0
    )
    return closing if mark_at(words, closing) == '"' else 0


def _listed(words: Words, comma: int, one: Phrase) -> list[Phrase]:
    """The others of "according to A, B and C"."""
    if not one.known:
        return []
    first, stop = after(words, comma + 1)
    parts = split_sources(words, first, stop) if stop > first else []
    return parts if len(parts) > 1 and all(part.known for part in parts) else []


def acceptable(phrases: Sequence[Phrase], words: Words) -> list[Phrase]:
    """The phrases that may speak: no "that said", no "I think"."""
    kept: list[Phrase] = []
    for phrase in phrases:
        token = words.tokens[phrase.first]
        alone = phrase.stop - phrase.first == 1
        # "What the mayor said was …" is nobody's word here; "in what the Herald described as" is.
        placed = phrase.first > 1 and words.lexicon.word(
            words.tokens[phrase.first - 2], "preposition", "opposing"
        )
        if after_what(words, phrase) and not placed:
            continue
        if words.lexicon.word(token, "neither"):
            return []
        if words.lexicon.word(token, "comparing") and not phrase.known:
            continue  # "up from eight reported earlier"
        if not phrase.known and words.lexicon.word(token, "nobody"):
            continue  # "Nadie nos avisó"
        if alone and words.lexicon.word(token, "nobody", "first_person", "relative", "that"):
            continue
        if alone and words.lexicon.word(token, "indefinite") and not words.lexicon.noun(token):
            continue
        if alone and words.lexicon.word(
            token, "preposition", "boundary", "adverb", "auxiliary", "and"
        ):
            continue
        kept.append(phrase)
    return kept


def after_what(words: Words, phrase: Phrase) -> bool:
    """As in "what the Herald reported"."""
    return phrase.first > 0 and words.lexicon.word(words.tokens[phrase.first - 1], "what")


def against_what(words: Words, phrase: Phrase) -> bool:
    """As in "contrary to what the Herald reported": it did report it."""
    return after_what(words, phrase) and any(
        words.lexicon.word(token, "opposing")
        for token in words.tokens[max(0, phrase.first - 3) : phrase.first - 1]
    )


def relative_antecedent(words: Words, group: int) -> int | None:
    """The comma before ", which quoted" or ", who said", or None."""
    lex = words.lexicon
    if group < 2 or not lex.word(words.tokens[group - 1], "relative"):
        return None
    at = group - 2
    return at if mark_at(words, at) in {",", "،"} else None


def document_before(words: Words, index: int) -> tuple[int, int]:
    """The noun that "obtained by" follows, also after a preposition: "in a letter obtained by"."""
    stop = index - 1 if mark_at(words, index - 1) in {",", "،"} else index
    first, end = before(words, stop)
    if end > first:
        phrase = classify(words, first, end)
        paper = None
        if phrase is None or phrase.kind != "document":
            paper = _paper_in(words, stop)
        return (first, end) if paper is None else (paper, stop)
    lex = words.lexicon
    for at in range(stop - 1, max(-1, stop - 6), -1):
        if lex.word(words.tokens[at], "definite", "indefinite", "possessive"):
            return at, stop
        if not words.tokens[at].word or lex.word(words.tokens[at], "preposition"):
            return at + 1, stop
    return stop, stop


def _paper_in(words: Words, stop: int) -> int | None:
    """As in "said in a letter to the minister, seen by": where "a letter" starts."""
    lex = words.lexicon
    for at in range(stop - 1, max(0, stop - 9), -1):
        token = words.tokens[at]
        paper = "document" in lex.noun(token)
        joins = lex.word(token, "preposition")
        if not token.word or (at in words.in_cue and not (paper or joins)):
            return None
        if paper:
            opening = range(at - 1, max(0, at - 4), -1)
            return next(
                (
                    first
                    for first in opening
                    if lex.word(words.tokens[first], "definite", "indefinite", "possessive")
                ),
                at,
            )
    return None
