"""The forms below the chain: links, sources, and looking for more coverage."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.admin.acts import ActForm
from claims.admin.fields import Words
from claims.coverage.choosing import Preview
from claims.coverage.places import BY_HAND
from claims.models import ProvenanceEdge, SourceNode


class DecideForm(ActForm):
    """Confirm, reject or undo one link: ``status`` is what the button says, with the version."""

    status_and_version = forms.RegexField(r"^(confirmed|rejected|suggested)(:\d{1,9})?$")
    note = forms.CharField(label=gettext_lazy("Note"), required=False, max_length=2_000)

    @property
    def status(self) -> str:
        return str(self.cleaned_data["status_and_version"]).partition(":")[0]

    @property
    def edge_version(self) -> int | None:
        _status, _colon, version = str(self.cleaned_data["status_and_version"]).partition(":")
        return int(version) if version else None


class AsideForm(ActForm):
    aside = forms.TypedChoiceField(
        coerce=lambda word: word == "yes", choices=[("yes", "yes"), ("no", "no")]
    )


class NodeChoice(forms.ChoiceField):
    """One of the claim's own nodes, from those the page has read already."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.nodes: dict[str, SourceNode] = {}

    def over(self, nodes: Iterable[SourceNode]) -> None:
        self.nodes = {str(node.pk): node for node in nodes}
        self.choices = [
            ("", "—"),
            *(
                (key, f"{node.label} ({node.get_kind_display()})"[:120])
                for key, node in self.nodes.items()
            ),
        ]

    def clean(self, value: Any) -> SourceNode | None:
        """The node that was chosen."""
        return self.nodes.get(super().clean(value))


def choose_among(form: forms.Form, nodes: Iterable[SourceNode]) -> None:
    """Let every field of a form that names a node choose among these."""
    listed = list(nodes)
    for field in form.fields.values():
        if isinstance(field, NodeChoice):
            field.over(listed)


class LinkForm(ActForm):
    """A link by hand."""

    whose = NodeChoice(label=gettext_lazy("Who"))
    type = forms.ChoiceField(label=gettext_lazy("does what"), choices=ProvenanceEdge.Type.choices)
    rests_on = NodeChoice(
        label=gettext_lazy("with whom, of those known"),
        required=False,
    )
    name = forms.CharField(label=gettext_lazy("or somebody new"), required=False, max_length=300)
    kind = forms.ChoiceField(
        label=gettext_lazy("who is"),
        required=False,
        choices=[
            choice for choice in SourceNode.Kind.choices if choice[0] != SourceNode.Kind.ARTICLE
        ],
    )
    quote = Words(
        label=gettext_lazy("The words that say so"),
        required=False,
        help_text=gettext_lazy("They have to stand in the article."),
    )
    note = forms.CharField(label=gettext_lazy("Note"), required=False, max_length=2_000)
    pointers: ClassVar[Mapping[str, str]] = {
        "/from": "whose",
        "/to": "rests_on",
        "/to/label": "name",
        "/to/kind": "kind",
    }

    def over(self, nodes: Any) -> "LinkForm":
        """The same form with these nodes to choose from."""
        choose_among(self, nodes)
        return self


class ResolveForm(ActForm):
    """This source is that one."""

    node = NodeChoice(label=gettext_lazy("This source"))
    to = NodeChoice(
        label=gettext_lazy("is"),
        required=False,
        help_text=gettext_lazy("Leave empty to undo."),
    )
    note = forms.CharField(label=gettext_lazy("Note"), required=False, max_length=2_000)
    pointers: ClassVar[Mapping[str, str]] = {"/from": "node"}

    def over(self, nodes: Any) -> "ResolveForm":
        choose_among(self, nodes)
        return self


class SourceForm(ActForm):
    """What people know of a source: for whom it speaks, whether it was there, if it stands."""

    node = NodeChoice(label=gettext_lazy("This source"))
    speaks_for = forms.CharField(
        label=gettext_lazy("speaks for"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Two spokesmen of one ministry are one voice."),
    )
    first_hand = forms.ChoiceField(
        label=gettext_lazy("knows it at first hand"),
        required=False,
        choices=[
            ("", gettext_lazy("Nobody has said")),
            ("yes", gettext_lazy("Yes")),
            ("no", gettext_lazy("No")),
        ],
    )
    retracted = forms.BooleanField(label=gettext_lazy("was taken back"), required=False)
    note = forms.CharField(label=gettext_lazy("Note"), required=False, max_length=2_000)

    def over(self, nodes: Any) -> "SourceForm":
        choose_among(self, nodes)
        return self


class PlacesField(forms.MultipleChoiceField):
    """Providers by name; the verb knows which there are."""

    def valid_value(self, value: str) -> bool:
        return True


class AskForm(ActForm):
    """Send the desk to look for coverage: what is asked, and of whom."""

    queries = Words(
        label=gettext_lazy("Look for"),
        required=False,
        help_text=gettext_lazy(
            "One search a line, or the address of a page. These were built from the claim’s words;"
            " empty: they are built anew."
        ),
    )
    providers = PlacesField(
        label=gettext_lazy("Ask"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def offer(self, seen: Preview) -> None:
        """Offer the providers that are ready, and name those that are not."""
        field = cast("PlacesField", self.fields["providers"])
        field.choices = [
            (place.name, place.label if place.outside else _("%s (in the house)") % place.label)
            for place in seen.places
            if place.configured and place.name != BY_HAND
        ]
        lacking = ", ".join(place.label for place in seen.places if not place.configured)
        field.help_text = _("Not configured: %s.") % lacking if lacking else ""

    def lines(self) -> list[str] | None:
        found = [line.strip() for line in self.cleaned_data["queries"].splitlines()]
        return [line for line in found if line] or None
