"""Tells the part of a page that is its article from what stands around it."""

import re
from collections import Counter

from lxml.html import HtmlElement

from claims.web.declared import line

_TAGS = frozenset({"footer", "aside", "nav", "form"})
_MARKS = re.compile(
    r"comment|respond|sidebar|widget|related|recommend|newsletter|promo|teaser|cookie|consent"
    r"|disclaimer|author-bio|(?<![a-z])footer|trending|more-from|most-read",
    re.IGNORECASE,
)
# What programs that ask for consent call their boxes. Wrappers of whole pages are called so, too.
_CONSENT = re.compile(
    r"(?<![a-z])(?:onetrust|didomi|usercentrics|cybot|truste(?![a-z])|qc-cmp|sp_message|fc-consent"
    r"|cmplz|cky-|gdpr|cc-window|cookie[-_]?(?:banner|consent|notice|bar|popup|modal|law|wall|dialog"
    r"|message)|(?:consent|privacy)[-_]?(?:banner|manager|modal|popup|dialog|sdk|box|notice))",
    re.IGNORECASE,
)


class Outside:
    """What stands around the article of one page: comments, teasers, forms, footers.

    Class names lie: a column called "sidebar" may hold everything. So whatever encloses the
    element with the most running text is inside, whatever it is called.
    """

    def __init__(self, tree: HtmlElement) -> None:
        self._notices = set(consent_boxes(tree))
        weights: Counter[HtmlElement] = Counter()
        for paragraph in tree.iter("p"):
            outer = paragraph.getparent()
            boxed = not self._notices.isdisjoint(paragraph.iterancestors())
            if outer is not None and not boxed and not _is_marked(outer):
                weights[outer] += len(paragraph.text_content())
        self._spine: set[HtmlElement] = set()
        if weights:
            ((main, _),) = weights.most_common(1)
            self._spine = {main, *main.iterancestors()}

    def holds(self, element: HtmlElement) -> bool:
        """Whether *element* is not part of the article."""
        for outer in (element, *element.iterancestors()):
            if outer in self._spine or outer.tag in {"body", "html"}:
                return False
            if outer in self._notices or _is_marked(outer):
                return True
        return False


def consent_boxes(tree: HtmlElement) -> list[HtmlElement]:
    """The outermost boxes that ask for consent: they hold no headline, as the page itself does."""
    found: list[HtmlElement] = []
    for element in tree.iterfind(".//*"):
        if element.tag in {"body", "script", "style"} or not _CONSENT.search(marks(element)):
            continue
        inner = any(element is box or box in element.iterancestors() for box in found)
        if not inner and element.find(".//h1") is None:
            found.append(element)
    return found


def marks(element: HtmlElement) -> str:
    """The class and id of an element, for looking at."""
    return f"{element.get('class', '')} {element.get('id', '')}"


def spaced(element: HtmlElement) -> str:
    """The words of *element* on one line, with a space wherever one tag ends."""
    return line(" ".join(element.itertext()))


def _is_marked(element: HtmlElement) -> bool:
    return element.tag in _TAGS or bool(_MARKS.search(marks(element)))
