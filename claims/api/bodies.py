"""Bodies as they come over the wire: in chunks without a length, or longer than is read."""

import contextlib
import io

from django.http import HttpRequest

PIECE = 1 << 16
# More than the largest upload is not taken, whatever comes.
LONGEST = 65 << 20


def take_chunks(request: HttpRequest) -> None:
    """Give a body that came in chunks the length that Django reads bodies by.

    Without one Django takes it for empty, and a claim would be refused for having no words.
    """
    chunked = "chunked" in request.META.get("HTTP_TRANSFER_ENCODING", "").lower()
    source = request.META.get("wsgi.input")
    if not chunked or source is None or request.META.get("CONTENT_LENGTH"):
        return
    body = source.read(LONGEST)
    request.META["CONTENT_LENGTH"] = str(len(body))
    request._stream = io.BytesIO(body)  # noqa: SLF001


def drain(request: HttpRequest) -> None:
    """Read what was left of a body that is refused unread.

    Who is still sending when the connection closes never sees the answer that says why.
    """
    left = LONGEST
    with contextlib.suppress(OSError):
        while left > 0 and (piece := request.read(PIECE)):
            left -= len(piece)
