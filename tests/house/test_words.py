"""Every word that a template of the desk shows can be translated."""

import re
import warnings
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.utils.translation.template import TranslatorCommentWarning, templatize

ROOT = Path(__file__).parents[2]
TEMPLATES = [
    path
    for place in ("claims/templates/admin", "claims/templates/desk", "reviews/templates/desk")
    for path in sorted((ROOT / place).rglob("*.html"))
]
# Names of formats and examples of tags: the same in every language.
NAMES = {"CSV", "JSON", "PROV-JSON", "SHA-256", "SVG", "en, ar, he …"}
SPOKEN = {"title", "aria-label", "placeholder", "alt", "data-key-name"}
_HIDDEN = re.compile(
    r"{% *comment.*?endcomment *%}"
    r"|{% *blocktranslate\b.*?endblocktranslate *%}"
    r"|{% *block (?:bodyclass|mainclass) *%}.*?{% *endblock[^%]*%}"
    r"|{%.*?%}|{{.*?}}|{#.*?#}",
    re.DOTALL,
)
_WORD = re.compile(r"[^\W\d_]{2,}")


class _Reader(HTMLParser):
    """What stands in the markup itself: text, and the attributes that are read out."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in {"script", "style"}
        self.found += [value or "" for name, value in attrs if name in SPOKEN]

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in {"script", "style"}

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.found.append(data)


def words_outside_a_translation(markup: str) -> list[str]:
    reader = _Reader()
    reader.feed(_HIDDEN.sub("", markup))
    said = (one.strip(" \n·,:()") for one in reader.found)
    return [one for one in said if _WORD.search(one) and one not in NAMES]


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_of_the_desk_shows_words_that_no_catalogue_reaches(template: Path) -> None:
    markup = template.read_text(encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("error", TranslatorCommentWarning)
        templatize(markup, origin=str(template))
    assert words_outside_a_translation(markup) == []


def test_what_is_looked_for_is_found() -> None:
    markup = "<p title='Take it'>Hello {{ name }}{% translate 'there' %}</p><script>let a</script>"
    assert words_outside_a_translation(markup) == ["Take it", "Hello"]
