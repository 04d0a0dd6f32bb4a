"""Every cited capture is stored and readable, or it is a contact record, or it is vouched for."""

from django.core.files.storage import default_storage

from claims.errors import Unmet
from claims.models import Evidence
from reviews.gates.base import Case


def captured(case: Case) -> Unmet | None:
    missing = [f"{_name(item)} {why}" for item in case.cited if (why := _what_lacks(item))]
    if not missing:
        return None
    return Unmet(
        "captured",
        "; ".join(missing) + ".",
        "Fetch or upload it again, have what is sealed signed off, or cite something else.",
    )


def _name(item: Evidence) -> str:
    """Its title, but of what is sealed: machines read gates, too."""
    if item.visibility == Evidence.Visibility.SEALED:
        return f"Sealed evidence ({item.get_kind_display().lower()})"
    return f"“{item.title}”"


def _what_lacks(item: Evidence) -> str | None:
    if item.withdrawn_at is not None:
        return "was withdrawn"
    if item.visibility == Evidence.Visibility.SEALED:
        return None if item.signed_off_at is not None else "is sealed and not signed off"
    if item.contact is not None or item.kind == Evidence.Kind.OBSERVATION:
        return None
    if item.capture is None or item.capturing != Evidence.Capturing.STORED:
        return "has no stored copy"
    return None if _is_there(item.capture.storage_key) else "has a copy that cannot be read"


def _is_there(key: str) -> bool:
    try:
        return default_storage.exists(key)
    except OSError:  # A store that does not answer shows nobody a copy.
        return False
