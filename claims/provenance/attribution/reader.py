"""Puts the reading together: sentences in, edges with their chains and antecedents out."""

# ruff: noqa: PLR2004 - counts of a few words; a name for each would hide the grammar

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from claims.provenance.attribution import chains, margins
from claims.provenance.attribution.debris import without_debris
from claims.provenance.attribution.found import Found
from claims.provenance.attribution.lexicon import Lexicon, lexicon
from claims.provenance.attribution.marking import words_of
from claims.provenance.attribution.memory import Memory, Mention
from claims.provenance.attribution.sentence import read_sentence
from claims.provenance.attribution.tokens import Token, tokenise
from claims.provenance.attribution.words import Phrase, Words
from claims.text.attributed import ARTICLE, Attribution, Span
from claims.text.language import guess
from claims.text.normalise import Normalised, normalise
from claims.text.sentences import Sentence, sentences

VERSION = "8"
_LONGEST = 240
"""Tokens read at once: a longer sentence is read in pieces, so that cost stays linear."""
_FALLBACK = "en"
_OLDER_TAGS = {
    "iw": "he", "heb": "he", "ara": "ar", "eng": "en", "fra": "fr", "fre": "fr", "spa": "es",
}  # fmt: skip
# Languages whose words would be mistaken for one that the desk reads.
_OTHERS = frozenset(
    "de lb fy nl af pt it ca gl oc ro no nb nn da sv fi is pl cs sk sl hr bs sr mt sq tr az hu et "
    "lv lt eu ga cy gd br eo la vi id ms tl fil sw ha yo ig zu xh so mg ht fa ur ps ku sd ug ckb "
    "yi ru uk be bg mk el hy ka hi bn ta te ml th zh ja ko am ti".split()
)
_SHORT_WORD = 3
_HEADLINE_BREAK = re.compile(r"[.!?؟…]\s*$")


def read(text: str, *, language: str = "", outlet: str | None = None) -> tuple[Attribution, ...]:
    """The attributions of *text*, in reading order, each after the edge it rests on.

    *language* is a BCP 47 tag, guessed from the words where it is empty or names no language; one
    that the desk has no data file for gives no edges. *outlet* is who
    published the text, so that its own name reads as "this newspaper". Never raises on words.
    """
    lex = _lexicon_for(language, text)
    if lex is None or not text.strip():
        return ()
    clean = without_debris(normalise(text))
    reading = _Reading(clean=clean, lexicon=lex, outlet=outlet, memory=Memory(lex))
    reading.run()
    return tuple(reading.finished(text))


def _lexicon_for(language: str, text: str) -> Lexicon | None:
    """The lexicon of the tag; where it names no language, of what the words seem to be in."""
    tag = re.split(r"[-_]", language.strip().lower(), maxsplit=1)[0]
    tag = _OLDER_TAGS.get(tag, tag)
    if tag in _OTHERS:
        return None
    return (
        lexicon(tag)
        or lexicon(guess(text))
        or (lexicon(_FALLBACK) if tag in {"", "und"} else None)
    )


@dataclass(slots=True)
class _Reading:
    """The state of one reading: the edges so far and what was named."""

    clean: Normalised
    lexicon: Lexicon
    outlet: str | None
    memory: Memory
    edges: list[Attribution] = field(default_factory=list)
    waiting: list[tuple[int, Phrase]] = field(default_factory=list)
    segments: list[int] = field(default_factory=list)

    def run(self) -> None:
        found = sentences(self.clean.text)
        heads = _headlines(found)
        names = _names_in(self.clean.text)
        for number, one in enumerate(found):
            if self._corrects(one):
                continue
            for piece in self._pieces(one, headline=number in heads):
                self._read(piece, one, number, headline=number in heads, names=names)
        self._look_ahead()

    def _corrects(self, one: Sentence) -> bool:
        """Whether the sentence takes back what this paper printed: it rests on nobody."""
        low = one.text.casefold()
        return any(phrase in low for phrase in self.lexicon.corrections)

    def _pieces(self, one: Sentence, *, headline: bool) -> Iterator[Words]:
        tokens = tokenise(one.text, offset=one.start)
        if headline and self.lexicon.capitals:
            tokens = _sentence_case(tokens, self.lexicon)
        for at in range(0, len(tokens), _LONGEST):
            yield words_of(tokens[at : at + _LONGEST], self.lexicon)

    def _read(
        self, words: Words, one: Sentence, number: int, *, headline: bool, names: frozenset[str]
    ) -> None:
        self.segments = chains.segments(words)
        found = margins.byline(words, self.clean.text, one.start, one.end)
        taken = [other.phrase for other in found]
        found += [c for c in margins.credit(words) if not _overlaps(c.phrase, taken)]
        if headline:
            found += margins.headline(words, known=names)
        taken = [other.phrase for other in found]
        read = [o for o in read_sentence(words) if not _overlaps(o.phrase, taken)]
        read = [
            o
            for o in read
            if o.phrase.kind != "self" or o.rule == "outlet_learned" or o.role == "speech"
        ]
        linked = chains.repeats_last(words, found + chains.link(words, read))
        ids: dict[int, str] = {}
        for other in _parents_first(linked):
            self._add(other, words, one, number, ids)
        self.memory.note_names(words, number)

    def _add(
        self, one: Found, words: Words, where: Sentence, number: int, ids: dict[int, str]
    ) -> None:
        parent = ids.get(id(one.parent), ARTICLE) if one.parent is not None else ARTICLE
        if self._is_own(one.phrase) and one.role == "carrier":
            ids[id(one)] = parent
            return
        shown = self.clean.text[one.phrase.start : one.phrase.end]
        if (
            parent != ARTICLE
            and (one.phrase.start, one.phrase.end) == self._edge(parent).source_span
        ):
            parent = ARTICLE
        before = self.memory.antecedent(one.phrase, shown, number, behind=one.content_first)
        before = None if before is not None and _holds(one, before, parent) else before
        # ", a charge it denies": somebody of the same sentence; "it said" could be anything.
        lost = one.quoted or (one.phrase.pronoun == "it" and not one.denial)
        # "They say the well has no bottom" is everybody and nobody.
        lost = lost or (one.phrase.pronoun == "they" and self._is_present(one))
        if one.phrase.pronoun and before is None and lost:
            return
        edge_id = f"e{len(self.edges) + 1}"
        ids[id(one)] = edge_id
        kind, named = one.phrase.kind, one.phrase.named
        if before is None and self._must_be_outlet(one, shown):
            kind = "outlet"
        resolves_to = same_as = None
        if before is not None:
            same_as = before.edge
            if before.words.casefold() != shown.casefold():
                resolves_to = before.words
            named = before.named
            kind = kind if kind == "document" or one.phrase.outlet_like else before.kind
            if same_as is not None and self._edge(same_as).is_denial and not one.denial:
                same_as = None
        depth = 1 if parent == ARTICLE else self._edge(parent).depth + 1
        self.edges.append(
            Attribution(
                id=edge_id,
                from_id=parent,
                source=shown,
                source_span=(one.phrase.start, one.phrase.end),
                kind="self" if self._is_own(one.phrase) else kind,
                named=named,
                cue=self.clean.text[one.cue[0] : one.cue[1]],
                cue_span=one.cue,
                depth=depth,
                rule=one.rule,
                version=VERSION,
                confidence=round(
                    one.confidence * (0.9 if before is None and one.phrase.pronoun else 1.0), 2
                ),
                reach=self._reach(one, words, where),
                is_denial=one.denial,
                resolves_to=resolves_to,
                same_as=same_as,
            )
        )
        if one.rule == "headline" and before is None:
            self.waiting.append((len(self.edges) - 1, one.phrase))
            return
        self._remember(one, shown, number, edge_id, before)
        if one.medium is not None:
            # "The memo also says": no second source.
            self._remember(
                replace(one, phrase=one.medium, medium=None),
                self.clean.text[one.medium.start : one.medium.end],
                number,
                edge_id,
                None,
            )

    def _remember(
        self, one: Found, shown: str, number: int, edge_id: str, before: Mention | None
    ) -> None:
        if before is not None:
            self.memory.note(
                replace(
                    before,
                    # "tells Pulse" in a headline could be anybody; "told the weekly Pulse" tells.
                    kind="outlet"
                    if one.phrase.outlet_like and one.role == "carrier"
                    else before.kind,
                    sentence=number,
                    order=one.first,
                    edge=before.edge or edge_id,
                    pronoun=one.phrase.pronoun if before.kind == "person" else before.pronoun,
                )
            )
            return
        if one.phrase.pronoun:
            return
        self.memory.note(
            Mention(
                words=shown,
                kind=self._edge(edge_id).kind if one.phrase.is_name else one.phrase.kind,
                named=one.phrase.named,
                head=one.phrase.head,
                sentence=number,
                order=one.first,
                edge=edge_id,
                is_name=one.phrase.is_name,
                outlet_like=one.phrase.outlet_like,
                denial=one.denial,
            )
        )

    def _reach(self, one: Found, words: Words, where: Sentence) -> tuple[Span, ...]:
        """The passage that rests on the edge: its part of the sentence; all, for an agency."""
        if one.rule in {"agency_byline", "agency_credit"}:
            return ((0, len(self.clean.text)),)
        segments = self.segments
        if one.role == "headline" or not words.tokens or max(segments) == 0:
            return ((where.start, where.end),)
        inside = [t for t, n in zip(words.tokens, segments, strict=True) if n == one.segment]
        return ((inside[0].start, inside[-1].end),) if inside else ((where.start, where.end),)

    def _look_ahead(self) -> None:
        """A headline's ": Report" is the report that the text then names."""
        for index, phrase in self.waiting:
            edge = self.edges[index]
            later = [
                e
                for e in self.edges[index + 1 :]
                if e.depth == 1 and not e.is_denial and e.same_as is None
            ]
            match = _announced(self.lexicon, phrase, edge, later)
            if match is not None:
                self.edges[index] = replace(
                    edge, same_as=match.id, resolves_to=match.source, named=match.named
                )

    def _must_be_outlet(self, one: Found, shown: str) -> bool:
        """As in "Kontor reported": one word, nobody's surname so far, and it reports."""
        if one.phrase.kind != "person" or not one.phrase.is_name or " " in shown:
            return False
        if one.rule in {"quotes", "reported_by"}:
            return True
        cue = self.clean.text[one.cue[0] : one.cue[1]].casefold().split()
        classes = {name for word in cue for name in self.lexicon.words.classes(word)}
        return one.role == "speech" and "reports" in classes and self.lexicon.capitals

    def _is_present(self, one: Found) -> bool:
        cue = self.clean.text[one.cue[0] : one.cue[1]].casefold()
        return "present" in self.lexicon.words.classes(cue)

    def _is_own(self, phrase: Phrase) -> bool:
        if phrase.own:
            return True
        shown = self.clean.text[phrase.start : phrase.end].casefold().removeprefix("the ")
        return bool(self.outlet) and shown == str(self.outlet).casefold().removeprefix("the ")

    def _edge(self, edge_id: str) -> Attribution:
        return self.edges[int(edge_id[1:]) - 1]

    def finished(self, text: str) -> Iterator[Attribution]:
        """The edges with spans and words of *text* as it was handed in."""
        for edge in self.edges:
            source = self.clean.span(*edge.source_span)
            cue = self.clean.span(*edge.cue_span)
            yield replace(
                edge,
                source=text[slice(*source)],
                source_span=source,
                cue=text[slice(*cue)],
                cue_span=cue,
                reach=tuple(self.clean.span(*span) for span in edge.reach),
            )


def _holds(one: Found, before: Mention, parent: str) -> bool:
    """As in "The report, of which the Courier has a copy": the Courier is not the report."""
    return one.role == "held_document" and before.edge == parent


def _announced(
    lex: Lexicon, phrase: Phrase, edge: Attribution, later: list[Attribution]
) -> Attribution | None:
    low = edge.source.casefold()
    same = next(
        (e for e in later if low in e.source.casefold().split() or e.source.casefold() == low),
        None,
    )
    if same is not None:
        return same
    if "story" in lex.nouns.classes(phrase.head):
        return next((e for e in later if e.kind in {"outlet", "document"}), None)
    if phrase.kind == "unnamed" and not phrase.is_name:
        return next((e for e in later if e.kind == "unnamed"), None)
    return None


def _parents_first(found: list[Found]) -> list[Found]:
    """In the order of the text, but each after the one it rests on."""
    done: list[Found] = []
    placed: set[int] = set()

    def place(one: Found, depth: int) -> None:
        if id(one) in placed or depth > 50:
            return
        if one.parent is not None and any(one.parent is other for other in found):
            place(one.parent, depth + 1)
        if id(one) not in placed:
            placed.add(id(one))
            done.append(one)

    for one in sorted(found, key=lambda item: item.cue):
        place(one, 0)
    return done


def _overlaps(phrase: Phrase, taken: list[Phrase]) -> bool:
    return any(phrase.start < other.end and other.start < phrase.end for other in taken)


def _headlines(found: tuple[Sentence, ...]) -> frozenset[int]:
    """Sentences that may be headlines: a paragraph of one sentence without a full stop, early."""
    alone: dict[int, int] = {}
    for one in found:
        alone[one.paragraph] = alone.get(one.paragraph, 0) + 1
    return frozenset(
        number
        for number, one in enumerate(found[:12])
        if (alone[one.paragraph] == 1 and not _HEADLINE_BREAK.search(one.text)) or number == 0
    )


def _sentence_case(tokens: list[Token], lex: Lexicon) -> list[Token]:
    """The tokens of a Headline Set Like This as if only names had capitals."""
    long_words = [token for token in tokens if token.word and len(token.text) > _SHORT_WORD]
    if len(long_words) < _SHORT_WORD or sum(t.cap for t in long_words) < 0.9 * len(long_words):
        return tokens
    return [
        replace(token, cap=False)
        if token.cap
        and at
        and (lex.known(token) or (token.text.isupper() and not lex.named(token)))
        else token
        for at, token in enumerate(tokens)
    ]


def _names_in(text: str) -> frozenset[str]:
    """Capitalised words that occur more than once: a name that the text speaks of."""
    counts: dict[str, int] = {}
    for word in re.findall(r"[^\W\d_][\w'-]{2,}", text[:200_000]):
        if word[0].isupper():
            counts[word.casefold()] = counts.get(word.casefold(), 0) + 1
    return frozenset(word for word, count in counts.items() if count > 1)
