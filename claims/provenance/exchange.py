"""Reads provenance graphs handed in as JSON, and answers with their counts."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from claims.provenance.origins import Article, Edge, Source, count

_Made = TypeVar("_Made", Article, Source, Edge)

_TEXT: tuple[type, ...] = (str,)
_FLAG: tuple[type, ...] = (bool,)


def measure(document: object) -> dict[str, dict[str, Any]]:
    """Count each graph of ``{"graphs": [{"id", "articles", "sources", "edges"}]}``.

    Answers ``{id: summary}``. Raises ValueError with one sentence that says where what is wrong.
    """
    answers: dict[str, dict[str, Any]] = {}
    for number, graph in enumerate(_list(_mapping(document, "the input"), "graphs", "the input")):
        where = f"graph {number + 1}"
        fields = _mapping(graph, where)
        name = _text(fields, "id", where)
        if name in answers:
            raise ValueError(f"{where}: the id {name!r} was used before.")
        where = f"graph {name!r}"
        try:
            summary = count(
                _read(fields, "articles", where, _article),
                _read(fields, "sources", where, _source),
                _read(fields, "edges", where, _edge),
            )
        except ValueError as wrong:
            told = str(wrong)
            raise ValueError(told if told.startswith(where) else f"{where}: {told}") from None
        answers[name] = summary.as_json()
    return answers


def _article(fields: Mapping[str, Any], where: str) -> Article:
    return Article(
        id=_text(fields, "id", where),
        outlet=_value(fields, "outlet", where, _TEXT) or "",
        owner=_value(fields, "owner", where, _TEXT) or "",
        retracted=bool(_value(fields, "retracted", where, _FLAG)),
    )


def _source(fields: Mapping[str, Any], where: str) -> Source:
    return Source(
        id=_text(fields, "id", where),
        kind=_text(fields, "kind", where),
        label=_value(fields, "label", where, _TEXT) or "",
        first_hand=_value(fields, "first_hand", where, _FLAG),
        retracted=bool(_value(fields, "retracted", where, _FLAG)),
        speaks_for=_value(fields, "speaks_for", where, _TEXT) or "",
    )


def _edge(fields: Mapping[str, Any], where: str) -> Edge:
    return Edge(
        source=_text(fields, "from", where),
        target=_text(fields, "to", where),
        type=_text(fields, "type", where),
        is_denial=bool(_value(fields, "is_denial", where, _FLAG)),
        status=_value(fields, "status", where, _TEXT) or "confirmed",
    )


def _read(
    fields: Mapping[str, Any],
    name: str,
    where: str,
    make: Callable[[Mapping[str, Any], str], _Made],
) -> list[_Made]:
    """Entries of one list; a graph that names no sources or edges has none."""
    if name != "articles" and fields.get(name) is None:
        return []
    made = []
    for number, entry in enumerate(_list(fields, name, where)):
        place = f"{where}, {name} {number + 1}"
        made.append(make(_mapping(entry, place), place))
    return made


def _mapping(value: object, where: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"{where} is not a JSON object.")  # noqa: TRY004 - one error for bad input
    return value


def _list(fields: Mapping[str, Any], name: str, where: str) -> list[Any]:
    value = fields.get(name)
    if not isinstance(value, list):
        raise ValueError(f"{where}: {name!r} is not a list.")  # noqa: TRY004 - as above
    return value


def _text(fields: Mapping[str, Any], name: str, where: str) -> str:
    value = _value(fields, name, where, _TEXT)
    if not value:
        raise ValueError(f"{where}: {name!r} is missing.")
    return str(value)


def _value(fields: Mapping[str, Any], name: str, where: str, types: tuple[type, ...]) -> Any:
    """One optional value; None, like absence, means that nothing was said."""
    value = fields.get(name)
    if value is not None and not isinstance(value, types):
        wanted = " or ".join(kind.__name__ for kind in types)
        raise ValueError(f"{where}: {name!r} is not a {wanted}.")
    return value
