"""What a run is made of: its kinds of work, and how long they may take."""

from datetime import datetime, timedelta

from claims.models import CoverageRun

ASK = "coverage.ask"
FETCH = "coverage.fetch"
FOLLOW = "coverage.follow"
TRACE = "claim.trace"
# Nothing of a run lives longer than this, however many pages it has.
RUN_LIMIT = timedelta(minutes=10)
# What fails later than this is not tried again: with the limits of one attempt, retries are
# over 45 seconds after the start.
RETRY_FOR = timedelta(seconds=30)


def retry_until(run: CoverageRun) -> datetime | None:
    """After this moment what fails is not tried again."""
    return run.deadline - RUN_LIMIT + RETRY_FOR if run.deadline is not None else None
