"""What outsiders rely on stands in docs/reference: an undocumented name fails here."""

import re
from pathlib import Path

import pytest

from claims.ledger.events import Event
from reviews.gates import GATES
from reviews.publishing import document
from reviews.workflow.table import TRANSITIONS

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"


def page(name: str) -> str:
    return (REFERENCE / name).read_text(encoding="utf-8")


def events(base: type[Event] = Event) -> list[type[Event]]:
    return [kind for sub in base.__subclasses__() for kind in (sub, *events(sub))]


@pytest.mark.parametrize("event", events(), ids=lambda event: event.type)
def test_an_event_has_its_row(event: type[Event]) -> None:
    row = next((line for line in page("log.md").splitlines() if f"`{event.type}`" in line), "")
    assert row, event.type
    for field in event.private:
        assert re.search(rf"\b{field}\b", row), field


@pytest.mark.parametrize("gate", GATES, ids=lambda gate: gate.__name__)
def test_a_gate_has_its_row(gate: object) -> None:
    assert f"| `{gate.__name__}` |" in page("workflow.md")  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", TRANSITIONS)
def test_a_transition_has_its_row(name: str) -> None:
    row = next(line for line in page("workflow.md").splitlines() if f"| `{name}` |" in line)
    for role in TRANSITIONS[name].who:
        assert role in row
    assert TRANSITIONS[name].target in row


def test_the_published_document_is_described() -> None:
    source = Path(document.__file__).read_text(encoding="utf-8")
    body = source[source.index("def compose") : source.index("def evidence_json")]
    members = re.findall(r'^        "(\w+)":', body, re.MULTILINE)
    assert len(members) > 15
    for member in members:
        assert f"`{member}`" in page("published.md") or re.search(
            rf"`[^`]*\b{member}\b", page("published.md")
        ), member
