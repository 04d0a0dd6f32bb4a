"""What can go wrong outside, in plain words.

FetchError        no answer that could be kept; ``code`` for machines, ``message`` for people
├── Refused       the guard let nothing out; one message, whatever the address was
└── NoNames       the machine's resolver could not be asked; it may answer later
BadAddress        these words are no web address
Unreadable        the bytes came, but reading them was stopped
"""

# One sentence for every refusal: a submitter must not learn from it which hosts or ports
# answer inside the house, nor which internal names exist.
REFUSAL = (
    "This address cannot be fetched. Only public web pages can: http or https on the usual port, "
    "without a user name in the address, on a host that the public internet knows."
)


class FetchError(Exception):
    """Nothing came back that could be kept."""

    def __init__(self, code: str, message: str, *, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.retry_after = retry_after


class Refused(FetchError):
    """The guard's no. ``reason`` is for logs and tests, never for whoever sent the address."""

    def __init__(self, reason: str) -> None:
        super().__init__("address_refused", REFUSAL)
        self.reason = reason


class NoNames(FetchError):
    """Nobody could say where the host is: that is about this machine's network, not its name."""

    def __init__(self) -> None:
        super().__init__("dns", "Names of hosts cannot be looked up at the moment.")


class BadAddress(ValueError):
    """What was given is no web address."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Unreadable(Exception):
    """Reading was stopped: ``too_slow``, ``too_big``, ``crashed`` or ``broken``."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
