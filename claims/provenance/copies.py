"""Whether one text is a copy of another: how much, which passages, and which came first.

Containment of the writers' own words decides, |A∩B| / min(|A|, |B|): from .50 a copy, from .20
partly copied, below that independent. Words that either text gives in quotation marks are
compared apart, since two reporters at one press conference share them. Headlines never count
where a text stands below; shared marks make a copy surer, and decide nothing.
"""

import hashlib
from array import array
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import lru_cache

from claims.provenance.marks import body_start, shared, strength
from claims.text.anchors import anchors, likeness
from claims.text.shingles import Passage, Shingles, containment, passages, shingles, without

VERSION = "2"

COPY_FROM = 0.50
PARTIAL_FROM = 0.20
TRANSLATION_FROM = 0.30
CREDITED_TRANSLATION_FROM = 0.15

LEAST_SHARED = 8
"""Shingles that must agree before anything is called copied: about ten words."""
LEAST_SAID = 6
LEAST_WHOLE = 4
"""Two shorter texts are copies only where every word agrees, and there are six of them."""

_LONG_PASSAGE = 25
_SUREST = 0.99


class Kind(StrEnum):
    """What two texts have to do with each other."""

    COPY = "copy"
    PARTIAL = "partial_copy"
    TRANSLATION = "translation"
    COMMON_SOURCE = "common_source"
    INCIDENTAL = "incidental"
    INDEPENDENT = "independent"


class Label(StrEnum):
    """The same in the words of the trade: whose text it is that both have."""

    AGENCY = "agency copy"
    PRESS_RELEASE = "press-release copy"
    OUTLET = "copy of another outlet"
    TRANSLATION = "translation"
    COMMON_SOURCE = "common source"
    INCIDENTAL = "incidental"
    INDEPENDENT = "independent"


class By(StrEnum):
    """What tells the copy from the original, strongest first. Page dates tell nothing."""

    CREDIT = "explicit credit"
    CANONICAL = "declared canonical"
    ISSUER = "agency byline"
    FIRST_SEEN = "first seen by us"
    NOTHING = "nothing"


EXPLICIT = (By.CREDIT, By.CANONICAL, By.ISSUER)

_SURENESS = {
    By.CREDIT: 0.95,
    By.CANONICAL: 0.90,
    By.ISSUER: 0.85,
    By.FIRST_SEEN: 0.40,
    By.NOTHING: 0.0,
}


@dataclass(frozen=True, slots=True)
class Text:
    """One text to compare, with what it declares of itself.

    ``site`` is the host it came from, ``agency`` the agency of its byline or dateline,
    ``credits`` the names or addresses it credits in so many words, ``canonical`` the address it
    declares as its original. ``first_seen`` is when *we* saw it, with its zone. ``issued`` is
    ``agency`` for an agency's own text, ``press_release`` for a release, else empty. Where the
    text is not at hand it is empty, and ``words`` a digest of it.
    """

    id: str
    text: str
    site: str = ""
    outlet: str = ""
    url: str = ""
    language: str = ""
    agency: str = ""
    credits: frozenset[str] = frozenset()
    canonical: str = ""
    first_seen: datetime | None = None
    issued: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Direction:
    """Which of two texts has it from the other, by what, and how sure that is (0 to 1)."""

    copy: str
    original: str
    by: By
    confidence: float

    @property
    def is_explicit(self) -> bool:
        """Whether a text says so itself; what we merely saw first does not count."""
        return self.by in EXPLICIT


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the comparison of two texts came to, before anybody asks which came first.

    ``share`` is the containment of own words, ``said_share`` that of words in quotation marks.
    """

    kind: Kind
    share: float
    said_share: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Relation:
    """What one text has of another, with the proof.

    ``passages`` have ``here`` in the copy and ``there`` in the original. ``confidence`` is that
    of ``kind``; the direction carries its own. ``marks``: what else both have that few texts
    would, see ``claims.provenance.marks``. ``known_as`` is the digest of one that was kept.
    """

    kind: Kind
    label: Label
    share: float
    said_share: float
    confidence: float
    direction: Direction
    passages: Sequence[Passage] = ()
    marks: tuple[str, ...] = ()
    version: str = VERSION
    known_as: str = field(default="", compare=False)

    @property
    def copy(self) -> str:
        """The id of the text that has it from the other."""
        return self.direction.copy

    @property
    def original(self) -> str:
        """The id of the text it is taken from."""
        return self.direction.original


@dataclass(frozen=True, slots=True)
class Reading:
    """A text made ready to be compared: its shingles as sets, less headline and boilerplate."""

    text: Text
    every: AbstractSet[int]
    said: AbstractSet[int]
    digest: bytes
    """The same for two texts exactly when all their words agree, in order."""

    @property
    def own(self) -> AbstractSet[int]:
        """What the writer says without quotation marks."""
        return self.every - self.said


def compare(
    here: Text, there: Text, *, common: Mapping[str, AbstractSet[int]] | None = None
) -> Relation:
    """Say what two texts have to do with each other.

    ``common`` holds the boilerplate of each site, by ``Text.site``.
    """
    sites = common or {}
    verdict = judge(read(here, common=sites), read(there, common=sites))
    if verdict.kind in {Kind.INDEPENDENT, Kind.INCIDENTAL} and may_translate(here, there):
        strength = likeness(anchors(here.text), anchors(there.text))
        verdict = judge_translation(here, there, strength) or verdict
    return relate(here, there, verdict, common=sites)


def read(text: Text, *, common: Mapping[str, AbstractSet[int]]) -> Reading:
    """Cut a text into what can be compared."""
    cut = shingles_of(text.text)
    head = body_start(text.text)
    first = bisect_left(cut.spans, (head, head)) if head else 0
    every = without(frozenset(cut.hashes[first:]), common.get(text.site, frozenset()))
    said = frozenset(value for value, said in zip(cut.hashes, cut.said, strict=True) if said)
    digest = hashlib.blake2b(array("q", cut.hashes).tobytes(), digest_size=16).digest()
    return Reading(text, every, said, digest)


def judge(here: Reading, there: Reading) -> Verdict:
    """Compare two texts word for word.

    Texts of fewer than about ten words are copies only where all words agree: there are not
    many ways to say little.
    """
    said = here.said | there.said
    mine, yours = (here.every - said, there.every - said) if said else (here.every, there.every)
    shared = len(mine & yours)
    share = containment(mine, yours)
    said_share = containment(here.every & said, there.every & said)
    if here.every == there.every and len(here.every) >= LEAST_WHOLE:
        return Verdict(Kind.COPY, 1.0, said_share, 0.99 if shared >= LEAST_SHARED else 0.6)
    if shared >= LEAST_SHARED and share >= COPY_FROM:
        return Verdict(Kind.COPY, share, said_share, min(0.99, 0.6 + share - COPY_FROM))
    if shared >= LEAST_SHARED and share >= PARTIAL_FROM:
        return Verdict(Kind.PARTIAL, share, said_share, 0.3 + share - PARTIAL_FROM)
    if len(here.every & there.every & said) >= LEAST_SAID:
        return Verdict(Kind.COMMON_SOURCE, share, said_share, 0.5)
    kind = Kind.INCIDENTAL if shared >= LEAST_SHARED else Kind.INDEPENDENT
    return Verdict(kind, share, said_share, 0.2 if shared else 0.0)


def may_translate(here: Text, there: Text) -> bool:
    """Whether two texts are known to be in different languages."""
    mine, yours = (text.language.partition("-")[0].lower() for text in (here, there))
    return bool(mine and yours and mine != yours)


def judge_translation(here: Text, there: Text, strength: float) -> Verdict | None:
    """A translation, on the word of names, numbers and quotations in the same order.

    Never as sure as a copy. Where one text credits the other, less is asked.
    """
    credited = direction(here, there).is_explicit
    if strength < (CREDITED_TRANSLATION_FROM if credited else TRANSLATION_FROM):
        return None
    confidence = min(0.6, strength) + (0.2 if credited else 0.0)
    return Verdict(Kind.TRANSLATION, strength, 0.0, confidence)


def direction(here: Text, there: Text) -> Direction:
    """Tell the copy from the original.

    Explicit credit, then a declared canonical address, then the issuer's own text, then which
    one we saw first; that last is weak and never enough to confirm a link. A sign that points
    both ways says nothing.
    """
    for by in EXPLICIT:
        points, back = _points(here, there, by), _points(there, here, by)
        if points != back:
            copy, original = (here, there) if points else (there, here)
            return Direction(copy.id, original.id, by, _SURENESS[by])
    original, copy = sorted((here, there), key=seen)
    told = here.first_seen and there.first_seen and here.first_seen != there.first_seen
    by = By.FIRST_SEEN if told else By.NOTHING
    return Direction(copy.id, original.id, by, _SURENESS[by])


def seen(text: Text) -> tuple[bool, float, str]:
    """The order in which we saw texts; those of unknown time last, by id."""
    moment = text.first_seen
    return moment is None, moment.timestamp() if moment else 0.0, text.id


def names(text: Text) -> frozenset[str]:
    """What another text may call this one by."""
    called = (text.id, text.url, text.outlet, text.site)
    return frozenset(folded_name(name) for name in called if name)


def folded_name(name: str) -> str:
    """A name or address for comparing: without case, scheme, ``www.`` and last slash."""
    bare = name.strip().casefold()
    for start in ("https://", "http://", "www."):
        bare = bare.removeprefix(start)
    return " ".join(bare.split()).rstrip("/")


def relate(
    here: Text, there: Text, verdict: Verdict, *, common: Mapping[str, AbstractSet[int]]
) -> Relation:
    """The whole relation of two texts: label, direction, and the passages that prove it."""
    way = direction(here, there)
    copy, original = (here, there) if way.copy == here.id else (there, here)
    shown: tuple[Passage, ...] = ()
    if verdict.kind not in {Kind.INDEPENDENT, Kind.TRANSLATION}:
        ignoring = common.get(here.site, frozenset()) | common.get(there.site, frozenset())
        shown = passages(shingles_of(copy.text), shingles_of(original.text), ignoring=ignoring)
    confidence = verdict.confidence
    if verdict.kind is Kind.PARTIAL and any(
        passage.words >= _LONG_PASSAGE and not passage.said for passage in shown
    ):
        # So many words in a row do not come twice by chance.
        confidence += 0.15
    marks: tuple[str, ...] = ()
    if verdict.kind in {Kind.COPY, Kind.PARTIAL} and confidence < _SUREST:
        marks = shared(copy.text, original.text)
        confidence = min(_SUREST, confidence + strength(marks))
    return Relation(
        kind=verdict.kind,
        label=_label(verdict.kind, here, there),
        share=round(verdict.share, 4),
        said_share=round(verdict.said_share, 4),
        confidence=round(confidence, 4),
        direction=way,
        passages=shown,
        marks=marks,
    )


def _label(kind: Kind, here: Text, there: Text) -> Label:
    if kind not in {Kind.COPY, Kind.PARTIAL}:
        return Label[kind.name]
    if "press_release" in {here.issued, there.issued}:
        return Label.PRESS_RELEASE
    agencies = {folded_name(text.agency) for text in (here, there) if text.agency}
    from_agency = "agency" in {here.issued, there.issued} or any(
        _points(a, b, By.ISSUER) for a, b in ((here, there), (there, here))
    )
    # Two papers with one agency's byline have it from the agency, not from each other.
    both = bool(here.agency and there.agency) and len(agencies) == 1
    return Label.AGENCY if from_agency or both else Label.OUTLET


def _points(copy: Text, original: Text, by: By) -> bool:
    """Whether one sign says that ``copy`` has it from ``original``."""
    if by is By.CREDIT:
        return bool(copy.credits) and bool(
            names(original) & {folded_name(name) for name in copy.credits}
        )
    if by is By.CANONICAL:
        return bool(copy.canonical) and folded_name(copy.canonical) in names(original)
    if original.issued and not copy.issued:
        return True
    return bool(copy.agency) and folded_name(copy.agency) in names(original)


@lru_cache(maxsize=256)
def shingles_of(text: str) -> Shingles:
    """The shingles of a text; the last are kept, since each is compared several times."""
    hashes, ends, said = _packed(text)
    return Shingles(tuple(hashes), list(zip(ends[::2], ends[1::2], strict=True)), said)


@lru_cache(maxsize=8_192)
def _packed(text: str) -> "tuple[array[int], array[int], bytes]":
    """The same in a tenth of the room: a long story comes back to thousands of texts."""
    cut = shingles(text)
    ends = array("L", (end for span in cut.spans for end in span))
    return array("q", cut.hashes), ends, cut.said
