"""What the rules that read links are called on the page."""

import json
from pathlib import Path

from claims.provenance.attribution import to_measure
from claims.provenance.copies import Kind, Label
from reviews.admin.parts.rules import NAMES, mark_names, rule_name

_LABELLED = Path(__file__).parents[2] / "claims" / "provenance"


def test_every_rule_that_reads_our_labelled_texts_has_a_name() -> None:
    cases = [
        case
        for path in _LABELLED.glob("attribution_*.json")
        for case in json.loads(path.read_text(encoding="utf-8"))["cases"]
    ]

    rules = {edge["rule"] for edges in to_measure({"cases": cases}).values() for edge in edges}

    assert rules - NAMES.keys() == set()


def test_every_label_of_a_copy_has_a_name() -> None:
    unlinked = {
        Label[kind.name] for kind in (Kind.COMMON_SOURCE, Kind.INCIDENTAL, Kind.INDEPENDENT)
    }

    assert {f"compared: {label}" for label in set(Label) - unlinked} <= NAMES.keys()


def test_an_inherited_link_says_so_and_by_which_rule() -> None:
    assert rule_name("inherited: reported_that") == (
        "from the report the story rests on: somebody reported it"
    )


def test_a_rule_of_an_older_version_is_shown_as_it_is_kept() -> None:
    assert rule_name("some older rule") == "some older rule"


def test_what_two_texts_share_is_told_as_what_it_is() -> None:
    assert mark_names(["mistake: goverment", "figure: 1437"]) == (
        "the mistake “goverment”, the figure 1437"
    )
    assert mark_names([]) == ""
