"""Reads the host of an address, in every spelling that some program would understand."""

import ipaddress
import re
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

import idna

from claims.web.errors import BadAddress

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

LONGEST_NAME = 253
LONGEST_LABEL = 63
# Underscores and doubled hyphens are not in the book and are in the DNS.
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?")
_NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+")
_MOST_PARTS = 4


@dataclass(frozen=True, slots=True)
class Host:
    """``name`` in ASCII and lower case, no trailing dot, no brackets.

    ``addresses`` is empty for a name. For a literal it holds each address that the spelling can
    mean, the system's own reading (``inet_aton``) first: ``010.0.0.7`` is 8.0.0.7 to C libraries
    and 10.0.0.7 to others.
    """

    name: str
    addresses: tuple[IPAddress, ...] = ()

    @property
    def authority(self) -> str:
        """The host as it stands in a URL."""
        return f"[{self.name}]" if ":" in self.name else self.name


def read_host(written: str) -> Host:
    """The host that *written* (the part of a URL before the port) means, or ``BadAddress``."""
    if written.startswith("["):
        return _bracketed(written)
    name = _ascii(_percent_decoded(written)).removesuffix(".")
    if not name or len(name) > LONGEST_NAME:
        raise BadAddress("The address names no host.")
    labels = name.split(".")
    if _NUMBER.fullmatch(labels[-1]):
        return _dotted(labels)
    for label in labels:
        if len(label) > LONGEST_LABEL or not _LABEL.fullmatch(label):
            raise BadAddress("The host of this address is not a name that can exist.")
    return Host(name)


def _bracketed(written: str) -> Host:
    # A zone ("%eth0") points at one of this machine's own links: never the public internet.
    if not written.endswith("]") or "%" in written or not written.isascii():
        raise BadAddress("The host of this address is not a name that can exist.")
    try:
        address = ipaddress.IPv6Address(written[1:-1])
    except ValueError as error:
        raise BadAddress("The host of this address is not an IPv6 address.") from error
    return Host(str(address), (address,))


def _percent_decoded(written: str) -> str:
    if "%" not in written:
        return written
    try:
        return unquote_to_bytes(written).decode("utf-8")
    except UnicodeError as error:
        raise BadAddress("The host of this address cannot be read.") from error


def _ascii(name: str) -> str:
    if name.isascii():
        return name.lower()
    try:
        # Full-width digits, circled digits and ideographic dots become what they look like here.
        labels = idna.uts46_remap(name, std3_rules=False, transitional=False).split(".")
        # Digits of other scripts become none of ours, and some programs read them all the same.
        if any(not label.isascii() and label.isdecimal() for label in labels):
            raise BadAddress("The host of this address is a number that is no address.")
        return ".".join(
            label if label.isascii() else idna.alabel(label).decode("ascii") for label in labels
        )
    except (idna.IDNAError, UnicodeError) as error:
        raise BadAddress("The host of this address is not a name that can exist.") from error


def _dotted(labels: list[str]) -> Host:
    """One to four numbers in decimal, octal or hex, as ``inet_aton`` reads them."""
    try:
        readings = [_inet_aton(labels, octal=True)]
    except ValueError as error:
        raise BadAddress("The host of this address is a number that is no address.") from error
    with suppress(ValueError):
        readings.append(_inet_aton(labels, octal=False))
    return Host(str(readings[0]), tuple(dict.fromkeys(readings)))


def _inet_aton(labels: list[str], *, octal: bool) -> ipaddress.IPv4Address:
    if len(labels) > _MOST_PARTS:
        raise ValueError("more than four parts")
    numbers = [_number(label, octal=octal) for label in labels]
    *heads, last = numbers
    room = 256 ** (_MOST_PARTS - len(heads))
    if last >= room or any(head > 255 for head in heads):  # noqa: PLR2004
        raise ValueError("a part is too large")
    value = last
    for position, head in enumerate(heads):
        value += head << (8 * (3 - position))
    return ipaddress.IPv4Address(value)


def _number(label: str, *, octal: bool) -> int:
    if len(label) > 64 or not _NUMBER.fullmatch(label):  # noqa: PLR2004
        raise ValueError("no number")
    if label.startswith("0x"):
        return int(label[2:] or "0", 16)
    if octal and label.startswith("0"):
        return int(label, 8)
    return int(label, 10)
