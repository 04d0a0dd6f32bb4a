"""Why a passage is no candidate: each reason a sentence that people read on the desk."""

# ruff: noqa: PLR2004 - counts of a few words; a name for each would hide the grammar

from collections.abc import Sequence

from claims.extraction.said import has_verb
from claims.extraction.wording import Wording, words_in
from claims.text.attributed import Attribution
from claims.text.normalise import straighten

_LONGEST = 1_500
_SHORTEST = 3
_SCRIPTS_OF_FEW_WORDS = frozenset(["ar", "he"])

DENIAL = "A denial: evidence about a claim, not a claim of its own."
_BLOCKS = {
    "dateline": "A dateline: it says when the text appeared, not what happened.",
    "byline": "A byline or credit: it says who wrote or supplied the text.",
    "cross_head": "A cross-head: it announces what the next paragraph says.",
}


def reason_for_block(role: str) -> str:
    """Why a block of this role is left out, or an empty string."""
    return _BLOCKS.get(role, "")


def reason_for_sentence(text: str, edges: Sequence[Attribution], words: Wording) -> str:
    """Why a whole sentence is left out, or an empty string."""
    if len(text) > _LONGEST:
        return "Too long to be one assertion: mark the passage that should be checked."
    plain = straighten(text).strip()
    if plain.rstrip("\"')").endswith(("?", "؟")):
        return "A question: it asserts nothing."
    if words.has("imperative", text):
        return "A notice to the reader, not a statement about the world."
    if words.has("refusal", text):
        return "It says that somebody did not answer: kept for the record, nothing to check."
    roots = [edge for edge in edges if edge.from_id == "article"]
    if roots and roots[0].is_denial and not any(not edge.is_denial for edge in edges):
        return DENIAL
    return ""


def reason(passage: str, words: Wording, *, reported: bool = False) -> str:
    """Why one assertion is left out, or an empty string; ``reported``: it rests on somebody."""
    found = words_in(passage)
    if len(found) < _SHORTEST:
        return "Too short to say something that could be checked."
    if passage.rstrip("\"' ”").endswith(("?", "؟")):
        return "A question: it asserts nothing."
    if words.has("opinion", passage):
        return "An opinion or a demand: nobody can find out whether it is so."
    if _evaluates(passage, words):
        return "An evaluation: it judges, and gives no fact that could be checked."
    if words.predicts(passage) or (not reported and words.has("plan", passage)):
        return "A prediction or a plan: whether it is so cannot be known yet."
    if not has_verb(found, words):
        return "Not a full statement: it has no verb."
    return ""


def _evaluates(passage: str, words: Wording) -> bool:
    """Whether the passage says no more than that something is good, bad or ugly."""
    if any(char.isdigit() for char in passage):
        return False
    verb = words.find("copula", passage)
    if verb is None:
        return False
    judged = words.find("evaluation", passage, verb.end())
    if judged is None:
        return False
    return (
        len(words_in(passage[verb.end() : judged.start()])) <= 3
        and len(words_in(passage[judged.end() :])) <= 5
    )
