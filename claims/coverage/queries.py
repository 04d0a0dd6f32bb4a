"""What to ask for, built from a claim's own words: narrow first, then wide, shown to people."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from claims.text.language import guess
from claims.text.normalise import folded, normalise, straighten
from claims.web.address import try_parse

QUERIES_MAX = 6
ADDRESSES_MAX = 50
LENGTH_MAX = 300
_TERMS_IN_A_QUERY = 9
_NAMES, _NUMBERS, _PHRASES = 5, 3, 2
_PHRASE_WORDS = range(2, 9)
_WORDS_TO_BE_BROADER = 5
_MOSTLY = 0.7

_QUOTED = re.compile(r'"([^"\n]{3,120})"|(?<!\w)\'([^\'\n]{3,120})\'(?!\w)')
_TOKEN = re.compile(r"\w+(?:[.,]\d+)+|\w+(?:['\-]\w+)*")
_SENTENCE_END = re.compile(r"[.!?:]\s*$|^\s*$")
# Everything is capitalised in German, nothing in scripts without case.
_CAPITALS_MEAN_NAMES = frozenset({"en", "fr", "es", "und", ""})

# Small words, and words that only say that somebody says so: they are in every report.
_SMALL = {
    "en": "the a an and or but nor if of to in on at by for from with without as is are was were "
    "be been being has have had do does did not no it its this that these those he she they his "
    "her their them we our you your i who whom which what when where why how than then there "
    "here will would can could may might should must also about after before between during "
    "over under into out up down off again more most some any all both each other such only own "
    "same so too very just because since until while against through per via said says say "
    "saying according reportedly report reports reported claims claim claimed alleged allegedly "
    "apparently told tells cited citing source sources news website statement believed",
    "fr": "le la les l d de des du un une et ou mais ni si à au aux en dans par pour sur sous "
    "avec sans comme est sont était étaient être été a ont avait avaient ne pas plus ce cet cette "
    "ces il elle ils elles on nous vous je qui que quoi dont où quand son sa ses leur leurs se "
    "aussi après avant entre pendant depuis selon dit disent affirme affirmé rapporte source "
    "sources prétendument apparemment déclaré annoncé car",
    "es": "el la los las un una unos unas y o pero ni si de del al a en con por para sobre sin "
    "como es son era eran ser sido ha han había no más este esta estos estas ese esa que quien "
    "cual cuando donde su sus se lo le les nos también después antes entre durante desde según "
    "dijo dicen dice afirma afirmó informó fuente fuentes supuestamente porque",
    "de": "der die das den dem des ein eine einer eines einem einen und oder aber wenn von zu zum "
    "zur mit ohne als auch ist sind war waren sein hat haben hatte nicht kein keine es er sie wir "
    "ihr sich dass für auf in im am an bei nach vor über unter aus um wie wird werden wurde "
    "wurden laut sagte sagt angeblich offenbar berichtet quelle quellen weil",
    "ar": "في من على إلى عن مع أن إن كان كانت هذا هذه ذلك تلك التي الذي الذين هو هي هم ما لا لم "
    "لن قد كما بعد قبل بين حتى ثم أو و أي كل بعض غير عند منذ خلال حول قال قالت وقال وقالت أفاد "
    "أفادت ذكر ذكرت وفقا نقلا بحسب حسب يقال ويقال يعتقد مصدر مصادر تقرير",
    "he": "של את על אל עם כי אם לא כן הוא היא הם הן זה זו זאת אלה אשר יש אין היה היתה היו גם רק "
    "כל עוד או אך אבל מן בין לפני אחרי תחת לפי כך נטען אמר אמרה אמרו דווח מקור מקורות מסר דיווח "
    "טען טוען",
}
_STOP = {language: frozenset(map(folded, words.split())) for language, words in _SMALL.items()}
_ANY_STOP = frozenset().union(*_STOP.values())


class Kind(StrEnum):
    """What a term is; names and numbers tell a story from another better than words do."""

    PHRASE = "phrase"
    NAME = "name"
    NUMBER = "number"
    WORD = "word"


@dataclass(frozen=True, slots=True)
class Term:
    """One thing to look for, as it is written."""

    text: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked of a provider: ``"exact words" Names 2020 words``, and why it is asked."""

    text: str
    language: str = ""
    why: str = ""

    @property
    def address(self) -> str:
        """The page itself, where somebody asked for one by its address; else empty."""
        found = try_parse(self.text)
        return found.url if found is not None else ""

    def as_json(self) -> dict[str, Any]:
        return {"text": self.text, "language": self.language, "why": self.why}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Query":
        return cls(stored["text"], stored.get("language", ""), stored.get("why", ""))


def build(words: str, *, language: str = "", headline: str = "") -> tuple[Query, ...]:
    """Up to four queries for a claim, the narrowest first; none for words that say nothing.

    *headline* is the headline of the article the claim was taken from: those who repeat a story
    repeat it first.
    """
    language = language or guess(words)
    said = terms(words, language=language)
    found = [
        Query(_written(_narrow(said)), language, "exact words, names and numbers"),
        Query(_written(_wide(said)), language, "the words of the claim"),
        Query(
            _written(_wide(terms(headline, language=language))),
            language,
            "the headline of its article",
        ),
        Query(_written(_broad(said)), language, "fewer words, to find other wordings"),
    ]
    return _apart(query for query in found if query.text)


def report_of(name: str, words: str, *, language: str = "") -> Query:
    """What to ask for a cited outlet's own report: its name, and what the claim is about."""
    said = terms(words, language=language or guess(words))
    called = name.split()
    # "the Orle Herald" is how a sentence calls it; The Times and El País are called so.
    while len(called) > 1 and called[0].islower() and folded(called[0]) in _ANY_STOP:
        called = called[1:]
    about = [term for term in _wide(said) if folded(term.text) not in folded(name)]
    return Query(
        f"{' '.join(called)} {_written(about)}"[:LENGTH_MAX].strip(),
        language,
        "the report of an outlet that others cite",
    )


def by_hand(texts: Iterable[str], *, language: str = "") -> tuple[Query, ...]:
    """Queries as a person wrote them; the address of a page asks for that page.

    Each once. How many there may be (``QUERIES_MAX`` and ``ADDRESSES_MAX``) is for the caller.
    """
    return _apart(Query(" ".join(text.split()), language, "asked by hand") for text in texts)


def terms(text: str, *, language: str = "") -> tuple[Term, ...]:
    """What is worth looking for in *text*, in its order, each once; also reads a query back."""
    plain = straighten(normalise(text).text)
    quoted = [
        Term(" ".join((match[1] or match[2]).split()), Kind.PHRASE)
        for match in _QUOTED.finditer(plain)
        if len((match[1] or match[2]).split()) in _PHRASE_WORDS
    ]
    stop = _STOP.get(language, _ANY_STOP)
    tokens = [match for match in _TOKEN.finditer(plain) if _tells(match[0], stop)]
    capitals = language in _CAPITALS_MEAN_NAMES and not _title_case(tokens)
    single = [Term(match[0], _kind(match[0], capitals=capitals)) for match in tokens]
    seen: dict[str, Term] = {}
    for term in (*quoted, *single):
        seen.setdefault(folded(term.text), term)
    return tuple(seen.values())


def _tells(word: str, stop: frozenset[str]) -> bool:
    bare = folded(word)
    if bare in stop:
        return False
    return any(char.isdigit() for char in bare) or len(bare) > (2 if bare.isascii() else 1)


def _title_case(tokens: "list[re.Match[str]]") -> bool:
    """Whether nearly every word has a capital, as in some headlines: then they tell nothing."""
    words = [match[0] for match in tokens if match[0][0].isalpha()]
    capital = sum(word[0].isupper() for word in words)
    return len(words) >= _WORDS_TO_BE_BROADER and capital > _MOSTLY * len(words)


def _kind(word: str, *, capitals: bool) -> Kind:
    if any(char.isdigit() for char in word):
        return Kind.NUMBER
    return Kind.NAME if capitals and word[0].isupper() else Kind.WORD


def _of(found: Iterable[Term], *kinds: Kind) -> Iterator[Term]:
    return (term for term in found if term.kind in kinds)


def _narrow(found: tuple[Term, ...]) -> list[Term]:
    phrases = list(_of(found, Kind.PHRASE))[:_PHRASES]
    quoted = " ".join(folded(term.text) for term in phrases).split()
    names = [term for term in _of(found, Kind.NAME) if folded(term.text) not in quoted]
    numbers = list(_of(found, Kind.NUMBER))[:_NUMBERS]
    if not phrases and len(names) + len(numbers) < _PHRASES:
        return _wide(found)
    return [*phrases, *names[:_NAMES], *numbers]


def _wide(found: tuple[Term, ...]) -> list[Term]:
    """Names and numbers first in choosing, but written in the order they were said."""
    single = list(_of(found, Kind.NAME, Kind.NUMBER, Kind.WORD))
    telling = list(_of(single, Kind.NAME))[:_NAMES] + list(_of(single, Kind.NUMBER))[:_NUMBERS]
    words = [term for term in single if term.kind is Kind.WORD]
    chosen = set(telling + words[: _TERMS_IN_A_QUERY - len(telling)])
    return [term for term in single if term in chosen]


def _broad(found: tuple[Term, ...]) -> list[Term]:
    """Two names and the two longest words; nothing where that would leave nothing out."""
    if len([term for term in found if term.kind is not Kind.PHRASE]) < _WORDS_TO_BE_BROADER:
        return []
    names = list(_of(found, Kind.NAME))[:2]
    words = sorted(_of(found, Kind.WORD), key=lambda term: -len(term.text))[: 4 - len(names)]
    return [*names, *words]


def _written(chosen: Iterable[Term]) -> str:
    quoted = (f'"{term.text}"' if term.kind is Kind.PHRASE else term.text for term in chosen)
    return " ".join(quoted)[:LENGTH_MAX].strip()


def _apart(queries: Iterable[Query]) -> tuple[Query, ...]:
    """Without those that ask for the same page, or for the same words in any order."""
    kept: dict[str | frozenset[str], Query] = {}
    for query in queries:
        kept.setdefault(query.address or frozenset(folded(query.text).split()), query)
    return tuple(kept.values())
