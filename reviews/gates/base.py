"""What a gate is, and what it looks at."""

from collections.abc import Callable
from dataclasses import dataclass

from claims.errors import Unmet
from claims.models import Claim, Evidence, User
from reviews.models import Finding, Round, Verdict
from reviews.rounds import cited_in, newest
from reviews.stage import present_finding


@dataclass(frozen=True, slots=True)
class Case:
    """Everything that speaks for or against publishing a claim now."""

    claim: Claim
    publisher: User | None
    round: Round | None
    verdict: Verdict | None
    finding: Finding | None
    cited: tuple[Evidence, ...]


# A gate looks and answers: nothing if all is well, else what is missing and what to do.
Gate = Callable[[Case], Unmet | None]


def case_of(claim: Claim, publisher: User | None) -> Case:
    """The case as it stands; the claim row is locked where the answer is acted on."""
    round_ = newest(claim)
    if round_ is None or round_.is_void or round_.revealed_at is None:
        return Case(claim, publisher, round_, None, None, ())
    verdict = getattr(round_, "verdict", None)
    finding = present_finding(round_)
    cited = tuple(cited_in(claim, finding)) if finding is not None else ()
    return Case(claim, publisher, round_, verdict, finding, cited)
