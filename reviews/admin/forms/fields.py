"""Fields that several forms of the claim page share."""

from typing import Any

from django import forms

UTC_FORMAT = "%Y-%m-%dT%H:%M"


def moment_field(label: Any, **kwargs: Any) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=UTC_FORMAT),
        **kwargs,
    )


def _listed(words: str) -> list[str]:
    return list(dict.fromkeys(part.strip() for part in words.split(",") if part.strip()))
