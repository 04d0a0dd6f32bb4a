"""Dates as articles print them: the day is read, the hour only where its zone is certain."""

# ruff: noqa: PLR2004 - counts of a few words; a name for each would hide the grammar

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

from claims.text.attributed import Span

_MONTHS = {
    name: number
    for names in (
        "january february march april may june july august september october november december",
        "jan feb mar apr may jun jul aug sep oct nov dec",
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "januar februar märz april mai juni juli august september oktober november dezember",
        "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
        "ינואר פברואר מרץ אפריל מאי יוני יולי אוגוסט ספטמבר אוקטובר נובמבר דצמבר",
    )
    for number, name in enumerate(names.split(), start=1)
} | {"sept": 9}
_MONTH = "|".join(sorted(map(re.escape, _MONTHS), key=len, reverse=True))
_DATE = re.compile(
    rf"(?P<y1>\d{{4}})-(?P<m1>\d{{1,2}})-(?P<d1>\d{{1,2}})"
    rf"|(?P<mn2>{_MONTH})\.?\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y2>\d{{4}})"
    rf"|(?P<d3>\d{{1,2}})(?:st|nd|rd|th|er|º|\.)?\s+(?:de\s+|ב)?(?P<mn3>{_MONTH})\.?,?"
    r"\s+(?:de\s+|del\s+)?(?P<y3>\d{4})"
    r"|(?P<d4>\d{1,2})[./](?P<m4>\d{1,2})[./](?P<y4>\d{4})",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"(?P<hour>\d{1,2})[:.h](?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d+)?)?"
    r"\s*(?P<half>[ap]\.?m\.?)?\s*(?P<zone>Z\b|UTC\b|GMT\b|[+-]\d{2}:?\d{2}|[A-Z]{2,5}\b)?",
)
_LABEL = re.compile(
    r"^\W*(?:(?P<updated>(?:last )?(?:updated|modified|edited)|mis à jour|actualizado|actualizada|"
    r"aktualisiert|عدل|تحديث|آخر تحديث|עודכן)|"
    r"(?P<published>(?:first )?published|posted|issued|publié|publiée|"
    r"publicado|publicada|veröffentlicht|نشر|نشرت|تاريخ النشر|פורסם|date))\b",
    re.IGNORECASE,
)
_CERTAIN = frozenset({"Z", "UTC", "GMT"})


@dataclass(frozen=True, slots=True)
class PrintedDate:
    """A date as printed, and how far it can be trusted.

    ``raw`` is the line as it stands at ``span``; ``label`` is published, updated or empty.
    ``moment`` (UTC) only where the zone is certain (UTC, GMT, an offset): a name like IST is
    three different hours, so then ``day`` alone holds and ``precision`` is ``"day"``.
    """

    raw: str
    span: Span
    label: str
    day: date
    time: str = ""
    zone: str = ""
    moment: datetime | None = None
    precision: str = "day"


def read_date(line: str, *, offset: int = 0) -> PrintedDate | None:
    """The first date in *line*, or None; a day and month that could be swapped give None."""
    found = _DATE.search(line)
    day = _day(found) if found else None
    if found is None or day is None:
        return None
    label = _LABEL.match(line)
    time = _time_near(line, found)
    zone = (time["zone"] or "") if time else ""
    moment = _moment(day, time, zone) if time else None
    start = min(found.start(), time.start() if time else found.start())
    end = max(found.end(), time.end() if time else found.end())
    if label:
        start = 0
    return PrintedDate(
        raw=line.strip(),
        span=(offset + start, offset + end),
        label="" if label is None else ("updated" if label["updated"] else "published"),
        day=day,
        time=time[0].strip() if time else "",
        zone=zone,
        moment=moment,
        precision="day" if moment is None else "minute",
    )


def _time_near(line: str, found: "re.Match[str]") -> "re.Match[str] | None":
    """The time of day beside the date, not the digits of the date itself."""
    for time in _TIME.finditer(line):
        if (time.end() <= found.start() or time.start() >= found.end()) and int(time["hour"]) < 24:
            return time
    return None


def _day(found: "re.Match[str]") -> date | None:
    if found["y1"]:
        year, month, day = int(found["y1"]), int(found["m1"]), int(found["d1"])
    elif found["y2"]:
        year, month, day = int(found["y2"]), _MONTHS[found["mn2"].lower()], int(found["d2"])
    elif found["y3"]:
        year, month, day = int(found["y3"]), _MONTHS[found["mn3"].lower()], int(found["d3"])
    else:
        year, month, day = int(found["y4"]), int(found["m4"]), int(found["d4"])
        if month > 12 >= day:
            month, day = day, month
        elif day <= 12 and day != month:
            return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _moment(day: date, time: "re.Match[str]", zone: str) -> datetime | None:
    offset = _offset(zone)
    hour, minute = int(time["hour"]), int(time["minute"])
    if offset is None or minute > 59:
        return None
    half = (time["half"] or "").lower().replace(".", "")
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    try:
        local = datetime(day.year, day.month, day.day, hour, minute, tzinfo=timezone(offset))
        return local.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _offset(zone: str) -> timedelta | None:
    if zone in _CERTAIN:
        return timedelta()
    if zone[:1] in {"+", "-"} and len(zone) >= 5:
        digits = zone[1:].replace(":", "")
        hours, minutes = int(digits[:2]), int(digits[2:])
        if hours <= 14 and minutes < 60:
            return (1 if zone[0] == "+" else -1) * timedelta(hours=hours, minutes=minutes)
    return None
