"""Every variable that the desk reads is documented, and none that it does not."""

import re

from factcheck.environment import BASE_DIR

PAGE = (BASE_DIR / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")


def test_the_table_lists_what_is_read_and_nothing_else() -> None:
    environment = (BASE_DIR / "factcheck" / "environment.py").read_text(encoding="utf-8")
    engines = (BASE_DIR / "factcheck" / "engines.py").read_text(encoding="utf-8")
    read = set(re.findall(r'\btake\(\s*"([A-Z_]+)"', environment))
    read |= set(re.findall(r'environ\.get\("(DESK_[A-Z_]+)"', engines))
    listed = set(re.findall(r"^\| `([A-Z_]+)` \|", PAGE, re.MULTILINE))
    assert len(read) > 15
    assert listed == read
