"""Parses the markup of a page into a tree, as forgiving as browsers are."""

import re

import lxml.etree
import lxml.html
from lxml.html import HtmlElement
from trafilatura import load_html

_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f]")
# References to control characters: below 32 they say nothing, and some parsers stop at them; from
# 128 on they mean windows-1252 (HTML, "numeric character reference end state").
_REFERENCE = re.compile(
    r"&#(?:[xX]0*(?P<hex>[0-8bcefBCEF]|[189][0-9a-fA-F])(?![0-9a-fA-F])"
    r"|0*(?P<dec>[0-8]|1[124-9]|2[0-9]|3[01]|12[89]|1[345][0-9])(?![0-9]));?"
)


def parse(text: str) -> HtmlElement | None:
    """The tree of *text*; None where no parser makes one of it."""
    # An encoding declared in the text itself would be believed once more.
    text = _CONTROL.sub("", _DECLARATION.sub("", text)).replace("\f", " ")
    if "&#" in text:
        text = _REFERENCE.sub(_referred, text)
    tree = load_html(text)
    if tree is None:
        try:
            tree = lxml.html.document_fromstring(text)
        except (lxml.etree.LxmlError, ValueError):
            return None
    return tree


def _referred(found: re.Match[str]) -> str:
    number = int(found["hex"], 16) if found["hex"] else int(found["dec"])
    return "" if number < 32 else bytes([number]).decode("cp1252", "ignore")  # noqa: PLR2004
