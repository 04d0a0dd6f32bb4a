"""Where a request came from is taken from proxies that the desk knows, and from nobody else."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory, override_settings

from factcheck.address import TrustedProxies

PROXY = "10.0.0.2"


def passed_on(remote: str, **headers: str) -> HttpRequest:
    """The request as the rest of the desk sees it."""
    seen: list[HttpRequest] = []

    def rest(request: HttpRequest) -> HttpResponse:
        seen.append(request)
        return HttpResponse()

    with override_settings(TRUSTED_PROXIES=("10.0.0.0/8",)):
        TrustedProxies(rest)(RequestFactory().get("/", REMOTE_ADDR=remote, **headers))
    return seen[0]


@pytest.mark.parametrize(
    ("remote", "forwarded", "expected"),
    [
        ("198.51.100.7", "203.0.113.9", "198.51.100.7"),
        (PROXY, "203.0.113.9", "203.0.113.9"),
        (PROXY, "1.2.3.4, 203.0.113.9", "203.0.113.9"),
        (PROXY, "1.2.3.4, 203.0.113.9, 10.0.0.3", "203.0.113.9"),
        (PROXY, "nonsense", PROXY),
        (PROXY, "", PROXY),
        (PROXY, "2001:db8::1", "2001:db8::1"),
        ("", "203.0.113.9", ""),
    ],
)
def test_the_caller_is_the_last_address_that_no_proxy_of_ours_has(
    remote: str, forwarded: str, expected: str
) -> None:
    request = passed_on(remote, HTTP_X_FORWARDED_FOR=forwarded)
    assert request.META["REMOTE_ADDR"] == expected
    assert "HTTP_X_FORWARDED_FOR" not in request.META


def test_a_stranger_cannot_say_that_the_way_was_encrypted() -> None:
    stranger = passed_on("198.51.100.7", HTTP_X_FORWARDED_PROTO="https")
    assert "HTTP_X_FORWARDED_PROTO" not in stranger.META
    ours = passed_on(PROXY, HTTP_X_FORWARDED_PROTO="https")
    assert ours.META["HTTP_X_FORWARDED_PROTO"] == "https"
