"""What the buttons of a desk page do: a form, the verb behind it, and how a refusal is told.

A page that is refused is shown again as it was, with what was typed and with the reasons at the
form; nothing that was typed is ever lost.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django import forms
from django.db import transaction
from django.utils.translation import gettext as _

from claims.errors import Conflict, DeskError, Invalid, Stale
from claims.models import Actor


def look_again() -> Invalid:
    """What a form is refused with whose fields say why."""
    return Invalid(_("Please look at the marked fields; nothing was changed yet."))


class ActForm(forms.Form):
    """The form of one button. It knows the act, its target, and the state of things it shows.

    ``version`` is the version the page showed, ``seen`` the last entry of the log on it: a stale
    form is refused and shown with what happened since.
    """

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    # Where a problem's JSON Pointer is not simply the field's name.
    pointers: ClassVar[Mapping[str, str]] = {}
    # Fields the verb asks for: the form lets them pass empty, so that the verb says why not.
    needed: ClassVar[frozenset[str]] = frozenset()
    # Whether a stale page keeps this button from doing anything.
    guarded: ClassVar[bool] = False

    def __init__(self, *args: Any, act: str = "", target: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"{act}{target[:8]}-%s")
        super().__init__(*args, **kwargs)
        self.act, self.target = act, target
        self.refusal: DeskError | None = None

    @property
    def reasons(self) -> list[str]:
        """Why it was refused; what stands at a field is not said twice."""
        if self.refusal is None:
            return []
        said = list(dict.fromkeys(self.refusal.sentences()))
        at_fields = {str(words) for errors in self.errors.values() for words in errors}
        return said[:1] + [words for words in said[1:] if words not in at_fields]

    @property
    def is_stale(self) -> bool:
        return isinstance(self.refusal, Stale)

    def refuse(self, error: DeskError) -> None:
        """Keep why it was refused, each problem at its field where there is one."""
        self.refusal = error
        if not hasattr(self, "cleaned_data"):
            self.full_clean()
        for problem in error.problems:
            name = self.field_of(problem.pointer)
            if name in self.fields:
                self.add_error(name, problem.message)

    def field_of(self, pointer: str) -> str:
        return self.pointers.get(pointer, pointer.strip("/").split("/")[0])

    def visible(self) -> list[forms.BoundField]:
        return self.visible_fields()


class Plain(ActForm):
    """A button that asks for nothing."""


class GuardedPlain(ActForm):
    """A button that asks for nothing, but holds only for what the page showed."""

    guarded = True


@dataclass(frozen=True, slots=True)
class Act:
    """One button: its form, the section of the page it stands in, and what it does.

    ``do`` takes the page's subject, the filled-in form and who pressed it; it returns what
    happened, in a sentence, and lets every DeskError pass. ``may`` refuses for role or four eyes
    before the form is looked at, where the verb has such a question of its own.
    """

    form: type[ActForm]
    section: str
    do: Callable[[Any, Any, Actor], str]
    may: Callable[[Any, Actor], object] | None = None


@dataclass(slots=True)
class Forms:
    """The forms of one page: empty ones, but the one that was refused as it was typed."""

    initial: Mapping[str, Any] = field(default_factory=dict)
    refused: ActForm | None = None

    def of(
        self,
        kind: type[ActForm],
        act: str,
        target: Any = "",
        initial: Mapping[str, Any] | None = None,
    ) -> Any:
        """The form of one button; ``target`` tells buttons of one act apart."""
        refused = self.refused
        if refused is not None and (refused.act, refused.target) == (act, str(target)):
            return refused
        return kind(act=act, target=str(target), initial={**self.initial, **(initial or {})})

    def was_refused(self, act: str, target: Any = "") -> ActForm | None:
        refused = self.refused
        if refused is not None and (refused.act, refused.target) == (act, str(target)):
            return refused
        return None


def perform(act: Act, subject: Any, form: ActForm, *, by: Actor) -> str:
    """Do what the button says, or raise the verb's refusal; what is typed stays in the form."""
    if act.may is not None:
        act.may(subject, by)
    if not form.is_valid():
        raise look_again()
    return act.do(subject, form, by)


def perform_guarded(
    act: Act, subject: Any, form: ActForm, *, by: Actor, now: Callable[[], int]
) -> str:
    """The same for a button that holds only for the version the page showed.

    ``now`` locks the subject and tells its version. On a stale page the verb is rehearsed and
    rolled back, so that whoever may not do it at all, or typed nonsense, is told that first:
    refusals come in the same order through every door.
    """
    if act.may is not None:
        act.may(subject, by)
    if not form.is_valid():
        raise look_again()
    shown = form.cleaned_data["version"]
    with transaction.atomic():
        if shown is None or shown == now():
            return act.do(subject, form, by)
        with _rehearsal():
            act.do(subject, form, by)
        raise Stale(
            _("Somebody changed this since you opened it. Look at what is new, then decide.")
        )


@contextmanager
def _rehearsal() -> Iterator[None]:
    """Run to the end and undo all of it; what comes after staleness (409 …) is not yet said."""
    try:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
    except DeskError as error:
        if not isinstance(error, Conflict | Stale):
            raise
