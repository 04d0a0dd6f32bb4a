"""./desk measure answers for any file of cases, and says what is wrong with one in one line."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command


def measured(what: str, cases: Any, tmp_path: Path) -> Any:
    given, answers = tmp_path / "in.json", tmp_path / "out.json"
    given.write_text(json.dumps(cases), encoding="utf-8")
    call_command("measure", what, str(given), str(answers))
    return json.loads(answers.read_text(encoding="utf-8"))


def test_attributions_are_answered_case_by_case(tmp_path: Path) -> None:
    text = "The bridge is closed, the mayor told Dunmere Daily."
    answers = measured(
        "attribution", {"cases": [{"id": "a", "lang": "en", "text": text}]}, tmp_path
    )
    assert answers["a"]
    for edge in answers["a"]:
        start, end = edge["source_span"]
        assert text[start:end] == edge["source"]


def test_addresses_are_judged_without_a_connection(
    tmp_path: Path, stays_on_this_machine: list[str]
) -> None:
    cases = [
        {"id": "in", "url": "http://10.0.0.1/"},
        {"id": "out", "url": "https://paper.example/a"},
        {"id": "null", "url": "https://paper.example/a", "resolves_to": None},
        {"id": "sly", "url": "https://paper.example/", "resolves_to": ["127.0.0.1"]},
        {"id": "bare", "url": "https://paper.example/", "resolves_to": "127.0.0.1"},
    ]
    answers = measured("ssrf", {"cases": cases}, tmp_path)
    assert answers == {
        "in": "block",
        "out": "allow",
        "null": "allow",
        "sly": "block",
        "bare": "block",
    }


def test_a_page_that_cannot_be_unpacked_is_answered_with_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    page = b"<title>Bridge closed</title><article><p>The bridge was closed on Monday.</p>"
    whole = gzip.compress(page)
    for name, body in {"whole": whole, "cut": whole[:-12], "plain": b"x", "none": b""}.items():
        (folder / f"{name}.html.gz").write_bytes(body)
    call_command("measure", "extraction", str(folder), str(tmp_path / "out.json"))
    answers = json.loads((tmp_path / "out.json").read_text())
    assert answers["whole"]["title"] == "Bridge closed"
    nothing = {"articleBody": "", "title": "", "author": "", "date": ""}
    assert all(answers[name] == nothing for name in ("cut", "plain", "none"))


@pytest.mark.parametrize(
    ("what", "body"),
    [
        ("attribution", "not json"),
        ("attribution", "[]"),
        ("attribution", '{"cases": [1]}'),
        ("provenance", '{"graphs": [{"id": 1}]}'),
        ("ssrf", '{"cases": {}}'),
    ],
)
def test_a_wrong_file_is_one_line(tmp_path: Path, what: str, body: str) -> None:
    given = tmp_path / "in.json"
    given.write_text(body)
    with pytest.raises(CommandError) as refused:
        call_command("measure", what, str(given), str(tmp_path / "out.json"))
    assert refused.value.returncode == 2
    assert "\n" not in str(refused.value)
    assert not (tmp_path / "out.json").exists()


def test_a_missing_file_and_a_missing_folder_are_named(tmp_path: Path) -> None:
    for what in ("attribution", "extraction"):
        with pytest.raises(CommandError, match="nowhere"):
            call_command("measure", what, str(tmp_path / "nowhere"), str(tmp_path / "out"))


def test_half_a_character_in_a_name_is_answered_as_it_came(tmp_path: Path) -> None:
    graph = {"id": "half \ud83d", "articles": [{"id": "a \udc00"}]}
    answers = measured("provenance", {"graphs": [graph]}, tmp_path)
    assert answers["half \ud83d"]["origins"] == ["a \udc00"]


def test_a_sentence_of_a_megabyte_is_read_to_its_end(tmp_path: Path) -> None:
    words = "stone river bank " * 58_000
    text = f"The bridge is closed because {words} the mayor told Dunmere Daily."
    cases = {"cases": [{"id": "a", "lang": "en", "text": text}]}
    last = measured("attribution", cases, tmp_path)["a"][-1]
    assert text[slice(*last["cue_span"])] == "told"


def test_a_file_nested_beyond_reason_is_one_line(tmp_path: Path) -> None:
    given = tmp_path / "in.json"
    given.write_text('{"graphs": ' + "[" * 100_000)
    with pytest.raises(CommandError) as refused:
        call_command("measure", "provenance", str(given), str(tmp_path / "out.json"))
    assert refused.value.returncode == 2
