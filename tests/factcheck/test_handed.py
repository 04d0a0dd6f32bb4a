"""What cannot be checked is said in one line, before anything starts."""

import os
import threading
from functools import partial
from pathlib import Path

import pytest

from claims.web import client, guard
from factcheck import check, handed
from factcheck.handed import Handed, UnusableError
from tests.claims.web.loopback import Loopback, page
from tests.claims.web.pdf.printed import printed

ARTICLE = "The council closed the bridge on Monday, the mayor said. Nobody was hurt."


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "nothing in it"),
        (b" \n\t\n", "nothing in it"),
        (b"a" * (handed.BYTES_MAX + 1), "no article"),
        (bytes(range(256)) * 8, "no text"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 64, "no text"),
        (printed(["The mayor said nothing."]), "a document; save the article"),
        (b"%PDF-1.7\n\0", "no text"),
        (b"The mayor said\0 nothing.", "no text"),
        (b"The mayor said \x07 nothing.", "control character"),
    ],
)
def test_a_file_that_is_no_article_is_refused(tmp_path: Path, body: bytes, why: str) -> None:
    path = tmp_path / "article.txt"
    path.write_bytes(body)
    with pytest.raises(UnusableError, match=why) as refused:
        handed.read(str(path))
    assert str(path) in str(refused.value)


@pytest.mark.parametrize(
    "address",
    [
        "ftp://paper.example/a",
        "file:///etc/passwd",
        "gopher:article",
        "http://",
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://10.1.2.3/a",
        "http://169.254.169.254/latest/meta-data/",
        "http://user:secret@93.184.216.34/",
        "https://93.184.216.34:8443/",
    ],
)
def test_an_address_that_may_not_be_asked_is_refused_before_anybody_is_asked(
    address: str, stays_on_this_machine: list[str]
) -> None:
    with pytest.raises(UnusableError):
        handed.read(address)
    assert not stays_on_this_machine


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (page(ARTICLE.encode(), status="404 Not Found"), "the site answered 404."),
        (page(ARTICLE.encode(), status="503 Service Unavailable"), "the site answered 503."),
        (
            page(
                b"<title>Before you continue</title><h1>Before you continue</h1>"
                b"<form><p>We and our partners use cookies.</p><button>Accept all</button></form>"
            ),
            "The site asks for consent first, and shows no article.",
        ),
    ],
)
def test_a_page_without_the_article_is_refused_with_the_reason(
    monkeypatch: pytest.MonkeyPatch, answer: bytes, why: str
) -> None:
    with Loopback({"/a": answer}) as web:
        inside = web.policy("paper.example")
        monkeypatch.setattr(guard, "check", partial(guard.check, policy=inside))
        monkeypatch.setattr(client, "fetch", partial(client.fetch, policy=inside))
        with pytest.raises(UnusableError) as refused:
            handed.read("http://paper.example/a")
    assert str(refused.value) == f"http://paper.example/a: {why}"


@pytest.mark.parametrize("name", ["missing.txt", ".", "", "a\0b", "x" * 5000])
def test_what_is_no_file_is_said_to_be_none(name: str) -> None:
    with pytest.raises(UnusableError):
        handed.read(name)


def test_a_text_is_read_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "article.txt"
    path.write_text(ARTICLE)
    assert handed.read(str(path)) == Handed(text=ARTICLE)


def test_a_page_is_read_for_its_words(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(
        "<!doctype html><title>Bridge closed</title><article><h1>Bridge closed</h1>"
        f"<p>{ARTICLE}</p><p>{ARTICLE}</p></article>"
    )
    read = handed.read(str(path))
    assert "closed the bridge" in read.text
    assert "<p>" not in read.text
    assert read.title == "Bridge closed"


def test_what_was_handed_in_is_kept_whole(tmp_path: Path) -> None:
    article = Handed(text="שלום\n“so”", title="t", url="https://paper.example/a")
    article.keep(tmp_path / "kept")
    assert Handed.kept(tmp_path / "kept") == article


@pytest.mark.parametrize("arguments", [[], ["--jason", "a"], ["missing.txt"], ["a\nb"]])
def test_the_command_says_one_line_and_nothing_on_standard_output(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        code = check.main(arguments)
    except SystemExit as ended:
        code = int(str(ended.code))
    said = capsys.readouterr()
    assert code == 2
    assert said.out == ""
    assert said.err.count("\n") == 1


def test_a_folder_is_told_from_a_file_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(UnusableError, match="this is a folder"):
        handed.read(str(tmp_path))


def test_what_comes_through_a_pipe_is_read(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_text, args=(ARTICLE,))
    writer.start()

    assert handed.read(str(pipe)).text == ARTICLE

    writer.join()
