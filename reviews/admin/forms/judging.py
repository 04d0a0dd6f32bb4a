"""The forms of those who judge: seats, reviews, the text, and agreeing to it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from claims.admin.acts import ActForm, GuardedPlain
from claims.admin.fields import Words
from reviews.verdicts.finding import Sentence, Text

BLANK_SENTENCES = 2


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
        """Everything as typed, for a draft; nothing of it is judged yet.

        Only NUL is left out, which the database does not hold.
        """
        data: Any = self.data
        return {
            **{
                name: data.get(name, "").replace("\0", "")
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
            "evidence": [key.replace("\0", "") for key in data.getlist("evidence")],
            "sentences": [
                {
                    "text": one.text.replace("\0", ""),
                    "evidence": [key.replace("\0", "") for key in one.evidence],
                    "judgement": one.judgement,
                }
                for one in sentences_in(data)
            ],
        }


class RatingForm(ActForm):
    guarded = True
    needed = frozenset({"reason"})
    rating = forms.CharField(required=False)
    reason = Words(label=gettext_lazy("Why"), required=False)


class AgreeForm(GuardedPlain):
    """A yes to one version of the text, and no other."""

    number = forms.IntegerField(widget=forms.HiddenInput)
