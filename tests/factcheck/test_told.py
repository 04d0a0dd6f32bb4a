"""What ./desk check prints of an article reads as people would say it."""

from typing import Any

from factcheck.told import tables


def edge(number: int, source: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"id": f"e{number}", "source": source, "kind": kind, **more}


def test_who_is_named_again_is_told_once_and_a_pronoun_by_its_name() -> None:
    told = {
        "article": {
            "title": "Doors", "outlet": "", "published": "", "language": "en", "characters": 9,
        },
        "claims": [
            {
                "text": "The doors hold by luck",
                "attributions": ["e3", "e1", "e2"],
                "claimant": "Anna Strand",
                "appearances": [],
                "checkworthiness": {"score": 0.2},
            }
        ],
        "left_out": [],
        "attributions": [
            edge(1, "the Kell Herald", "outlet"),
            edge(2, "she", "person", resolves_to="Anna Strand"),
            edge(3, "the newspaper", "outlet", same_as="e1", resolves_to="the Kell Herald"),
        ],
        "coverage": {"run": {}, "items": []},
        "summary_without_coverage": {},
        "summary": {"headline": "", "articles": 0},
    }  # fmt: skip

    shown = tables(told)

    assert "on the word of: the Kell Herald (outlet) ← Anna Strand (person)" in shown
