"""Three-word shingles: how much of one text stands in another, and where."""

import hashlib
import re
import unicodedata
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from heapq import nsmallest

from claims.text.attributed import Span
from claims.text.quoted import quoted_spans

SIZE = 3
BOILERPLATE_ARTICLES = 5
KEEP_ONE_IN = 8
KEEP_AT_LEAST = 64

_BITS = 64
_MASK = (1 << _BITS) - 1
_HALF = 1 << (_BITS - 1)

# What stands inside a word and is no letter to Python: Hebrew points, Arabic vowels, Indic
# signs, soft hyphens, joiners and direction marks.
_INSIDE = (
    "\u00ad\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    "\u0610-\u061a\u061c\u064b-\u065f\u0670\u06d6-\u06ed\u0900-\u0963\u0966-\u0dff"
    "\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
)
# Thai, Lao, Burmese, Khmer, kana and Han put no spaces between words: each sign is one.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_HAS_UNSPACED = re.compile(f"[{_UNSPACED}]")
_WORD = re.compile(rf"\w[\w{_INSIDE}]*")
_WORD_OR_SIGN = re.compile(rf"[{_UNSPACED}]|\w(?:(?![{_UNSPACED}])[\w{_INSIDE}])*")
_ONE_LETTER = str.maketrans("ىةک\u06cc", "يهك\u064a", "\u0640")

_PLACES_TRIED = 8
_LEAST_WORDS = 5


@dataclass(frozen=True, slots=True)
class Shingles:
    """A text as its shingles, in order.

    ``hashes[i]`` stands for the words ``i`` to ``i + 2``; it is signed, as Postgres has it. A
    text of one or two words is one shingle. ``spans`` are the words' places in the text,
    ``said[i]`` is 1 where a word of shingle ``i`` stands in quotation marks.
    """

    hashes: Sequence[int]
    spans: Sequence[Span]
    said: bytes

    def span(self, first: int, last: int) -> Span:
        """The place in the text of the shingles *first* to *last*, both included."""
        return self.spans[first][0], self.spans[min(last + SIZE, len(self.spans)) - 1][1]


@dataclass(frozen=True, slots=True)
class Passage:
    """Words that stand in both texts in the same order: where in each, and how many.

    ``said`` where they lie in quotation marks, in either text.
    """

    here: Span
    there: Span
    words: int
    said: bool


def shingles(text: str) -> Shingles:
    """Cut *text* into overlapping groups of three words.

    Case, accents, vowel points, punctuation and line breaks make no difference; digits of all
    scripts are one. Linear in the length of the text.
    """
    word = _WORD_OR_SIGN if _HAS_UNSPACED.search(text) else _WORD
    spans = [match.span() for match in word.finditer(text)]
    keys = [_word_keys(text[start:end]) for start, end in spans]
    if None in keys:
        spans = [span for span, key in zip(spans, keys, strict=True) if key]
    return Shingles(_hashes([key for key in keys if key]), spans, _said(text, spans))


def folded_word(word: str) -> str:
    """One spelling for a word, whatever its case, accents, vowel points or digits."""
    bare = unicodedata.normalize("NFKD", word.casefold()).translate(_ONE_LETTER)
    return "".join(
        str(unicodedata.digit(char)) if char.isdigit() else char
        for char in bare
        if char.isalnum() or char == "_"
    )


def containment(here: AbstractSet[int], there: AbstractSet[int]) -> float:
    """The share of the shorter text that stands in the other: |A∩B| / min(|A|, |B|)."""
    shorter = min(len(here), len(there))
    return len(here & there) / shorter if shorter else 0.0


def sketch(hashes: Collection[int]) -> tuple[int, ...]:
    """A sample of the shingles that two texts with common passages are likely to share.

    Every eighth hash by value, and at least 64 of a text that has them; sorted. Two texts
    sample the same shingles, since the value alone decides.
    """
    distinct = set(hashes)
    kept = {value for value in distinct if value % KEEP_ONE_IN == 0}
    if len(kept) < KEEP_AT_LEAST:
        kept |= set(nsmallest(KEEP_AT_LEAST, distinct, key=_rank))
    return tuple(sorted(kept))


def boilerplate(pages: Iterable[Iterable[int]]) -> frozenset[int]:
    """The shingles that five or more articles of one site share: menus, notices, appeals."""
    seen: Counter[int] = Counter()
    for page in pages:
        seen.update(set(page))
    return frozenset(value for value, times in seen.items() if times >= BOILERPLATE_ARTICLES)


def without(hashes: AbstractSet[int], common: AbstractSet[int]) -> AbstractSet[int]:
    """The shingles of a text less what its site prints everywhere.

    A text of which next to nothing would be left keeps all: its site has published it five
    times, and that is no boilerplate.
    """
    if not common:
        return hashes
    left = hashes - common
    return left if len(left) > max(SIZE, len(hashes) // 20) else hashes


def passages(
    here: Shingles, there: Shingles, *, ignoring: AbstractSet[int] = frozenset()
) -> tuple[Passage, ...]:
    """What both texts have, word for word, as the longest runs of at least five words.

    In the order of the first text. Shingles in *ignoring* neither start nor carry a run.
    """
    both = set(here.hashes).intersection(there.hashes).difference(ignoring)
    places: defaultdict[int, list[int]] = defaultdict(list)
    for place, value in enumerate(there.hashes):
        if value in both and len(places[value]) < _PLACES_TRIED:
            places[value].append(place)
    found = []
    at = 0
    for start in [place for place, value in enumerate(here.hashes) if value in both]:
        if start < at:
            continue
        at = start
        spots = places[here.hashes[at]]
        place = spots[0]
        length = _run(here.hashes, there.hashes, at, place)
        for other in spots[1:]:
            if (run := _run(here.hashes, there.hashes, at, other)) > length:
                place, length = other, run
        if length + SIZE - 1 >= _LEAST_WORDS:
            found.append(_passage(here, there, at, place, length))
        at += length
    return tuple(passage for passage in found if passage.words >= _LEAST_WORDS)


def _run(here: Sequence[int], there: Sequence[int], at: int, place: int) -> int:
    length = 1
    while (
        at + length < len(here)
        and place + length < len(there)
        and here[at + length] == there[place + length]
    ):
        length += 1
    return length


def _passage(here: Shingles, there: Shingles, at: int, place: int, length: int) -> Passage:
    last = length - 1
    words = min(length + SIZE - 1, len(here.spans) - at)
    said = sum(here.said[at : at + length]), sum(there.said[place : place + length])
    return Passage(
        here=here.span(at, at + last),
        there=there.span(place, place + last),
        words=words,
        said=2 * max(said) > length,
    )


@lru_cache(maxsize=200_000)
def _word_keys(word: str) -> tuple[int, int, int] | None:
    """Three 64-bit numbers for a word, one for each place in a shingle; None for no word.

    Their sum is the shingle's hash (tabulation hashing): a word is digested once, however many
    shingles it stands in. BLAKE2b, since Python's own hash changes with every process.
    """
    bare = folded_word(word)
    if not bare:
        return None
    digest = hashlib.blake2b(bare.encode("utf-8", "surrogatepass"), digest_size=24).digest()
    return (
        int.from_bytes(digest[:8], "big"),
        int.from_bytes(digest[8:16], "big"),
        int.from_bytes(digest[16:], "big"),
    )


def _hashes(keys: Sequence[tuple[int, int, int]]) -> Sequence[int]:
    if 0 < len(keys) < SIZE:
        return ((sum(key[n] for n, key in enumerate(keys)) & _MASK) - _HALF,)
    thirds = zip(keys, keys[1:], keys[2:], strict=False)
    return tuple([((a[0] + b[1] + c[2]) & _MASK) - _HALF for a, b, c in thirds])


def _said(text: str, spans: Sequence[Span]) -> bytes:
    """Which shingles hold a word in quotation marks."""
    count = max(len(spans) - SIZE + 1, min(len(spans), 1))
    marks = bytearray(count)
    starts = [start for start, _ in spans]
    for start, end in quoted_spans(text):
        first = max(bisect_left(starts, start) - SIZE + 1, 0)
        last = min(bisect_left(starts, end), count)
        marks[first:last] = b"\1" * (last - first)
    return bytes(marks)


def _rank(value: int) -> tuple[int, int]:
    return value % KEEP_ONE_IN, value
