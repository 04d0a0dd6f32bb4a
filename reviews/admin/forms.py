"""The forms of the claim page, one for each button that asks for something."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.admin.acts import ActForm, GuardedPlain
from claims.admin.fields import LanguageField, Words
from claims.models import Article, Claim, Claimant, Evidence, ProvenanceEdge, SourceNode
from reviews.models import Correction, Override
from reviews.verdicts.finding import Sentence, Text
from reviews.workflow.correct import PROPOSED
from reviews.workflow.step import DISMISSAL_REASONS

UTC_FORMAT = "%Y-%m-%dT%H:%M"
BLANK_SENTENCES = 2

# What people read for the codes of CONTRACT's list.
DISMISSALS = {
    "opinion": gettext_lazy("It is an opinion"),
    "prediction": gettext_lazy("It is a prediction"),
    "satire": gettext_lazy("It is satire"),
    "not_in_public_interest": gettext_lazy("It is not in the public interest"),
    "already_checked": gettext_lazy("It was checked already"),
    "not_checkable_now": gettext_lazy("It cannot be checked now"),
    "duplicate": gettext_lazy("It is a duplicate"),
    "out_of_scope": gettext_lazy("It is out of our scope"),
    "safety": gettext_lazy("Somebody’s safety"),
}


def moment_field(label: Any, **kwargs: Any) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=UTC_FORMAT),
        **kwargs,
    )


class EditForm(ActForm):
    """Words and fields of the claim. ``base_text`` is what the words were when it was opened."""

    guarded = True
    needed = frozenset({"text"})
    pointers: ClassVar[Mapping[str, str]] = {
        "/claimant": "claimant_name",
        "/claimant/name": "claimant_name",
        "/claimant/kind": "claimant_kind",
    }
    text = Words(label=gettext_lazy("The claim"), rows=3, required=False)
    base_text = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)
    meaning = forms.ChoiceField(
        label=gettext_lazy("If the words changed and reviews rest on them"),
        required=False,
        choices=[
            ("", gettext_lazy("No review rests on them")),
            ("same", gettext_lazy("They mean the same (an editor says so; reviewers are told)")),
            ("changed", gettext_lazy("They mean something else: begin a new round")),
        ],
    )
    language = LanguageField()
    claimant_name = forms.CharField(label=gettext_lazy("Claimant"), required=False, max_length=200)
    claimant_kind = forms.ChoiceField(
        label=gettext_lazy("Who that is"), required=False, choices=Claimant.Kind.choices
    )
    topic = forms.CharField(label=gettext_lazy("Topic"), required=False, max_length=80)
    why = Words(
        label=gettext_lazy("Why we check it"),
        required=False,
        help_text=gettext_lazy("Readers see these words."),
    )
    tags = forms.CharField(
        label=gettext_lazy("Tags"), required=False, help_text=gettext_lazy("Commas between.")
    )
    due_at = moment_field(gettext_lazy("Due (UTC)"))
    assigned_to = forms.CharField(
        label=gettext_lazy("Assigned to"),
        required=False,
        help_text=gettext_lazy("User names, with commas between."),
    )
    harm = forms.TypedChoiceField(
        label=gettext_lazy("Harm it can do"),
        coerce=int,
        choices=[
            (0, gettext_lazy("None to speak of")),
            (1, gettext_lazy("Some")),
            (2, gettext_lazy("Serious")),
            (3, gettext_lazy("To life or health")),
        ],
    )
    visibility = forms.ChoiceField(
        label=gettext_lazy("Who sees it"), choices=Claim.Visibility.choices
    )
    external_ref = forms.CharField(
        label=gettext_lazy("Reference elsewhere"), required=False, max_length=200
    )
    discreet = forms.BooleanField(
        label=gettext_lazy("Discreet: ask nobody outside before a person says so"), required=False
    )
    urgent = forms.BooleanField(
        label=gettext_lazy("Urgent (an editor, with a reason)"), required=False
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason, if it is urgent"), required=False, max_length=2_000
    )

    def clean_tags(self) -> list[str]:
        return _listed(self.cleaned_data["tags"])

    def clean_assigned_to(self) -> list[str]:
        return _listed(self.cleaned_data["assigned_to"])


def initial_of(claim: Any) -> dict[str, Any]:
    """The claim as its own form shows it, with the names that ``claims_for_page`` brought."""
    return {
        "text": claim.text,
        "base_text": claim.text,
        "language": claim.language,
        "claimant_name": claim.claimant.name if claim.claimant is not None else "",
        "claimant_kind": claim.claimant.kind if claim.claimant is not None else "other",
        "topic": claim.topic.name if claim.topic is not None else "",
        "why": claim.why,
        "tags": ", ".join(claim.tag_names),
        "due_at": claim.due_at,
        "assigned_to": ", ".join(claim.people_assigned),
        "harm": claim.harm,
        "visibility": claim.visibility,
        "external_ref": claim.external_ref or "",
        "discreet": claim.discreet,
        "urgent": claim.urgent,
        "reason": claim.urgent_reason,
    }


class SplitForm(ActForm):
    """The claims that take the place of a compound one, a line for each."""

    guarded = True
    needed = frozenset({"parts"})
    parts = Words(
        label=gettext_lazy("The claims it is made of"),
        rows=4,
        required=False,
        help_text=gettext_lazy("One in each line, each to be judged for itself."),
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=2_000,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )

    def lines(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["parts"].splitlines() if line.strip()]


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


class AskForm(ActForm):
    """Send the desk to look for coverage."""

    queries = Words(
        label=gettext_lazy("Look for"),
        required=False,
        help_text=gettext_lazy("One search a line; empty: built from the claim’s words."),
    )

    def lines(self) -> list[str] | None:
        found = [line.strip() for line in self.cleaned_data["queries"].splitlines()]
        return [line for line in found if line] or None


# The parts of evidence that are several fields of its form, and those that are one.
GROUPS = ("quote", "translation", "anchor", "contact")
PLAIN = ("title", "stance", "kind", "note", "named", "primary", "owner", "interest", "visibility")


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
        label=gettext_lazy("Who sees it"), choices=Evidence.Visibility.choices
    )
    # What the desk captured of a coverage article already, cited without fetching it again.
    capture = forms.UUIDField(required=False, widget=forms.HiddenInput)
    anchor_page = forms.IntegerField(label=gettext_lazy("Page"), required=False, min_value=1)
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
            ("on_record", gettext_lazy("On the record")),
            ("background", gettext_lazy("Background")),
            ("confidential", gettext_lazy("Confidential")),
        ],
    )

    def clean_anchor_region(self) -> list[int] | None:
        words = self.cleaned_data["anchor_region"]
        if not words:
            return None
        try:
            return [int(part) for part in words.split(",")]
        except ValueError as error:
            raise forms.ValidationError(
                _("A region is four whole numbers: left, top, width, height.")
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


class ReasonForm(ActForm):
    needed = frozenset({"reason"})
    reason = Words(label=gettext_lazy("Reason"), required=False)


class SeatForm(ActForm):
    seat = forms.CharField(required=False, widget=forms.HiddenInput)
    take_over = forms.BooleanField(required=False, widget=forms.HiddenInput)


class SentenceForm(forms.Form):
    """One sentence of a finding, with what it stands on."""

    text = Words(required=False)
    evidence = forms.MultipleChoiceField(required=False)
    judgement = forms.BooleanField(required=False)


def sentence_set(
    choices: Sequence[tuple[str, str]],
    *,
    data: Mapping[str, Any] | None = None,
    initial: Sequence[Mapping[str, Any]] = (),
    extra: int = BLANK_SENTENCES,
) -> Any:
    """The sentences of a finding as rows of a form, with ``extra`` empty ones below."""

    class OverEvidence(SentenceForm):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            field: Any = self.fields["evidence"]
            field.choices = choices

    made = forms.formset_factory(OverEvidence, extra=extra, max_num=400, absolute_max=400)
    return made(data, prefix="sentences", initial=list(initial) if data is None else None)


class FindingForm(ActForm):
    """The text that gives the answer, sentence by sentence."""

    guarded = True
    needed = frozenset({"headline", "answer"})
    headline = forms.CharField(
        label=gettext_lazy("Headline"),
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=gettext_lazy("It states the verdict, not the falsehood alone."),
    )
    answer = Words(label=gettext_lazy("The answer in one sentence"), required=False)
    looked_against = Words(
        label=gettext_lazy("Where evidence against this was looked for, and what was found"),
        required=False,
        help_text=gettext_lazy("“None found” is an answer. Readers see these words."),
    )
    # The version that was on the page: a newer one must not be written over unseen.
    number = forms.IntegerField(required=False, widget=forms.HiddenInput)

    sentences: Any = None

    def with_sentences(
        self, choices: Sequence[tuple[str, str]], initial: Sequence[Mapping[str, Any]] = ()
    ) -> "FindingForm":
        """The same form with its sentences, which cite what is there to be cited."""
        self.sentences = sentence_set(
            choices, data=self.data if self.is_bound else None, initial=initial
        )
        return self

    def finding(self) -> Text:
        """What was typed, as the verb takes it; sentences left empty are left out."""
        data = self.cleaned_data
        return Text(
            data["headline"],
            data["answer"],
            tuple(sentences_in(self.data)),
            looked_against=data["looked_against"].strip(),
        )

    def refuse(self, error: Any) -> None:
        super().refuse(error)
        for problem in error.problems:
            place = problem.pointer.removeprefix("/finding/")
            if place in self.fields and place not in self.errors:
                self.add_error(place, problem.message)


def sentences_in(data: Any) -> list[Sentence]:
    """The sentences of a sent form, read as they were typed: the verb says what is wrong."""
    try:
        total = min(int(data.get("sentences-TOTAL_FORMS", 0)), 400)
    except ValueError:
        total = 0
    found = []
    for number in range(total):
        words = Words(required=False).to_python(data.get(f"sentences-{number}-text", ""))
        if words.strip():
            found.append(
                Sentence(
                    words,
                    tuple(data.getlist(f"sentences-{number}-evidence")),
                    judgement=bool(data.get(f"sentences-{number}-judgement")),
                )
            )
    return found


class ReviewForm(FindingForm):
    """A reviewer's rating with its reason; the lead's also holds the finding."""

    needed = frozenset({"headline", "answer", "reason"})

    rating = forms.CharField(required=False)
    reason = Words(
        label=gettext_lazy("Why"),
        rows=4,
        required=False,
        help_text=gettext_lazy("Nobody reads it before the last review is in."),
    )
    evidence = forms.MultipleChoiceField(
        label=gettext_lazy("Evidence this rests on"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    confidence = forms.ChoiceField(
        label=gettext_lazy("How sure you are"),
        required=False,
        choices=[
            ("", "—"),
            ("low", gettext_lazy("Not very")),
            ("medium", gettext_lazy("Fairly")),
            ("high", gettext_lazy("Very")),
        ],
    )
    # Other systems may leave it open; at the desk everybody is asked.
    has_interest = forms.TypedChoiceField(
        label=gettext_lazy("Have you an interest in this?"),
        error_messages={"required": gettext_lazy("Say whether you have an interest in this.")},
        widget=forms.RadioSelect,
        coerce=lambda word: word == "yes",
        empty_value=None,
        choices=[("no", gettext_lazy("I have none")), ("yes", gettext_lazy("I have one"))],
    )
    conflict_of_interest = forms.CharField(
        label=gettext_lazy("Which interest that is"),
        required=False,
        max_length=2_000,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )

    def over(self, choices: Sequence[tuple[str, str]]) -> "ReviewForm":
        field: Any = self.fields["evidence"]
        field.choices = choices
        return self

    def typed(self) -> dict[str, Any]:
        """Everything as typed, for a draft; nothing of it is judged yet."""
        data: Any = self.data
        return {
            **{
                name: data.get(name, "")
                for name in (
                    "rating",
                    "reason",
                    "confidence",
                    "has_interest",
                    "conflict_of_interest",
                    "headline",
                    "answer",
                    "looked_against",
                )
            },
            "evidence": data.getlist("evidence"),
            "sentences": [
                {"text": one.text, "evidence": list(one.evidence), "judgement": one.judgement}
                for one in sentences_in(data)
            ],
        }


class RatingForm(ActForm):
    guarded = True
    needed = frozenset({"reason"})
    rating = forms.CharField(required=False)
    reason = Words(label=gettext_lazy("Why"), required=False)


class TransitionForm(ActForm):
    """What a change of state has to say; which fields it shows follows from the table."""

    guarded = True
    needed = frozenset({"reason", "note", "kind"})
    reason = Words(label=gettext_lazy("Reason"), required=False)
    note = Words(label=gettext_lazy("Note"), required=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("What kind of correction this is"),
        required=False,
        choices=[("", "—"), *Correction.Kind.choices],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.target == "dismiss":
            self.fields["reason"] = forms.ChoiceField(
                label=_("Reason"),
                required=False,
                choices=[
                    ("", "—"),
                    *((code, DISMISSALS[code]) for code in sorted(DISMISSAL_REASONS)),
                ],
            )

    def with_overrides(self, codes: Iterable[str]) -> "TransitionForm":
        """The same form with a field for each gate that is to be passed over."""
        for code in codes:
            if f"override_{code}" in self.fields:
                continue
            self.fields[f"override_{code}"] = Words(
                label=_("Pass over “%s”: the words the public page will show") % code,
                required=False,
            )
            self.fields[f"reason_{code}"] = forms.ChoiceField(
                label=_("the reason, for the desk"),
                required=False,
                choices=[("", "—"), *Override.Reason.choices],
            )
            self.fields[f"private_{code}"] = forms.CharField(
                label=_("and a note that never leaves the desk"), required=False, max_length=2_000
            )
        return self

    def clean(self) -> dict[str, Any]:
        """Here a reason is always given: what lead editors count rests on it."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        for name in [one for one in self.fields if one.startswith("override_")]:
            reason = name.replace("override_", "reason_", 1)
            if said.get(name, "").strip() and not said.get(reason) and reason not in self.errors:
                self.add_error(reason, _("Choose why it is passed over."))
        return said

    def sent_overrides(self) -> "TransitionForm":
        """The same form with fields for what was sent; the verb says what may be passed over."""
        names = [name for name in self.data if name.startswith("override_")]
        return self.with_overrides(name.removeprefix("override_")[:40] for name in names[:20])

    def showing(self, names: Sequence[str]) -> "TransitionForm":
        """The same form without what this transition does not ask for."""
        for name in ("reason", "note", "kind"):
            if name in self.fields and name not in names and not self.data.get(name):
                del self.fields[name]
        return self


class CorrectionForm(FindingForm):
    """A correction of what is published: new values, and what was wrong in words."""

    needed = frozenset({"headline", "answer", "note", "kind", "text"})
    kind = forms.ChoiceField(
        label=gettext_lazy("What kind"),
        required=False,
        choices=[(kind.value, kind.label) for kind in PROPOSED],
    )
    note = Words(
        label=gettext_lazy("What was wrong, and what is right"),
        required=False,
        help_text=gettext_lazy("Readers see these words."),
    )
    requested_by = forms.CharField(
        label=gettext_lazy("Asked for by"), required=False, max_length=200
    )
    text = Words(label=gettext_lazy("The claim’s words"), required=False)
    claimant_name = forms.CharField(label=gettext_lazy("Claimant"), required=False, max_length=200)
    claimant_kind = forms.ChoiceField(
        label=gettext_lazy("Who that is"), required=False, choices=Claimant.Kind.choices
    )


class AskedForm(ActForm):
    """Who was asked to reply, or why nobody could be."""

    needed = frozenset({"asked"})
    asked = forms.CharField(label=gettext_lazy("Who was asked"), required=False)
    role = forms.CharField(label=gettext_lazy("in which role"), required=False)
    channel = forms.CharField(label=gettext_lazy("by which channel"), required=False)
    asked_at = moment_field(gettext_lazy("when (UTC)"))
    deadline = moment_field(gettext_lazy("answer wanted by (UTC)"))
    answer = Words(label=gettext_lazy("What they said, word for word"), required=False)
    not_asked_because = Words(label=gettext_lazy("or why nobody was asked"), required=False)


class AnswerForm(ActForm):
    needed = frozenset({"answer"})
    answer = Words(label=gettext_lazy("What they said, word for word"), required=False)


class NoteForm(ActForm):
    text = Words(label=gettext_lazy("A note for colleagues"))


class AgreeForm(GuardedPlain):
    """A yes to one version of the text, and no other."""

    number = forms.IntegerField(widget=forms.HiddenInput)


def _listed(words: str) -> list[str]:
    return list(dict.fromkeys(part.strip() for part in words.split(",") if part.strip()))
