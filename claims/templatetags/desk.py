"""How the desk's templates say times, numbers and fields."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms, template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import get_language, get_language_info, ngettext
from django.utils.translation import gettext as _

from claims.models import Article

register = template.Library()

MINUTE, HOUR, DAY = 60, 3600, 24 * 3600
WEEKS_TO_SAY = 30


@register.filter
def when(moment: datetime | None) -> SafeString | str:
    """A time as people say it, with the exact one for machines and on hovering."""
    if moment is None:
        return "—"
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        _in_words(moment),
    )


@register.filter
def dated(article: Article) -> str:
    """When it was printed: the moment in UTC where that is clear, else the date as it reads."""
    moment, day = article.published_at, article.published_on
    if moment is not None:
        return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    return article.published_raw or (day.isoformat() if day is not None else "")


@register.filter
def place(anchor: Mapping[str, Any] | None) -> str:
    """Where in a file evidence points: the page, the time, the part of a picture."""
    told, anchor = [], anchor or {}
    if page := anchor.get("page"):
        told.append(_("page %(page)s") % {"page": page})
    if (timecode := anchor.get("timecode")) is not None:
        told.append(_("at %(time)s") % {"time": _clock(timecode)})
    if region := anchor.get("region"):
        left, top, wide, high = region
        told.append(
            _("%(wide)s × %(high)s pixels from %(left)s, %(top)s")
            % {"wide": wide, "high": high, "left": left, "top": top}
        )
    return " · ".join(told)


def _clock(timecode: int | str) -> str:
    """Seconds as minutes and hours; a timecode as it was written."""
    if isinstance(timecode, str) and not timecode.isdecimal():
        return timecode.replace("-", "–")
    minutes, seconds = divmod(int(timecode), MINUTE)
    hours, minutes = divmod(minutes, MINUTE)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


@register.filter
def named(cells: Iterable[SafeString], headers: Iterable[dict[str, Any]]) -> list[SafeString]:
    """The admin's cells of one row, each with its column's name, for where a row is a card."""
    return [
        _NAMED[str(cell)[:3]](cell, str(header["text"]))
        for cell, header in zip(cells, headers, strict=True)
    ]


def _column(cell: SafeString, name: str) -> SafeString:
    empty = ' class="nothing ' if str(cell).endswith((">—</td>", '"></td>')) else ' class="'
    tag = format_html('<td data-name="{}"', capfirst(name))
    return mark_safe(str(cell).replace("<td", tag, 1).replace(' class="', empty, 1))  # noqa: S308


def _head(cell: SafeString, name: str) -> SafeString:
    """The cell a row is known by needs no name beside it."""
    return mark_safe(str(cell).replace("<th", '<th scope="row"', 1))  # noqa: S308


_NAMED = {"<td": _column, "<th": _head}


@register.filter
def span(moment: datetime | None) -> str:
    """How far a time is from now, without a direction: 3 min, 5 h, 2 d."""
    if moment is None:
        return "—"
    return _span(abs((timezone.now() - moment).total_seconds()))


@register.filter
def lasting(time: timedelta | None) -> str:
    """A length of time: 3 min, 5 h, 2 days."""
    return "—" if time is None else _span(max(time.total_seconds(), 0))


@register.filter
def is_past(moment: datetime | None) -> bool:
    return moment is not None and moment < timezone.now()


@register.filter
def percent(share: float | None) -> str:
    """A share of one as whole hundredths."""
    return "—" if share is None else f"{round(share * 100)} %"


@register.filter
def language_name(tag: str) -> str:
    """The language's own name for itself is no help to a colleague: its English one."""
    if not tag:
        return _("language unknown")
    try:
        return str(get_language_info(tag)["name_translated"])
    except KeyError:
        return tag


@register.filter
def kind_of(field: forms.BoundField) -> str:
    """The shape a field is laid out in."""
    widget = field.field.widget
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "choices"
    if isinstance(widget, forms.CheckboxInput):
        return "tick"
    if isinstance(widget, forms.Textarea):
        return "words"
    return "line"


@register.filter
def is_group(field: forms.BoundField) -> bool:
    return kind_of(field) == "choices"


@register.filter
def is_optional(field: forms.BoundField) -> bool:
    """Whether it may be left empty: verbs ask for some fields that forms let pass to them."""
    needed: frozenset[str] = getattr(field.form, "needed", frozenset())
    return not field.field.required and field.name not in needed


@register.filter
def of(mapping: Any, key: Any) -> Any:
    """The value under a key that is itself a variable; ids are looked up as their words too."""
    if not mapping:
        return None
    return mapping.get(key, mapping.get(str(key)))


def _in_words(moment: datetime) -> str:
    seconds = (timezone.now() - moment).total_seconds()
    if abs(seconds) > WEEKS_TO_SAY * DAY:
        return date_format(moment, "j M Y")
    words = _span(abs(seconds))
    if abs(seconds) < MINUTE:
        return _("just now") if seconds >= 0 else _("in a moment")
    return _("%s ago") % words if seconds >= 0 else _("in %s") % words


def _span(seconds: float) -> str:
    if seconds < HOUR:
        minutes = int(seconds // MINUTE)
        return ngettext("%d min", "%d min", minutes) % minutes
    if seconds < 2 * DAY:
        return _("%d h") % int(seconds // HOUR)
    days = int(seconds // DAY)
    return ngettext("%d day", "%d days", days) % days


@register.filter
def choices_of(spec: Any, changelist: Any) -> list[Any]:
    """The links of one filter of a list."""
    return list(spec.choices(changelist))


@register.filter
def words_in(words: dict[str, str]) -> str:
    """Words that are there in several languages, in the reader's, else in English."""
    language = (get_language() or "en").split("-")[0]
    return words.get(language) or words.get("en") or next(iter(words.values()), "")
