"""What the documents point at is there: links, anchors, files, tests and commands."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ELSEWHERE = {".venv", "var", "node_modules", ".git"}
DOCUMENTS = [
    path
    for path in sorted(ROOT.rglob("*.md"))
    if not ELSEWHERE & {*path.relative_to(ROOT).parts}
    and not any(part.startswith(".") for part in path.relative_to(ROOT).parts)
]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`([^`\n]+)`")
COMMAND = re.compile(r"\./desk (\w+)")
# Files of ours, as documents name them: a path from the root with an ending, or a folder.
FILE = re.compile(r"^(?:[\w.-]+/)*[\w.-]+(?:\.(?:py|md|toml|json|yml|yaml|txt)|/)$")
# Kinds of module that each app has, and files that a desk has only once it runs.
NAMELESS = {"models/", "api/", "admin/", "urls.py", "tasks.py", "pages.py"}


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def words(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def anchors(path: Path) -> set[str]:
    """The anchors of a document's headings, as they are made where the code is read."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", words(path)), re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()).strip() for heading in headings)
    return {heading.replace(" ", "-") for heading in plain}


def commands() -> set[str]:
    """The commands that ``./desk help`` lists."""
    said = subprocess.run(
        [sys.executable, str(ROOT / "desk"), "help"], capture_output=True, text=True, check=True
    )
    return set(re.findall(r"^ {4}\./desk (\w+)", said.stdout, re.MULTILINE))


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_every_link_leads_somewhere(document: Path) -> None:
    for link in LINK.findall(FENCE.sub("", words(document))):
        if re.match(r"[a-z]+:", link):
            continue
        place, _, anchor = link.partition("#")
        target = (document.parent / place).resolve() if place else document
        assert target.exists(), link
        assert target.is_relative_to(ROOT), link
        if anchor:
            assert anchor in anchors(target), link


@pytest.mark.parametrize(
    "name", ["ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "README.md"]
)
def test_every_file_that_is_named_exists(name: str) -> None:
    said = CODE.findall(FENCE.sub("", words(ROOT / name)))
    files = {word for word in said if FILE.match(word)} - NAMELESS
    if name in {"ARCHITECTURE.md", "SECURITY.md"}:
        assert len(files) > 15  # the pattern still finds them
    assert {file for file in files if not (ROOT / file).exists()} == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_every_command_that_is_shown_is_one(document: Path) -> None:
    shown = set(COMMAND.findall(words(document)))
    assert shown <= commands()


def test_the_readme_shows_how_to_start_and_the_reference_shows_all() -> None:
    assert {"demo", "test", "check"} <= set(COMMAND.findall(words(ROOT / "README.md")))
    reference = words(ROOT / "docs/reference/commands.md")
    assert commands() == set(COMMAND.findall(reference))


def test_every_document_is_reached_from_the_index() -> None:
    index = ROOT / "docs/README.md"
    linked = {
        (index.parent / link.partition("#")[0]).resolve() for link in LINK.findall(words(index))
    }
    inside = {path for path in DOCUMENTS if path.is_relative_to(ROOT / "docs")} - {index}
    assert {named(path) for path in inside - linked} == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_documents_stand_alone(document: Path) -> None:
    assert "../shared" not in words(document)
