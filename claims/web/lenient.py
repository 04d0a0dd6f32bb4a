"""Reads JSON as servers really write it."""

import json
import re
from typing import Any

# A backslash that begins no escape of JSON's, as some servers leave in titles.
_STRAY = re.compile(r'\\(?:u(?![0-9a-fA-F]{4})|(?!["\\/bfnrtu]))')
_LONGEST_NUMBER = 300
_ESCAPED = re.compile(r'\\\\|\\"')


def loads(text: str) -> Any:
    """*text* as JSON, mended where backslashes are not JSON's; None when it is none."""
    for attempt in (text, _mended(text)):
        try:
            return json.loads(attempt, strict=False, parse_int=_number)
        except (ValueError, RecursionError):
            continue
    return None


def _number(written: str) -> int | str:
    """An endless number stays as written: Python refuses to read it, and with it the whole."""
    return int(written) if len(written) < _LONGEST_NUMBER else written


def _mended(text: str) -> str:
    # Pairs of backslashes and escaped quotes are passed over, so that only strays are doubled.
    pieces, at = [], 0
    for good in _ESCAPED.finditer(text):
        pieces += [_STRAY.sub(lambda stray: "\\" + stray[0], text[at : good.start()]), good[0]]
        at = good.end()
    return "".join([*pieces, _STRAY.sub(lambda stray: "\\" + stray[0], text[at:])])
