"""What one person chooses for themselves: what they are told of, and which way."""

import pytest
from django.conf import LazySettings
from django.test import Client

from claims.models import User
from reviews import notices
from tests import factories
from tests.reviews.admin.desk import Desk

pytestmark = pytest.mark.django_db

URL = "/admin/comfort/"


@pytest.fixture
def person() -> User:
    return factories.person("reviewer", email="reader@check.example")


@pytest.fixture
def browser(person: User) -> Client:
    return Desk.of(person).client


def test_kinds_that_are_not_ticked_are_switched_off(browser: Client, person: User) -> None:
    kept = [kind for kind in notices.KINDS if kind not in {"urgent", "assigned"}]

    browser.post(URL, {"languages": "en", "wanted": kept})

    person.refresh_from_db()
    assert set(person.muted) == {"urgent", "assigned"}
    assert person.languages == ["en"]


def test_mail_is_chosen_where_the_desk_has_a_mail_server(
    browser: Client, person: User, settings: LazySettings
) -> None:
    settings.EMAIL_HOST = "mail.check.example"

    browser.post(URL, {"digest": "daily"})

    person.refresh_from_db()
    assert person.digest == "daily"


def test_without_a_mail_server_the_page_says_so_and_nothing_is_chosen(
    browser: Client, person: User
) -> None:
    assert b"nobody has given it a mail server" in browser.get(URL).content

    browser.post(URL, {"digest": "daily"})

    person.refresh_from_db()
    assert person.digest == "never"


def test_a_kind_that_is_none_is_refused_and_nothing_changes(browser: Client, person: User) -> None:
    answer = browser.post(URL, {"wanted": ["gossip"], "languages": "fr"})

    person.refresh_from_db()
    assert answer.status_code == 400
    assert person.languages == []
