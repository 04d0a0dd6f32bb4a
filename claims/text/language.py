"""A cheap guess at the language of a text: the same words always give the same answer."""

import re
from collections import Counter

UNKNOWN = "und"
_SAMPLE = 20_000
_WORD = re.compile(r"[^\W\d_]+")
_ARABIC = re.compile("[\u0620-\u064a\u066e-\u06d3\u0750-\u077f]")
_HEBREW = re.compile("[\u05d0-\u05ea]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
# Letters of the Arabic script that Arabic does not use: Persian, Urdu, Pashto, Kurdish.
_NOT_ARABIC = re.compile(
    "[\u067e\u0686\u0698\u06af\u06a9\u06cc\u0679\u0688\u0691\u06ba\u06be\u06d2\u06c6\u06ce]"
)
_FREQUENT = {
    "en": "the of and to in that is was for on with he it as his at by from are were be "
    "this have has had not said but they which who an will would their after been its she "
    "according over",
    "fr": "le la les de des du et à un une en est que qui dans pour au aux sur par pas plus ce "
    "il elle ont été avec son sa ses se ne selon cette mais sont était leur ou nous",
    "es": "el la los las de del y en un una que se por con para su al lo es no como más fue "
    "ha han sus este esta pero según sin sobre entre ya había son dijo también era",
    "de": "der die das und in den von zu mit sich des auf für ist im dem nicht ein eine als auch "
    "es an werden aus er hat dass sie nach wird bei einer um am sind noch wie einem über so zum",
}
_WORDS = {language: frozenset(words.split()) for language, words in _FREQUENT.items()}
# Of languages that share a script the guess says the first alone.
_SCRIPTS = {"ar": "ar", "he": "he", "iw": "he"}
_MARKS = {"fr": "çœêèùëîôâ", "es": "ñ¿¡áíóú", "de": "ßäöü"}


def guess(text: str) -> str:
    """``en``, ``fr``, ``es``, ``ar``, ``he`` or ``de``; ``und`` where the words do not tell.

    Reads the first 20,000 characters. Other languages of these scripts mostly give ``und``.
    """
    sample = text[:_SAMPLE]
    counts = {
        "ar": len(_ARABIC.findall(sample)),
        "he": len(_HEBREW.findall(sample)),
        "latin": len(_LATIN.findall(sample)),
    }
    script = max(counts, key=lambda name: counts[name])
    if not counts[script]:
        return UNKNOWN
    if script == "latin":
        return _latin(sample)
    if script == "ar" and len(_NOT_ARABIC.findall(sample)) * 25 > counts["ar"]:
        return UNKNOWN
    return script


def is_latin(text: str) -> bool:
    """Whether a text has letters, and none but Latin ones."""
    letters = [char for char in text[:_SAMPLE] if char.isalpha()]
    return bool(letters) and all(_LATIN.match(char) for char in letters)


def settled(text: str, *, said: str) -> str:
    """The language of a text that declares one: *said*, unless its words plainly are in another.

    Templates say ``en`` of pages in any language. What cannot be told from the words, and a
    language that the guess cannot know, stays as declared; empty where nothing tells.
    """
    guessed = guess(text)
    if guessed == UNKNOWN:
        return said
    known = said in _WORDS or said in _SCRIPTS
    return guessed if not said or (known and _SCRIPTS.get(said, said) != guessed) else said


def _latin(sample: str) -> str:
    """The language whose small words are the most frequent here; a tie or none is unknown."""
    words = Counter(_WORD.findall(sample.lower()))
    total = sum(words.values())
    scores = {
        language: sum(words[word] for word in frequent)
        + sum(min(3, sample.lower().count(mark)) for mark in _MARKS.get(language, "")) * 0.5
        for language, frequent in _WORDS.items()
    }
    (best, score), (_, second) = sorted(scores.items(), key=lambda item: (-item[1], item[0]))[:2]
    return best if score > second and score >= max(1, total * 0.08) else UNKNOWN
