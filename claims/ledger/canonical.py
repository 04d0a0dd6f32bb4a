"""The one way values become bytes: RFC 8785 JSON without floats, and commitments to it."""

import hashlib
import json
import secrets
from collections.abc import Mapping
from typing import Any

import rfc8785

from claims.errors import Invalid

SALT_BYTES = 16
ENTRY_BYTES_MAX = 65_536


def canonical(value: Any) -> bytes:
    """RFC 8785 bytes of ``value``; a float or an integer beyond 2^53-1 is refused."""
    _refuse_floats(value)
    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError) as error:
        raise Invalid("This cannot be written to the log: it is no plain JSON.") from error


def commitment(salt: bytes, value: Any) -> str:
    """SHA-256(0x02 ‖ salt ‖ RFC 8785(value)), hex: says nothing until salt and value are shown."""
    return hashlib.sha256(b"\x02" + salt + canonical(value)).hexdigest()


def new_salt() -> bytes:
    return secrets.token_bytes(SALT_BYTES)


def plain(value: Any) -> Any:
    """``value`` as the JSON that a database hands back: tuples are lists, keys are strings."""
    return json.loads(json.dumps(value, ensure_ascii=False))


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise Invalid("The log holds no floating-point numbers.")
    if isinstance(value, Mapping):
        for part in value.values():
            _refuse_floats(part)
    elif isinstance(value, list | tuple):
        for part in value:
            _refuse_floats(part)
