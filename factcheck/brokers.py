"""Makes from the one address of Valkey those of the broker and of the cache."""

from urllib.parse import SplitResult, parse_qs, urlsplit, urlunsplit


def broker_url(redis_url: str) -> str:
    """The address as Celery spells it; a Unix socket has a scheme of its own there."""
    url, number = _split(redis_url)
    if url.scheme == "unix":
        return f"redis+socket://{url.path}?virtual_host={number}"
    return urlunsplit(url._replace(path=f"/{number}"))


def cache_url(redis_url: str) -> str:
    """The database after the broker's, so that FLUSHDB of the cache takes no message."""
    url, number = _split(redis_url)
    if url.scheme == "unix":
        return f"unix://{url.path}?db={number + 1}"
    return urlunsplit(url._replace(path=f"/{number + 1}"))


def _split(redis_url: str) -> tuple[SplitResult, int]:
    url = urlsplit(redis_url)
    if url.scheme == "unix":
        return url, int(parse_qs(url.query).get("db", ["0"])[-1])
    return url, int(url.path.strip("/") or 0)
