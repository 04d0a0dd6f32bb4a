"""The reader behind `./desk measure attribution`: cases in, edges under their public names out."""

from collections.abc import Mapping
from typing import Any

from claims.provenance.attribution.reader import read


def to_measure(document: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """``{"cases": [{"id", "lang", "text"}]}`` → ``{id: [edge, …]}``, as the contract names it.

    A case without ``lang`` is read in the language its words seem to be in; one without text,
    or whose text is no string, has no edges; one without ``id`` goes by its place ("0", "1" …).
    """
    cases = document.get("cases")
    answers: dict[str, list[dict[str, Any]]] = {}
    for place, case in enumerate(cases if isinstance(cases, list) else []):
        if not isinstance(case, Mapping):
            continue
        text, language = case.get("text"), case.get("lang")
        edges = read(
            text if isinstance(text, str) else "",
            language=language if isinstance(language, str) else "",
        )
        answers[str(case.get("id", place))] = [edge.as_json() for edge in edges]
    return answers
