"""Whether words from outside can be kept: not empty, not too long, nothing unprintable."""

import re
import unicodedata

from claims.text.normalise import plain

LONGEST_LINE = 500

# What no text holds on purpose: C0 controls but tab, line and page ends; delete.
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_LONGEST_LANGUAGE = 12


def problem_with(text: str, *, longest: int, what: str = "This") -> str | None:
    """Why *text* cannot be kept, as a sentence for people; None if it can. Empty text can."""
    if len(text) > longest:
        return f"{what} has {len(text):,} characters; keep it under {longest:,}."
    if "\x00" in text:
        return f"{what} holds a NUL character; is it really text?"
    if found := _CONTROL.search(text):
        return f"{what} holds the control character U+{ord(found[0]):04X}; is it really text?"
    if _SURROGATE.search(text):
        return f"{what} holds half of a character (a lone surrogate); its encoding is broken."
    return None


def has_words(text: str) -> bool:
    """Whether anything can be seen of *text* at all."""
    return bool(plain(text))


def says_something(text: str) -> bool:
    """Whether there is a letter, a figure or a sign such as an emoji beside punctuation."""
    return any(unicodedata.category(char)[0] in "LNS" for char in text)


def is_language(tag: str) -> bool:
    """Whether *tag* has the form of a language tag of at most 12 characters, as ``pt-BR``."""
    return len(tag) <= _LONGEST_LANGUAGE and _LANGUAGE.fullmatch(tag) is not None
