"""Citing evidence: only what is there, of this claim, and not withdrawn."""

import uuid
from collections.abc import Sequence

from claims.errors import Invalid, Problem
from claims.models import Claim, Evidence

CITED_MAX = 200


def cited_evidence(claim: Claim, ids: Sequence[str], *, pointer: str) -> list[Evidence]:
    """The evidence with these ids, in their order, each once; refuses what cannot be cited."""
    if len(ids) > CITED_MAX:
        raise Invalid.at(pointer, f"Cite at most {CITED_MAX} pieces of evidence.")
    there = {
        str(item.pk): item
        for item in Evidence.objects.filter(
            claim=claim, pk__in=filter(_is_uuid, ids)
        ).select_related("capture")
    }
    found: dict[str, Evidence] = {}
    problems = []
    for position, key in enumerate(ids):
        item = there.get(str(key).lower())
        at = f"{pointer}/{position}"
        if item is None:
            problems.append(Problem(at, "There is no such evidence on this claim."))
        elif item.withdrawn_at is not None:
            problems.append(Problem(at, f"“{item.title}” was withdrawn and cannot be cited."))
        else:
            found[str(item.pk)] = item
    if problems:
        raise Invalid("Some of the cited evidence cannot be cited.", problems=problems)
    return list(found.values())


def _is_uuid(value: object) -> bool:
    try:
        uuid.UUID(str(value))
    except ValueError:
        return False
    return True
