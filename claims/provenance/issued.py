"""Whether a text is a press release, by what it says of itself."""

import re

_HEAD = 400
_TAIL = 1_200
# Only what no reporter writes: "a press release said" is in any paper, these lines are not.
_TITLES = (
    "for immediate release", "press release", "media release", "news release",
    "communiqué de presse", "nota de prensa", "comunicado de prensa",
    "بيان صحفي", "بيان صحافي", "للنشر الفوري", "הודעה לעיתונות", "לפרסום מיידי",
)  # fmt: skip
_CLOSINGS = (
    "notes to editors", "note to editors", "media contact:", "press contact:", "media enquiries:",
    "contact presse", "contacts presse", "notes aux rédactions", "contacto de prensa",
    "للتواصل الإعلامي", "לפרטים נוספים:", "- ends -", "-ends-", "# # #", "###",
)  # fmt: skip
_SECTION = re.compile(
    r"/(?:press|media|news)-?(?:release|statement)s?(?:/|$)|/communiques?(?:-de-presse)?/"
    r"|/(?:notas|comunicados)-(?:de-)?prensa/",
    re.IGNORECASE,
)


def is_press_release(text: str, *, url: str = "") -> bool:
    """Whether a line of its own at the top, a closing for editors, or the address says so.

    One sign is enough at the top or in the address; of those at the bottom it takes two.
    """
    if _SECTION.search(url):
        return True
    lines = (line.strip(" \t:*#–—-.").casefold() for line in text[:_HEAD].splitlines())
    if any(line in _TITLES for line in lines):
        return True
    tail = text[-_TAIL:].casefold()
    return sum(mark in tail for mark in _CLOSINGS) > 1
