"""The forms of evidence: new, changed where it stands, or cited from the coverage."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.admin.acts import ActForm
from claims.admin.fields import Words
from claims.models import Article, Evidence

# The parts of evidence that are several fields of its form, and those that are one.
GROUPS = ("quote", "translation", "anchor", "contact")


PLAIN = ("title", "stance", "kind", "note", "named", "primary", "owner", "interest", "visibility")


TERMS = {
    "on_record": gettext_lazy("On the record"),
    "background": gettext_lazy("Background"),
    "confidential": gettext_lazy("Confidential"),
}


class EvidenceForm(ActForm):
    """A piece of evidence, with all it can say of itself."""

    pointers: ClassVar[Mapping[str, str]] = {
        "/capture": "url",
        "/quote": "quote_exact",
        "/quote/exact": "quote_exact",
        "/anchor": "anchor_page",
        "/anchor/page": "anchor_page",
        "/anchor/region": "anchor_region",
        "/anchor/timecode": "anchor_timecode",
        "/translation": "translation_text",
        "/translation/text": "translation_text",
        "/translation/by": "translation_by",
        "/contact": "contact_who",
        **{
            f"/contact/{name}": f"contact_{name}"
            for name in ("who", "role", "when", "channel", "by", "terms")
        },
    }
    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=500,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    stance = forms.ChoiceField(
        label=gettext_lazy("What it does to the claim"),
        widget=forms.RadioSelect,
        choices=Evidence.Stance.choices,
    )
    kind = forms.ChoiceField(label=gettext_lazy("What it is"), choices=Evidence.Kind.choices)
    url = forms.CharField(
        label=gettext_lazy("Address"),
        required=False,
        widget=forms.URLInput(attrs={"placeholder": "https://", "autocomplete": "off"}),
        help_text=gettext_lazy("The desk captures the page."),
    )
    file = forms.FileField(label=gettext_lazy("or a file"), required=False)
    quote_exact = Words(
        label=gettext_lazy("The words that count"),
        required=False,
        help_text=gettext_lazy("They have to stand in the captured text."),
    )
    translation_text = Words(label=gettext_lazy("In translation"), required=False)
    translation_by = forms.CharField(
        label=gettext_lazy("Translated by"), required=False, max_length=200
    )
    note = Words(label=gettext_lazy("Note for colleagues"), required=False)
    primary = forms.BooleanField(
        label=gettext_lazy("Primary: a first-hand record"), required=False
    )
    named = forms.BooleanField(
        label=gettext_lazy("Somebody named stands behind it"), required=False
    )
    owner = forms.CharField(
        label=gettext_lazy("Owner, if the outlet does not say"), required=False, max_length=200
    )
    interest = forms.CharField(
        label=gettext_lazy("What the source has to gain or lose"),
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=gettext_lazy("Readers see these words."),
    )
    visibility = forms.ChoiceField(
        label=gettext_lazy("Who sees it"),
        choices=Evidence.Visibility.choices,
        help_text=gettext_lazy(
            "Sealed: what it says is for you, editors and reviewers who cite it; colleagues see"
            " title and note. An editor has to vouch for it."
        ),
    )
    # What the desk captured of a coverage article already, cited without fetching it again.
    capture = forms.UUIDField(required=False, widget=forms.HiddenInput)
    anchor_page = forms.IntegerField(
        label=gettext_lazy("Page"),
        required=False,
        min_value=1,
        help_text=gettext_lazy(
            "Counted from the first of the file. Left empty, the desk finds the page of a PDF by"
            " the quote."
        ),
    )
    anchor_timecode = forms.CharField(
        label=gettext_lazy("Timecode"),
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "2:03-2:40"}),
    )
    anchor_region = forms.CharField(
        label=gettext_lazy("Region"),
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "left, top, width, height"}),
    )
    contact_who = forms.CharField(label=gettext_lazy("Spoke with"), required=False, max_length=200)
    contact_role = forms.CharField(
        label=gettext_lazy("in which role"), required=False, max_length=200
    )
    contact_when = forms.CharField(
        label=gettext_lazy("when"),
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "2026-03-04"}),
    )
    contact_channel = forms.CharField(
        label=gettext_lazy("by which channel"), required=False, max_length=200
    )
    contact_by = forms.CharField(label=gettext_lazy("who asked"), required=False, max_length=200)
    contact_terms = forms.ChoiceField(
        label=gettext_lazy("on which terms"),
        required=False,
        choices=[
            ("", "—"),
            *TERMS.items(),
        ],
        help_text=gettext_lazy(
            "Readers see who spoke on the record, the role alone of background, nothing of what"
            " is confidential. Keep names out of title and quote."
        ),
    )

    def clean_anchor_region(self) -> list[int] | None:
        words = self.cleaned_data["anchor_region"]
        if not words:
            return None
        try:
            return [int(part) for part in words.split(",")]
        except ValueError as error:
            raise forms.ValidationError(
                _("A region is four whole numbers, in pixels: left, top, width, height.")
            ) from error

    def said(self) -> dict[str, Any]:
        """What the verb takes, with nothing in the place of empty groups."""
        data = self.cleaned_data
        told: dict[str, Any] = {name: data[name] for name in PLAIN if name in data}
        if data.get("quote_exact"):
            told["quote"] = {"exact": data["quote_exact"]}
        told |= _group(data, "translation", ("text", "by"))
        told |= _group(data, "anchor", ("page", "timecode", "region"))
        told |= _group(data, "contact", ("who", "role", "when", "channel", "by", "terms"))
        return told


EVIDENCE = tuple(EvidenceForm.declared_fields)


class ChangeEvidenceForm(EvidenceForm):
    """Evidence as it stands, to be changed before anybody relies on it.

    What was not sent was not shown to whoever sends it, and stays as it is: browsers send every
    field but ticks.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound:
            ticks = ("named", "primary")
            self.leaving_out(name for name in EVIDENCE if name not in (*ticks, *self.data))
        self.leaving_out(("url", "file", "capture"))

    def leaving_out(self, without: Iterable[str]) -> "ChangeEvidenceForm":
        """The same form without these fields; a name that ends in ``_`` stands for its group."""
        for begin in list(without):
            for name in list(self.fields):
                if name == begin or (begin.endswith("_") and name.startswith(begin)):
                    del self.fields[name]
        return self

    def changes(self) -> dict[str, Any]:
        """What the verb takes: a group that was emptied is taken back."""
        groups = [one for one in GROUPS if any(key.startswith(f"{one}_") for key in self.fields)]
        return {**dict.fromkeys(groups), **self.said()}


def cited_article(article: Article) -> dict[str, Any]:
    """An article of the coverage as evidence: what the desk captured of it, and whose it is."""
    outlet = article.outlet
    owner = outlet.owner if outlet is not None else None
    return {
        "title": article.title or article.url,
        "kind": Evidence.Kind.PAGE,
        "url": "" if article.capture_id else article.url,
        "capture": article.capture_id,
        "owner": owner.name if owner is not None else "",
    }


def initial_evidence(item: Evidence) -> dict[str, Any]:
    """A piece of evidence as its own form shows it."""
    shown: dict[str, Any] = {name: getattr(item, name) for name in PLAIN}
    for group in GROUPS:
        for part, value in (getattr(item, group) or {}).items():
            shown[f"{group}_{part}"] = value
    region = (item.anchor or {}).get("region")
    if region:
        shown["anchor_region"] = ", ".join(str(number) for number in region)
    return shown


def _group(data: Mapping[str, Any], name: str, parts: Iterable[str]) -> dict[str, Any]:
    typed = {part: data.get(f"{name}_{part}") for part in parts}
    given = {part: value for part, value in typed.items() if value}
    return {name: given} if given else {}
