"""A megabyte without a full stop: whatever reads texts comes to an end."""

import pytest

from claims.extraction.candidates import extract
from claims.extraction.layout import read_layout
from claims.provenance import attribution
from claims.provenance.carried import carried, wanted
from claims.provenance.copies import Kind, Text
from claims.provenance.wordings import group

MEGABYTE = 1_000_000
UNITS = {
    "words": ("river bank stone ", MEGABYTE),
    "one word": ("a", MEGABYTE),
    "quotation marks": ('"', MEGABYTE // 10),
    "names": ("Dana Wick of the Orle Herald and ", MEGABYTE // 10),
    "commas": (", ", MEGABYTE // 10),
}


@pytest.fixture(params=UNITS)
def text(request: pytest.FixtureRequest) -> str:
    unit, length = UNITS[request.param]
    return (unit * (length // len(unit) + 1))[:length]


def test_a_sentence_without_an_end_is_read_and_compared(text: str) -> None:
    edges = attribution.read(text, language="en")
    extract(text, language="en", layout=read_layout(text), attributions=edges)
    carried(wanted("The river bank is stone.", language="en"), text, edges, language="en")
    made = group([Text("a", text), Text("b", f"{text} and one more")])
    assert len(made.groups) == (1 if any(r.kind is Kind.COPY for r in made.relations) else 2)
