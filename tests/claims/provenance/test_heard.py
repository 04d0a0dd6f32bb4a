"""What an article carries of a claim is read once, kept whole, and read anew where it must be."""

import json
from dataclasses import dataclass, replace

import pytest

from claims.provenance.attribution import read
from claims.provenance.carried import wanted
from claims.provenance.heard import hear, heard_as_json, heard_from_json
from claims.text.attributed import Attribution

CLAIM = wanted("The bridge over the Orle was closed on Monday.", language="en")


@dataclass(frozen=True, slots=True)
class Page:
    id: str
    text: str
    language: str = "en"
    attributions: tuple[Attribution, ...] = ()
    url: str = ""
    content: str = ""


def page(text: str) -> Page:
    return Page("one", text, attributions=read(text, language="en"))


TOLD = page(
    "The Orle bridge was closed on Monday, the Orle Herald reported, citing Dana Wick.\n"
    "First published by Harbour Evening."
)


def test_what_is_kept_is_what_was_heard() -> None:
    heard = hear(CLAIM, [TOLD], before={})["one"]
    assert heard.chains
    assert "orle herald reported citing dana wick" in heard.openings[0]
    assert "first published by harbour evening" in heard.lines
    kept = json.loads(json.dumps(heard_as_json(heard)))
    assert heard_from_json(kept, heard.read_as) == heard


def test_what_was_heard_before_is_not_read_again() -> None:
    before = hear(CLAIM, [TOLD], before={})
    assert hear(CLAIM, [TOLD], before=before)["one"] is before["one"]


@pytest.mark.parametrize(
    "changed",
    [replace(TOLD, text=f"{TOLD.text}!"), replace(TOLD, attributions=()),
     replace(TOLD, language="fr")],
    ids=["text", "attributions", "language"],
)  # fmt: skip
def test_an_article_that_changed_is_read_again(changed: Page) -> None:
    before = hear(CLAIM, [TOLD], before={})
    after = hear(CLAIM, [changed], before=before)
    assert after["one"] is not before["one"]
    assert after == hear(CLAIM, [changed], before={})


def test_another_claim_is_heard_for_itself() -> None:
    before = hear(CLAIM, [TOLD], before={})
    other = wanted("Harbour Evening is a newspaper.", language="en")
    assert hear(other, [TOLD], before=before) == hear(other, [TOLD], before={})


def test_what_was_kept_in_another_form_is_nothing() -> None:
    assert heard_from_json({}, "") is None
    assert heard_from_json({"chains": [["e1"]], "how": "stated"}, "") is None
