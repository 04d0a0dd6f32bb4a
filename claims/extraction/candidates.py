"""The candidates of an article: one checkable assertion each, anchored, scored and in order."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from claims.extraction.checkworthiness import Part, Standing, parts, score
from claims.extraction.layout import Block, Layout
from claims.extraction.leaving import DENIAL, reason, reason_for_block, reason_for_sentence
from claims.extraction.names import (
    People,
    people,
    self_contained,
    spoken_of,
    subject_of,
    thing_of,
)
from claims.extraction.said import asserted, trimmed
from claims.extraction.split import Assertion, split
from claims.extraction.wording import Wording, content, overlap, wording, words_in
from claims.text.attributed import ARTICLE, Attribution
from claims.text.normalise import straighten
from claims.text.sentences import Sentence, sentences

# "KELL (Kestrelwire) —", "ROME, May 4 —": a place in capitals and a dash.
_DATELINE = re.compile(
    r"\s*(?=[^\W\d_])[^\Wa-zß-öø-ÿ\d][^a-zß-öø-ÿ\n()—–]{1,30}"
    r"(?:, [^\n()—–]{3,20})?\s?(?:\([^()\n]{2,40}\)\.?)?\s*(?:[—–]|-{1,2}(?=\s))\s*"
)
_CONTEXT = 32
_SHOWN = 300
_LONGEST_TIME = 5
_A_PAIR = 2
_REPEATS = 0.34
"""How much of a headline a claim must say to count as what the headline repeats."""
_MARGINAL = frozenset(["agency_byline", "agency_credit"])
_RELAYS = frozenset(["outlet", "document", "collective", "self"])


@dataclass(frozen=True, slots=True)
class Quote:
    """The exact words of the article: ``text[start:end] == exact``, with what stands around."""

    exact: str
    prefix: str
    suffix: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Appearance:
    """Another place where the article makes the claim (headline, deck), with a note on it."""

    start: int
    end: int
    note: str
    hedge_lost: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """One assertion nobody has taken yet.

    ``text`` reads alone (names for pronouns); ``quote`` is what stands in the article. ``score``
    is 0 to 1, the sum of ``parts``. ``attributions`` are ids of edges: first those read in the
    sentence, then the chain they repeat, deepest hop last; with ``inherited`` they are only a
    suggestion, the chain of the story's main report. ``claimant`` is the named person or
    organisation at the end of the chain, never a relaying outlet.
    """

    text: str
    quote: Quote
    language: str
    score: float
    parts: tuple[Part, ...]
    attributions: tuple[str, ...] = ()
    inherited: bool = False
    hedged: bool = False
    claimant: str | None = None
    appearances: tuple[Appearance, ...] = ()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A passage that is no candidate, and why in a sentence for people."""

    text: str
    start: int
    end: int
    why: str


@dataclass(frozen=True, slots=True)
class Extraction:
    """What one reading found; the first candidate is the central one. Both may be empty."""

    candidates: tuple[Candidate, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


@dataclass(slots=True)
class _Seen:
    """A candidate on the way, with what its place in the order depends on."""

    candidate: Candidate
    stems: frozenset[str]
    position: int
    centrality: float = 0.0


def extract(
    text: str,
    *,
    language: str,
    layout: Layout,
    attributions: tuple[Attribution, ...] = (),
) -> Extraction:
    """Read the checkable assertions out of *text*, central one first. Never raises on words.

    *layout* and *attributions* are readings of the same *text*. Offsets count its characters.
    """
    words = wording(language)
    reading = _Reading(text, language, words, attributions, people(text, attributions))
    for block, found in _by_block(text, layout):
        why = reason_for_block(block.role)
        if block.role in {"headline", "deck"}:
            continue
        if why:
            reading.leave(block.start, block.end, why)
            continue
        for sentence in found:
            reading.read(sentence)
    reading.compare(layout)
    return reading.finished()


def _by_block(text: str, layout: Layout) -> Iterable[tuple[Block, list[Sentence]]]:
    """Each block with the sentences that start in it."""
    found = sentences(text)
    starts = [block.start for block in layout.blocks]
    held: list[list[Sentence]] = [[] for _ in layout.blocks]
    for sentence in found:
        at = bisect_right(starts, sentence.start) - 1
        if at >= 0:
            held[at].append(sentence)
    return zip(layout.blocks, held, strict=True)


class _Reading:
    """One pass over the sentences of a body."""

    def __init__(
        self,
        text: str,
        language: str,
        words: Wording,
        attributions: Sequence[Attribution],
        known: People,
    ) -> None:
        self.text = text
        self.language = language
        self.words = words
        self.known = known
        self.by_id = {edge.id: edge for edge in attributions}
        self.ordered = sorted(attributions, key=lambda edge: edge.cue_span)
        self.cue_starts = [edge.cue_span[0] for edge in self.ordered]
        self.children: dict[str, list[Attribution]] = {}
        for edge in attributions:
            self.children.setdefault(edge.from_id, []).append(edge)
        self.main = _main_report(attributions)
        self.whole = tuple(edge.id for edge in attributions if edge.rule in _MARGINAL)
        self.seen: list[_Seen] = []
        self.by_stems: dict[frozenset[str], int] = {}
        self.left: list[LeftOut] = []
        self.before: list[str] = []
        self.position = 0
        self.last = ""
        self.speaking: tuple[int, Attribution] | None = None

    def leave(self, start: int, end: int, why: str) -> None:
        if start >= end:
            return  # a line of nothing but punctuation: there is nothing to show
        shown = self.text[start:end]
        shown = shown if len(shown) <= _SHOWN else shown[:_SHOWN] + "…"
        self.left.append(LeftOut(shown, start, end, why))

    def read(self, sentence: Sentence) -> None:
        """Take what one sentence asserts, or leave it with the reason."""
        edges = self._edges_in(sentence.start, sentence.end)
        why = reason_for_sentence(sentence.text, edges, self.words)
        body = self._past_dateline(sentence), sentence.end
        if why:
            self.leave(sentence.start, sentence.end, why)
        else:
            span = body
            if not edges[:1] or not edges[0].is_denial:
                span = asserted(self.text, body, edges, self.words)
            pieces = self._with_time(split(self.text, span, self.words), body[0], edges)
            for piece in pieces if len(pieces) == 1 else map(self._unframed, pieces):
                if len(pieces) > 1 and self._only_denies(piece):
                    self.leave(piece.start, piece.end, DENIAL)
                else:
                    self._take(piece, sentence, edges)
        self._listen(sentence, edges)
        self.position += 1
        self.before = [*self.before[-1:], sentence.text]

    def _only_denies(self, piece: Assertion) -> bool:
        """Whether one half of "denied the risk and said the pipes were new" is the denial."""
        own = self._edges_in(piece.start, piece.end)
        return bool(own) and all(edge.is_denial for edge in own)

    def _listen(self, sentence: Sentence, edges: Sequence[Attribution]) -> None:
        """Remember who was quoted last: a quotation of its own goes on with them."""
        speakers = [edge for edge in edges if edge.kind in {"person", "unnamed"}]
        quoted = '"' in straighten(sentence.text)
        if len(speakers) == 1 and quoted and not speakers[0].is_denial:
            self.speaking = (sentence.paragraph, speakers[0])
        elif edges or not quoted:
            self.speaking = None

    def _past_dateline(self, sentence: Sentence) -> int:
        """Where the sentence starts after "KELL (Kestrelwire) —"."""
        found = _DATELINE.match(self.text, sentence.start, sentence.end)
        return found.end() if found else sentence.start

    def _with_time(
        self, pieces: tuple[Assertion, ...], start: int, edges: Sequence[Attribution]
    ) -> tuple[Assertion, ...]:
        """As in "By 2010, according to its reports, it took half": the time stands before."""
        frames = [edge for edge in edges if edge.rule == "according_to"]
        if not frames or pieces[0].lead or pieces[0].start <= frames[0].cue_span[1]:
            return pieces
        opening = self.text[start : frames[0].cue_span[0]].strip(" ,\u00a0")
        found = words_in(opening)
        timed = bool(found) and found[0] in self.words.words("prepositions")
        if not timed or len(found) > _LONGEST_TIME:
            return pieces
        return (replace(pieces[0], lead=opening), *pieces[1:])

    def _unframed(self, piece: Assertion) -> Assertion:
        """One half of a compound sentence without its own "she added that"."""
        if piece.lead:
            return piece
        edges = self._edges_in(piece.start, piece.end)
        return Assertion(*asserted(self.text, (piece.start, piece.end), edges, self.words))

    def _edges_in(self, start: int, end: int) -> list[Attribution]:
        first = bisect_right(self.cue_starts, start - 1)
        last = bisect_right(self.cue_starts, end - 1)
        return [edge for edge in self.ordered[first:last] if edge.rule not in _MARGINAL]

    def _take(self, one: Assertion, sentence: Sentence, edges: list[Attribution]) -> None:
        start, end = one.start, one.end
        exact = self.text[start:end]
        reported = any(not edge.is_denial for edge in edges)
        why = reason(f"{one.lead} {exact}".strip(), self.words, reported=reported)
        if why:
            whole = start >= end
            self.leave(*((sentence.start, sentence.end) if whole else (start, end)), why)
            return
        words_alone = f"{one.lead} {exact}".strip()
        speaker = self._one_speaker(edges, start)
        if speaker:
            words_alone = spoken_of(words_alone, speaker, self.words)
        house = self._one_house(edges, start) or subject_of(self.last, self.words)
        words_alone = thing_of(words_alone, house, self.words)
        shown, alone = self_contained(words_alone, self.before, self.known, self.words)
        shown = " ".join(shown.split())
        shown = shown[:1].upper() + shown[1:]
        near = [edge for edge in edges if _touches(edge, start, end) and not edge.is_denial]
        # "A spokesman said the pictures showed a farm": what they show is part of what he said.
        outer = {edge.id for edge in near if not start <= edge.source_span[0] < end}
        near = [e for e in near if e.id in outer or e.from_id not in outer]
        near = near or self._said_on(edges, start) or self._goes_on(sentence)
        hedged = self.words.has("hedges", sentence.text)
        inherited = hedged and not near and self.main is not None
        ids = self._chain(near)
        if inherited and self.main is not None:
            ids = self._chain([self.main, *filter(_cites, self.children.get(self.main.id, []))])
        if not ids:
            ids = self.whole
        self.last = shown
        stems = content(shown, self.words)
        repeated = self.by_stems.get(stems)
        if repeated is not None:
            self._repeat(repeated, start, end)
            return
        standing = Standing(
            nearness=0.0,
            position=self.position,
            attributed=bool(ids),
            unnamed=self._ends_unnamed(ids),
            hedged=hedged,
            alone=alone,
        )
        found = parts(shown, standing, self.words)
        candidate = Candidate(
            text=shown,
            quote=self._quote(start, end),
            language=self.language,
            score=score(found),
            parts=found,
            attributions=ids,
            inherited=inherited,
            hedged=hedged,
            claimant=self._claimant(ids),
        )
        self.by_stems[stems] = len(self.seen)
        self.seen.append(_Seen(candidate, stems, self.position))

    def _one_speaker(self, edges: Sequence[Attribution], start: int) -> str:
        """The one person by name who says this in this sentence, ahead of their words."""
        people_here = {
            edge.resolves_to or edge.source
            for edge in edges
            if edge.kind == "person" and edge.named and edge.source_span[1] <= start
        }
        (name,) = people_here if len(people_here) == 1 else ("",)
        return name if name[:1].isupper() and " " in name else ""

    def _said_on(self, edges: Sequence[Attribution], start: int) -> list[Attribution]:
        """Who said the second of "confirmed A but said B", which stands beyond a "but"."""
        before = self.text[max(0, start - _CONTEXT) : start]
        if not self.words.has("says_on", before):
            return []
        return [edge for edge in edges if not edge.is_denial and edge.cue_span[1] <= start][-1:]

    def _goes_on(self, sentence: Sentence) -> list[Attribution]:
        """Who speaks on in a sentence of nothing but a quotation, after "…," she said."""
        if self.speaking is None or self.speaking[0] != sentence.paragraph:
            return []
        plain = straighten(sentence.text).strip()
        whole = (
            plain.startswith('"')
            and plain.rstrip(".").endswith('"')
            and plain.count('"') == _A_PAIR
        )
        return [self.speaking[1]] if whole else []

    def _one_house(self, edges: Sequence[Attribution], start: int) -> str:
        """The one house that says this in this sentence, ahead of its words."""
        carriers = {edge.from_id for edge in edges}
        houses = {
            edge.source
            for edge in edges
            if edge.id not in carriers
            # "Nordline said it had": one word that is "it" is no person.
            and (edge.kind in {"organisation", "outlet"} or " " not in edge.source)
            and edge.source_span[1] <= start
        }
        (name,) = houses if len(houses) == 1 else ("",)
        return name[:1].upper() + name[1:]

    def _repeat(self, index: int, start: int, end: int) -> None:
        seen = self.seen[index]
        again = Appearance(start, end, "The article says it again")
        seen.candidate = replace(seen.candidate, appearances=(*seen.candidate.appearances, again))

    def _chain(self, edges: Iterable[Attribution]) -> tuple[str, ...]:
        """The edges, what they repeat, and whatever those were had from; each id once."""
        ids: dict[str, None] = {}
        waiting = list(edges)
        while waiting:
            edge = waiting.pop(0)
            if edge.id in ids:
                continue
            ids[edge.id] = None
            home = self.by_id.get(edge.same_as) if edge.same_as else None
            if home is not None:
                waiting.extend([home, *(c for c in self.children.get(home.id, []) if _cites(c))])
        return tuple(
            sorted(ids, key=lambda i: (self.by_id[i].same_as is None, self.by_id[i].depth))
        )

    def _ends_unnamed(self, ids: Sequence[str]) -> bool:
        if not ids:
            return False
        deepest = max(self.by_id[i].depth for i in ids)
        return not any(self.by_id[i].named for i in ids if self.by_id[i].depth == deepest)

    def _claimant(self, ids: Sequence[str]) -> str | None:
        """Who made the claim by name: the deepest named source that is no relay."""
        named = [
            edge
            for i in ids
            if (edge := self.by_id[i]).named and edge.kind not in _RELAYS and not edge.is_denial
        ]
        if not named:
            return None
        edge = max(named, key=lambda one: one.depth)
        name = edge.resolves_to or edge.source
        return self.known.by_surname.get(name, name) if edge.kind == "person" else name

    def _quote(self, start: int, end: int) -> Quote:
        return Quote(
            exact=self.text[start:end],
            prefix=self.text[max(0, start - _CONTEXT) : start],
            suffix=self.text[end : end + _CONTEXT],
            start=start,
            end=end,
        )

    def compare(self, layout: Layout) -> None:
        """Find what headline and deck repeat, and how central that makes each candidate."""
        heads = [
            (block, content(self._heading(block), self.words))
            for block in layout.blocks
            if block.role in {"headline", "deck"}
        ]
        if not any(block.role == "headline" for block, _ in heads) and layout.title:
            self._weigh(content(layout.title, self.words), 0.6)
        for block, stems in heads:
            self._weigh(stems, 0.6 if block.role == "headline" else 0.25)
            self._appear(block, stems)
        for seen in self.seen:
            self._rescore(seen)

    def _heading(self, block: Block) -> str:
        """The words of a headline without the source it names after a colon."""
        edges = self._edges_in(block.start, block.end)
        start, end = block.start, block.end
        for edge in edges:
            if edge.rule == "headline" and edge.cue_span[0] > start + (end - start) // 2:
                end = edge.cue_span[0]
        return self.text[start:end]

    def _weigh(self, stems: frozenset[str], weight: float) -> None:
        for seen in self.seen:
            seen.centrality += weight * overlap(seen.stems, stems)

    def _appear(self, block: Block, stems: frozenset[str]) -> None:
        best = max(
            self.seen,
            key=lambda seen: overlap(seen.stems, stems) + 0.3 / (1 + seen.position),
            default=None,
        )
        start, end = trimmed(self.text, block.start, block.end)
        if best is None or overlap(best.stems, stems) < _REPEATS:
            why = f"The {block.role} says what no sentence of the article says in these words."
            self.leave(start, end, why)
            return
        shown = self.text[start:end]
        held = bool(self._edges_in(block.start, block.end)) or self.words.has("hedges", shown)
        owed = bool(best.candidate.attributions) or best.candidate.hedged
        lost = owed and not held
        note = f"The {block.role} repeats it"
        if lost:
            note += "; hedge lost: the article itself gives it on somebody's word"
        mark = Appearance(start, end, note, hedge_lost=lost)
        best.candidate = replace(best.candidate, appearances=(*best.candidate.appearances, mark))

    def _rescore(self, seen: _Seen) -> None:
        nearness = min(1.0, seen.centrality / 0.6)
        one = seen.candidate
        extra = Part("says what the headline says", round(0.25 * nearness, 2))
        if extra.points > 0:
            found = tuple(sorted((*one.parts, extra), key=lambda part: -part.points))
            seen.candidate = replace(one, parts=found, score=score(found))
        seen.centrality += 0.25 / (1 + seen.position)
        if self.main is not None and self.main.id in one.attributions and not one.inherited:
            seen.centrality += 0.15

    def finished(self) -> Extraction:
        """Most central first; what is equally central stays in the order of the text."""
        ordered = sorted(
            self.seen, key=lambda seen: (-seen.centrality, seen.candidate.quote.start)
        )
        left = sorted(self.left, key=lambda one: one.start)
        return Extraction(tuple(seen.candidate for seen in ordered), tuple(left))


def _touches(edge: Attribution, start: int, end: int) -> bool:
    return any(low < end and start < high for low, high in edge.reach) or not edge.reach


def _cites(edge: Attribution) -> bool:
    """Whether the edge names what a report as a whole rests on, not one speaker within it."""
    return edge.rule in {"citing", "quoted", "document_held"} and not edge.is_denial


def _main_report(attributions: Sequence[Attribution]) -> Attribution | None:
    """The report the story rests on: cited from the article itself, and most often again."""
    again: dict[str, int] = {}
    for edge in attributions:
        if edge.same_as is not None:
            again[edge.same_as] = again.get(edge.same_as, 0) + 1
    reports = [
        edge
        for edge in attributions
        if edge.from_id == ARTICLE
        and edge.same_as is None
        and not edge.is_denial
        and edge.kind in {"outlet", "document", "collective", "unnamed"}
        and edge.rule not in _MARGINAL
    ]
    rank = {edge.id: at for at, edge in enumerate(reports)}
    return max(
        reports,
        key=lambda edge: (again.get(edge.id, 0), edge.kind == "outlet", -rank[edge.id]),
        default=None,
    )
