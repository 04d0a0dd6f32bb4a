"""Words and marks of a sentence, with their places in the text."""

import re
from dataclasses import dataclass

from claims.text.normalise import straighten

_MARKS = "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
_LETTER = rf"(?:[^\W_]|[{_MARKS}])"
_TOKEN = re.compile(
    r"(?P<elision>\b(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)')(?=[^\W\d_])"
    r"|(?P<dotted>(?:[^\W\d_]\.){2,})"
    r"|(?P<title>\b(?:Mr|Mrs|Ms|Dr|Prof|St|Sgt|Gen|Col|Lt|Capt|Sen|Rep|Gov|Mme|Sra?|Dra|Hon|Supt)\.)"
    r"|(?P<domain>\b[a-z0-9-]+(?:\.[a-z0-9-]+)*"
    r"\.(?:com|org|net|info|news|tv|fm|eu|uk|us|fr|es|de|il|ae|lb|ma|eg|example)\b)"
    r"|(?P<possessive>(?<=[^\W_])'s\b|(?<=s)'(?=\s))"
    r"|(?P<number>\d+(?:[.,]\d+)*(?:st|nd|rd|th)?)"
    # An acronym has its mark before the last letters; after one letter a quotation may open.
    r"|(?P<hebrew>[\u05d0-\u05ea]+\"[\u05d0-\u05ea](?![\u05d0-\u05ea])"
    r"|[\u05d0-\u05ea]{2,}\"[\u05d0-\u05ea]{2,4}(?![\u05d0-\u05ea]))"
    # "a-t-elle", "dit-il": the pronoun is a word of its own, what joins it is none.
    r"|(?P<joint>(?<=[^\W\d_])-(?:t-)?(?=(?:elles?|ils?)\b))"
    rf"|(?P<word>{_LETTER}+(?:(?!-(?:t-)?(?:elles?|ils?)\b)[-\u2010\u2011&/]{_LETTER}+)*"
    rf"(?:n't|'(?!s\b){_LETTER}+)?)"
    r"|(?P<mark>\S)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Token:
    """One word or mark; ``low`` is its form for lookups, ``cap`` whether it is capitalised."""

    text: str
    low: str
    start: int
    end: int
    word: bool
    cap: bool


def _capital(match: "re.Match[str]") -> bool:
    """Whether the word is written as a name: with a capital, or as a domain."""
    return match.lastgroup == "domain" or match[0][0].isupper()


def tokenise(text: str, *, offset: int = 0, prefixes: bool = False) -> list[Token]:
    """The tokens of *text*, places counted from *offset*; ``prefixes`` keeps a final "-" on."""
    plain = straighten(text)
    found: list[Token] = []
    for match in _TOKEN.finditer(plain):
        if match.lastgroup == "joint":
            continue
        start, end = match.span()
        shown = plain[start:end]
        if prefixes and shown == "-" and found and found[-1].end == start + offset:
            before = found.pop()
            shown, start = before.text + "-", before.start - offset
        word = match.lastgroup != "mark" or (prefixes and shown.endswith("-"))
        # The tatweel only stretches a letter: "لـ" is "ل".
        low = shown.casefold().replace("\u0640", "") or shown
        if match.lastgroup == "title":
            low = low.rstrip(".")
        found.append(
            Token(plain[start:end], low, start + offset, end + offset, word, _capital(match))
        )
    return found
