"""How values are written: times, days and names of people."""

from datetime import UTC, date, datetime

from claims.models import User


def stamp(at: datetime | None) -> str | None:
    """RFC 3339 in UTC."""
    if at is None:
        return None
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def day(on: date | None) -> str | None:
    return on.isoformat() if on is not None else None


def person_name(person: User | None) -> str | None:
    """How the desk calls a colleague; a service or somebody erased has no name here."""
    return person.get_username() if person is not None else None
