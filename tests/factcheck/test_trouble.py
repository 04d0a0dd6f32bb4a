"""What people read where something went wrong, at the desk and outside it."""

import pytest
from django.conf import settings as configured
from django.contrib.auth import get_user_model
from django.test import Client, RequestFactory
from pytest_django import Settings

from factcheck import trouble

BAND = "Constructed for trying out the desk"


@pytest.mark.parametrize("demo", [True, False])
def test_every_page_of_trouble_says_sample_on_a_demo_desk_and_only_there(
    settings: Settings, *, demo: bool
) -> None:
    settings.DEMO = demo
    asked = RequestFactory().get("/admin/somewhere/")
    pages = [
        trouble.bad_request(asked, ValueError()),
        trouble.forbidden(asked, PermissionError()),
        trouble.csrf_failed(asked),
        trouble.not_found(asked, LookupError()),
        trouble.locked_out(asked),
        trouble.server_error(asked),
    ]
    assert [page.status_code for page in pages] == [400, 403, 403, 404, 429, 500]
    assert [BAND in page.content.decode() for page in pages] == [demo] * len(pages)


def test_trouble_at_the_desk_leads_back_to_it_and_elsewhere_to_the_checks() -> None:
    at_desk = trouble.server_error(RequestFactory().get("/admin/queue/")).content.decode()
    outside = trouble.server_error(RequestFactory().get("/checks/one/")).content.decode()
    assert 'href="/admin/"' in at_desk
    assert "To the published checks" in outside
    assert 'href="/admin/"' not in outside


@pytest.mark.django_db
def test_who_is_locked_out_reads_for_how_long_and_no_name_is_given_away() -> None:
    get_user_model().objects.create_user("known", password="the right password")
    for name in ("known", "unknown"):
        guesser = Client()
        typed = {"username": name, "password": "wrong"}
        for _ in range(configured.AXES_FAILURE_LIMIT):
            answer = guesser.post("/admin/login/", typed)
        assert answer.status_code == 429
        assert answer.headers["Retry-After"] == "900"
        assert "for 15 minutes" in answer.content.decode()
        assert name not in answer.content.decode().split("</title>")[1]
