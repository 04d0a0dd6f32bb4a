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
BY_HAND = "asked by hand"
"""Why a query is asked that a person wrote."""
LENGTH_MAX = 300
_TERMS_IN_A_QUERY = 9
_NAMES, _NUMBERS, _PHRASES = 5, 3, 2
_PHRASE_WORDS = range(2, 9)
_NARROW_NUMBERS, _BESIDE_NAMES, _BESIDE_WORDS = 2, 2, 3
_WORDS_TO_BE_BROADER = 5
_MOSTLY = 0.7

_QUOTED = re.compile(r'"([^"\n]{3,400})"|(?<!\w)\'([^\'\n]{3,400})\'(?!\w)')
_TOKEN = re.compile(r"\w+(?:[.,]\d+)+|\w+(?:['\-\u05f4]\w+)*")
# Every noun has a capital in German, no word in scripts without case.
_CAPITALS_TELL_NOTHING = frozenset({"de", "lb", "ar", "he", "fa", "ur", "ja", "zh", "ko", "hi"})
# Quotation marks inside an abbreviation: they open and close nothing.
_GERSHAYIM = re.compile('(?<=[\u05d0-\u05ea])"(?=[\u05d0-\u05ea](?![\u05d0-\u05ea]))')
# What is written in front of a number in Hebrew ("to-4.1"), and before a name or after it with an
# apostrophe: nobody searches for it.
_BEFORE_NUMBER = re.compile(r"(?<!\w)[\u05d0-\u05ea]{1,2}-(?=\d)")
_ATTACHED = {
    "en": re.compile(r"'s$", re.IGNORECASE),
    "fr": re.compile(r"^(?:[cdjlmnst]|qu|lorsqu|jusqu|puisqu)'", re.IGNORECASE),
    "it": re.compile(r"^(?:[cdlmnstv]|un|all|dall|dell|nell|sull|quest)'", re.IGNORECASE),
    "tr": re.compile(r"'\w+$"),
}
# How large a number is, or of what: read beside it, but no story is found by it.
_UNITS = frozenset(
    "million millions billion billions trillion thousand percent percentage millones millón mil "
    "millions milliard milliards pourcent millionen milliarden prozent milliardi milioni miliardi "
    "milyon milyar yüzde миллион миллиона миллионов миллиард миллиарда миллиардов тысяч процент "
    "процента процентов مليون مليار بالمئة بالمائة بنسبة אחוז אחוזים מיליון מיליארד".split()
)

# Small words, and words that only say that somebody says so: they are in every report.
_SMALL = {
    "en": "the a an and or but nor if of to in on at by for from with without as is are was were "
    "be been being has have had do does did not no it its this that these those he she they his "
    "her their them we our you your i who whom which what when where why how than then there "
    "here will would can could may might should must also about after before between during "
    "over under into out up down off again more most some any all both each other such only own "
    "same so too very just because since until while against through per via said says say "
    "saying according reportedly report reports reported claims claim claimed alleged allegedly "
    "apparently told tells cited citing source sources news website statement believed breaking",
    "fr": "le la les l d de des du un une et ou mais ni si à au aux en dans par pour sur sous "
    "avec sans comme est sont était étaient être été a ont avait avaient ne pas plus ce cet cette "
    "ces il elle ils elles on nous vous je qui que quoi dont où quand son sa ses leur leurs se "
    "aussi après avant entre pendant depuis selon dit disent affirme affirmé rapporte source "
    "sources prétendument apparemment déclaré annoncé car lors aucun aucune contre indique",
    "es": "el la los las un una unos unas y o pero ni si de del al a en con por para sobre sin "
    "como es son era eran ser sido ha han había no más este esta estos estas ese esa que quien "
    "cual cuando donde su sus se lo le les nos también después antes entre durante desde según "
    "dijo dicen dice afirma afirmó informó fuente fuentes supuestamente porque",
    "de": "der die das den dem des ein eine einer eines einem einen und oder aber wenn von zu zum "
    "zur mit ohne als auch ist sind war waren sein hat haben hatte nicht kein keine es er sie wir "
    "ihr sich dass für auf in im am an bei nach vor über unter aus um wie wird werden wurde "
    "wurden laut sagte sagt angeblich offenbar berichtet quelle quellen weil werde "
    "würde worden sei seien hieß heißt",
    "ar": "في من على إلى عن مع أن إن كان كانت هذا هذه ذلك تلك التي الذي الذين هو هي هم ما لا لم "
    "لن قد كما بعد قبل بين حتى ثم أو و أي كل بعض غير عند منذ خلال حول قال قالت وقال وقالت أفاد "
    "أفادت ذكر ذكرت وفقا نقلا بحسب حسب يقال ويقال يعتقد مصدر مصادر تقرير أنه أنها إنه إنها أعلن "
    "أعلنت أكد أكدت بنسبة عام فيديو",
    "he": "של את על אל עם כי אם לא כן הוא היא הם הן זה זו זאת אלה אשר יש אין היה היתה היו גם רק "
    "כל עוד או אך אבל מן בין לפני אחרי תחת לפי כך נטען אמר אמרה אמרו דווח מקור מקורות מסר דיווח "
    "טען טוען עד",
    "tr": "ve veya ama fakat ile için bir bu şu o da de ki mi mı mu mü gibi göre kadar daha en "
    "çok her hiç ne olarak olan oldu olduğu olduğunu var yok değil sonra önce iddia edildi "
    "ediliyor etti ediyor söyledi söylendi dedi açıkladı belirtti bildirdi haber kaynak",
    "ru": "и в во на с со к ко о об от до из за по для при без под над у не ни но а или что чтобы "
    "как так это этот эта эти тот та те он она они оно мы вы я его её их был была было были есть "
    "будет уже ещё также после перед между около более менее году года год данным словам заявил "
    "заявила заявили сообщил сообщила сообщили сообщает сказал сказала рассказал якобы источник "
    "источники согласно результате",
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
    return _apart(Query(" ".join(text.split()), language, BY_HAND) for text in texts)


def terms(text: str, *, language: str = "") -> tuple[Term, ...]:
    """What is worth looking for in *text*, in its order, each once; also reads a query back."""
    plain = _GERSHAYIM.sub("\u05f4", straighten(normalise(text).text))
    quoted = [
        Term(" ".join(words[: _PHRASE_WORDS[-1]]), Kind.PHRASE)
        for words in ((match[1] or match[2]).split() for match in _QUOTED.finditer(plain))
        if len(words) >= _PHRASE_WORDS[0]
    ]
    stop = _STOP.get(language, _ANY_STOP)
    attached = _ATTACHED.get(language)
    bare = _BEFORE_NUMBER.sub("", plain)
    every = (match[0] for match in _TOKEN.finditer(bare))
    loose = (attached.sub("", word) if attached else word for word in every)
    shouted = plain.isupper()
    tokens = [word for word in loose if _tells(word, stop, shouted=shouted)]
    capitals = not (language in _CAPITALS_TELL_NOTHING or shouted or _title_case(tokens))
    single = [
        Term(word, _kind(word, before=following, capitals=capitals))
        for word, following in zip(tokens, [*tokens, ""][1:], strict=True)
    ]
    seen: dict[str, Term] = {}
    for term in (*quoted, *single):
        seen.setdefault(folded(term.text), term)
    return tuple(seen.values())


def _tells(word: str, stop: frozenset[str], *, shouted: bool) -> bool:
    bare = folded(word)
    # "EU", "UN" and "UK" are names however short; "is" in capitals among capitals is none.
    if len(word) == 2 and word.isascii() and word.isupper() and not shouted:  # noqa: PLR2004
        return True
    if bare in stop:
        return False
    return any(char.isdigit() for char in bare) or len(bare) > (2 if bare.isascii() else 1)


def _title_case(tokens: list[str]) -> bool:
    """Whether nearly every word has a capital, as in some headlines: then they tell nothing."""
    words = [word for word in tokens if word[0].isalpha()]
    capital = sum(word[0].isupper() for word in words)
    return len(words) >= _WORDS_TO_BE_BROADER and capital > _MOSTLY * len(words)


def _kind(word: str, *, before: str, capitals: bool) -> Kind:
    # One digit alone is in every report; "3 million" is not.
    if len(word) == 1 and word.isdigit() and before.lower() not in _UNITS:
        return Kind.WORD
    if any(char.isdigit() for char in word):
        return Kind.NUMBER
    return Kind.NAME if capitals and word[0].isupper() else Kind.WORD


def _of(found: Iterable[Term], *kinds: Kind) -> Iterator[Term]:
    return (term for term in found if term.kind in kinds)


def _narrow(found: tuple[Term, ...]) -> list[Term]:
    """What was said word for word, of whom, and how many; beside it what it was about.

    Numbers alone find everything, so nothing is asked where there is neither phrase nor name.
    """
    phrases = list(_of(found, Kind.PHRASE))[:_PHRASES]
    quoted = " ".join(folded(term.text) for term in phrases).split()
    single = [term for term in found if folded(term.text) not in quoted]
    names = list(_of(single, Kind.NAME))[:_NAMES]
    if not (phrases or names):
        return []
    numbers = list(_of(single, Kind.NUMBER))[:_NARROW_NUMBERS]
    beside = 0 if phrases and names else _BESIDE_NAMES if names else _BESIDE_WORDS
    return [*phrases, *_in_order({*names, *numbers, *_telling(single, beside)}, single)]


def _wide(found: tuple[Term, ...]) -> list[Term]:
    """Names and numbers first in choosing, but written in the order they were said."""
    single = list(_of(found, Kind.NAME, Kind.NUMBER, Kind.WORD))
    chosen = {*list(_of(single, Kind.NAME))[:_NAMES], *list(_of(single, Kind.NUMBER))[:_NUMBERS]}
    chosen.update(_telling(single, _TERMS_IN_A_QUERY - len(chosen)))
    return _in_order(chosen, single)


def _broad(found: tuple[Term, ...]) -> list[Term]:
    """Two names and the two longest words; nothing where that would leave nothing out."""
    if len([term for term in found if term.kind is not Kind.PHRASE]) < _WORDS_TO_BE_BROADER:
        return []
    names = list(_of(found, Kind.NAME))[:2]
    return [*names, *_telling(found, 4 - len(names))]


def _in_order(chosen: set[Term], found: Iterable[Term]) -> list[Term]:
    """Those chosen as they were said, each number with its "million"."""
    written: list[Term] = []
    before: Term | None = None
    for term in found:
        counts = before is not None and before.kind is Kind.NUMBER and before in chosen
        if term in chosen or (counts and term.text.lower() in _UNITS):
            written.append(term)
        before = term
    return written


def _telling(found: Iterable[Term], many: int) -> list[Term]:
    """The longest words: short ones are in every report, and so are those of amounts."""
    words = [term for term in _of(found, Kind.WORD) if term.text.lower() not in _UNITS]
    return sorted(words, key=lambda term: -len(term.text))[: max(many, 0)]


def _written(chosen: Iterable[Term]) -> str:
    quoted = (f'"{term.text}"' if term.kind is Kind.PHRASE else term.text for term in chosen)
    return " ".join(quoted)[:LENGTH_MAX].strip()


def _apart(queries: Iterable[Query]) -> tuple[Query, ...]:
    """Without those that ask for the same page, or for the same words in any order."""
    kept: dict[str | frozenset[str], Query] = {}
    for query in queries:
        kept.setdefault(query.address or frozenset(folded(query.text).split()), query)
    return tuple(kept.values())
