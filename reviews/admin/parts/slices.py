"""Long lists of one claim, shown a part at a time."""

from dataclasses import dataclass

_DIGITS = 10


@dataclass(frozen=True, slots=True)
class Part:
    """Which entries of a list are shown: those from ``first`` up to, not including, ``last``.

    Parts are numbered from 1 on; ``before`` and ``after`` are the neighbours, None at the ends.
    """

    number: int
    parts: int
    first: int
    last: int

    @classmethod
    def of(cls, number: int, entries: int, at_once: int) -> "Part":
        """The part with this number, or the nearest there is."""
        parts = max(1, -(-entries // at_once))
        number = min(max(number, 1), parts)
        return cls(number, parts, (number - 1) * at_once, min(number * at_once, entries))

    @property
    def before(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def after(self) -> int | None:
        return self.number + 1 if self.number < self.parts else None


def numbered(asked: str) -> int:
    """The number of a part as an address asks for it; the first where that is none."""
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < _DIGITS else 1
