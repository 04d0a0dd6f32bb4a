"""What survives a translation: names by their consonants, numbers, and where people speak."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from claims.text.quoted import quoted_spans

QUOTE = "“"
LEAST_CONSONANTS = 3
LEAST_WORDS = 30
LEAST_ANCHORS = 6
MANY = 15
LONGEST = 400

_ROOM = 1.3  # a translation may be that much shorter before it must have left something out
_UNSURE = 0.7
_SAMPLE = 2_000

_NUMBER = re.compile(r"\d+(?:[.,٫٬'’\u00a0\u202f]\d+)*")
_WORD = re.compile(r"[^\W\d_]+(?:[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]+[^\W\d_]*)*")
_TOKEN = re.compile(f"(?P<number>{_NUMBER.pattern})|(?P<word>{_WORD.pattern})")
_SENTENCE_END = re.compile(r"[.!?:…\n][\s\"'“”‘’«»()\[\]—–-]*$")

# One class for sounds that alphabets write apart: Netanyahu, نتنياهو and נתניהו are all n-t-n.
_CLASSES = {
    "b": "bpfvبپفבפףвбпф",
    "s": "szسشصزשסצץזсзшщжц",
    "t": "dtدتطضذثظדטתдт",
    "k": "kqgcjxقكگغخجכךקגкгх",
    "m": "mمמםм",
    "n": "nنנןн",
    "l": "lلלл",
    "r": "rرרр",
}
_CLASS = {letter: sound for sound, letters in _CLASSES.items() for letter in letters}
_SOFT = re.compile(r"sch|sh|tz|ts|dz|zh|c(?=[eiy])")
_SPELLED = (("ph", "f"), ("th", "t"), ("kh", "k"), ("gh", "g"), ("ck", "k"))
# Small words that Arabic and Hebrew write together with the next one.
_JOINED = re.compile(r"^(?:[وفبلك]?ال|[وفبلك]|[ושהבלמכ]{1,2})(?=\w{3})")


@dataclass(frozen=True, slots=True)
class Anchors:
    """The names, numbers and quotations of a text, in order.

    ``cased`` where the script has capitals: there a name is told from any other word. In other
    scripts each word may be one, and ``sequence`` holds them all.
    """

    sequence: tuple[str, ...]
    cased: bool
    words: int


def anchors(text: str) -> Anchors:
    """Read the anchors of the beginning of a text, about the first 400."""
    letters = [char for char in text[:_SAMPLE] if char.isalpha()]
    cased = 2 * sum(char.isupper() or char.islower() for char in letters) > len(letters)
    marks = iter(start for start, _ in quoted_spans(text))
    mark = next(marks, None)
    found: list[str] = []
    words = 0
    for match in _TOKEN.finditer(text):
        while mark is not None and match.start() >= mark:
            found.append(QUOTE)
            mark = next(marks, None)
        words += 1
        if number := match["number"]:
            found.extend(_number(number))
        elif not cased or _is_name(text, match):
            found.extend(_skeletons(match["word"], cased=cased))
        if len(found) >= LONGEST:
            break
    return Anchors(tuple(found), cased, words)


def likeness(here: Anchors, there: Anchors) -> float:
    """How likely two texts in different languages say the same things in the same order, 0 to 1.

    The share of one text's anchors that stand in the other in the same order, less where only
    a few different ones do: two reports of one story name the same three people. Less again
    where neither script has capitals. What a shorter text cannot hold is not asked of it.
    """
    told, other = sorted((here, there), key=lambda a: (not a.cased, len(a.sequence)))
    if min(told.words, other.words) < LEAST_WORDS:
        return 0.0
    wanted = len(told.sequence) * min(1.0, _ROOM * other.words / told.words)
    both = set(told.sequence) & set(other.sequence)
    agreed = min(1.0, _in_order(told.sequence, other.sequence) / max(wanted, LEAST_ANCHORS))
    return agreed * min(1.0, len(both) / MANY) * (1.0 if told.cased else _UNSURE)


def _in_order(here: Sequence[str], there: Sequence[str]) -> int:
    """The length of the longest common subsequence, a row at a time in one number (Hyyrö 2004)."""
    places: defaultdict[str, int] = defaultdict(int)
    for place, anchor in enumerate(there):
        places[anchor] |= 1 << place
    full = (1 << len(there)) - 1
    row = full
    for anchor in here:
        met = row & places.get(anchor, 0)
        row = (row + met | row - met) & full
    return len(there) - row.bit_count()


def _number(printed: str) -> list[str]:
    digits = "".join(str(unicodedata.digit(c)) if c.isdigit() else "." for c in printed)
    whole = re.sub(r"\.(?=\d{3}(?:\D|$))", "", digits)
    return [whole] if len(whole) > 1 else []


def _is_name(text: str, match: re.Match[str]) -> bool:
    word = match[0]
    if not word[0].isupper():
        return False
    before = text[max(0, match.start() - 12) : match.start()]
    return bool(before) and not _SENTENCE_END.search(before)


@lru_cache(maxsize=100_000)
def _skeletons(word: str, *, cased: bool) -> tuple[str, ...]:
    bare = "".join(
        c for c in unicodedata.normalize("NFKD", word.casefold()) if not unicodedata.combining(c)
    )
    if cased:
        for spelled, letter in _SPELLED:
            bare = bare.replace(spelled, letter)
        bare = _SOFT.sub("s", bare)
    else:
        bare = _JOINED.sub("", bare)
    bones = "".join(_CLASS.get(c, "") for c in bare)
    bones = re.sub(r"(.)\1+", r"\1", bones)
    return (bones,) if len(bones) >= LEAST_CONSONANTS else ()
