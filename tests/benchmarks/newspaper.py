"""Pages of newspapers that do not exist, as large and as cluttered as those that do."""

from tests.claims.text.generator import article

KINDS = 40
_STORIES = 12
_MARK = "@@number@@"


def pages() -> list[bytes]:
    """Different pages of some 50 KB; ``numbered`` makes each of them any number of times."""
    return [_page(kind).encode() for kind in range(KINDS)]


def numbered(page: bytes, number: int) -> bytes:
    """The page as no other: its bytes, title and text are its own."""
    return page.replace(_MARK.encode(), str(number).encode())


def _page(kind: int) -> str:
    words = article(kind).split(". ")
    paragraphs = [". ".join(words[at : at + 4]) for at in range(0, len(words), 4)]
    body = "".join(f"<p class='story__text'>{paragraph}.</p>" for paragraph in paragraphs)
    title = f"Report {_MARK}: {words[0][:70]}"
    return (
        f"<!doctype html><html lang='en'><head><meta charset='utf-8'><title>{title}</title>"
        f"<meta property='og:type' content='article'><meta property='og:title' content='{title}'>"
        "<meta property='article:published_time' content='2024-03-05T10:00:00Z'>"
        f"<script>{'var layer=[];push(layer,{a:1});' * 600}</script>"
        f"<style>{'.a .b > .c{margin:0 auto;padding:1px 2px}' * 300}</style></head><body>"
        f"<header>{_links(60, 'Section')}</header><main><article><h1>{title}</h1>"
        f"<p>By the desk of number {_MARK}.</p>{body}</article>"
        f"<aside>{_teasers(kind)}</aside></main><footer>{_links(80, 'Notice')}</footer></body>"
        "</html>"
    )


def _links(many: int, word: str) -> str:
    return "".join(
        f"<div class='nav nav--{n}'><a href='/{word.lower()}/{n}'>{word} {n}</a></div>"
        for n in range(many)
    )


def _teasers(kind: int) -> str:
    return "".join(
        f"<div class='teaser'><h3><a href='/other/{n}'>{article(kind + n + 1)[:80]}</a></h3>"
        f"<p>{article(kind + n + 1)[80:240]}</p></div>"
        for n in range(_STORIES)
    )
