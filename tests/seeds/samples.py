"""The sample pages as the tests read them: source, visible text, and extracted text."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import trafilatura
from lxml import html  # type: ignore[import-untyped]
from trafilatura.settings import Document

from seeds.archive import build

SEEDS = build.HERE.parent
SEED_ARTICLE = SEEDS / "000_b33190913e3caa3e.txt"


@dataclass(frozen=True, slots=True)
class Sample:
    """One page: ``seen`` is what a browser shows with the head's words, ``text`` the article."""

    story: str
    url: str
    file: str
    source: str
    seen: str
    title: str
    outlet: str
    text: str


def read(path: Path) -> Any:
    """A JSON file."""
    return json.loads(path.read_text(encoding="utf-8"))


@cache
def samples() -> tuple[Sample, ...]:
    """Every page of the archive, without the redirects."""
    return tuple(_samples())


def by_url() -> dict[str, Sample]:
    """The pages under their addresses."""
    return {sample.url: sample for sample in samples()}


def _samples() -> Iterator[Sample]:
    for story, pages in build.manifest().items():
        for page in pages:
            if not page.file:
                continue
            raw = page.body()
            source = raw.decode(page.charset)
            document = html.fromstring(source.encode(), parser=html.HTMLParser(encoding="utf-8"))
            for hidden in document.xpath("//style | //script"):
                hidden.drop_tree()
            found = trafilatura.bare_extraction(
                raw, url=page.url, favor_precision=True, include_comments=False, with_metadata=True
            )
            assert isinstance(found, Document), page.file
            yield Sample(
                story=story,
                url=page.url,
                file=page.file,
                source=source,
                seen=" \n ".join(document.itertext()),
                title=found.title or "",
                outlet=found.sitename or "",
                text=found.text or "",
            )
