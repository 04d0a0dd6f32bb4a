"""Takes left-over markup and broken lines out of a text, every offset still traceable."""

import html
import re

from claims.text.normalise import Normalised

# Every repetition is bounded, so that a page of "<" costs no more than any other page.
_DEBRIS = re.compile(
    r"(?P<block></?(?:p|br|div|li|ul|ol|h[1-6]|tr|td|th|table|blockquote|section|article|figcaption)"
    r"\b[^<>]{0,300}>)"
    r"|(?P<tag></?[a-zA-Z][a-zA-Z0-9]{0,11}(?:\s[^<>]{0,300})?/?>)"
    r"|(?P<entity>&(?:#[0-9]{2,6}|#[xX][0-9a-fA-F]{2,5}|[a-zA-Z]{2,8});)"
    r"|(?P<wrap>(?<=[^\s.!?:;…؟])[ \t\u00a0]{0,8}\r?\n[ \t\u00a0]{0,8}(?=[a-zß-öø-ÿ]))"
)


def without_debris(clean: Normalised) -> Normalised:
    """*clean* without tags, with entities as the characters they stand for, and unwrapped.

    A tag that breaks a line becomes a line break; a line break before a small letter, where no
    sentence ends, becomes a space. What is neither stays as it is.
    """
    if not _DEBRIS.search(clean.text):
        return clean
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    done = 0
    for match in _DEBRIS.finditer(clean.text):
        first, stop = match.span()
        pieces.append(clean.text[done:first])
        starts.extend(clean.starts[done:first])
        ends.extend(clean.ends[done:first])
        shown = _shown(match)
        pieces.append(shown)
        starts.extend([clean.starts[first]] * len(shown))
        ends.extend([clean.ends[stop - 1]] * len(shown))
        done = stop
    pieces.append(clean.text[done:])
    starts.extend(clean.starts[done:])
    ends.extend(clean.ends[done:])
    return Normalised("".join(pieces), starts, ends)


def _shown(match: "re.Match[str]") -> str:
    """What a reader of the page would have seen in its place."""
    if match["block"]:
        return "\n"
    if match["tag"]:
        return ""
    return " " if match["wrap"] is not None else html.unescape(match["entity"])
