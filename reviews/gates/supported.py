"""Every sentence stands on evidence or is marked as judgement, and not all of it is judgement."""

from claims.errors import Unmet
from reviews.gates.base import Case


def supported(case: Case) -> Unmet | None:
    if case.finding is None:
        return None
    standing = {str(item.pk) for item in case.cited if item.withdrawn_at is None}
    loose = []
    for number, sentence in enumerate(case.finding.sentences, start=1):
        tied = not standing.isdisjoint(sentence["evidence"])
        if not tied and not sentence.get("judgement"):
            loose.append(str(number))
    if loose:
        return Unmet(
            "supported",
            f"No evidence stands behind sentence {', '.join(loose)}.",
            "Tie each sentence to evidence, or mark it as judgement.",
        )
    if not any(not standing.isdisjoint(one["evidence"]) for one in case.finding.sentences):
        return Unmet(
            "supported",
            "The finding is judgement alone.",
            "Tie at least one sentence to evidence.",
        )
    return None
