"""What two texts share that chance does not explain: odd figures, full names, mistakes."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from claims.text.attributed import Span
from claims.text.normalise import folded, straighten
from claims.text.quoted import quoted_spans

FIGURE, NAME, MISTAKE = "figure", "name", "mistake"
_ADDS = {FIGURE: 0.04, NAME: 0.02, MISTAKE: 0.12}
MOST = 0.25
"""Marks never add more than this to how sure a comparison is; they decide nothing."""
SHOWN = 12

_LONGEST = 100_000
_HEAD_LINES = 3
_LONGEST_HEAD = 200
_LEAST_BODY = 10
_ODD_DIGITS = 3
_LEAST_LETTERS = 5
_FIRST_YEAR, _LAST_YEAR = 1500, 2199
_ENDS = re.compile(r"[.!?…؟。:][\"'”’»)\]]*\s*$")
_NUMBER = re.compile(r"(?<![\w.,])\d[\d.,٫٬'’\u00a0\u202f]*\d(?!\w)")
_MOMENT = re.compile(r"(?:[01]?\d|2[0-3])\.[0-5]\d|\d{1,2}\.\d{1,2}\.\d{2,4}")
_PLAIN_YEAR = 4
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
# A letter that is none of the small ones of ASCII: a capital, or a letter of another script.
_CAPITAL = re.compile(r"(?<![\w'’-])[^\W\d_a-z][\w'’-]*")
_OPENS = re.compile(r"(?:^|[.!?:…\n])[\s\"'()—–-]*$")
_FULL = 2
_PUNCTUATION = ".,;:!?…()[]\"'’“”«»—–-،؛؟"
# Words that good prose writes twice in a row, and pairs that only look like a slip.
_MAY_DOUBLE = frozenset({"had", "that", "very", "nous", "vous", "bye", "ha", "no", "so"})
_BOTH_RIGHT = frozenset(
    "though through county country later latter trail trial bother brother dairy diary coastal "
    "costal desert dessert poison poisson bridge bride thing think found fond tough touch".split()
)


@dataclass(frozen=True, slots=True)
class Marks:
    """What tells one text from others on the same matter, each in one spelling.

    ``figures`` are those that nobody rounds to; ``names`` of two words or more that the text
    gives once; ``mistakes`` are words spelled two ways, or printed twice in a row.
    """

    figures: frozenset[str]
    names: frozenset[str]
    mistakes: frozenset[str]


def shared(here: str, there: str) -> tuple[str, ...]:
    """The marks both texts bear, as ``kind: words``, mistakes first; headlines are not asked."""
    mine, yours = marks(here), marks(there)
    found = [
        *(f"{MISTAKE}: {word}" for word in sorted(mine.mistakes & yours.mistakes)),
        *(f"{FIGURE}: {word}" for word in sorted(mine.figures & yours.figures)),
        *(f"{NAME}: {word}" for word in sorted(mine.names & yours.names)),
    ]
    return tuple(found[:SHOWN])


def strength(found: tuple[str, ...]) -> float:
    """How much surer these marks make a comparison, 0 to ``MOST``."""
    return min(MOST, sum(_ADDS[mark.partition(":")[0]] for mark in found))


def body_start(text: str) -> int:
    """Where the text proper begins, after a headline and its deck; 0 where there is none.

    A headline is a line without a full stop that is not simply broken off, with a text below.
    """
    at = 0
    for _ in range(_HEAD_LINES):
        stop = text.find("\n", at)
        if stop < 0:
            break
        line = text[at:stop].strip()
        below = text[stop:].lstrip()
        if len(line) > _LONGEST_HEAD or _ENDS.search(line) or below[:1].islower():
            break
        at = len(text) - len(below)
    return at if at and len(_WORD.findall(text, at, at + _LONGEST_HEAD)) >= _LEAST_BODY else 0


@lru_cache(maxsize=4_096)
def marks(text: str) -> Marks:
    """Read the marks of the first 100,000 characters, outside of what is quoted."""
    said = quoted_spans(text[:_LONGEST])
    plain = _blanked(straighten(text[:_LONGEST]), said)[body_start(text) :]
    names = Counter(_names(plain))
    return Marks(
        figures=frozenset(_figures(plain)),
        names=frozenset(name for name, times in names.items() if times == 1),
        mistakes=frozenset(_mistakes(plain)),
    )


def _blanked(text: str, spans: "tuple[Span, ...] | list[Span]") -> str:
    """*text* without what is quoted, every other place kept."""
    for start, end in spans:
        text = f"{text[:start]}{' ' * (end - start)}{text[end:]}"
    return text


def _figures(text: str) -> Iterator[str]:
    """Figures with three digits or more that are no round number, year or time."""
    for match in _NUMBER.finditer(text):
        digits = "".join(str(int(char)) for char in match[0] if char.isdecimal())
        if _MOMENT.fullmatch(match[0]):
            continue
        year = match[0] == digits and len(digits) == _PLAIN_YEAR
        if year and _FIRST_YEAR <= int(digits) <= _LAST_YEAR:
            continue
        if len(digits.strip("0")) >= _ODD_DIGITS:
            yield digits


def _names(text: str) -> Iterator[str]:
    """Two or more words with capitals, in the middle of a sentence."""
    run: list[str] = []
    end = -1
    for match in _CAPITAL.finditer(text):
        if not match[0][0].isupper():
            continue
        start = match.start()
        if run and text[end:start] != " ":
            if len(run) >= _FULL:
                yield folded(" ".join(run))
            run = []
        if run or not _OPENS.search(text[max(0, start - 6) : start]):
            run.append(match[0])
        end = match.end()
    if len(run) >= _FULL:
        yield folded(" ".join(run))


def _mistakes(text: str) -> Iterator[str]:
    """Words printed twice in a row, and odd spellings of a word the text also has right."""
    words = text.casefold().split()
    for word, following in pairwise(words):
        # A mark of punctuation between the two stays on the first, and makes it another word.
        if word == following and word.isalpha() and len(word) > 1 and word not in _MAY_DOUBLE:
            yield f"{word} {word}"
    counts = Counter(
        bare
        for word in words
        if len(word) >= _LEAST_LETTERS and len(bare := word.strip(_PUNCTUATION)) >= _LEAST_LETTERS
    )
    often: dict[tuple[str, str], list[str]] = {}
    for word, times in counts.items():
        if times > 1:
            often.setdefault((word[0], word[-2:]), []).append(word)
    for word, times in counts.items():
        if (
            times == 1
            and word not in _BOTH_RIGHT
            and any(_one_slip(word, right) for right in often.get(_place(word), ()))
        ):
            yield word


def _place(word: str) -> tuple[str, str]:
    """Slips keep the first letter and the end: "closed" and "closes" are both right."""
    return word[0], word[-2:]


def _one_slip(word: str, right: str) -> bool:
    """Whether a letter is missing, doubled or two change places: "ministery", "goverment"."""
    if abs(len(word) - len(right)) > 1 or word == right:
        return False
    first = next(
        (at for at, (a, b) in enumerate(zip(word, right, strict=False)) if a != b),
        min(len(word), len(right)),
    )
    if len(word) == len(right):
        turned = word[first : first + 2] == right[first : first + 2][::-1]
        return turned and word[first + 2 :] == right[first + 2 :]
    longer, shorter = sorted((word, right), key=len, reverse=True)
    return longer[first + 1 :] == shorter[first:]
