"""Reading strict JSON, naming every fault, and turning pages without losing or doubling a row."""

import contextlib
import io
import json
import logging
from datetime import timedelta
from typing import Any

import pytest
from django.db import DataError, InterfaceError, OperationalError
from django.http import HttpResponse
from django.test import Client, RequestFactory
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.exceptions import UnsupportedMediaType

from claims.errors import Busy, Conflict, Invalid, Unmet
from claims.models import Claim
from factcheck.rest import BODY_MAX, StrictJSON, StrongGZip, TooLarge, on_error
from tests import factories
from tests.rest import Api


def read(raw: bytes, media_type: str = "application/json") -> Any:
    return StrictJSON().parse(io.BytesIO(raw), media_type)


def refused(raw: bytes) -> set[str]:
    """The pointers of what cannot be used."""
    with pytest.raises(Invalid) as caught:
        read(raw)
    return {problem.pointer for problem in caught.value.problems}


@pytest.mark.parametrize(
    ("raw", "pointer"),
    [
        (b'{"a": 1, "a": 2}', "/a"),
        (b'{"a": {"b": 1, "b": 1}}', "/a/b"),
        (b'{"a": [1, NaN]}', "/a/1"),
        (b'{"a": Infinity}', "/a"),
        (b'{"a": 123456789012345678901234567890}', "/a"),
        (b'{"a": -9223372036854775809}', "/a"),
        (b'{"a": 1e999}', "/a"),
        (b'{"a": "\\u0000"}', "/a"),
        (b'{"a": "\\ud800"}', "/a"),
        (b'{"a": "\xfe"}', "/a"),
        (b'{"x/y": {"~": "\\udfff"}}', "/x~1y/~0"),
        (b'{"\\u0000": 1}', "/\0"),
        (b"[" * 50_000, ""),
        (b'{"a":' * 30 + b"1" + b"}" * 30, "/a" * 20),
        (b"{", ""),
        (b"", ""),
        (b"\xef\xbb\xbf{}", ""),
        (b"{} {}", ""),
        (b"{'a': 1}", ""),
    ],
)
def test_a_body_two_readers_could_understand_differently_is_refused_at_its_field(
    raw: bytes, pointer: str
) -> None:
    assert pointer in refused(raw)


def test_all_faults_are_named_at_once() -> None:
    assert refused(b'{"a": NaN, "b": "\\u0000", "c": 1, "c": 2}') == {"/a", "/b", "/c"}


_PLAIN = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | _PLAIN,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_PLAIN, inner, max_size=4),
    max_leaves=8,
)


@given(_JSON)
def test_any_sane_value_is_read_as_it_was_meant(value: Any) -> None:
    assert read(json.dumps(value).encode()) == value
    assert read(json.dumps(value, ensure_ascii=False).encode()) == value


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    with contextlib.suppress(Invalid):
        read(raw)


@pytest.mark.parametrize("charset", ["latin-1", "utf-16", "nonsense", "utf-7"])
def test_another_charset_is_not_read(charset: str) -> None:
    with pytest.raises(UnsupportedMediaType):
        read(b"{}", f"application/json; charset={charset}")


@pytest.mark.parametrize("charset", ["utf-8", "UTF8", '"utf-8"'])
def test_utf_8_may_be_said_in_any_spelling(charset: str) -> None:
    assert read(b"{}", f"application/json; charset={charset}") == {}


def test_more_than_two_megabytes_are_not_read() -> None:
    with pytest.raises(TooLarge):
        read(b'"' + b"b" * BODY_MAX + b'"')


def test_many_doubled_names_cost_no_time() -> None:
    raw = b"{" + b",".join(b'"k%d": 1, "k%d": 1' % (n, n) for n in range(20_000)) + b"}"
    assert len(refused(raw)) == 50


@pytest.mark.parametrize("error", [OperationalError("gone"), InterfaceError("closed")])
def test_a_database_that_is_gone_is_a_503_that_says_when_to_come_back(error: Exception) -> None:
    answer = on_error(error, {})
    assert answer is not None
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.data["code"] == "busy"


def test_a_value_the_database_cannot_hold_is_the_senders_fault() -> None:
    answer = on_error(DataError("integer out of range"), {})
    assert (answer.status_code, answer.data["code"]) == (400, "invalid")
    assert "integer" not in json.dumps(answer.data)


def test_our_own_mistake_is_told_to_us_and_not_to_the_caller(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.ERROR):
        answer = on_error(ZeroDivisionError("secret"), {})
    assert (answer.status_code, answer.data["code"]) == (500, "error")
    assert "secret" not in json.dumps(answer.data)
    assert "secret" in caplog.text


def test_a_refusal_carries_all_it_knows() -> None:
    unmet = Unmet("verdict", "The reviews are not all in.", "Wait.")
    answer = on_error(Conflict("No.", code="unmet", unmet=[unmet], extra={"who": "r-1"}), {})
    assert answer.content_type == "application/problem+json"
    assert answer.data == {
        "type": "about:blank",
        "title": "Not as things stand now",
        "status": 409,
        "detail": "No.",
        "code": "unmet",
        "who": "r-1",
        "unmet": [{"code": "verdict", "message": "The reviews are not all in.", "fix": "Wait."}],
    }
    assert on_error(Busy("Wait.", retry_after=7), {}).headers["Retry-After"] == "7"


def test_a_refused_value_does_not_break_its_own_refusal() -> None:
    answer = on_error(Invalid.at("/\ud800", "“\udfff” is none."), {})
    json.dumps(answer.data, ensure_ascii=False).encode()


def test_a_strong_tag_stays_strong_under_gzip() -> None:
    def answer(_: Any) -> HttpResponse:
        return HttpResponse("x" * 2_000, headers={"ETag": '"7"'})

    got: Any = StrongGZip(answer)(RequestFactory().get("/", headers={"accept-encoding": "gzip"}))
    assert got.headers["Content-Encoding"] == "gzip"
    assert got.headers["ETag"] == '"7"'


# Pages


def walk(api: Api, path: str, *, name: str = "next") -> list[list[str]]:
    """The ids of every page from here on."""
    pages = []
    while path:
        body = api.get(path).json()
        pages.append([row["id"] for row in body["results"]])
        path = body[name]
    return pages


@pytest.mark.django_db
@pytest.mark.parametrize("ordering", ["-created_at", "-priority", "due_at", "-demand"])
def test_every_row_is_on_exactly_one_page_in_the_order_asked_for(ordering: str) -> None:
    start = factories.LONG_AGO
    for number in range(13):
        factories.claim(
            priority=number % 3,
            demand=number % 4,
            due_at=start + timedelta(days=number % 2) if number % 3 else None,
            created_at=start + timedelta(days=number // 4),
        )
    api = Api(factories.contributor())

    pages = walk(api, f"claims/?ordering={ordering}&page_size=3")

    seen = [key for page in pages for key in page]
    assert [len(page) for page in pages] == [3, 3, 3, 3, 1]
    assert len(set(seen)) == 13
    whole = api.get(f"claims/?ordering={ordering}&page_size=200").json()["results"]
    assert [row["id"] for row in whole] == seen
    keys = {
        "-created_at": [row["created_at"] for row in whole][::-1],
        "-priority": [row["priority"]["score"] for row in whole][::-1],
        "-demand": [row["demand"] for row in whole][::-1],
        "due_at": [row["due_at"] or "9999" for row in whole],
    }[ordering]
    assert keys == sorted(keys)


@pytest.mark.django_db
@pytest.mark.parametrize("ordering", ["-created_at", "due_at"])
def test_the_way_back_shows_the_same_pages(ordering: str) -> None:
    for number in range(7):
        factories.claim(due_at=factories.LONG_AGO if number % 2 else None)
    api = Api(factories.contributor())
    there, path = [], f"claims/?ordering={ordering}&page_size=3"
    while path:
        body = api.get(path).json()
        there.append([row["id"] for row in body["results"]])
        last, path = body, body["next"]
    assert walk(api, last["previous"], name="previous") == there[:-1][::-1]


@pytest.mark.django_db
def test_a_row_that_comes_while_pages_are_turned_neither_doubles_nor_hides_another() -> None:
    there = {str(factories.claim().pk) for _ in range(6)}
    api = Api(factories.contributor())
    first = api.get("claims/?page_size=3").json()
    factories.claim()
    rest = walk(api, first["next"])
    seen = [row["id"] for row in first["results"]] + [key for page in rest for key in page]
    assert set(seen) == there
    assert len(seen) == len(there)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query",
    [
        "cursor=%%%",
        "cursor=",
        "cursor=bm90aGluZw",
        "cursor=WyJ4IiwgInkiLCBmYWxzZSwgIi1jcmVhdGVkX2F0Il0",
        "cursor=W251bGws",
        "page_size=999999",
        "page_size=0",
        "page_size=-1",
        "page_size=ten",
        "page_size=٣",
        "page=123456789012345",
        "count=exact",
        "ordering=text",
        "ordering=",
        "state=nonsense",
        "fields=password",
        "expand=created_by",
        "min_priority=99999999999999999999",
        "due_before=2024-02-30",
        "updated_since=yesterday",
        "q=" + "x" * 600,
        "state=draft&state=checking",
        "q=%00",
    ],
)
def test_a_query_that_means_nothing_is_refused_and_never_an_error(query: str) -> None:
    answer = Api(factories.contributor()).get(f"claims/?{query}")
    if query == "ordering=":
        assert answer.status_code == 200
    else:
        assert answer.status_code == 400
        assert answer.json()["errors"]


@pytest.mark.django_db
def test_a_cursor_of_one_order_leads_nowhere_in_another() -> None:
    for _ in range(3):
        factories.claim()
    api = Api(factories.contributor())
    following = api.get("claims/?page_size=1").json()["next"]
    assert api.get(f"{following}&ordering=-demand").status_code == 400


@pytest.mark.django_db
def test_a_count_is_an_estimate_and_only_when_asked_for() -> None:
    factories.claim()
    api = Api(factories.contributor())
    assert "count_estimate" not in api.get("claims/").json()
    assert isinstance(api.get("claims/?count=estimate").json()["count_estimate"], int)
    assert Claim.objects.count() == 1


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("application/json", "application/problem+json"),
        ("application/problem+json, */*", "application/problem+json"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "text/html"),
        ("text/html, application/json", "text/html"),
        ("*/*", "text/html"),
    ],
)
@pytest.mark.django_db
def test_who_asks_for_json_alone_never_gets_a_page_for_an_error(accept: str, kind: str) -> None:
    answer = Client(headers={"Accept": accept}).get("/nowhere/")
    assert answer.status_code == 404
    assert answer.headers["Content-Type"].split(";")[0] == kind


@pytest.mark.django_db
def test_a_form_without_its_token_is_refused_as_the_caller_reads() -> None:
    strict = Client(enforce_csrf_checks=True)
    told = strict.post("/healthz", headers={"Accept": "application/json"})
    assert (told.status_code, told.json()["code"]) == (403, "forbidden")
    assert strict.post("/healthz").headers["Content-Type"].startswith("text/html")
