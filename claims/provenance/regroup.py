"""Grouping a story again when a few of its texts are new: no pair is compared a second time."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import astuple, dataclass
from typing import Any

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
from claims.text.shingles import Passage

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

SoFar = Callable[[Compared], None]
"""Told now and then what comparing came to so far, to be kept should the work be cut off."""


def regroup(
    texts: Iterable[Text],
    *,
    before: Compared = NOTHING,
    near: Near | None = None,
    so_far: SoFar | None = None,
) -> tuple[Wordings, Compared]:
    """Group texts into wordings, comparing only those that are new or changed.

    They are compared with what ``near`` names, with whom they credit or who credits them, and
    with the first text of each wording in another language. A text that was tied to one that is
    gone or changed is compared again. Where many texts are new, each of them is compared as by
    ``group``, after the others took their places without being compared; after every few
    hundred, ``so_far`` is told.
    """
    listed = sorted(texts, key=seen)
    by_id = {text.id: text for text in listed}
    fresh = _fresh(by_id, before)
    touched = {by_id[one].site for one in fresh} - {""}
    common = site_boilerplate(text for text in listed if text.site in touched)
    digests = _digests(listed, common, before, touched)
    fresh |= {one for one, digest in digests.items() if before.texts.get(one) != digest}
    stand = {one for one in by_id if one not in fresh}
    kept = tuple(r for r in before.relations if r.copy in stand and r.original in stand)
    if near is None or _many(len(fresh), len(listed)):
        return _in_turn(listed, kept, {one: digests[one] for one in stand}, so_far)
    first = _firsts(listed, kept)
    chosen = set().union(*(_chosen(by_id[one], listed, stand, first, near) for one in fresh))
    sites = {by_id[one].site for one in chosen} - touched - {""}
    common |= site_boilerplate(text for text in listed if text.site in sites)
    index = Index(common=common, alike={one: first[one] for one in chosen})
    found = [
        relation
        for text in listed
        if text.id in fresh or text.id in chosen
        for relation in index.add(text)
        if relation.copy in fresh or relation.original in fresh
    ]
    relations = kept + tuple(_without_rings(found, kept, first))
    return Wordings(_groups(listed, relations), relations), Compared(digests, relations)


def _many(fresh: int, listed: int) -> bool:
    """Whether to ask for the likes of each new text would take longer than to index all."""
    return 2 * fresh >= listed or (fresh > FEW and MANY_IN * fresh >= listed)


def _in_turn(
    listed: Sequence[Text],
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
    digests = _digests(fresh, common, NOTHING, frozenset())
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


def _fresh(by_id: Mapping[str, Text], before: Compared) -> set[str]:
    """Texts that are new or changed, and those whose tie to such a one, or a lost one, broke."""
    fresh = {
        one
        for one, text in by_id.items()
        if before.texts.get(one, "").partition(":")[0] != _digest(text)
    }
    broken = (before.texts.keys() - by_id.keys()) | (fresh & before.texts.keys())
    for relation in before.relations:
        for here, there in (
            (relation.copy, relation.original),
            (relation.original, relation.copy),
        ):
            if there in broken and here in by_id:
                fresh.add(here)
    return fresh


def _digests(
    listed: Iterable[Text],
    common: Mapping[str, AbstractSet[int]],
    before: Compared,
    touched: AbstractSet[str],
) -> dict[str, str]:
    """As what each text is compared; a site without a new text prints what it printed before."""
    of_site = {
        site: hashlib.sha256(repr(sorted(hashes)).encode()).hexdigest()[:16]
        for site, hashes in common.items()
    }
    return {
        text.id: f"{_digest(text)}:{of_site.get(text.site, '')}"
        if text.site in touched or text.id not in before.texts
        else before.texts[text.id]
        for text in listed
    }


def _digest(text: Text) -> str:
    told = [VERSION, *(sorted(v) if isinstance(v, frozenset) else v for v in astuple(text))]
    return hashlib.sha256(repr(told).encode("utf-8", "surrogatepass")).hexdigest()[:40]


def _chosen(
    text: Text,
    listed: Iterable[Text],
    stand: AbstractSet[str],
    first: Mapping[str, str],
    near: Near,
) -> set[str]:
    """The few that a new text may have to do with."""
    chosen: list[str] = []
    taken: Counter[str] = Counter()
    # Of two as near the first seen, as when all are compared in that order.
    shares = near(text.id)
    known = (other.id for other in listed if other.id in shares and other.id in stand)
    for one in sorted(known, key=lambda one: -shares[one]):
        if taken[first[one]] < NEAR_IN_GROUP and len(chosen) < NEAR_MAX:
            taken[first[one]] += 1
            chosen.append(one)
    mine, calls = names(text), _calls(text)
    credited, foreign = 0, 0
    for other in listed:
        if other.id not in stand:
            continue
        if credited < CREDITED_MAX and (calls & names(other) or _calls(other) & mine):
            credited += 1
            chosen.append(other.id)
        elif foreign < FOREIGN_MAX and _is_foreign(text, other) and first[other.id] == other.id:
            foreign += 1
            chosen.append(other.id)
    return set(chosen)


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


def relation_as_json(relation: Relation) -> dict[str, Any]:
    """A relation as it is kept."""
    return {
        "kind": str(relation.kind),
        "label": str(relation.label),
        "share": relation.share,
        "said_share": relation.said_share,
        "confidence": relation.confidence,
        "copy": relation.copy,
        "original": relation.original,
        "by": str(relation.direction.by),
        "by_confidence": relation.direction.confidence,
        "passages": [[*one.here, *one.there, one.words, one.said] for one in relation.passages],
        "marks": list(relation.marks),
        "version": relation.version,
    }


def relation_from_json(kept: Mapping[str, Any]) -> Relation:
    """The same relation again."""
    return Relation(
        kind=Kind(kept["kind"]),
        label=Label(kept["label"]),
        share=kept["share"],
        said_share=kept["said_share"],
        confidence=kept["confidence"],
        direction=Direction(kept["copy"], kept["original"], By(kept["by"]), kept["by_confidence"]),
        passages=tuple(
            Passage((a, b), (c, d), words, said) for a, b, c, d, words, said in kept["passages"]
        ),
        marks=tuple(kept.get("marks", ())),
        version=kept["version"],
    )
