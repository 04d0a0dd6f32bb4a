"""The picture as one SVG element: no script, no style attribute, told without colour."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from html import escape
from itertools import pairwise

from claims.provenance.origins import UNNAMED_KINDS
from claims.provenance.picture.boxes import LINE, PAD, Box, Line, boxes_of
from claims.provenance.picture.layout import EDGE, RING, WIDE, Layout
from claims.provenance.picture.parts import Picture, cut, isolated, printable, width
from claims.provenance.picture.style import INK, PAPER, SHADE, SOFT
from claims.provenance.tongue import ENGLISH, Tongue, gettext_noop

_TITLE_CHARS, _NAME_CHARS, _ROW_CHARS, _CUE_CHARS = 27, 24, 30, 14
_LABELLED_UP_TO = 40
_LEAST_PORT = 13  # lines that meet a box closer than this have no room for words
_NAMES_TOLD = 12

_DASHES = {
    "confirmed": 'stroke-width="1.75"',
    "suggested": 'stroke-width="1.5" stroke-dasharray="7 4"',
    "denial": 'stroke-width="1.5" stroke-dasharray="2 4"',
    "link": 'stroke-width="1" stroke-dasharray="1 5"',
}


def draw(
    picture: Picture,
    *,
    open_groups: Collection[str] = (),
    open_url: Callable[[str], str] | None = None,
    close_url: Callable[[str], str] | None = None,
    prefix: str = "prov",
    tongue: Tongue = ENGLISH,
) -> str:
    """The picture as one ``<svg>`` element, the same for the same input.

    Wordings of more than one article are folded once there are more than twelve articles;
    alike ones that nothing leans on are folded together once there are more than two dozen
    boxes. ``open_groups`` holds the keys of those to show in full (``data-key``), ``open_url``
    makes the address that opens one, ``close_url`` the one that folds it again. ``prefix`` keeps
    two pictures on one page apart.
    """
    opened = frozenset(open_groups)
    boxes, links = boxes_of(picture, opened, tongue)
    layout = Layout.of(boxes, links)
    hrefs = {key: open_url(key) for key, box in boxes.items() if open_url and box.is_folded}
    hrefs |= {key: close_url(key) for key in opened & boxes.keys() if close_url}
    drawn = [
        *_rings(layout, tongue),
        *_lines(layout),
        *_drawn_boxes(layout, hrefs, tongue),
    ]
    legend, below = _legend(layout, tongue)
    width = max(layout.width, 560)
    height = layout.height + below
    role = "group" if open_url or any(node.href for node in picture.nodes) else "img"
    name = _text(picture.heading or tongue.gettext("Who has it from whom"))
    return (
        f'<svg class="prov" xmlns="http://www.w3.org/2000/svg" role="{role}" '
        f'aria-labelledby="{prefix}-title {prefix}-desc" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" direction="ltr" color="{INK}" '
        f'font-family="system-ui, sans-serif" font-size="13">'
        f'<title id="{prefix}-title">{name}</title>'
        f'<desc id="{prefix}-desc">{_text(_described(picture, tongue))}</desc>'
        f"{''.join(drawn)}{''.join(legend)}</svg>"
    )


def _drawn_boxes(layout: Layout, hrefs: Mapping[str, str], tongue: Tongue) -> Iterator[str]:
    for key in sorted(
        layout.boxes, key=lambda key: (layout.slots[key].column, layout.slots[key].y)
    ):
        box = layout.boxes[key]
        x, y = layout.x(key), layout.slots[key].y
        drawn = "".join((*_outline(box, x, y), *_words(box, x, y, tongue)))
        href = hrefs.get(key, "")
        if not href and len(box.nodes) == 1:
            href = box.first.href
        if _is_safe(href):
            drawn = f'<a href="{_text(href)}">{drawn}</a>'
        full = "; ".join(isolated(node.label) for node in box.nodes[:_NAMES_TOLD])
        left = len(box.nodes) - _NAMES_TOLD
        more = "; " + tongue.gettext("and %(count)s more") % {"count": left} if left > 0 else ""
        yield (f'<g data-key="{_text(key)}"><title>{_text(full + more)}</title>{drawn}</g>')


def _outline(box: Box, x: float, y: float) -> Iterator[str]:
    high = box.height
    paper = f'class="prov-box" fill="{PAPER}" stroke="{INK}"'
    if box.is_folded:
        for step in (8, 4):
            yield (
                f'<rect class="prov-under" x="{x + step}" y="{y + step}" width="{WIDE}" '
                f'height="{high}" rx="2" fill="{PAPER}" stroke="{INK}"/>'
            )
    if box.is_vague:
        # A broken outline with points: nothing else in the picture has one.
        middle, tip = y + high / 2, 12
        corners = (
            (x, middle), (x + tip, y), (x + WIDE - tip, y),
            (x + WIDE, middle), (x + WIDE - tip, y + high), (x + tip, y + high),
        )  # fmt: skip
        points = " ".join(f"{px:g},{py:g}" for px, py in corners)
        yield f'<polygon {paper} points="{points}" stroke-width="2" stroke-dasharray="7 4"/>'
        return
    shape = f'x="{x}" y="{y}" width="{WIDE}" height="{high}"'
    if box.open:
        yield (
            f'<rect class="prov-box prov-wording" {shape} rx="2" fill="{SHADE}" '
            f'stroke="{INK}" stroke-width="1.5"/>'
        )
    elif box.first.kind == "article":
        yield f'<rect {paper} {shape} rx="2" stroke-width="1.5"/>'
    elif box.first.kind == "outlet":
        yield f'<rect {paper} {shape} rx="2" stroke-width="1.5"/>'
        yield (
            f'<rect class="prov-ring" x="{x + 4}" y="{y + 4}" width="{WIDE - 8}" '
            f'height="{high - 8}" fill="none" stroke="{INK}"/>'
        )
    else:
        yield f'<rect {paper} {shape} rx="{min(24, high // 2)}" stroke-width="2.5"/>'


def _words(box: Box, x: float, y: float, tongue: Tongue) -> Iterator[str]:
    inset = x + (20 if box.first.kind != "article" else 12)
    line = y + PAD + 12
    struck = ' text-decoration="line-through"' if box.is_withdrawn else ""
    title = cut(box.title, _TITLE_CHARS if box.first.kind == "article" else _NAME_CHARS)
    yield (
        f'<text class="prov-text" x="{inset}" y="{line}" fill="{INK}" font-weight="600"{struck}>'
        f"{_text(isolated(title))}</text>"
    )
    if box.open:
        line += 3
        for node in box.rows:
            line += LINE
            gone = ' text-decoration="line-through"' if node.retracted else ""
            yield (
                f'<text class="prov-text" x="{inset}" y="{line}" fill="{INK}" font-size="12"'
                f"{gone}>• {_text(isolated(cut(node.label, _ROW_CHARS)))}</text>"
            )
        if len(box.nodes) > len(box.rows):
            left = tongue.gettext("and %(count)s more") % {"count": len(box.nodes) - len(box.rows)}
            yield _soft(left, inset, line + LINE)
        return
    if box.subtitle:
        line += LINE
        yield _soft(box.subtitle, inset, line)
    if box.tag:
        yield _badge(box.tag, inset, line + LINE)


def _soft(text: str, x: float, y: float) -> str:
    return (
        f'<text class="prov-soft" x="{x}" y="{y}" fill="{SOFT}" font-size="12">'
        f"{_text(text)}</text>"
    )


def _badge(text: str, x: float, y: float) -> str:
    wide = round(width(text) * 7.3 + 18)
    return (
        f'<rect class="prov-badge" x="{x - 4:g}" y="{y - 11:g}" width="{wide}" height="15" rx="2" '
        f'fill="{INK}"/><text class="prov-badge-text" x="{x + 2:g}" y="{y + 0.5:g}" '
        f'fill="{PAPER}" font-size="10.5" font-weight="700">{_text(text)}</text>'
    )


def _rings(layout: Layout, tongue: Tongue) -> Iterator[str]:
    for ring in layout.rings:
        slots = [layout.slots[key] for key in ring]
        top = min(slot.y for slot in slots) - 2 * RING
        bottom = max(slot.y + slot.height for slot in slots) + RING
        left, wide = layout.x(ring[0]) - 3 * RING + 2, WIDE + 6 * RING - 4
        yield (
            f'<rect class="prov-ring" x="{left}" y="{top:g}" width="{wide}" '
            f'height="{bottom - top:g}" rx="10" fill="none" stroke="{INK}" stroke-width="3" '
            f'stroke-dasharray="14 5 3 5"/>'
        )
        yield _badge(tongue.gettext("⟲ CIRCLE: THEY CITE ONE ANOTHER"), left + 16, top + 15)


def _lines(layout: Layout) -> Iterator[str]:
    ports = _ports(layout)
    few = len(layout.lines) <= _LABELLED_UP_TO
    for line in layout.lines:
        route = layout.routes[line]
        ends = layout.slots[line.target], layout.slots[line.source]
        same_column = ends[0].column == ends[1].column
        if same_column:
            path, tip, place = _arc(layout, line)
            roomy = False
        else:
            path, tip, place = _curve(layout, line, route, ports)
            roomy = few and _has_room(layout, line, ports)
        yield (
            f'<path class="prov-link" d="{path}" fill="none" stroke="{INK}" '
            f"{_DASHES[_look(line)]}/>"
        )
        if line.carries or line.is_denial:
            (x, y), step = tip
            yield (
                f'<path class="prov-head" d="M{x:g} {y:g}l{-8 * step:g} -4.5v9z" fill="{INK}"/>'
            )
        label = cut(line.label, _CUE_CHARS) if roomy or line.is_denial else ""
        if line.status == "suggested" and few and (line.carries or line.is_denial):
            label = f"{isolated(label)} ?" if label else "?"
        if label:
            yield _halo(label, *place, anchor="middle" if same_column else "end")


def _look(line: Line) -> str:
    if line.is_denial:
        return "denial"
    return line.status if line.carries else "link"


def _has_room(layout: Layout, line: Line, ports: "_Ports") -> bool:
    side = _side(layout, line)
    mine = ports[line, line.source, side]
    return all(
        other is line or (key, where) != (line.source, side) or abs(port - mine) >= _LEAST_PORT
        for (other, key, where), port in ports.items()
    )


def _side(layout: Layout, line: Line) -> str:
    leans = layout.slots[line.source].column > layout.slots[line.target].column
    return "left" if leans else "right"


def _halo(text: str, x: float, y: float, *, anchor: str) -> str:
    return (
        f'<text class="prov-soft prov-halo" x="{x:g}" y="{y:g}" text-anchor="{anchor}" '
        f'fill="{SOFT}" stroke="{PAPER}" stroke-width="4" stroke-linejoin="round" '
        f'paint-order="stroke" font-size="11">{_text(text)}</text>'
    )


_Point = tuple[float, float]
_Ports = Mapping[tuple[Line, str, str], float]


def _ports(layout: Layout) -> _Ports:
    """Where each line touches each box: spread over its side, in the order of the other ends."""
    sides: defaultdict[tuple[str, str], list[tuple[float, Line]]] = defaultdict(list)
    for line, route in layout.routes.items():
        for left, right in pairwise(route):
            sides[left, "right"].append((_centre(layout, right), line))
            sides[right, "left"].append((_centre(layout, left), line))
    ports = {}
    for (key, side), met in sides.items():
        slot = layout.slots[key]
        step = slot.height / (len(met) + 1)
        ordered = sorted(met, key=lambda entry: (entry[0], entry[1].source, entry[1].target))
        for number, (_, line) in enumerate(ordered, 1):
            ports[line, key, side] = round(slot.y + step * number, 1)
    return ports


def _centre(layout: Layout, key: str) -> float:
    slot = layout.slots[key]
    return slot.y + slot.height / 2


def _curve(
    layout: Layout, line: Line, route: Sequence[str], ports: _Ports
) -> tuple[str, tuple[_Point, int], _Point]:
    x = layout.x(route[0]) + WIDE
    path = [f"M{x} {ports[line, route[0], 'right']:g}"]
    end = (0.0, 0.0)
    for left, right in pairwise(route):
        start = layout.x(left) + WIDE, ports[line, left, "right"]
        end = layout.x(right), ports[line, right, "left"]
        bend = (start[0] + end[0]) / 2
        path.append(f"C{bend:g} {start[1]:g} {bend:g} {end[1]:g} {end[0]:g} {end[1]:g}")
        if right != route[-1]:
            path.append(f"H{end[0] + WIDE:g}")
    # Just before the arrow head: there lines have parted, since each has a port of its own.
    return "".join(path), (end, 1), (end[0] - 12, end[1] - 5)


def _arc(layout: Layout, line: Line) -> tuple[str, tuple[_Point, int], _Point]:
    """Between two boxes of one column: down on the right, up on the left."""
    start, end = _centre(layout, line.target), _centre(layout, line.source)
    down = end > start
    x = layout.x(line.source) + (WIDE if down else 0)
    far = min(34.0, 18 + abs(end - start) / 12) * (1 if down else -1)
    path = f"M{x} {start + 6:g}C{x + far:g} {start + 6:g} {x + far:g} {end - 6:g} {x} {end - 6:g}"
    return path, ((x, end - 6), -1 if down else 1), (x + far * 0.75, (start + end) / 2)


_LEGEND = {
    "confirmed": gettext_noop("link confirmed by a person"),
    "suggested": gettext_noop("link suggested, not confirmed"),
    "denial": gettext_noop("denies it"),
    "link": gettext_noop("link or owner only, carries nothing"),
}


def _legend(layout: Layout, tongue: Tongue) -> tuple[list[str], int]:
    """What the shapes and dashes in this picture mean, in words."""
    seen = {_look(line) for line in layout.lines}
    y = layout.height + 8
    arrows = tongue.gettext("Arrows run from a source to whoever has it from there.")
    drawn = [_soft(arrows, EDGE, y)]
    for look, words in _LEGEND.items():
        if look in seen:
            y += 18
            drawn.append(
                f'<path class="prov-link" d="M{EDGE} {y - 4}h36" fill="none" stroke="{INK}" '
                f"{_DASHES[look]}/>"
            )
            drawn.append(_soft(tongue.gettext(words), EDGE + 46, y))
    return drawn, y - layout.height + EDGE


def _described(picture: Picture, tongue: Tongue) -> str:
    named = {node.id: node for node in picture.nodes}
    articles = [node for node in picture.nodes if node.kind == "article"]
    sources = len(picture.nodes) - len(articles)
    told = tongue.gettext("%(articles)s articles and %(sources)s sources they lean on.")
    parts = [told % {"articles": len(articles), "sources": sources}]
    for circle in picture.circles:
        members = ", ".join(isolated(named[m].label) for m in circle if m in named)
        parts.append(tongue.gettext("A circle: %(names)s.") % {"names": members})
    vague = sorted({isolated(n.label) for n in picture.nodes if n.kind in UNNAMED_KINDS})
    if vague:
        told = tongue.gettext("Nobody is named in: %(names)s.")
        parts.append(told % {"names": ", ".join(vague)})
    parts.append(tongue.gettext("The list of links beside the picture says the same in words."))
    return " ".join(parts)


def _text(words: str) -> str:
    """Words as text or attribute of the picture: nothing in them is markup."""
    return escape(printable(words))


def _is_safe(href: str) -> bool:
    """Whether an address leads to a page: no script, no data."""
    return href.startswith(("/", "?", "#", "http://", "https://")) and not href.startswith("//")
