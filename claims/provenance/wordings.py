"""Which texts are one wording: groups of copies, found without comparing each with each."""

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache

from claims.provenance.copies import (
    LEAST_SHARED,
    Kind,
    Reading,
    Relation,
    Text,
    Verdict,
    direction,
    folded_name,
    judge,
    judge_translation,
    may_translate,
    names,
    read,
    relate,
    seen,
    shingles_of,
)
from claims.text.anchors import Anchors, anchors, likeness
from claims.text.shingles import BOILERPLATE_ARTICLES, KEEP_ONE_IN, boilerplate, sketch

_TOLD = (Kind.COPY, Kind.PARTIAL, Kind.TRANSLATION, Kind.COMMON_SOURCE)
_WEIGHT = {
    kind: weight
    for weight, kind in enumerate(reversed((*_TOLD, Kind.INCIDENTAL, Kind.INDEPENDENT)))
}
_WHOLE = Verdict(Kind.COPY, 1.0, 1.0, 0.99)


@dataclass(frozen=True, slots=True)
class Wordings:
    """Texts in groups of copies, and the relations that tie and surround them.

    ``groups`` holds ids, first seen first, one group a wording. ``relations`` ties each text to
    its nearest in each group, not to every copy of it: n copies need n - 1 ties.
    """

    groups: tuple[tuple[str, ...], ...]
    relations: tuple[Relation, ...]


def group(texts: Iterable[Text]) -> Wordings:
    """Group texts into wordings: learn each site's boilerplate first, then compare.

    Texts are taken as first seen, so that the order of listing makes no difference.
    """
    listed = sorted(texts, key=seen)
    index = Index(common=site_boilerplate(listed))
    relations = [relation for text in listed for relation in index.add(text)]
    return Wordings(index.groups(), tuple(relations))


def site_boilerplate(texts: Iterable[Text]) -> dict[str, frozenset[int]]:
    """What each site with five or more texts prints in five of them, as shingle hashes."""
    sites: defaultdict[str, list[str]] = defaultdict(list)
    for text in texts:
        if text.site:
            sites[text.site].append(text.text)
    return {
        site: boilerplate(shingles_of(page).hashes for page in pages)
        for site, pages in sites.items()
        if len(pages) >= BOILERPLATE_ARTICLES
    }


@dataclass(frozen=True, slots=True)
class _Kept:
    """A text met before, small: its shingles as plain arrays."""

    text: Text
    every: "array[int]"
    said: "array[int]"
    digest: bytes

    def reading(self) -> Reading:
        return Reading(self.text, frozenset(self.every), frozenset(self.said), self.digest)


class Index:
    """The texts met so far; each new one is compared with the few it may have to do with.

    A sketch of each text finds those few, exact containment decides. A group is represented by
    as many of its texts as differ, so that one more copy costs no more than the first.
    """

    # Enough of one group under one shingle; more would only repeat what is known.
    _SAME_GROUP = 12
    _CROWDED = 48
    # A phrase that so many wordings share belongs to the story; the first of them stand for it.
    _EVERYBODYS = 400
    # So many entries of the index are looked at for one text, however long the story.
    _LOOKED_AT = 1_200
    _TRIED = 24
    _TRIED_IN_GROUP = 3
    _CREDITED = 4
    _READ = 2_000
    # Whom a text shares quotations with is told of the first few: all others share them too.
    _SAME_WORDS = 3
    # Sketches that agree less than this do not come from texts that share a fifth.
    _LEAST_ESTIMATE = 0.08
    # A text that differs less than this from one in its group needs no entries of its own.
    _SAME = 0.92
    _TRANSLATIONS_TRIED = 4

    def __init__(
        self,
        *,
        common: Mapping[str, AbstractSet[int]] | None = None,
        alike: Mapping[str, str] | None = None,
    ) -> None:
        """``alike`` names the group of texts that are known to be of one, by any name."""
        self._common = common or {}
        self._alike = alike or {}
        self._of_group: dict[str, int] = {}
        self._kept: list[_Kept] = []
        self._numbers: dict[str, int] = {}
        self._read: dict[int, Reading] = {}
        self._above: list[int] = []
        self._sampled: list[int] = []
        self._holders: dict[int, list[int]] = {}
        self._crowds: dict[int, Counter[int]] = {}
        self._speakers: dict[int, int] = {}
        self._called: defaultdict[str, list[int]] = defaultdict(list)
        self._whole: dict[bytes, int] = {}
        self._foreign = _Foreign()
        self._tied: defaultdict[int, list[int]] = defaultdict(list)

    def __len__(self) -> int:
        return len(self._kept)

    def add(self, text: Text) -> tuple[Relation, ...]:
        """Compare one new text with those met, keep it, and say what it has to do with them.

        One relation for each group at the most, the nearest; chance phrases are not told.
        """
        reading = read(text, common=self._common)
        sample = sketch(reading.own)
        nearest, stands_for_itself = self._nearest(reading, sample)
        number = self._keep(reading, sample)
        if text.id in self._alike:
            self._join(number, self._of_group.setdefault(self._alike[text.id], number))
        for other, verdict in nearest:
            if verdict.kind is Kind.COPY:
                self._join(number, other)
        if stands_for_itself:
            self._post(sample, number)
        told = {self._top(other): (other, verdict) for other, verdict in nearest}
        for other, _ in _spoken(nearest)[self._SAME_WORDS :]:
            del told[self._top(other)]
        told |= self._translated(text, number, told)
        return tuple(
            relate(text, self._kept[other].text, verdict, common=self._common)
            for other, verdict in told.values()
            if verdict.kind in _TOLD
        )

    def restore(self, text: Text, relations: Iterable[Relation]) -> None:
        """Keep one text that was compared before, with what it then had to do with those met.

        It stands as if it had been added; nothing is compared.
        """
        reading = read(text, common=self._common)
        sample = sketch(reading.own)
        number = self._keep(reading, sample)
        stands_for_itself = True
        for relation in relations:
            end = relation.original if relation.copy == text.id else relation.copy
            other = self._numbers[end]
            if relation.kind is Kind.COPY:
                self._join(number, other)
                sizes = sorted((len(self._kept[other].every), len(reading.every)))
                alike = min(relation.share, sizes[0] / max(sizes[1], 1))
                stands_for_itself = stands_for_itself and alike < self._SAME
            elif relation.kind is Kind.TRANSLATION:
                self._tie(number, other)
        if stands_for_itself:
            self._post(sample, number)
        self._foreign.meet(text, number)

    def groups(self) -> tuple[tuple[str, ...], ...]:
        """The wordings so far, each in the order in which its texts came."""
        found: defaultdict[int, list[str]] = defaultdict(list)
        for number, kept in enumerate(self._kept):
            found[self._top(number)].append(kept.text.id)
        return tuple(tuple(ids) for ids in found.values())

    def _nearest(
        self, reading: Reading, sample: tuple[int, ...]
    ) -> tuple[list[tuple[int, Verdict]], bool]:
        """The nearest text of each group, and whether none is so near as to stand for this."""
        twin = self._whole.get(reading.digest)
        if twin is not None and len(reading.every) >= LEAST_SHARED:
            credited = self._credited(reading.text)
            own = [other for other in credited if self._top(other) == self._top(twin)]
            if not own:
                return [(twin, _WHOLE)], False
            return [(own[0], judge(reading, self._reading(own[0])))], False
        best: dict[int, tuple[int, Verdict, tuple[int, bool, float]]] = {}
        tried: Counter[int] = Counter()
        stands_for_itself = True
        for other in self._candidates(reading, sample):
            top = self._top(other)
            kept = self._kept[other]
            explicit = direction(reading.text, kept.text).is_explicit
            if tried[top] >= self._TRIED_IN_GROUP and not explicit:
                continue
            tried[top] += 1
            verdict = judge(reading, self._reading(other))
            sizes = sorted((len(kept.every), len(reading.every)))
            if min(verdict.share, sizes[0] / max(sizes[1], 1)) >= self._SAME:
                stands_for_itself = False
            rank = _WEIGHT[verdict.kind], explicit, verdict.share
            if top not in best or rank > best[top][2]:
                best[top] = other, verdict, rank
        return [(other, verdict) for other, verdict, _ in best.values()], stands_for_itself

    def _candidates(self, reading: Reading, sample: tuple[int, ...]) -> Iterator[int]:
        counts, seen_of = self._met(sample)
        said = Counter(self._speakers[value] for value in reading.said if value in self._speakers)
        credited = self._credited(reading.text)
        # This line runs for each text that shares a phrase looked at, so it stays plain.
        mine, sampled, least = _sampled(sample), self._sampled, self._LEAST_ESTIMATE * seen_of
        likely = sorted(
            (-times / (size or 1), other)
            for other, times in counts.items()
            if times >= least * (size := mine if mine < sampled[other] else sampled[other])  # noqa: FURB136
        )
        quoting = [other for other, _ in said.most_common(self._CREDITED)]
        tried = (other for _, other in likely[: self._TRIED])
        yield from dict.fromkeys((*credited, *tried, *quoting))

    def _met(self, sample: tuple[int, ...]) -> tuple[Counter[int], float]:
        """How many sampled shingles each text met shares, and of what part of them that is told.

        The rarest come first, and where enough texts were met the phrases of everybody are left
        out: they lead to each text of the story and tell none from another.
        """
        known = [held for value in sample if (held := self._holders.get(value))]
        known.sort(key=len)
        counts: Counter[int] = Counter()
        met, looked = 0, 0
        for held in known:
            if met + len(held) > self._LOOKED_AT and met:
                break
            counts.update(held)
            met += len(held)
            looked += 1
        return counts, looked / max(1, len(known))

    def _credited(self, text: Text) -> list[int]:
        called = [*sorted(text.credits), text.canonical, text.agency]
        return [
            other
            for name in called
            if name
            for other in self._called.get(folded_name(name), ())[: self._CREDITED]
        ]

    def _reading(self, number: int) -> Reading:
        """A text met before, as sets again; the last are kept, for most ask for the same few."""
        found = self._read.pop(number, None) or self._kept[number].reading()
        self._read[number] = found
        if len(self._read) > self._READ:
            del self._read[next(iter(self._read))]
        return found

    def _keep(self, reading: Reading, sample: tuple[int, ...]) -> int:
        number = len(self._kept)
        self._numbers[reading.text.id] = number
        self._kept.append(
            _Kept(
                reading.text,
                array("q", sorted(reading.every)),
                array("q", sorted(reading.said)),
                reading.digest,
            )
        )
        self._sampled.append(_sampled(sample))
        self._above.append(number)
        self._whole.setdefault(reading.digest, number)
        for name in names(reading.text):
            if len(self._called[name]) < self._CREDITED:
                self._called[name].append(number)
        for value in reading.said:
            self._speakers.setdefault(value, number)
        return number

    def _post(self, sample: tuple[int, ...], number: int) -> None:
        top = self._top(number)
        for value in sample:
            holders = self._holders.setdefault(value, [])
            if len(holders) >= self._CROWDED:
                if value not in self._crowds:
                    self._crowds[value] = Counter(map(self._top, holders))
                crowd = self._crowds[value]
                if crowd[top] >= self._SAME_GROUP or len(holders) >= self._EVERYBODYS:
                    continue
                crowd[top] += 1
            holders.append(number)

    def _translated(
        self, text: Text, number: int, told: Mapping[int, tuple[int, Verdict]]
    ) -> dict[int, tuple[int, Verdict]]:
        """The one text in another language that goes with this one, and the likeliest."""
        copied = {top for top, (_, v) in told.items() if v.kind in {Kind.COPY, Kind.PARTIAL}}
        likely = self._foreign.meet(text, number)[: self._TRANSLATIONS_TRIED]
        found: list[tuple[float, int, Verdict]] = []
        for other in dict.fromkeys((*self._credited(text), *likely)):
            against = self._kept[other].text
            # One tie between two wordings is enough; a second, by what we happened to see first,
            # could only point the other way and make a circle of them.
            top = self._top(other)
            tied = any(self._top(known) == self._top(number) for known in self._tied[top])
            if not tied and top not in copied and may_translate(text, against):
                strength = likeness(anchors_of(text.text), anchors_of(against.text))
                if verdict := judge_translation(text, against, strength):
                    found.append((verdict.confidence, -other, verdict))
        if not found:
            return {}
        _, nearest, verdict = max(found, key=lambda entry: entry[:2])
        self._tie(number, -nearest)
        return {self._top(-nearest): (-nearest, verdict)}

    def _tie(self, here: int, there: int) -> None:
        self._tied[self._top(there)].append(here)
        self._tied[self._top(here)].append(there)

    def _top(self, number: int) -> int:
        while self._above[number] != number:
            self._above[number] = self._above[self._above[number]]
            number = self._above[number]
        return number

    def _join(self, here: int, there: int) -> None:
        low, high = sorted((self._top(here), self._top(there)))
        self._above[high] = low
        if low != high and high in self._tied:
            self._tied[low] += self._tied.pop(high)


class _Foreign:
    """Which texts of other languages share names and numbers with a new one.

    Nothing is read until there is a second language.
    """

    _LEAST_ANCHORS = 5
    _HOLDERS = 300

    def __init__(self) -> None:
        self._waiting: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
        self._holders: defaultdict[str, defaultdict[str, list[int]]] = defaultdict(
            lambda: defaultdict(list)
        )

    def meet(self, text: Text, number: int) -> list[int]:
        """Keep one text; those of other languages that it may go with, likeliest first."""
        language = text.language.partition("-")[0].lower()
        if not language:
            return []
        self._waiting[language].append((number, text.text))
        if len(self._waiting) == 1:
            return []
        for other, waiting in self._waiting.items():
            self._post(other, waiting)
            waiting.clear()
        counts: Counter[int] = Counter()
        for other, holders in self._holders.items():
            if other != language:
                for anchor in set(anchors_of(text.text).sequence):
                    counts.update(holders.get(anchor, ()))
        return [found for found, times in counts.most_common() if times >= self._LEAST_ANCHORS]

    def _post(self, language: str, waiting: Iterable[tuple[int, str]]) -> None:
        for number, words in waiting:
            for anchor in set(anchors_of(words).sequence):
                holders = self._holders[language][anchor]
                if len(holders) < self._HOLDERS:
                    holders.append(number)


def _spoken(nearest: list[tuple[int, Verdict]]) -> list[tuple[int, Verdict]]:
    """The texts that only share quotations, most of them first."""
    only = [found for found in nearest if found[1].kind is Kind.COMMON_SOURCE]
    return sorted(only, key=lambda found: (-found[1].said_share, found[0]))


def _sampled(sample: Iterable[int]) -> int:
    return len([value for value in sample if not value % KEEP_ONE_IN])


@lru_cache(maxsize=4_096)
def anchors_of(text: str) -> Anchors:
    """The anchors of a text; the last are kept, since each is compared several times."""
    return anchors(text)
