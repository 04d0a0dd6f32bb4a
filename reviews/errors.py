"""Refusals of the review desk: each says what to do next."""

from claims.errors import Conflict, Invalid


class IllegalTransition(Conflict):
    """The claim is not in a state from which this leads on."""

    code = "illegal_transition"


class NotReady(Conflict):
    """The step exists, but something is still missing; ``unmet`` lists all of it."""

    code = "unmet"


class Leased(Conflict):
    """Somebody holds the seat."""

    code = "leased"


class LeaseRequired(Conflict):
    """A review is written from a seat."""

    code = "lease_required"


class AlreadyReviewed(Conflict):
    """One review per reviewer and round."""

    code = "already_reviewed"


class TooManyAtOnce(Conflict):
    """The reviewer holds as many seats as the policy allows."""

    code = "wip_limit"


class UnknownRating(Invalid):
    """The rating is not one of the round's scale."""
