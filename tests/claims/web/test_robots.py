"""What a host asks of robots is kept to."""

import pytest

from claims.web.errors import FetchError, Refused
from claims.web.robots import parse, robots_of
from tests.claims.coverage.providers.strangers import Strangers, answer

PAGE = "https://marlby.example/news/ferry"
RULES = """
User-agent: FactcheckDesk
Disallow: /private
Crawl-delay: 7
User-agent: *
Disallow: /
Sitemap: https://marlby.example/news.xml
"""


def test_rules_for_us_come_before_rules_for_all() -> None:
    robots = parse(RULES)
    assert robots.allows(PAGE)
    assert not robots.allows("https://marlby.example/private/a")
    assert not robots.allows(PAGE, user_agent="Another/1.0")
    assert robots.delay == 7
    assert robots.sitemaps == ("https://marlby.example/news.xml",)


def test_a_persons_click_does_not_overrule_a_no() -> None:
    assert not parse("User-agent: *\nDisallow: /").allows(PAGE, by_hand=True)


@pytest.mark.parametrize("status", [404, 410, 401, 403])
def test_no_file_is_no_rule(status: int) -> None:
    get = Strangers([answer("Disallow: /", status=status)])
    assert robots_of(PAGE, get=get).allows(PAGE)
    assert get.asked[0][0] == "https://marlby.example/robots.txt"


@pytest.mark.parametrize("reply", [answer("", status=503), answer("", status=429),
                                   FetchError("timeout", "Too slow.")])  # fmt: skip
def test_a_host_that_cannot_say_is_left_to_people(reply: object) -> None:
    robots = robots_of(PAGE, get=Strangers([reply]))  # type: ignore[list-item]
    assert not robots.allows(PAGE)
    assert robots.allows(PAGE, by_hand=True)


@pytest.mark.parametrize("code", ["dns", "unreachable", "tls"])
def test_a_host_that_is_not_there_is_no_host_without_rules(code: str) -> None:
    with pytest.raises(FetchError) as told:
        robots_of(PAGE, get=Strangers([FetchError(code, "Nobody there.")]))
    assert told.value.code == code


def test_the_guards_no_stays_a_no() -> None:
    with pytest.raises(Refused):
        robots_of(PAGE, get=Strangers([Refused("address")]))


@pytest.mark.parametrize("text", ["", "<html>Not found</html>", "\ufeff", "x" * 10_000, "a:b\n:"])
def test_nonsense_is_no_rule(text: str) -> None:
    assert parse(text).allows(PAGE)


def test_a_delay_is_never_endless() -> None:
    assert parse("User-agent: *\nCrawl-delay: 99999").delay == 30
    assert parse("User-agent: *\nCrawl-delay: -5").delay == 0
