"""What was named before: for "he", "the report", "the newspaper" and a name said twice."""

# ruff: noqa: PLR2004 - counts of a few words; a name for each would hide the grammar

from dataclasses import dataclass, field, replace

from claims.provenance.attribution.extents import after
from claims.provenance.attribution.lexicon import Lexicon
from claims.provenance.attribution.phrases import classify
from claims.provenance.attribution.words import Phrase, Words, runs

_SHORT_TERM = 400
"""How many mentions are kept: whoever was named longer ago is not "he" any more."""
_GROUP_TERM = 4
"""Sentences after which "one of them" may be one of others."""
_PRONOUN_KINDS = {
    "he": frozenset({"person", "unnamed"}),
    "she": frozenset({"person", "unnamed"}),
    "they": frozenset({"person", "unnamed", "organisation", "collective"}),
    "it": frozenset({"organisation", "outlet", "document"}),
}


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody or something named in the text; ``edge`` where it was a source there."""

    words: str
    kind: str
    named: bool
    head: str
    sentence: int
    order: int
    edge: str | None = None
    is_name: bool = False
    outlet_like: bool = False
    denial: bool = False
    pronoun: str = ""


@dataclass(slots=True)
class Memory:
    """The mentions of one reading so far, in order."""

    lexicon: Lexicon
    mentions: list[Mention] = field(default_factory=list)
    by_name: dict[str, Mention] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)

    def note(self, mention: Mention) -> None:
        """Remember a mention; the first source under a name stays the one that counts."""
        self.mentions.append(mention)
        if len(self.mentions) > 2 * _SHORT_TERM:
            del self.mentions[:_SHORT_TERM]
        key = _key(mention.words, self.lexicon)
        known = self.by_name.get(key)
        if known is None or (known.edge is None and mention.edge is not None):
            self.by_name[key] = mention
        if mention.is_name and mention.kind == "person" and " " in mention.words:
            surname = _key(mention.words.split()[-1], self.lexicon)
            held = self.by_name.get(surname)
            if held is None or held.edge is None:
                self.by_name[surname] = mention

    def note_names(self, words: Words, sentence: int) -> None:
        """Remember the people and outlets named in a sentence, sources or not."""
        self._note_subject(words, sentence)
        if not words.lexicon.capitals:
            return
        for order, (first, stop) in enumerate(runs(words, 0, len(words.tokens))):
            phrase = classify(words, _titled_from(words, first), stop)
            if phrase is None or not phrase.is_name or phrase.kind not in {"person", "outlet"}:
                continue
            if phrase.kind == "person" and phrase.end - phrase.start < 2:
                continue
            shown = _shown(words, phrase)
            if first + 1 == stop and words.opens(first) and _only_trade(words, phrase):
                continue  # "News" over a column is no name
            self._note_title(words, first, phrase, shown)
            held = self.by_name.get(_key(shown, self.lexicon))
            if held is None and phrase.kind == "person" and not _full(words, first, phrase, shown):
                continue
            if held is not None and held.edge is not None:
                self.note(replace(held, sentence=sentence, order=order))
                continue
            self.note(
                Mention(
                    words=shown,
                    kind=phrase.kind,
                    named=True,
                    head=phrase.head,
                    sentence=sentence,
                    order=order,
                    is_name=True,
                    outlet_like=phrase.outlet_like,
                )
            )

    def _note_subject(self, words: Words, sentence: int) -> None:
        """Remember whom the sentence is about, where an office or a title tells."""
        lex = words.lexicon
        start = 1 if lex.order == "VSO" else 0
        while start < len(words.tokens) and lex.word(words.tokens[start], "opener", "time"):
            start += 1
        if start >= len(words.tokens) or not words.tokens[start].word:
            return
        first, stop = after(words, start)
        phrase = classify(words, first, stop) if stop > first else None
        if phrase is None or not (phrase.known and phrase.named) or phrase.pronoun:
            return
        named_after = stop + 1 < len(words.tokens) and words.tokens[stop].low == ","
        if named_after and words.is_name(stop + 1):
            return  # "The opposition leader, Marco Vidal, called": the name is noted
        shown = _shown(words, phrase) if lex.capitals else _first_name(words, phrase)
        held = self.by_name.get(_key(shown, lex))
        if phrase.kind != "person" or (lex.capitals and phrase.is_name) or held is not None:
            return
        self.note(
            Mention(
                words=shown,
                kind=phrase.kind,
                named=True,
                head=phrase.head,
                sentence=sentence,
                order=0,
                is_name=phrase.is_name,
            )
        )

    def _note_title(self, words: Words, first: int, phrase: Phrase, shown: str) -> None:
        """As in "Mayor Tomas Rehn": "the mayor" is him from here on."""
        for at in range(max(0, first - 2), phrase.stop):
            if words.tokens[at].start >= phrase.start:
                break
            if words.lexicon.noun(words.tokens[at]) & {"title", "person", "unnamed"}:
                self.titles[words.tokens[at].low] = shown

    def antecedent(
        self, phrase: Phrase, shown: str, sentence: int, *, behind: bool = False
    ) -> Mention | None:
        """What *phrase* repeats or stands for, or None if it is new.

        ``behind``: a pronoun after what was said, which may be who spoke earlier in its sentence.
        """
        if phrase.pronoun and behind:
            spoke = self._spoke_here(phrase.pronoun, sentence)
            if spoke is not None:
                return spoke
        if phrase.pronoun:
            return self._of_pronoun(phrase.pronoun, sentence)
        same = self.by_name.get(_key(shown, self.lexicon))
        if same is not None and (
            phrase.is_name
            or phrase.definite
            or phrase.kind == "organisation"
            or not (self.lexicon.capitals or phrase.known)
        ):
            return same
        if phrase.definite and not phrase.is_name:
            return self._of_definite(phrase, shown, sentence)
        if phrase.is_name and phrase.kind != "person":
            return self._shortened(shown)
        if phrase.kind in {"unnamed", "person"} and not phrase.is_name:
            return self._of_group(shown, sentence)
        return None

    def _of_group(self, shown: str, sentence: int) -> Mention | None:
        """As in "one of the people" after "three people": some of those who spoke before."""
        lex = self.lexicon
        parts = shown.casefold().split()
        noun = parts[-1]
        if " ".join(parts) in lex.one_of_them:
            noun = ""
        elif len(parts) != 4 or parts[1] != "of" or parts[2] not in {"the", "those", "these"}:
            return None
        return next(
            (
                mention
                for mention in reversed(self.mentions[-_SHORT_TERM:])
                if mention.kind == "unnamed"
                and mention.edge is not None
                and sentence - mention.sentence <= _GROUP_TERM
                and _is_group(mention, noun)
            ),
            None,
        )

    def _of_pronoun(self, pronoun: str, sentence: int) -> Mention | None:
        kinds = _PRONOUN_KINDS[pronoun]
        fitting = [
            mention
            for mention in self.mentions[-_SHORT_TERM:]
            if (mention.kind in kinds or self._speaks_for_others(mention, pronoun))
            and mention.sentence < sentence
            and sentence - mention.sentence <= 6
            and mention.pronoun in {"", pronoun}
        ]
        if pronoun == "it":
            fitting = [mention for mention in fitting if mention.edge is not None]
        if not fitting:
            return None
        newest = max(mention.sentence for mention in fitting)
        nearest = [mention for mention in fitting if mention.sentence == newest]
        sources = [mention for mention in nearest if mention.edge is not None]
        if pronoun in {"he", "she"}:
            sources = [m for m in sources if m.kind != "unnamed"] or sources
        return sources[-1] if sources else nearest[0]

    def _spoke_here(self, pronoun: str, sentence: int) -> Mention | None:
        """As in "The mayor denies it: …, he says": the last who spoke in this sentence."""
        return next(
            (
                mention
                for mention in reversed(self.mentions[-8:])
                if mention.sentence == sentence
                and mention.edge is not None
                and mention.kind in _PRONOUN_KINDS[pronoun]
            ),
            None,
        )

    def _speaks_for_others(self, mention: Mention, pronoun: str) -> bool:
        """A spokeswoman is filed under the house she speaks for, and is still "she"."""
        return pronoun in {"he", "she"} and "spokesperson" in self.lexicon.nouns.classes(
            mention.head
        )

    def _of_definite(self, phrase: Phrase, shown: str, sentence: int) -> Mention | None:
        title = self.titles.get(phrase.head)
        if title is not None and phrase.kind in {"person", "unnamed"}:
            return self.by_name.get(_key(title, self.lexicon))
        recent = [
            m
            for m in self.mentions[-_SHORT_TERM:]
            if m.sentence < sentence or (m.edge is not None and m.kind == "outlet")
        ]
        lex = self.lexicon
        classes = lex.nouns.classes(phrase.head) | {
            name
            for mark in lex.article
            for name in lex.nouns.classes(phrase.head.removeprefix(mark))
        }
        same_head = next(
            (
                m
                for m in reversed(recent)
                if m.head == phrase.head and not m.is_name and m.edge is not None
            ),
            None,
        )
        if same_head is not None and shown.count(" ") <= 1:
            return same_head
        if "any_document" in classes and shown.count(" ") <= 1:
            return next(
                (m for m in reversed(recent) if m.kind == "document" and m.edge is not None), None
            )
        if "story" in classes and shown.count(" ") <= 1:
            return next(
                (
                    m
                    for m in reversed(recent)
                    if m.kind == "outlet" or (m.kind == "document" and m.edge is not None)
                ),
                None,
            )
        if "outlet" in classes and shown.count(" ") <= 2:
            return next((m for m in reversed(recent) if m.kind == "outlet"), None)
        if phrase.kind == "organisation" and shown.count(" ") <= 1:
            word = phrase.head
            return next(
                (
                    m
                    for m in reversed(recent)
                    if m.edge is not None and word in m.words.casefold().split()
                ),
                None,
            )
        return None

    def _shortened(self, shown: str) -> Mention | None:
        """As in "the Gazette" for "the Coral Bay Gazette"."""
        last = shown.rsplit(maxsplit=1)[-1].casefold()
        if _key(shown, self.lexicon) != last:
            return None
        return next(
            (
                m
                for m in reversed(self.mentions[-_SHORT_TERM:])
                if m.is_name
                and m.kind == "outlet"
                and m.head == last
                and len(shown.split()) <= 2
                and m.words.casefold().endswith(last)
            ),
            None,
        )


def _is_group(mention: Mention, noun: str) -> bool:
    """Whether several spoke there, under the name of *noun* where one is given."""
    if noun:
        return mention.head == noun or noun in mention.words.casefold().split()
    several = mention.head.endswith("s") or mention.head in {"people", "men", "women"}
    return several or any(char.isdigit() for char in mention.words)


def _titled_from(words: Words, first: int) -> int:
    """Where a title of up to two words before the name starts; no mark stands in between."""
    at = first
    while at > max(0, first - 2) and words.tokens[at - 1].word:
        at -= 1
    return at


def _first_name(words: Words, phrase: Phrase) -> str:
    """The two words after a title, where nothing marks the end of a name: "המורה רות כהן"."""
    tokens = words.tokens
    at = phrase.first
    while at < phrase.stop and words.lexicon.noun(tokens[at]) & {"title", "person"}:
        at += 1
    start = at if phrase.is_name else phrase.first
    return " ".join(token.text for token in tokens[start : min(phrase.stop, at + 2)])


def _only_trade(words: Words, phrase: Phrase) -> bool:
    """Whether the name is nothing but a word of the trade: "News", "Today"."""
    classes = words.lexicon.names.classes(phrase.head)
    return "outlet_names" in classes and "outlets" not in classes


def _full(words: Words, first: int, phrase: Phrase, shown: str) -> bool:
    """Whether a name is a person's beyond doubt: two words, or one after a title."""
    if " " in shown or phrase.first != first:
        return True
    # "Sister Agnes": the title is part of the run of capitals.
    ahead = [t for t in words.tokens[max(0, first - 1) : phrase.stop] if t.start < phrase.start]
    return any(words.lexicon.noun(token) & {"title", "person"} for token in ahead)


def _shown(words: Words, phrase: Phrase) -> str:
    return " ".join(
        token.text
        for token in words.tokens
        if phrase.start <= token.start and token.end <= phrase.end
    )


def _key(shown: str, lex: Lexicon) -> str:
    """A name without article, for finding it again."""
    parts = shown.casefold().replace("'s", "").split()
    while len(parts) > 1 and lex.words.classes(parts[0]) & {"definite", "indefinite"}:
        parts = parts[1:]
    return " ".join(parts)
