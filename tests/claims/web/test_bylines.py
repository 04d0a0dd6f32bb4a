"""Who signed a page is told where readers can see it, and agencies apart from persons."""

import pytest

from claims.web.page import read
from tests.claims.web.pages import WORDS, html, ld, meta, of


@pytest.mark.parametrize(
    ("head", "byline"),
    [
        (ld(author={"@type": "Person", "name": "Ann Orrel"}), "Ann Orrel"),
        (ld(author=[{"name": "Ann Orrel"}, {"name": "Bo Halver"}]), "Ann Orrel; Bo Halver"),
        (ld(author="Ann Orrel and Bo Halver"), "Ann Orrel; Bo Halver"),
        (ld(author={"@type": "Organization", "name": "Ann Orrel"}), ""),
        (ld(author={"@type": "Person", "name": "Nobody Seen"}), ""),
        (meta("author", "Ann Orrel"), "Ann Orrel"),
        (meta("author", "admin"), ""),
        (meta("author", "cms_user_7"), ""),
        (meta("author", "https://marlby.example/ann"), ""),
        (ld(author={"name": {"deep": ["x"]}}), ""),
    ],
)
def test_a_signature_counts_when_readers_can_see_it(head: str, byline: str) -> None:
    body = f"{WORDS}<p>Notes of Ann Orrel, with Bo Halver. Set by admin and cms_user_7.</p>"
    assert read(html(body, head=head)).byline == byline


@pytest.mark.parametrize(
    "signed",
    [
        '<a rel="author" href="/ann">Ann Orrel</a>',
        '<span class="byline">By Ann Orrel</span>',
        '<span class="byline">By <b>Ann Orrel</b>, Marlby correspondent</span>',
        '<div class="author-name">Von Ann Orrel</div>',
        "<p>By Ann Orrel</p>",
        '<p class="author">Written by: Ann Orrel</p>',
    ],
)
def test_a_signature_on_the_page_is_found(signed: str) -> None:
    assert read(html(f"<h1>The ferry stops</h1>{signed}{WORDS}")).byline == "Ann Orrel"


def test_who_comments_has_not_signed_the_page() -> None:
    comments = '<div class="comments"><p class="author">Troll Bridge</p><p>Nonsense</p></div>'
    assert read(html(WORDS + comments)).byline == ""


def test_an_agency_is_no_person_and_is_told_apart() -> None:
    page = of(ld(author={"@type": "Person", "name": "Reuters"}))
    assert page.byline == ""
    assert page.signals["agency"] == ("Reuters",)
    page = of(ld(sourceOrganization={"@type": "Organization", "name": "Agence France-Presse"}))
    assert page.signals["agency"] == ("Agence France-Presse",)
