"""Pages of a paper that is not there, put together for the tests that read them."""

import json
from typing import Any

from claims.web.page import Page, read

SENTENCE = (
    "The harbour board of Marlby said on Monday that the ferry would not sail before spring. "
)
WORDS = "".join(f"<p>{SENTENCE * 3}Number {number}.</p>" for number in range(8))


def html(
    body: str = WORDS, *, head: str = "", title: str = "The ferry stops", attributes: str = ""
) -> bytes:
    return (
        f"<!DOCTYPE html><html {attributes}><head><title>{title}</title>{head}</head>"
        f"<body><article>{body}</article></body></html>"
    ).encode()


def meta(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{content}">'


def ld(**data: Any) -> str:
    text = json.dumps({"@context": "https://schema.org", "@type": "NewsArticle"} | data)
    return f'<script type="application/ld+json">{text}</script>'


def of(*parts: str, url: str = "https://www.marlby.example/2024/ferry", **given: str) -> Page:
    return read(html(head="".join(parts)), url=url, **given)
