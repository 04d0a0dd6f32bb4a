"""What is refused before anything is written, field by field."""

from claims.errors import Invalid, Problem
from claims.models import Actor
from claims.text.usable import has_words, is_language, problem_with
from claims.web import guard
from claims.web.address import parse
from claims.web.errors import BadAddress, FetchError

CLAIM_MAX = 5_000
ARTICLE_MAX = 1_000_000
_SOME_PUBLIC_ADDRESS = ("93.184.216.34",)


def may_write(by: Actor) -> None:
    """Refuse who may not bring anything in; the desk itself does so for readers and feeds."""
    if not by.is_system:
        by.need("claims:write")


def words(text: str, pointer: str, *, longest: int, what: str) -> list[Problem]:
    """The problems with a text that has to be there."""
    wrong = problem_with(text, longest=longest, what=what)
    if wrong is None and not has_words(text):
        wrong = f"{what} has no words."
    return [Problem(pointer, wrong)] if wrong else []


def line(text: str, pointer: str, *, longest: int, what: str) -> list[Problem]:
    """The problems with a text that may be missing."""
    wrong = problem_with(text, longest=longest, what=what)
    return [Problem(pointer, wrong)] if wrong else []


def language(tag: str, pointer: str = "/language") -> list[Problem]:
    if not tag or is_language(tag):
        return []
    return [Problem(pointer, "Use a language tag as en, ar or pt-BR.")]


def address(url: str, pointer: str = "/url") -> list[Problem]:
    """The problems with a web address, as far as they show without asking anybody.

    Names are not looked up here: a request must not wait for a resolver. Whoever fetches the
    address checks it again, with all it resolves to, before any connection.
    """
    try:
        guard.check(url.strip(), resolve=lambda _name: _SOME_PUBLIC_ADDRESS)
        parse(url)
    except (BadAddress, FetchError) as refused:
        return [Problem(pointer, refused.message)]
    return []


def refuse(problems: list[Problem]) -> None:
    """Raise Invalid with all problems at once, if there are any."""
    if len(problems) == 1:
        raise Invalid.at(problems[0].pointer, problems[0].message)
    if problems:
        raise Invalid("Some of this cannot be used.", problems=problems)
