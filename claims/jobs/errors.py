"""Why a job did not come to its end.

JobError
├── Again    try later: the cause may pass (counts as an attempt)
├── Later    nothing was tried yet: somebody else comes first (counts as none)
├── GaveUp   no use trying again
└── Fenced   the job is no longer this worker's: write nothing
"""

from datetime import datetime


class JobError(Exception):
    """Why a job did not come to its end, as a code and a sentence for people."""

    def __init__(self, code: str, cause: str) -> None:
        super().__init__(cause)
        self.code = code
        self.cause = cause


class Again(JobError):
    """The cause may pass. ``after``: not before so many seconds; ``until``: not after."""

    def __init__(
        self, code: str, cause: str, *, after: float = 0, until: datetime | None = None
    ) -> None:
        super().__init__(code, cause)
        self.after = after
        self.until = until


class Later(JobError):
    """Nothing was tried: it is not this job's turn. ``after`` seconds it may be."""

    def __init__(self, code: str, cause: str, *, after: float) -> None:
        super().__init__(code, cause)
        self.after = after


class GaveUp(JobError):
    """Trying again would come to the same."""


class Fenced(JobError):
    """Somebody else has the job now, or nobody wants it any more."""

    def __init__(self) -> None:
        super().__init__("fenced", "This work was taken over; what came late is not written.")
