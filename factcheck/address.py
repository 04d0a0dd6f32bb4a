"""Finds the address a request came from; only proxies that the desk was told of are believed."""

from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

# What a proxy may say about the request it passes on. From anybody else it is a claim.
_FORWARDED = (
    "HTTP_FORWARDED",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_REAL_IP",
    "HTTP_CLIENT_IP",
)
_PROTO = "HTTP_X_FORWARDED_PROTO"


class TrustedProxies:
    """Middleware, the first: sets REMOTE_ADDR to the caller's and drops what strangers forward."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.proxies = [ip_network(name, strict=False) for name in settings.TRUSTED_PROXIES]

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        meta = request.META
        if self._is_proxy(_address(meta.get("REMOTE_ADDR", ""))):
            meta["REMOTE_ADDR"] = self._caller(meta)
        else:
            meta.pop(_PROTO, None)
        for name in _FORWARDED:
            meta.pop(name, None)
        return self.get_response(request)

    def _caller(self, meta: dict[str, str]) -> str:
        """The last address on the way that is no proxy of ours: those before it may be made up."""
        way = [part.strip() for part in meta.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        nearest = str(meta.get("REMOTE_ADDR", ""))
        for part in reversed(way):
            address = _address(part)
            if address is None:
                break
            nearest = str(address)
            if not self._is_proxy(address):
                break
        return nearest

    def _is_proxy(self, address: IPv4Address | IPv6Address | None) -> bool:
        return address is not None and any(address in network for network in self.proxies)


def _address(said: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(said)
    except ValueError:
        return None
