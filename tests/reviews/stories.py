"""How claims get anywhere in tests: by the same verbs that people use."""

from collections.abc import Sequence

from claims.models import Actor, Claim, Evidence
from reviews.models import Publication, Review, Verdict
from reviews.publishing.release import living_publication
from reviews.queue import lease
from reviews.rounds import newest
from reviews.verdicts import finding as texts
from reviews.verdicts import rate
from reviews.verdicts.finding import Sentence, Text
from reviews.workflow.step import Wish
from reviews.workflow.transition import transition
from tests import factories


def text(evidence: Sequence[Evidence] = (), *, headline: str = "What we found") -> Text:
    cited = tuple(str(item.pk) for item in evidence)
    return Text(
        headline=headline,
        answer="The desk found this.",
        sentences=(Sentence("One sentence.", cited, judgement=not cited),),
    )


def sent_to_review(claim: Claim | None = None, *, by: Actor | None = None) -> Claim:
    factories.scale()
    claim = claim or factories.claim(author=factories.contributor())
    return transition(claim, "start_checking", by=by or factories.contributor())


def reviewed(
    claim: Claim, by: Actor, rating: str = "unproven", *, evidence: Sequence[Evidence] = ()
) -> Review:
    """Take the next free seat and hand in a review; the lead's holds a finding."""
    seat = lease.take(claim, by=by).seat
    return rate.submit(
        claim,
        rate.Rated(
            rating=rating,
            reason="Because of what we saw.",
            evidence=[str(item.pk) for item in evidence],
            text=text(evidence) if seat == "first" else None,
        ),
        by=by,
    )


def settled(
    claim: Claim | None = None,
    *,
    rating: str = "unproven",
    people: tuple[Actor, Actor] | None = None,
    evidence: Sequence[Evidence] | None = None,
) -> Claim:
    """In checking, both reviews in and equal, the text agreed: ready to publish."""
    claim = sent_to_review(claim)
    lead, second = people or (factories.reviewer(), factories.reviewer())
    cited = [factories.evidence(claim)] if evidence is None else list(evidence)
    reviewed(claim, lead, rating, evidence=cited)
    reviewed(claim, second, rating, evidence=cited)
    texts.agree(claim, by=second)
    claim.refresh_from_db()
    return claim


def settled_with(claim: Claim, evidence: Sequence[Evidence]) -> Claim:
    """A claim in review, judged on this evidence and published."""
    lead, second = factories.reviewer(), factories.reviewer()
    reviewed(claim, lead, evidence=evidence)
    reviewed(claim, second, evidence=evidence)
    texts.agree(claim, by=second)
    return transition(claim, "publish", by=factories.editor())


def published(claim: Claim | None = None, *, by: Actor | None = None, **how: object) -> Claim:
    claim = settled(claim, **how)  # type: ignore[arg-type]
    return transition(claim, "publish", by=by or factories.editor())


def reopened(claim: Claim | None = None) -> Claim:
    claim = claim or published()
    return transition(claim, "reopen", by=factories.editor(), wish=Wish(reason="New facts."))


def verdict_of(claim: Claim) -> Verdict:
    round_ = newest(claim)
    assert round_ is not None
    return round_.verdict


def living(claim: Claim) -> Publication:
    publication = living_publication(claim)
    assert publication is not None
    return publication
