"""What the buttons of the claim page do: each names one verb."""

from claims.admin.acts import Act
from reviews.admin.acts import ahead, chain, coverage, evidence, judging, published, replies, words
from reviews.admin.acts.ahead import may_transition

__all__ = ["ACTS", "UNCHECKED", "may_transition"]

ACTS: dict[str, Act] = {
    **words.ACTS,
    **chain.ACTS,
    **coverage.ACTS,
    **evidence.ACTS,
    **replies.ACTS,
    **judging.ACTS,
    **ahead.ACTS,
    **published.ACTS,
}
# Drafts are for whoever may review; nothing in them is checked before they are submitted.
UNCHECKED = frozenset({"save_draft"})
