"""The client meets a web that misbehaves in every way it can."""

import gzip
import hashlib
import socket
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from claims.web import connection
from claims.web.client import Limits, fetch, send
from claims.web.errors import FetchError, Refused
from claims.web.fetched import Fetched, Seen, retry_after
from claims.web.guard import Policy
from tests.claims.web.certificate import certificate
from tests.claims.web.loopback import Loopback, Request, page, redirect

QUICK = Limits(
    connect=1, silence=1, total=1.5, packed=200_000, unpacked=400_000, headers=20_000, redirects=4
)


@pytest.fixture
def web() -> Iterator[Loopback]:
    with Loopback() as web:
        yield web


def get(web: Loopback, url: str, **options: object) -> Fetched:
    policy = web.policy("good.test", "third.test")
    return fetch(url, policy=policy, limits=QUICK, **options)  # type: ignore[arg-type]


def failure(web: Loopback, url: str = "http://good.test/") -> str:
    with pytest.raises(FetchError) as caught:
        get(web, url)
    return caught.value.code


def test_an_answer_is_kept_with_all_that_proves_it(web: Loopback) -> None:
    web.answers["/a"] = page("<p>Grüße</p>".encode(), etag='"1"', date="today")
    answer = get(web, "http://good.test/a#part")
    assert (answer.status, answer.media_type, answer.charset) == (200, "text/html", "utf-8")
    assert answer.body == "<p>Grüße</p>".encode()
    assert answer.sha256 == hashlib.sha256(answer.body).hexdigest()
    assert answer.asked == "http://good.test/a#part"
    assert answer.final == "http://good.test/a"
    assert ("Etag", '"1"') in answer.headers
    assert answer.remote_address == "127.0.0.1"
    assert answer.started <= answer.ended
    assert [hop.status for hop in answer.hops] == [200]


def test_the_request_says_who_asks_and_nothing_about_the_house(web: Loopback) -> None:
    web.answers["/"] = page()
    get(web, "http://good.test/")
    sent = web.requests[0].headers
    assert sent["host"] == "good.test"
    assert sent["user-agent"].startswith("FactcheckDesk/")
    assert {"cookie", "authorization", "referer"}.isdisjoint(sent)


@pytest.mark.parametrize("status", ["404 Not Found", "410 Gone", "451 Law", "403 No", "500 Oh"])
def test_a_status_of_any_kind_is_an_answer(web: Loopback, status: str) -> None:
    web.answers["/"] = page(b"gone", status=status)
    answer = get(web, "http://good.test/")
    assert (f"{answer.status}", answer.body) == (status[:3], b"gone")
    assert not answer.ok


def test_a_redirect_is_followed_and_each_hop_is_told(web: Loopback) -> None:
    web.answers |= {"/a": redirect("/b?x=ü z"), "/b": redirect("//third.test/c"), "/c": page()}
    answer = get(web, "http://good.test/a")
    assert answer.final == "http://third.test/c"
    assert [hop.url for hop in answer.hops] == [
        "http://good.test/a",
        "http://good.test/b?x=%C3%BC%20z",
        "http://third.test/c",
    ]


@pytest.mark.parametrize(
    "location",
    [
        "http://10.0.0.7/",
        "http://127.0.0.1/",
        "//[::1]/",
        "http://0x7f.1/",
        "file:///etc/passwd",
        "http://good.test:22/",
        "http://user@good.test/",
        "http://inside.test/",
        "/\ta",
    ],
)
def test_a_redirect_to_where_nobody_may_go_is_refused(web: Loopback, location: str) -> None:
    web.answers["/"] = redirect(location)
    with pytest.raises(Refused):
        get(web, "http://good.test/", resolve=lambda _: ["10.9.8.7"])
    assert len(web.requests) == 1


def test_a_circle_and_an_endless_chain_of_redirects_end(web: Loopback) -> None:
    web.answers["/"] = redirect("/")
    assert failure(web) == "redirect_loop"

    def further(request: Request) -> bytes:
        return redirect(f"/on?{len(request.path)}{request.path[-3:]}x")

    web.answers["/on"] = further
    assert failure(web, "http://good.test/on") == "too_many_redirects"
    web.answers["/odd"] = redirect("http://[::1/")
    assert failure(web, "http://good.test/odd") == "bad_redirect"


def test_what_is_private_to_a_host_does_not_follow_a_redirect_to_another(web: Loopback) -> None:
    web.answers |= {"/a": redirect("/b"), "/b": redirect("http://third.test/c"), "/c": page()}
    get(web, "http://good.test/a", headers={"Authorization": "Bearer secret"}, seen=Seen("x"))
    assert [request.headers.get("authorization") for request in web.requests] == [
        "Bearer secret",
        "Bearer secret",
        None,
    ]
    assert "if-none-match" not in web.requests[2].headers


def test_an_unchanged_page_is_not_sent_again(web: Loopback) -> None:
    def answer(request: Request) -> bytes:
        same = request.headers.get("if-none-match") == 'W/"7"'
        return page(b"", status="304 Same") if same else page(b"new", etag='W/"7"')

    web.answers["/"] = answer
    first = get(web, "http://good.test/")
    again = get(web, "http://good.test/", seen=first.seen)
    assert not first.not_modified
    assert again.not_modified
    assert again.body == b""


@pytest.mark.parametrize("coding", ["gzip", "deflate", "raw deflate", "members", "gzip, gzip"])
def test_packed_pages_are_unpacked(web: Loopback, coding: str) -> None:
    words = b"words " * 1000
    raw = zlib.compressobj(wbits=-15)
    packed = {
        "gzip": gzip.compress(words),
        "deflate": zlib.compress(words),
        "raw deflate": raw.compress(words) + raw.flush(),
        "members": gzip.compress(words[:600]) + gzip.compress(words[600:]) + b"\0\0",
        "gzip, gzip": gzip.compress(gzip.compress(words)),
    }[coding]
    named = {"raw deflate": "deflate", "members": "gzip"}.get(coding, coding)
    web.answers["/"] = page(packed, content_encoding=named)
    assert get(web, "http://good.test/").body == words


def test_a_bomb_stops_at_the_limit(web: Loopback) -> None:
    web.answers["/"] = page(gzip.compress(bytes(40_000_000)), content_encoding="gzip")
    assert failure(web) == "too_large"
    nested = gzip.compress(gzip.compress(bytes(60_000_000)))
    web.answers["/"] = page(nested, content_encoding="gzip, gzip")
    assert failure(web) == "too_large"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (page(b"plain", content_encoding="gzip"), "encoding"),
        (page(b"plain", content_encoding="br"), "encoding"),
        (page(b"x", content_encoding="gzip, gzip, gzip"), "encoding"),
        (page(gzip.compress(b"words" * 999)[:-30], content_encoding="gzip"), "cut"),
        (page(b"short", content_length="500"), "cut"),
        (page(b"", content_length="900000"), "too_large"),
        (page(b"x" * 300_000, content_length=""), "too_large"),
        (page(b"4\r\nWiki\r\nzz\r\n", content_length="", transfer_encoding="chunked"), "cut"),
        (page(b"x", content_length="", transfer_encoding="gzip, chunked"), "encoding"),
        (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n", "protocol"),
        (b"SSH-2.0-OpenSSH_9\r\n", "protocol"),
        (b"", "protocol"),
        (page(b"", **{f"x_{n}": "y" * 3000 for n in range(20)}), "too_large"),
        (page(b"", **{f"x_{n}": "y" for n in range(200)}), "protocol"),
        (page(x="y" * 70_000), "protocol"),
    ],
)
def test_a_server_that_lies_gets_a_plain_answer(web: Loopback, answer: bytes, code: str) -> None:
    web.answers["/"] = answer
    assert failure(web) == code


def test_a_body_longer_than_it_says_is_read_as_far_as_it_says(web: Loopback) -> None:
    web.answers["/"] = page(b"hello and more", content_length="5")
    assert get(web, "http://good.test/").body == b"hello"


def test_chunks_are_put_together(web: Loopback) -> None:
    body = b"4\r\nWiki\r\n5\r\npedia\r\n0\r\n\r\n"
    web.answers["/"] = page(body, content_length="", transfer_encoding="chunked")
    assert get(web, "http://good.test/").body == b"Wikipedia"


@pytest.mark.parametrize("early", ["100 Continue", "102 Processing", "103 Early Hints"])
def test_what_a_server_says_in_advance_is_not_its_answer(web: Loopback, early: str) -> None:
    web.answers["/"] = f"HTTP/1.1 {early}\r\nLink: </a>\r\n\r\n".encode() * 3 + page(b"hello")
    answer = get(web, "http://good.test/")
    assert (answer.status, answer.body) == (200, b"hello")
    assert answer.header("link") == ""


def test_a_server_that_never_comes_to_its_answer_is_left(web: Loopback) -> None:
    def endless(_: Request) -> Iterator[bytes]:
        while not web.over.is_set():
            yield b"HTTP/1.1 103 Early Hints\r\n\r\n"
            web.wait(0.01)

    web.answers["/"] = endless
    assert failure(web) == "timeout"


@pytest.mark.parametrize("label", ["none", "UTF-8", "binary", "identity"])
def test_a_label_that_is_no_packing_is_passed_over(web: Loopback, label: str) -> None:
    web.answers["/"] = page(b"hello", content_encoding=label)
    assert get(web, "http://good.test/").body == b"hello"


@pytest.mark.parametrize("where", ["head", "body", "silence"])
def test_bytes_that_drip_end_with_the_total_time(web: Loopback, where: str) -> None:
    def drip(_: Request) -> Iterator[bytes]:
        if where == "head":
            yield b"HTTP/1.1 200 OK\r\nX-Slow: "
        if where == "body":
            yield b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n"
        for _round in range(60):
            web.wait(0.2)
            yield b"" if where == "silence" else b"a"

    web.answers["/"] = drip
    began = time.monotonic()
    assert failure(web) == "timeout"
    assert time.monotonic() - began < 2.5


def test_nobody_there_is_said_so(web: Loopback) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        closed = taken.getsockname()[1]
    policy = Policy(stand_ins={"good.test": ("127.0.0.1", closed)})
    with pytest.raises(FetchError) as caught:
        fetch("http://good.test/", policy=policy, limits=QUICK)
    assert (caught.value.code, caught.value.message) == (
        "unreachable",
        "good.test cannot be reached.",
    )


def test_proxies_and_credentials_of_the_environment_are_not_used(
    web: Loopback, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://10.0.0.7:3128")
    (tmp_path / ".netrc").write_text("machine good.test login me password secret")
    monkeypatch.setenv("HOME", str(tmp_path))
    web.answers["/"] = page()
    assert get(web, "http://good.test/").ok
    assert "authorization" not in web.requests[0].headers


def test_a_host_is_asked_only_when_it_is_its_turn(web: Loopback) -> None:
    web.answers |= {"/a": redirect("http://third.test/b"), "/b": page()}
    turns: list[str] = []

    @contextmanager
    def turn(host: str) -> Iterator[None]:
        turns.append(f"{host} begins")
        time.sleep(
            1
        )  # Longer than the rest of the time there is: waiting is no fault of the host.
        yield
        turns.append(f"{host} ends")

    get(web, "http://good.test/a", turn=turn)
    assert turns == ["good.test begins", "good.test ends", "third.test begins", "third.test ends"]


def test_connecting_goes_to_the_address_that_was_checked_and_resolves_once_per_hop(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []
    reached: list[object] = []

    def flipping(name: str) -> list[str]:
        asked.append(name)
        return ["93.184.216.34"] if len(asked) == 1 else ["10.0.0.7"]

    def connect(_: socket.socket, address: object) -> None:
        reached.append(address)
        raise OSError("not in a test")

    monkeypatch.setattr(connection._TimedSocket, "connect", connect)
    with pytest.raises(FetchError, match="cannot be reached"):
        fetch("http://flip.test/", resolve=flipping, limits=QUICK)
    assert asked == ["flip.test"]
    assert reached == [("93.184.216.34", 80)]


def test_another_peer_than_the_checked_one_is_refused(
    web: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection._TimedSocket, "getpeername", lambda _: ("10.0.0.7", 80))
    web.answers["/"] = page()
    with pytest.raises(Refused):
        get(web, "http://good.test/")
    assert web.requests == []


def test_the_next_checked_address_is_tried_when_the_first_is_dead(
    web: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = socket.socket.connect
    reached: list[tuple[str, int]] = []

    def connect(self: socket.socket, address: tuple[str, int]) -> None:
        reached.append(address)
        if len(reached) == 1:
            raise OSError("no route")
        real(self, ("127.0.0.1", web.port))

    monkeypatch.setattr(connection._TimedSocket, "connect", connect)
    monkeypatch.setattr(connection._TimedSocket, "getpeername", lambda _: ("9.9.9.9", 80))
    web.answers["/"] = page()
    answer = fetch(
        "http://good.test/",
        resolve=lambda _: ["2a00:1450:4001:800::1", "9.9.9.9"],
        limits=QUICK,
    )
    assert answer.remote_address == "9.9.9.9"


def test_a_hook_is_posted_and_its_redirect_is_not_followed(web: Loopback) -> None:
    web.answers["/hook"] = redirect("http://third.test/")
    answer = send(
        "http://good.test/hook",
        b'{"type": "claim.published"}',
        headers={"Content-Type": "application/json", "webhook-id": "1"},
        policy=web.policy("good.test"),
    )
    assert answer.status == 302
    assert web.requests[0].method == "POST"
    assert web.requests[0].body == b'{"type": "claim.published"}'
    assert web.requests[0].headers["webhook-id"] == "1"
    assert len(web.requests) == 1


def test_header_values_cannot_smuggle_a_second_header(web: Loopback) -> None:
    with pytest.raises(FetchError):
        get(web, "http://good.test/", headers={"X-Key": "a\r\nX-Evil: b"})
    assert web.requests == []


NOW = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("Tue, 01 Jan 2030 00:01:00 GMT", 60),
        ("Tue, 01 Jan 2019 00:01:00 GMT", 0),
        ("999999999", 7 * 24 * 3600),
        ("9" * 5000, 7 * 24 * 3600),
        ("0" * 5000, 0),
        ("00000000000000120", 120),
        ("1e9", None),
        ("1.5", None),
        ("60, 120", None),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 7 * 24 * 3600),
        ("Mon, 01 Jan 0001 00:00:00 +2359", 0),
        ("2030-01-01T00:01:00Z", None),
        ("\0", None),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("٣", None),
        ("Tue, 99 Jan 2030 00:01:00 GMT", None),
    ],
)
def test_retry_after_is_read_in_both_forms(value: str, seconds: int | None) -> None:
    assert retry_after(value, now=NOW) == seconds


def test_retry_after_comes_with_the_answer(web: Loopback) -> None:
    web.answers["/"] = page(b"slow down", status="429 Many", retry_after="7")
    assert get(web, "http://good.test/").retry_after == 7


def test_a_certificate_has_to_be_trusted_and_the_names_own(tmp_path: Path) -> None:
    context, pem = certificate(tmp_path, "good.test")
    with Loopback({"/": page(b"safe")}, tls=context) as web:
        policy = web.policy("good.test", "third.test", certificate=pem)
        assert fetch("https://good.test/", policy=policy, limits=QUICK).body == b"safe"
        for url, trusting in [("https://third.test/", policy), ("https://good.test/", None)]:
            with pytest.raises(FetchError) as caught:
                fetch(url, policy=trusting or web.policy("good.test"), limits=QUICK)
            assert caught.value.code == "tls"


def test_a_handshake_that_never_comes_ends() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        policy = Policy(stand_ins={"good.test": ("127.0.0.1", mute.getsockname()[1])})
        with pytest.raises(FetchError) as caught:
            fetch("https://good.test/", policy=policy, limits=QUICK)
    assert caught.value.code == "timeout"


def test_many_fetches_at_once_do_not_disturb_each_other(web: Loopback) -> None:
    web.answers |= {f"/{n}": page(f"page {n}".encode()) for n in range(20)}
    bodies: dict[int, bytes] = {}

    def one(number: int) -> None:
        bodies[number] = get(web, f"http://good.test/{number}").body

    threads = [threading.Thread(target=one, args=(n,)) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert bodies == {n: f"page {n}".encode() for n in range(20)}
