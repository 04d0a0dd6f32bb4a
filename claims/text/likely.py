"""The parts of a long text in which a passage can stand, told at the speed of a plain search."""

import re
import unicodedata

from claims.text.attributed import Span

_SHORT = 20_000
"""Characters of a text that is compared whole in no time."""

_LEAST_PROBE = 3
_LONGEST_PROBE = 20
# Letters that are printed or written as one, and what is no letter: there spellings differ.
_VARIED = re.compile(r"ff[il]?|fi|fl|ft|st|ss|[\W_]+")
# What may stand within words that are the same: points, invisible signs, letters of full width,
# soft hyphens and spaces by the dozen. Of texts with these nothing is told.
_UNUSUAL = re.compile(
    "[\u0591-\u05c7\u0610-\u061c\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u180e\u200b-\u200f"
    "\u202a-\u202e\u2060-\u2069\ufeff\uff10-\uff5a]|\u00ad\u00ad|\\s{9}"
)
# A space of the passage may be eight here, and a soft hyphen stand behind each letter.
_LONGER = 9


def likely_parts(text: str, wanted: str) -> list[Span]:
    """Spans of *text*, apart and in order, that hold all passages which compare as *wanted*.

    *wanted*: in its comparing form, case folded. The whole text where nothing more can be told.
    """
    if len(text) <= _SHORT:
        return [(0, len(text))]
    probe = max(_VARIED.split(wanted), key=len, default="")[:_LONGEST_PROBE]
    unusual = _UNUSUAL.search(text) or not unicodedata.is_normalized("NFC", text)
    if len(probe) < _LEAST_PROBE or unusual:
        return [(0, len(text))]
    pattern = re.compile("\u00ad?".join(map(re.escape, probe)), re.IGNORECASE)
    far = _LONGER * len(wanted) + _LONGEST_PROBE
    parts: list[Span] = []
    for found in pattern.finditer(text):
        start, end = max(0, found.start() - far), min(len(text), found.end() + far)
        if parts and start <= parts[-1][1]:
            parts[-1] = (parts[-1][0], end)
        else:
            parts.append((start, end))
    return parts
