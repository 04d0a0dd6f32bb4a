"""Grouping a story again when a few of its texts are new: no pair is compared a second time."""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from typing import Any, overload

from claims.provenance.copies import (
    VERSION,
    By,
    Direction,
    Kind,
    Label,
    Relation,
    Text,
    folded_name,
    names,
    seen,
)
from claims.provenance.wordings import Index, Wordings, site_boilerplate
from claims.text.shingles import BOILERPLATE_ARTICLES, Passage

NEAR_IN_GROUP = 3
"""So many of one wording are looked at; the others say the same."""
NEAR_MAX = 60
FEW = 50
"""For so many new texts at the most the index is asked one by one, however long the story."""
MANY_IN = 20
TOLD_EVERY = 500
FOREIGN_MAX = 150
CREDITED_MAX = 8

Near = Callable[[str], Mapping[str, float]]
"""For the id of a text, those that share sampled shingles with it, and how much (about 0 to 1)."""


@dataclass(frozen=True, slots=True)
class Compared:
    """What comparing a story's texts came to, kept for the next time.

    ``texts`` has for each id a digest of the text as it was compared, with all that it declares
    and with what its site prints everywhere. Where that is another, it is compared anew.
    """

    texts: Mapping[str, str]
    relations: tuple[Relation, ...] = ()


NOTHING = Compared({})

Words = Callable[[Collection[str]], Mapping[str, str]]
"""The texts with these ids."""

SoFar = Callable[[Compared], None]
"""Told now and then what comparing came to so far, to be kept should the work be cut off."""


def regroup(
    texts: Iterable[Text],
    *,
    before: Compared = NOTHING,
    near: Near | None = None,
    words: Words | None = None,
    so_far: SoFar | None = None,
) -> tuple[Wordings, Compared]:
    """Group texts into wordings, comparing only those that are new or changed.

    They are compared with what ``near`` names, with whom they credit or who credits them, and
    with the first text of each wording in another language. A text that was tied to one that is
    gone or changed is compared again. Where many texts are new, each of them is compared as by
    ``group``, after the others took their places without being compared; after every few
    hundred, ``so_far`` is told. ``words`` fetches the texts that are looked at, where they come
    without.
    """
    listed = sorted(texts, key=seen)
    by_id = {text.id: text for text in listed}
    told_as = {text.id: _digest(text) for text in listed}
    fresh = _fresh(told_as, before)
    touched = {by_id[one].site for one in fresh} - {""}
    common = _printed_everywhere(listed, touched, words)
    digests = _digests(listed, told_as, common, before=before, touched=touched)
    fresh |= {one for one, digest in digests.items() if before.texts.get(one) != digest}
    stand = {one for one in by_id if one not in fresh}
    kept = tuple(r for r in before.relations if r.copy in stand and r.original in stand)
    if near is None or _many(len(fresh), len(listed)):
        known = {one: digests[one] for one in stand}
        return _in_turn(_filled(listed, words), told_as, kept, known, so_far)
    first = _firsts(listed, kept)
    standing = _Standing(listed, stand, first) if fresh else None
    chosen = {one for new in fresh if standing for one in standing.chosen(by_id[new], near)}
    sites = {by_id[one].site for one in chosen} - touched - {""}
    common |= _printed_everywhere(listed, sites, words)
    index = Index(common=common, alike={one: first[one] for one in chosen})
    found = [
        relation
        for text in _filled([text for text in listed if text.id in fresh | chosen], words)
        for relation in index.add(text)
        if relation.copy in fresh or relation.original in fresh
    ]
    relations = kept + tuple(_without_rings(found, kept, first))
    return Wordings(_groups(listed, relations), relations), Compared(digests, relations)


def _filled(texts: Sequence[Text], words: Words | None) -> Sequence[Text]:
    """The same with their words in them."""
    missing = [text.id for text in texts if not text.text and text.words]
    if words is None or not missing:
        return texts
    found = words(missing)
    return [replace(text, text=found.get(text.id, text.text)) for text in texts]


def _printed_everywhere(
    listed: Sequence[Text], sites: AbstractSet[str], words: Words | None
) -> dict[str, frozenset[int]]:
    """What these sites print on all their pages, where they have enough to tell."""
    pages = Counter(text.site for text in listed if text.site in sites)
    many = {site for site, count in pages.items() if count >= BOILERPLATE_ARTICLES}
    return site_boilerplate(_filled([text for text in listed if text.site in many], words))


def _many(fresh: int, listed: int) -> bool:
    """Whether to ask for the likes of each new text would take longer than to index all."""
    return 2 * fresh >= listed or (fresh > FEW and MANY_IN * fresh >= listed)


def _in_turn(
    listed: Sequence[Text],
    told_as: Mapping[str, str],
    kept: tuple[Relation, ...],
    stand: Mapping[str, str],
    so_far: SoFar | None,
) -> tuple[Wordings, Compared]:
    """Put each text into an index: those that ``stand`` as they are known, then the others."""
    common = site_boilerplate(listed)
    index = Index(common=common)
    ties = _by_later(listed, kept)
    for text in listed:
        if text.id in stand:
            index.restore(text, ties[text.id])
    fresh = [text for text in listed if text.id not in stand]
    digests = _digests(fresh, told_as, common, before=NOTHING, touched=frozenset())
    relations, done = list(kept), dict(stand)
    for count, text in enumerate(fresh, start=1):
        relations += index.add(text)
        done[text.id] = digests[text.id]
        last = count == len(fresh) > TOLD_EVERY
        if so_far is not None and (last or count % TOLD_EVERY == 0):
            so_far(Compared(dict(done), tuple(relations)))
    groups = _groups(listed, relations) if stand else index.groups()
    return Wordings(groups, tuple(relations)), Compared(done, tuple(relations))


def _by_later(
    listed: Sequence[Text], relations: Iterable[Relation]
) -> defaultdict[str, list[Relation]]:
    """Relations by the text that came second."""
    place = {text.id: at for at, text in enumerate(listed)}
    found: defaultdict[str, list[Relation]] = defaultdict(list)
    for relation in relations:
        found[max(relation.copy, relation.original, key=place.__getitem__)].append(relation)
    return found


def _fresh(told_as: Mapping[str, str], before: Compared) -> set[str]:
    """Texts that are new or changed, and those whose tie to such a one, or a lost one, broke."""
    fresh = {
        one
        for one, digest in told_as.items()
        if before.texts.get(one, "").partition(":")[0] != digest
    }
    broken = (before.texts.keys() - told_as.keys()) | (fresh & before.texts.keys())
    if not broken:
        return fresh
    for relation in before.relations:
        for here, there in (
            (relation.copy, relation.original),
            (relation.original, relation.copy),
        ):
            if there in broken and here in told_as:
                fresh.add(here)
    return fresh


def _digests(
    listed: Iterable[Text],
    told_as: Mapping[str, str],
    common: Mapping[str, AbstractSet[int]],
    *,
    before: Compared,
    touched: AbstractSet[str],
) -> dict[str, str]:
    """As what each text is compared; a site without a new text prints what it printed before."""
    of_site = {
        site: hashlib.sha256(repr(sorted(hashes)).encode()).hexdigest()[:16]
        for site, hashes in common.items()
    }
    return {
        text.id: f"{told_as[text.id]}:{of_site.get(text.site, '')}"
        if text.site in touched or text.id not in before.texts
        else before.texts[text.id]
        for text in listed
    }


def _digest(text: Text) -> str:
    told = (
        VERSION,
        text.id,
        text.words or words_of(text.text),
        text.site,
        text.outlet,
        text.url,
        text.language,
        text.agency,
        sorted(text.credits),
        text.canonical,
        text.first_seen.timestamp() if text.first_seen else None,
        text.issued,
    )
    return hashlib.sha256(repr(told).encode("utf-8", "surrogatepass")).hexdigest()[:40]


def words_of(text: str) -> str:
    """The digest that stands for a text which is not at hand."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


class _Standing:
    """The texts that stand, to find among them the few that a new one may have to do with."""

    def __init__(
        self, listed: Sequence[Text], stand: AbstractSet[str], first: Mapping[str, str]
    ) -> None:
        self._stand = stand
        self._first = first
        self._place = {text.id: at for at, text in enumerate(listed)}
        self._called: defaultdict[str, list[str]] = defaultdict(list)
        self._calling: defaultdict[str, list[str]] = defaultdict(list)
        self._firsts: list[Text] = []
        for text in listed:
            if text.id in stand:
                for name in names(text):
                    self._called[name].append(text.id)
                for name in _calls(text):
                    self._calling[name].append(text.id)
                if first[text.id] == text.id:
                    self._firsts.append(text)

    def chosen(self, text: Text, near: Near) -> set[str]:
        """Whom a new text is like, whom it names or who names it, and who tells it abroad."""
        chosen: list[str] = []
        taken: Counter[str] = Counter()
        # Of two as near the first seen, as when all are compared in that order.
        shares = near(text.id)
        known = sorted((one for one in shares if one in self._stand), key=self._place.__getitem__)
        for one in sorted(known, key=lambda one: -shares[one]):
            group = self._first[one]
            if taken[group] < NEAR_IN_GROUP and len(chosen) < NEAR_MAX:
                taken[group] += 1
                chosen.append(one)
        credited = {one for name in _calls(text) for one in self._called.get(name, ())}
        credited |= {one for name in names(text) for one in self._calling.get(name, ())}
        naming = sorted(credited, key=self._place.__getitem__)[:CREDITED_MAX]
        foreign = (other.id for other in self._firsts if _is_foreign(text, other))
        abroad = islice((one for one in foreign if one not in naming), FOREIGN_MAX)
        return {*chosen, *naming, *abroad}


def _calls(text: Text) -> set[str]:
    return {folded_name(name) for name in (*text.credits, text.canonical, text.agency) if name}


def _is_foreign(here: Text, there: Text) -> bool:
    mine, yours = (text.language.partition("-")[0].lower() for text in (here, there))
    return bool(mine and yours and mine != yours)


def _firsts(listed: Iterable[Text], relations: Iterable[Relation]) -> dict[str, str]:
    """Each text with the first seen of its wording."""
    place = {text.id: at for at, text in enumerate(listed)}
    above = {one: one for one in place}

    def top(one: str) -> str:
        while above[one] != one:
            above[one] = above[above[one]]
            one = above[one]
        return one

    for relation in relations:
        if relation.kind is Kind.COPY:
            low, high = sorted((top(relation.copy), top(relation.original)), key=place.__getitem__)
            above[high] = low
    return {one: top(one) for one in place}


def _groups(listed: Sequence[Text], relations: Iterable[Relation]) -> tuple[tuple[str, ...], ...]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for one, first in _firsts(listed, relations).items():
        found[first].append(one)
    return tuple(map(tuple, found.values()))


def _without_rings(
    found: Iterable[Relation], kept: Iterable[Relation], first: Mapping[str, str]
) -> Iterable[Relation]:
    """The relations found, less a second translation between two wordings that have one."""
    tied = {
        frozenset((first[r.copy], first[r.original])) for r in kept if r.kind is Kind.TRANSLATION
    }
    for relation in found:
        ends = frozenset(first[end] for end in (relation.copy, relation.original))
        if relation.kind is not Kind.TRANSLATION or ends not in tied:
            yield relation


# -- as rows ------------------------------------------------------------------------------------


def relation_as_json(relation: Relation) -> list[Any]:
    """A relation as it is kept, without its passages: most ask for no more."""
    return [
        str(relation.kind),
        str(relation.label),
        relation.share,
        relation.said_share,
        relation.confidence,
        relation.copy,
        relation.original,
        str(relation.direction.by),
        relation.direction.confidence,
        list(relation.marks),
        relation.version,
        digest_of(relation),
    ]


def passages_as_json(relation: Relation) -> list[list[int]]:
    """The passages of a relation as they are kept."""
    return [[*one.here, *one.there, one.words, one.said] for one in relation.passages]


def digest_of(relation: Relation) -> str:
    """A digest of a relation with its passages, the same when it was kept."""
    if relation.known_as:
        return relation.known_as
    told = repr((replace(relation, passages=()), passages_as_json(relation)))
    return hashlib.sha256(told.encode()).hexdigest()[:40]


def relation_from_json(kept: Sequence[Any], passages: Sequence[Passage] = ()) -> Relation:
    """The same relation again."""
    kind, label, share, said_share, confidence, copy, original, by, sure, marks, *known = kept
    return Relation(
        _KINDS[kind],
        _LABELS[label],
        share,
        said_share,
        confidence,
        Direction(copy, original, _BY[by], sure),
        passages,
        tuple(marks),
        *known,
    )


# What is told by value a hundred thousand times is looked up, not made.
_KINDS = {str(one): one for one in Kind}
_LABELS = {str(one): one for one in Label}
_BY = {str(one): one for one in By}


class Unread(Sequence[Passage]):
    """Passages as they are kept, read once somebody asks: hardly anybody does."""

    def __init__(self, kept: str, number: int) -> None:
        """*kept* holds the passages of all relations of one text, of which this is one."""
        self._kept = kept
        self._number = number

    @overload
    def __getitem__(self, at: int) -> Passage: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Passage]: ...
    def __getitem__(self, at: int | slice) -> Passage | Sequence[Passage]:
        return self._read[at]

    def __len__(self) -> int:
        return len(self._read)

    @cached_property
    def _read(self) -> tuple[Passage, ...]:
        return tuple(
            Passage((a, b), (c, d), words, bool(said))
            for a, b, c, d, words, said in json.loads(self._kept)[self._number]
        )
