"""Articles, candidates and captures over REST."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from claims.models import Article, Candidate, Capture, Claim, Job
from tests import factories
from tests.rest import Answer, Api

pytestmark = pytest.mark.django_db


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_a_text_handed_in_waits_to_be_read() -> None:
    api = Api(factories.contributor())
    made = api.post("articles/", {"text": "The bridge was closed on Monday.", "title": "A title"})
    assert (made.status_code, made.json()["status"]) == (201, "queued")
    assert made.json()["title"] == "A title"
    assert Job.objects.filter(kind="article.read").count() == 1
    again = api.post("articles/", {"text": "The bridge was closed on Monday.", "title": "A title"})
    assert again.json()["id"] == made.json()["id"]
    assert Article.objects.count() == 1


def test_a_day_may_be_handed_in_where_no_hour_is_known_and_stays_a_day() -> None:
    api = Api(factories.contributor())
    text = "Published 18:02 IST, December 20th 2020\n\nThe bridge was closed on Monday."
    made = api.post("articles/", {"text": text, "published_at": "2020-12-19"}).json()
    assert made["published_at"] == "2020-12-19"
    article = Article.objects.get(pk=made["id"])
    assert (article.published_on, article.published_at) == (date(2020, 12, 19), None)
    assert article.date_source == Article.HANDED_IN


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/text"),
        ({"text": ""}, "/text"),
        ({"text": 7}, "/text"),
        ({"url": "ftp://paper.example/"}, "/url"),
        ({"url": "http://127.0.0.1/"}, "/url"),
        ({"url": "http://169.254.169.254/latest/"}, "/url"),
        ({"url": "not a url"}, "/url"),
        ({"text": "x y z.", "published_at": "2024-02-30T00:00:00Z"}, "/published_at"),
        ({"text": "x y z.", "published_at": "2024-02-30"}, "/published_at"),
        ({"text": "x y z.", "status": "ready"}, "/status"),
        ({"text": "x y z.", "language": "no such language"}, "/language"),
    ],
)
def test_what_cannot_be_handed_in_is_named(body: dict[str, Any], pointer: str) -> None:
    answer = Api(factories.contributor()).post("articles/", body)
    assert answer.status_code == 400
    assert pointer in {one["pointer"] for one in answer.json()["errors"]}
    assert not Article.objects.exists()


def test_an_article_shows_its_candidates_and_the_claims_they_became() -> None:
    article = factories.article(
        "The bridge was closed. The mayor said so.", url="https://p.example/1"
    )
    first = factories.candidate(article, "The bridge was closed.")
    factories.candidate(article, "The mayor said so.", status="left_out", why="no assertion")
    api = Api(factories.reviewer())
    taken = api.post(f"candidates/{first.pk}/take/", {})
    assert (taken.status_code, taken.json()["state"]) == (201, "draft")
    assert taken.headers["ETag"] == f'"{taken.json()["version"]}"'
    shown = api.get(f"articles/{article.pk}/").json()
    assert [one["status"] for one in shown["candidates"]] == ["taken", "left_out"]
    assert shown["candidates"][0]["claim"] == taken.json()["url"]
    assert shown["candidates"][0]["quote"]["exact"] == "The bridge was closed."
    assert shown["candidates"][1]["why"] == "no assertion"
    assert shown["claims"] == [taken.json()["url"]]
    assert api.get("articles/?status=ready").json()["results"] == [shown]
    assert api.post(f"candidates/{first.pk}/take/", {}).json()["id"] == taken.json()["id"]
    Claim.objects.update(visibility="restricted", created_by=None)
    hidden = Api(factories.contributor()).get(f"articles/{article.pk}/").json()
    assert (hidden["claims"], hidden["candidates"][0]["claim"]) == ([], None)


def test_a_candidate_is_left_with_a_reason_and_a_passage_is_marked() -> None:
    article = factories.article("The bridge was closed. The mayor said so.")
    candidate = factories.candidate(article, "The mayor said so.")
    api = Api(factories.contributor())
    left = api.post(f"candidates/{candidate.pk}/leave/", {"reason": "Not checkable."})
    assert (left.json()["status"], left.json()["why"]) == ("left", "Not checkable.")
    marked = api.post(f"articles/{article.pk}/claims/", {"start": 0, "end": 22})
    assert (marked.status_code, marked.json()["text"]) == (201, "The bridge was closed.")
    for body in (
        {"start": 0},
        {"start": -1, "end": 5},
        {"start": 5, "end": 5},
        {"start": 0, "end": 9999},
        {"start": 0, "end": 2**70},
    ):
        assert api.post(f"articles/{article.pk}/claims/", body).status_code == 400
    assert api.post(f"candidates/{uuid4()}/take/", {}).status_code == 404
    assert code(api.post(f"articles/{article.pk}/retry/"))[0] == 409
    assert Candidate.objects.get(pk=candidate.pk).status == "left"


def test_a_failed_article_is_read_again() -> None:
    article = factories.article(status="failed", error="Too slow.")
    shown = Api(factories.contributor()).post(f"articles/{article.pk}/retry/").json()
    assert (shown["status"], shown["error"]) == ("queued", None)


# Captures


def upload(
    api: Api, name: str, body: bytes, kind: str = "image/svg+xml", **headers: str
) -> Answer:
    client = Client(headers={**api.headers, **headers})
    file = SimpleUploadedFile(name, body, content_type=kind)
    return client.post("/api/v1/captures/", {"file": file, "url": "https://p.example/"})


def test_an_upload_is_kept_and_its_bytes_are_for_people_as_an_attachment() -> None:
    person, service = Api(factories.contributor()), Api(factories.service("claims:read"))
    svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>"
    made = upload(person, "a\r\nX-Evil: 1.svg", svg)
    assert made.status_code == 201, made.content
    shown = made.json()
    assert (shown["size"], shown["via"], shown["url"]) == (
        len(svg),
        "upload",
        "https://p.example/",
    )
    assert shown["media_type"] == "image/svg+xml"
    assert person.get(f"captures/{shown['id']}/").json() == shown
    assert service.get(f"captures/{shown['id']}/").json()["content"] is None
    assert code(service.get(f"captures/{shown['id']}/content/")) == (403, "role")
    got = person.get(shown["content"])
    assert got.content == svg
    assert got.headers["Content-Type"] == "application/octet-stream"
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert "X-Evil" not in got.headers
    assert "\n" not in got.headers["Content-Disposition"]
    assert "sandbox" in got.headers["Content-Security-Policy"]
    assert got.headers["X-Content-Type-Options"] == "nosniff"


def test_a_file_is_what_its_bytes_are_and_not_what_it_is_called() -> None:
    api = Api(factories.contributor())
    made = upload(api, "holiday.png", b"<!doctype html><script>1</script>", kind="image/png")
    assert made.json()["media_type"] == "text/html"
    assert upload(api, "a.bin", b"%PDF-1.7", kind="").json()["media_type"] == "application/pdf"
    table = upload(api, "a.csv", b"a,b\n1,2\n", kind="text/csv")
    assert table.json()["media_type"] == "text/csv"


def test_the_same_upload_with_the_same_key_is_one_capture() -> None:
    api = Api(factories.contributor())
    one, two = (upload(api, "a.txt", b"words", **{"Idempotency-Key": "k"}) for _ in range(2))
    assert (one.status_code, two.status_code) == (201, 201)
    assert one.json() == two.json()
    assert Capture.objects.count() == 1
    other = upload(api, "a.txt", b"others", **{"Idempotency-Key": "k"})
    assert code(other) == (409, "idempotency_mismatch")


def test_of_two_files_or_two_addresses_none_is_taken_for_the_other() -> None:
    client = Client(headers=Api(factories.contributor()).headers)
    files = [SimpleUploadedFile(name, b"words") for name in ("a.txt", "b.txt")]
    two_urls = {"file": files[0], "url": ["https://p.example/", "https://q.example/"]}
    for sent, pointer in (({"file": files}, "/file"), (two_urls, "/url")):
        answer = client.post("/api/v1/captures/", sent)
        assert answer.status_code == 400
        assert [one["pointer"] for one in answer.json()["errors"]] == [pointer]
        for file in files:
            file.seek(0)
    assert not Capture.objects.exists()


def test_an_empty_upload_or_none_is_refused() -> None:
    api = Api(factories.contributor())
    assert upload(api, "a.txt", b"").status_code == 400
    client = Client(headers=api.headers)
    assert client.post("/api/v1/captures/", {"url": "x"}).json()["errors"][0]["pointer"] == "/file"
    assert client.post("/api/v1/captures/", {"file": "words"}).status_code == 400
    for url in ("javascript:alert(1)", "not an address", "data:text/html,x"):
        sent = {"file": SimpleUploadedFile("a.txt", b"words"), "url": url}
        answer = client.post("/api/v1/captures/", sent)
        assert [one["pointer"] for one in answer.json()["errors"]] == ["/url"]
    bare = api.send("POST", "captures/", b"words", Content_Type="multipart/form-data")
    assert (bare.status_code, len(bare.json()["errors"])) == (400, 1)
    assert code(api.post("captures/", {"file": "x"}))[0] == 415
