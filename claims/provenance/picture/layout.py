"""Where everything stands: columns by dependence, few crossings, nothing over another."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import pairwise

from claims.provenance.origins import components
from claims.provenance.picture.boxes import Box, Line
from claims.provenance.picture.parts import Link

WIDE, GAP_X, GAP_Y, EDGE, RING = 224, 128, 18, 16, 14
"""A box's width, the space between boxes across and down, the margin, the room for a frame."""

_TURN = 12  # height that a link takes where it passes a column
_SWEEPS = 3
_MOST_EMPTY = 56


@dataclass(slots=True)
class Slot:
    """A box in its column, or the place where a long link passes one."""

    key: str
    height: int
    column: int
    y: float = 0.0
    left: list[str] = field(default_factory=list)
    right: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Layout:
    """Boxes and lines with their places; a route runs from what is leant on to what leans."""

    boxes: Mapping[str, Box]
    lines: tuple[Line, ...]
    slots: Mapping[str, Slot]
    routes: Mapping[Line, tuple[str, ...]]
    rings: tuple[tuple[str, ...], ...]
    width: int
    height: int

    @classmethod
    def of(cls, boxes: Mapping[str, Box], lines: tuple[Line, ...]) -> "Layout":
        placing = [line for line in lines if line.carries or line.is_denial]
        groups = _condensed([*boxes], placing)
        column = _columns(groups, placing)
        slots = {key: Slot(key, box.height, column[key]) for key, box in boxes.items()}
        routes = {line: _route(line, slots) for line in lines}
        for route in routes.values():
            for left, right in pairwise(route):
                slots[left].right.append(right)
                slots[right].left.append(left)
        ringed = [tuple(key for key in group if boxes[key].circle) for group in groups]
        rings = tuple(ring for ring in ringed if len(ring) > 1)
        together = {key: group[0] for group in groups for key in group}
        columns = _ordered(boxes, slots, together)
        _place(columns, slots, {key for ring in rings for key in ring})
        bottom = _close_up(slots, EDGE + (2 * RING if rings else 0))
        across = max(column.values(), default=0) + 1
        margin = EDGE + (3 * RING if rings else 0)
        width = across * WIDE + (across - 1) * GAP_X + 2 * margin + 8
        return cls(boxes, lines, slots, routes, rings, width, round(bottom + EDGE + 2 * RING))

    def x(self, key: str) -> int:
        return EDGE + (3 * RING if self.rings else 0) + self.slots[key].column * (WIDE + GAP_X)


def _condensed(keys: Sequence[str], lines: Iterable[Line]) -> list[tuple[str, ...]]:
    leads: defaultdict[str, set[str]] = defaultdict(set)
    for line in lines:
        leads[line.source].add(line.target)
    return list(components(sorted(keys), {key: sorted(ends) for key, ends in leads.items()}))


def _columns(groups: Sequence[tuple[str, ...]], lines: Iterable[Line]) -> dict[str, int]:
    """Each box one column right of the last thing it leans on."""
    group_of = {key: number for number, group in enumerate(groups) for key in group}
    leads: defaultdict[int, set[int]] = defaultdict(set)
    for line in lines:
        if group_of[line.source] != group_of[line.target]:
            leads[group_of[line.source]].add(group_of[line.target])
    depth: dict[int, int] = {}
    # Components come with those that lean before those leant on.
    for number in range(len(groups) - 1, -1, -1):
        depth[number] = max((depth[end] + 1 for end in leads[number]), default=0)
    return {key: depth[group_of[key]] for key in group_of}


def depths(keys: Sequence[str], links: Sequence[Link]) -> dict[str, int]:
    lines = [
        Line(k.source, k.target, carries=True, is_denial=False, status="", label="", count=1)
        for k in links
    ]
    return _columns(_condensed(keys, lines), lines)


def _route(line: Line, slots: dict[str, Slot]) -> tuple[str, ...]:
    """The places a line passes, with one in each column that it crosses."""
    start, end = slots[line.target], slots[line.source]
    if end.column < start.column:
        start, end = end, start
    route = [start.key]
    for column in range(start.column + 1, end.column):
        key = f"~{line.source}~{line.target}~{line.carries:d}{line.is_denial:d}~{column}"
        slots[key] = Slot(key, _TURN, column)
        route.append(key)
    return (*route, end.key) if start is not end else (start.key,)


@dataclass(frozen=True, slots=True)
class _Order:
    """The columns from top to bottom, sorted by where their neighbours stand."""

    columns: list[list[str]]
    slots: Mapping[str, Slot]
    together: Mapping[str, str]
    place: dict[str, float]

    @classmethod
    def of(
        cls, boxes: Mapping[str, Box], slots: Mapping[str, Slot], together: Mapping[str, str]
    ) -> "_Order":
        columns: defaultdict[int, list[str]] = defaultdict(list)
        for key, slot in slots.items():
            columns[slot.column].append(key)
        listed = [columns[number] for number in sorted(columns)]
        for column in listed:
            column.sort(key=lambda key: (boxes[key].time if key in boxes else ("", key), key))
        place = {key: float(n) for column in listed for n, key in enumerate(column)}
        return cls(listed, slots, together, place)

    def sort(self, column: list[str], side: str) -> None:
        """Sort by the middle of the neighbours; what makes a circle stays together."""
        wanted = {key: self._middle(key, side) for key in column}
        blocks: defaultdict[str, list[float]] = defaultdict(list)
        for key in column:
            blocks[self.together.get(key, key)].append(wanted[key])
        mean = {block: sum(values) / len(values) for block, values in blocks.items()}

        def rank(key: str) -> tuple[float, str, float, str]:
            block = self.together.get(key, key)
            return mean[block], block, wanted[key], key

        column.sort(key=rank)
        self.place.update({key: float(n) for n, key in enumerate(column)})

    def _middle(self, key: str, side: str) -> float:
        near = [self.place[other] for other in getattr(self.slots[key], side)]
        return sum(near) / len(near) if near else self.place[key]


def _ordered(
    boxes: Mapping[str, Box], slots: Mapping[str, Slot], together: Mapping[str, str]
) -> list[list[str]]:
    order = _Order.of(boxes, slots, together)
    for _ in range(_SWEEPS):
        for column in order.columns:
            order.sort(column, "left")
        for column in reversed(order.columns):
            order.sort(column, "right")
    return order.columns


def _place(
    columns: Sequence[Sequence[str]], slots: Mapping[str, Slot], ringed: AbstractSet[str]
) -> None:
    """Give each slot its height on the page: near its neighbours, never over another."""
    for column in columns:
        _stack(column, slots, {}, ringed)
    for backwards in (False, True, False):
        for column in reversed(columns) if backwards else columns:
            wanted = {}
            for key in column:
                near = slots[key].right if backwards else slots[key].left
                if near:
                    middles = [slots[other].y + slots[other].height / 2 for other in near]
                    wanted[key] = sum(middles) / len(middles) - slots[key].height / 2
            if wanted:
                _stack(column, slots, wanted, ringed)


def _stack(
    column: Sequence[str],
    slots: Mapping[str, Slot],
    wanted: Mapping[str, float],
    ringed: AbstractSet[str],
) -> None:
    free = -float("inf") if wanted else 0.0
    before = False
    for key in column:
        turn = key in ringed
        space = 2 * RING + GAP_Y if turn != before else 0
        before = turn
        slots[key].y = max(wanted.get(key, slots[key].y if wanted else free), free + space)
        free = slots[key].y + slots[key].height + GAP_Y
    if wanted:
        moved = [wanted[key] - slots[key].y for key in column if key in wanted]
        shift = sum(moved) / len(moved)
        for key in column:
            slots[key].y += shift


def _close_up(slots: Mapping[str, Slot], top: float) -> float:
    """Move everything up to *top*, and close wide empty bands; gives where the last one ends."""
    moved, end = 0.0, None
    for slot in sorted(slots.values(), key=lambda slot: (slot.y, slot.key)):
        if end is None:
            moved = top - slot.y
        elif slot.y - end > _MOST_EMPTY:
            moved -= slot.y - end - _MOST_EMPTY
        end = max(slot.y + slot.height, end if end is not None else slot.y)
        slot.y = round(slot.y + moved, 1)
    return max((slot.y + slot.height for slot in slots.values()), default=top)
