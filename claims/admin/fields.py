"""Fields that several forms of the desk share."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


def one_line_ends(words: str) -> str:
    """Browsers send each line break as two characters; offsets and digests count one."""
    return words.replace("\r\n", "\n").replace("\r", "\n")


class Words(forms.CharField):
    """A text in any language: its direction follows its first strong letter."""

    def __init__(self, *, rows: int = 2, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"rows": rows, "dir": "auto"})
        super().__init__(**{"widget": widget, **kwargs})

    def to_python(self, value: Any) -> str:
        return one_line_ends(super().to_python(value) or "")


class Suggested(forms.TextInput):
    """A line that offers what was typed before, and takes anything else too."""

    template_name = "desk/suggested.html"

    def __init__(self, offers: Sequence[str]) -> None:
        super().__init__(attrs={"dir": "auto", "autocomplete": "off"})
        self.offers = offers

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context["widget"]["attrs"]["list"] = f"{name}-offers"
        return {**context, "offers": self.offers, "offers_id": f"{name}-offers"}


class LanguageField(forms.CharField):
    """A language tag, typed: a list of all would be no shorter than knowing it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{
                "label": _("Language"),
                "required": False,
                "widget": forms.TextInput(
                    attrs={"size": 8, "placeholder": "en, ar, he …", "autocomplete": "off"}
                ),
                **kwargs,
            }
        )


class Names(forms.CharField):
    """Names with commas between, as a list without repeats."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "help_text": _("Commas between."), **kwargs})

    def clean(self, value: Any) -> list[str]:
        names = (name.strip() for name in str(super().clean(value)).split(","))
        return list(dict.fromkeys(name for name in names if name))
