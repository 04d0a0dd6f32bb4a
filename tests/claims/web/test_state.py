"""An article that only scripts would show is read from their data, and no other article is."""

import json
from typing import Any

import pytest

from claims.web.page import Page, read

TITLE = "Old weir to close"
PARAGRAPHS = [
    f"The council of Tarn Valley has decided to close weir {number} before the floods, the mayor"
    " said on Tuesday at the town hall."
    for number in range(8)
]
TEXT = "\n".join(PARAGRAPHS)
MARKUP = "".join(f"<p>{each}</p>" for each in PARAGRAPHS)
OTHER = {"title": "Bridge opens", "body": MARKUP.replace("weir", "bridge") * 2}


def page(script: str, *, body: str = "<div id='root'></div>", head: str = "") -> Page:
    text = (
        f"<!doctype html><html><head><title>{TITLE} | Courier</title>"
        f"<meta property='og:title' content='{TITLE}'>{head}</head>"
        f"<body>{body}{script}</body></html>"
    )
    address = "https://www.tarncourier.example/news/weir"
    return read(text.encode(), url=address, media_type="text/html", charset="utf-8")


def next_data(data: Any) -> str:
    told = json.dumps({"props": {"pageProps": data}}).replace("<", "\\u003c")
    return f'<script id="__NEXT_DATA__" type="application/json">{told}</script>'


def blocks(**kinds: str) -> list[dict[str, Any]]:
    return [{"type": "paragraph", kinds["key"]: each} for each in PARAGRAPHS]


def slate() -> list[dict[str, Any]]:
    return [
        {
            "type": "p",
            "children": [
                {"text": each[:30]},
                {"text": each[30:40], "bold": True},
                {"text": each[40:]},
            ],
        }
        for each in PARAGRAPHS
    ]


@pytest.mark.parametrize(
    "data",
    [
        {"article": {"headline": TITLE, "body": MARKUP, "text": TEXT[:500]}, "more": [OTHER]},
        {"old": [OTHER], "post": {"title": {"rendered": TITLE}, "content": {"rendered": MARKUP}}},
        {"story": {"name": TITLE, "content": [*blocks(key="text"), {"type": "x", "url": "a b"}]}},
        {"story": {"title": TITLE, "components": [*blocks(key="html"), {"related": [OTHER]}]}},
        {"entry": {"title": TITLE, "document": {"nodes": slate()}}, "trending": [OTHER, OTHER]},
        {"data": {"article": {"headline": f"<em>{TITLE}</em>", "paragraphs": PARAGRAPHS}}},
    ],
)  # fmt: skip
def test_the_article_is_read_from_the_data_of_its_page(data: Any) -> None:
    found = page(next_data(data))
    assert found.text.split() == TEXT.split()
    assert found.oddities == ("script_text",)


@pytest.mark.parametrize(
    "assigned",
    ["window.__INITIAL_STATE__ = {};(function(){}())", "window['__DATA__']={}", "self.state={};"],
)
def test_data_may_be_assigned_to_a_name(assigned: str) -> None:
    state = json.dumps({"article": {"headline": TITLE, "body": TEXT}})
    assert page(f"<script>{assigned.replace('{}', state, 1)}</script>").text == TEXT


def test_data_may_be_a_string_with_json_in_it() -> None:
    state = json.dumps(json.dumps({"article": {"headline": TITLE, "body": TEXT}}))
    script = f"<script>window.__STATE__ = JSON.parse({state});</script>"
    assert page(script).text == TEXT


@pytest.mark.parametrize(
    ("script", "more"),
    [
        (next_data({"article": OTHER}), {}),
        (next_data({"article": {"title": TITLE, "related": [OTHER], "comments": [OTHER]}}), {}),
        (next_data({"article": {"title": TITLE, "image": {"caption": TEXT}}}), {}),
        ("<script>window.x = {broken</script>", {}),
        ("<script>window.x = " + "[" * 50_000 + "</script>", {}),
        (
            next_data({"article": {"title": TITLE, "body": TEXT}}),
            {"head": "<meta property='article:content_tier' content='locked'>"},
        ),
    ],
)
def test_what_is_not_this_pages_article_is_left(script: str, more: dict[str, str]) -> None:
    found = page(script, **more)
    assert found.text == ""
    assert "script_text" not in found.oddities


def test_what_a_page_shows_is_not_replaced() -> None:
    data = next_data({"article": {"title": TITLE, "body": TEXT * 5}})
    found = page(data, body=f"<article><h1>{TITLE}</h1>{MARKUP}</article>")
    assert (found.text, found.oddities) == (TEXT, ())


def test_an_article_in_chinese_is_read_too() -> None:
    text = "山谷议会决定在秋季洪水之前关闭旧堰，市长星期二表示。居民将不得不绕道而行。" * 15
    assert page(next_data({"article": {"title": TITLE, "content": f"<p>{text}</p>"}})).text == text


def test_a_short_piece_that_only_a_script_would_show_is_read_too() -> None:
    found = page(next_data({"article": {"headline": TITLE, "body": PARAGRAPHS[:2]}}))
    assert found.text == "\n".join(PARAGRAPHS[:2])
    assert "script_text" in found.oddities
