"""One spelling for one word: NFC, invisible characters gone, every offset still traceable."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from claims.text.attributed import Span

# Zero-width characters, bidirectional marks and isolates, soft hyphen, byte order mark.
_INVISIBLE = "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
_HAS_INVISIBLE = re.compile(f"[{_INVISIBLE}]")
# One character with all that may compose with it (marks, Hangul vowels and finals), or invisibles.
_CLUSTER = re.compile(
    f"(?P<invisible>[{_INVISIBLE}]+)"
    "|[^\u0000-\u02ff][\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u06d6-\u06ed\u0900-\u0dff\u0f71-\u0fbc\u102b-\u103e\u1160-\u11ff\u1ab0-\u1aff\u1b34-\u1b44"
    "\u1dc0-\u1dff\u20d0-\u20ff\u3099\u309a\ufb1e\U00011000-\U000114ff]*"
    "|[\u0000-\u02ff][\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]*",
    re.DOTALL,
)
_STRAIGHT = str.maketrans(
    dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033\u05f4\uff02", '"')
    | dict.fromkeys("\u2018\u2019\u201a\u201b\u2039\u203a\u2032\u05f3\u02bc\uff07`\u00b4", "'")
    | dict.fromkeys("\t\u00a0\u1680\u202f\u205f\u3000", " ")
    | dict.fromkeys(range(8192, 8203), " ")
)


@dataclass(frozen=True, slots=True)
class Normalised:
    """Cleaned words, and for each character where the original of it starts and ends."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def span(self, start: int, end: int) -> Span:
        """The passage of the original that ``text[start:end]`` was made of."""
        if not self.text:
            return 0, 0
        if end <= start:
            at = self.starts[start] if start < len(self.starts) else self.ends[-1]
            return at, at
        return self.starts[start], self.ends[end - 1]


def normalise(text: str) -> Normalised:
    """*text* in NFC without invisible characters; spaces and quotation marks stay as printed."""
    if unicodedata.is_normalized("NFC", text) and not _HAS_INVISIBLE.search(text):
        return Normalised(text, range(len(text)), range(1, len(text) + 1))
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for cluster in _CLUSTER.finditer(text):
        if cluster["invisible"]:
            continue
        piece = unicodedata.normalize("NFC", cluster[0])
        pieces.append(piece)
        start, end = cluster.span()
        if len(piece) == end - start:
            starts.extend(range(start, end))
            ends.extend(range(start + 1, end + 1))
        else:
            starts.extend([start] * len(piece))
            ends.extend([end] * len(piece))
    return Normalised("".join(pieces), starts, ends)


def straighten(text: str) -> str:
    """*text* with plain quotation marks and spaces, character for character: offsets stay."""
    return text.translate(_STRAIGHT)


def plain(text: str) -> str:
    """*text* for comparing: cleaned, plain quotation marks, single spaces; case is kept."""
    return " ".join(straighten(normalise(text).text).split())


def folded(text: str) -> str:
    """*text* for comparing regardless of case, accents and vowel points, on one line."""
    if text.isascii():
        # Nothing there composes or is invisible; most names are of this kind.
        return " ".join(text.replace("`", "'").split()).lower()
    bare = unicodedata.normalize("NFKD", plain(text).casefold())
    return "".join(char for char in bare if not unicodedata.combining(char))
