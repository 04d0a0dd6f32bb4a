"""Undoes the compression of an answer, and stops at a limit: a bomb never gets to go off."""

import zlib
from collections.abc import Sequence

from claims.web.errors import FetchError

_GZIP = 16 + zlib.MAX_WBITS
_MOST_CODINGS = 2
_STEP = 1 << 16
# Some servers put there what is no packing at all.
_NONE = frozenset({"", "identity", "none", "binary", "7bit", "8bit", "utf-8", "utf8"})


class Unpacker:
    """Takes the bytes of a body as they come and gives them back decoded.

    ``codings`` in the order of the Content-Encoding header. At most ``limit`` decoded bytes, also
    in between two codings; more is ``FetchError("too_large")``.
    """

    def __init__(self, codings: Sequence[str], *, limit: int) -> None:
        named = [coding for coding in codings if coding not in _NONE]
        if len(named) > _MOST_CODINGS:
            raise FetchError("encoding", "The page was packed more often than makes sense.")
        self._stages = [_stage(coding, limit) for coding in reversed(named)]
        self._limit = limit
        self._given = 0

    def feed(self, data: bytes) -> bytes:
        """What *data* adds to the decoded body."""
        for stage in self._stages:
            data = stage.feed(data)
        self._given += len(data)
        if self._given > self._limit:
            raise _too_large(self._limit)
        return data

    def finish(self) -> None:
        """The body is over: one that stops in the middle of its packing was cut."""
        if not all(stage.complete for stage in self._stages):
            raise FetchError("cut", "The page broke off in the middle.")


def gunzip(data: bytes, *, limit: int) -> bytes:
    """*data* unpacked when it is gzip by its first bytes, as it is otherwise."""
    if data[:2] != b"\x1f\x8b":
        return data
    unpacker = Unpacker(["gzip"], limit=limit)
    plain = unpacker.feed(data)
    unpacker.finish()
    return plain


class _Stage:
    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._given = 0
        self._inflate: zlib._Decompress | None = None

    def _fresh(self, data: bytes) -> "zlib._Decompress":
        raise NotImplementedError

    @property
    def complete(self) -> bool:
        return self._inflate is None or self._inflate.eof

    def feed(self, data: bytes) -> bytes:
        pieces = []
        piece = b""
        try:
            # A full step may leave words inside the inflater that need no further input.
            while data or len(piece) == _STEP:
                inflate = self._inflate = self._inflate or self._fresh(data)
                piece = inflate.decompress(data, _STEP)
                self._given += len(piece)
                if self._given > self._limit:
                    raise _too_large(self._limit)
                pieces.append(piece)
                data = self._rest(inflate)
        except zlib.error as error:
            raise FetchError("encoding", "The page is not packed as it says it is.") from error
        return b"".join(pieces)

    def _rest(self, inflate: "zlib._Decompress") -> bytes:
        return inflate.unconsumed_tail


class _Gzip(_Stage):
    """Gzip, also in several members; whatever else follows the last one is dropped."""

    def _fresh(self, data: bytes) -> "zlib._Decompress":
        return zlib.decompressobj(_GZIP)

    def _rest(self, inflate: "zlib._Decompress") -> bytes:
        if not inflate.eof:
            return inflate.unconsumed_tail
        following = inflate.unused_data
        if not following.startswith(b"\x1f\x8b"):
            return b""
        self._inflate = zlib.decompressobj(_GZIP)
        return following


class _Deflate(_Stage):
    """Deflate with its zlib header, or without: half of the servers leave it out."""

    def _fresh(self, data: bytes) -> "zlib._Decompress":
        wrapped = data[0] & 0x0F == zlib.DEFLATED and (
            len(data) < 2 or int.from_bytes(data[:2], "big") % 31 == 0  # noqa: PLR2004
        )
        return zlib.decompressobj(zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS)


def _stage(coding: str, limit: int) -> _Stage:
    if coding in {"gzip", "x-gzip"}:
        return _Gzip(limit)
    if coding == "deflate":
        return _Deflate(limit)
    raise FetchError("encoding", f"The page came packed as {coding[:20]!r}, not as was asked for.")


def _too_large(limit: int) -> FetchError:
    return FetchError("too_large", f"The page is larger than {limit // 1024:,} KiB.")
