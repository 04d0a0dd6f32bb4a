"""Cuts a text into sentences that keep their offsets, in the scripts the desk reads."""

import re
from dataclasses import dataclass

from claims.text.blocks import paragraphs

# What ends a sentence, with the closing marks that belong to it.
_STOP = re.compile(
    r"(?P<mark>\.{3,}|[.!?…؟۔]+|[。！？]+)(?P<close>[\"'”’»›)\]]*)"
    r"(?=\s|$|(?<=[。！？]))"
)
_WORD_BEFORE = re.compile(r"[^\W_]+(?:\.[^\W_]+)*$")
_OPENS = re.compile(r"\s*[\"'“‘«‹(\[—–-]*\s*")
_ABBREVIATIONS = frozenset(
    # People and their titles; streets, saints, companies; months; figures; Latin; other tongues.
    # No word that a sentence of another language may end with ("me", "est", "nos").
    "mr mrs ms mx dr prof hon rev fr sr jr gen lt sgt maj capt cmdr adm gov rep supt insp pvt cpl "
    "det st mt ft rd ave blvd inc ltd corp co bros vol pp approx dept univ assn jan feb apr jun "
    "jul aug sep sept oct nov dec vs v eg ie e.g i.e etc al cf ca viz resp u.s u.k u.n e.u "
    "a.m p.m d.c ph.d m.d b.a m.a m mm mme mlle mgr bd p.ex sra srta dra arq uds vd pág núm apdo "
    "ee.uu bzw z.b d.h u.a usw evtl ggf inkl no art fig p mar sen col pres د أ م ص ج ק מס".split()
)
# An abbreviation only before a figure: "no. 5" is a number, "He said no. Nine left" is not.
_BEFORE_FIGURE = frozenset(["no", "art", "fig", "p", "mar"])
# An abbreviation after which a sentence may well end, if a capital follows.
_MAY_END = frozenset(
    "inc ltd corp co bros etc al jr sr a.m p.m usw ee.uu u.s u.k u.n e.u d.c".split()
)
_STARTERS = frozenset(
    "the a an in on at he she it they we this that these those but and il elle "
    "le la les el los las un una une der die das".split()
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: ``text[start:end]`` of the text it was read from, and its paragraph."""

    text: str
    start: int
    end: int
    paragraph: int


def sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences of *text* in order, without white space around; nothing but space is lost.

    A paragraph always ends one. Abbreviations, initials, decimals and a quotation that ends
    before its speaker is named ("Is it?" he asked) do not. Time grows with the length alone.
    """
    found: list[Sentence] = []
    for number, (start, end) in enumerate(paragraphs(text)):
        begin = start
        for stop in _STOP.finditer(text, start, end):
            if stop.end() < end and _ends(text, stop, begin, end):
                found.append(Sentence(text[begin : stop.end()], begin, stop.end(), number))
                begin = stop.end() + len(_leading_space(text, stop.end(), end))
        if begin < end:
            found.append(Sentence(text[begin:end], begin, end, number))
    return tuple(found)


_SPACE = re.compile(r"\s*")


def _leading_space(text: str, start: int, end: int) -> str:
    space = _SPACE.match(text, start, end)
    return space[0] if space else ""


def _ends(text: str, stop: "re.Match[str]", begin: int, end: int) -> bool:
    """Whether the mark at *stop* ends a sentence: by what stands before it and what follows."""
    opening = _OPENS.match(text, stop.end(), end)
    at = opening.end() if opening else stop.end()
    following = text[at : at + 1]
    if not following:
        return True
    if following.islower() or following in ",;:":
        return False
    if stop["mark"] != "." or stop["close"]:
        return True
    before = _WORD_BEFORE.search(text, max(begin, stop.start() - 24), stop.start())
    word = before[0] if before else ""
    return not _abbreviates(word, text[at : at + 24], following)


def _abbreviates(word: str, following_words: str, following: str) -> bool:
    lower = word.lower()
    next_word = re.split(r"[^\w]", following_words, maxsplit=1)[0]
    if lower in _MAY_END:
        return next_word.lower() not in _STARTERS
    if lower in _ABBREVIATIONS:
        return lower not in _BEFORE_FIGURE or following.isdigit()
    if "." in word and all(len(part) == 1 for part in word.split(".")):
        return next_word.lower() not in _STARTERS
    # An initial: "Tomas R. Rehn"; "vitamin C. The" is the end of a sentence.
    return (
        len(word) == 1 and word.isalpha() and word.isupper() and next_word.lower() not in _STARTERS
    )
