"""Pages of newspapers that do not exist, about as large and as cluttered as those that do.

Some 500 elements, 92 of them links, and 54 KB; in the middle of forty saved pages of real sites
there are 541, 93 and 66 KB.
"""

from tests.claims.text.generator import article

KINDS = 40
_STORIES = 12
_MARK = "@@number@@"


def pages() -> list[bytes]:
    """Different pages of some 54 KB; ``numbered`` makes each of them any number of times."""
    return [_page(kind).encode() for kind in range(KINDS)]


def numbered(page: bytes, number: int) -> bytes:
    """The page as no other: its bytes, title and text are its own."""
    return page.replace(_MARK.encode(), str(number).encode())


def _page(kind: int) -> str:
    sentences = article(kind).split(". ")
    body = "".join(f"<p class='story__text story__text--wide'>{one}.</p>" for one in sentences)
    title = f"Report {_MARK}: {sentences[0][:70]}"
    return (
        f"<!doctype html><html lang='en'><head><meta charset='utf-8'><title>{title}</title>"
        f"<meta property='og:type' content='article'><meta property='og:title' content='{title}'>"
        "<meta property='article:published_time' content='2024-03-05T10:00:00Z'>"
        f"{_described(title)}{_assets()}</head><body><div id='page'><div class='wrap'>"
        f"<header>{_links(30, 'section')}{_search()}</header>"
        f"<main><div class='columns'><article><h1>{title}</h1>{_shares()}{_picture(kind)}"
        f"<p>By the desk of number {_MARK}.</p>{body}{_tags()}</article>"
        f"<aside>{_teasers(kind)}</aside></div></main>"
        f"<footer>{_layer()}{_links(25, 'notice')}</footer></div></div></body></html>"
    )


def _described(title: str) -> str:
    meta = "".join(f"<meta name='about:{n}' content='{title}'>" for n in range(22))
    return (
        f"{meta}<script type='application/ld+json'>"
        f'{{"@context": "https://schema.org", "@type": "NewsArticle", "headline": "{title}",'
        ' "datePublished": "2024-03-05T10:00:00Z"}</script>'
    )


def _assets() -> str:
    links = "".join(f"<link rel='preload' as='style' href='{_address(n)}'>" for n in range(30))
    scripts = "".join(f"<script>{'var a=[];push(a,{b:1});' * 23}</script>" for _ in range(26))
    return f"{links}{scripts}<style>{'.a .b > .c{margin:0 auto;padding:1px 2px}' * 60}</style>"


def _links(many: int, word: str) -> str:
    entries = "".join(
        f"<li class='nav__item nav__item--{n} nav__item--level-one' data-place='{word}-{n}'>"
        f"<a class='nav__link nav__link--plain' href='/{word}/{_address(n)}' title='{word} {n}'>"
        f"<span class='nav__label'>{word.title()} {n}</span></a></li>"
        for n in range(many)
    )
    return f"<nav class='nav'><ul class='nav__list'>{entries}</ul></nav>"


def _search() -> str:
    options = "".join(f"<option value='{n}'>Part {n}</option>" for n in range(5))
    fields = f"<label for='q'>Search</label><input id='q' name='q'><select>{options}</select>"
    return f"<form class='search' action='/search'>{fields}</form>"


def _shares() -> str:
    icon = "<svg viewBox='0 0 9 9'><path d='M0 0h9v9H0z'/><path d='M1 1h7v7H1z'/></svg>"
    return "".join(
        f"<div class='share share--{n}'><a href='/share/{_address(n)}' rel='nofollow'>{icon}</a>"
        "</div>"
        for n in range(5)
    )


def _picture(kind: int) -> str:
    return (
        f"<figure><div class='frame'><img src='{_address(kind)}' alt='A street' width='800'>"
        "</div><figcaption><span>The place in question.</span> <i>Photograph: the desk</i>"
        "</figcaption></figure>"
    )


def _tags() -> str:
    return "".join(f"<div class='tag'><a href='/tag/{n}'>Tag {n}</a></div>" for n in range(8))


def _teasers(kind: int) -> str:
    return "".join(
        f"<div class='teaser teaser--small'><div class='teaser__frame'><a href='{_address(n)}'>"
        f"<img class='teaser__picture' src='/pictures/{_address(n)}' alt='' width='300'></a></div>"
        f"<div class='teaser__words'><h3><a href='{_address(n)}'>{text[:80]}</a></h3>"
        f"<div class='teaser__text'><span>{n} hours ago</span><br>{text[80:160]}</div></div></div>"
        for n, text in enumerate(article(kind + n + 1) for n in range(_STORIES))
    )


def _layer() -> str:
    """What asks for consent and an e-mail address."""
    choices = "".join(
        f"<div class='choice choice--{n}'><strong>Purpose {n}</strong>"
        f"<input type='checkbox' id='purpose-{n}'><span>Partners may count this.</span></div>"
        for n in range(9)
    )
    return f"<div class='layer' hidden><div class='layer__inner'>{choices}</div></div>"


def _address(number: int) -> str:
    return f"/2024/03/05/what-was-said-of-the-place-in-question-{number}-7081.html?from=page"
