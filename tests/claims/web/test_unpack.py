"""Packed bodies come out whole, however they are cut into pieces, and never larger than asked."""

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.web.errors import FetchError
from claims.web.unpack import Unpacker, gunzip


def through(codings: list[str], data: bytes, *, step: int, limit: int = 1 << 22) -> bytes:
    unpacker = Unpacker(codings, limit=limit)
    plain = b"".join(unpacker.feed(data[at : at + step]) for at in range(0, len(data), step))
    unpacker.finish()
    return plain


@given(words=st.binary(max_size=3000), step=st.integers(1, 700), times=st.integers(1, 300))
def test_a_body_comes_out_as_it_went_in(words: bytes, step: int, times: int) -> None:
    words *= times
    assert through(["gzip"], gzip.compress(words), step=step) == words
    assert through(["deflate"], zlib.compress(words), step=step) == words
    assert through(["deflate", "gzip"], gzip.compress(zlib.compress(words)), step=step) == words
    assert through([""], words, step=step) == words


@given(step=st.integers(1, 60))
def test_members_follow_one_another_wherever_the_pieces_end(step: int) -> None:
    packed = gzip.compress(b"one ") + gzip.compress(b"two ") + gzip.compress(b"three")
    assert through(["x-gzip"], packed + b"\0" * 9, step=step) == b"one two three"


def test_the_limit_is_exact() -> None:
    packed = gzip.compress(bytes(100_000))
    assert len(through(["gzip"], packed, step=50, limit=100_000)) == 100_000
    with pytest.raises(FetchError, match="larger than"):
        through(["gzip"], packed, step=50, limit=99_999)


def test_gzip_is_known_by_its_first_bytes() -> None:
    assert gunzip(gzip.compress(b"<urlset/>"), limit=100) == b"<urlset/>"
    assert gunzip(b"<urlset/>", limit=3) == b"<urlset/>"
    with pytest.raises(FetchError, match="broke off"):
        gunzip(gzip.compress(b"<urlset/>")[:-9], limit=100)
