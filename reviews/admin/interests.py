"""Skills and interests: what one is good at, and what one had better not judge."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.admin.acts import ActForm, look_again
from claims.admin.base import actor_of, desk_page
from claims.admin.fields import Words
from claims.errors import DeskError, Invalid, Missing
from claims.models import Actor, Claim, Claimant, Outlet, Owner, Role, Tag, Topic, User
from reviews.models import Conflict
from reviews.queue import interest

KINDS: dict[str, Any] = {
    "claimant": Claimant,
    "outlet": Outlet,
    "owner": Owner,
    "topic": Topic,
    "tag": Tag,
}
LABELS = {
    "claimant": gettext_lazy("Claimant"),
    "outlet": gettext_lazy("Outlet"),
    "owner": gettext_lazy("Owner"),
    "topic": gettext_lazy("Topic"),
    "tag": gettext_lazy("Tag"),
}
SHOWN = 200


class InterestForm(ActForm):
    # The verb asks for these, with words of its own.
    needed = frozenset({"about", "name", "reason"})

    about = forms.ChoiceField(label=gettext_lazy("In what"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("In what"), choices=list(LABELS.items()))
    name = forms.CharField(label=gettext_lazy("Its name"), required=False, max_length=200)
    person = forms.CharField(
        label=gettext_lazy("Whose"),
        required=False,
        max_length=150,
        help_text=gettext_lazy("A user name; empty: yours."),
    )
    reason = Words(
        label=gettext_lazy("Which interest that is"),
        required=False,
        help_text=gettext_lazy("For the person and for editors; it never leaves the desk."),
    )

    def fit(self, by: Actor, claim: Claim | None) -> "InterestForm":
        """Ask only what is open: of one claim, choose among what it has."""
        if claim is not None:
            about: Any = self.fields["about"]
            about.choices = _choices_of(claim)
            del self.fields["kind"], self.fields["name"]
        else:
            del self.fields["about"]
        if not by.holds(Role.EDITOR):
            del self.fields["person"]
        return self


def page(request: HttpRequest) -> HttpResponse:
    """One's skills and interests; an editor's page has those of everybody."""
    by, status = actor_of(request), 200
    claim = _claim(request, by)
    form = InterestForm(act="declare").fit(by, claim)
    if request.method == "POST":
        if request.POST.get("do") == "declare":
            form = InterestForm(request.POST, act="declare").fit(by, claim)
        try:
            messages.success(request, _press(request, by, form))
            here = reverse("desk:interests")
            return HttpResponseRedirect(f"{here}?claim={claim.pk}" if claim is not None else here)
        except DeskError as refusal:
            status = refusal.status
            form.refuse(refusal)
    rules = by.holds(Role.EDITOR, Role.ADMIN)
    rows = Conflict.objects.filter(Q() if rules else Q(person=by.person))
    standing = rows.filter(ended_at__isnull=True)
    return desk_page(
        request,
        "desk/interests.html",
        {
            "form": form,
            "claim": claim,
            "skills": _skills(by),
            "conflicts": list(_with_names(standing)[:SHOWN]),
            "ended": list(_with_names(rows.filter(ended_at__isnull=False))[:SHOWN]),
            "rules": rules,
            "me": by.person,
        },
        title=_("Skills and interests"),
        status=status,
    )


def _press(request: HttpRequest, by: Actor, form: InterestForm) -> str:
    pressed = request.POST.get("do", "")
    if pressed == "skills":
        return _keep_skills(request, by)
    if pressed == "end":
        interest.end(_conflict(by, request.POST.get("conflict", "")), by=by)
        return _("It stands no more. That it stood stays on record.")
    if pressed == "declare":
        return _declare(by, form)
    raise Invalid(_("There is no such button here."))


def _declare(by: Actor, form: InterestForm) -> str:
    if not form.is_valid():
        raise look_again()
    said = form.cleaned_data
    person = by.person
    if said.get("person"):
        person = User.objects.filter(username=said["person"].strip(), is_active=True).first()
    if person is None:
        raise Invalid.at("/person", _("There is no colleague of this name."))
    interest.declare(person, _about(said), by=by, reason=said["reason"])
    return _("On record. The queue offers no such claim any more, and no seat of one is open.")


def _about(said: dict[str, Any]) -> interest.About:
    """What is meant: chosen from a claim, or by its name."""
    if "about" in said:
        kind, _between, key = said["about"].partition(":")
        found: Any = KINDS[kind].objects.filter(pk=key).first() if kind in KINDS else None
        if found is None:
            raise Invalid.at("/about", _("Choose what the interest is in."))
        return found  # type: ignore[no-any-return]
    name = said["name"].strip()
    named = KINDS[said["kind"]].objects.filter(name__iexact=name) if name else []
    alike = list(named[:2])
    if not alike:
        raise Invalid.at("/name", _("The desk knows nothing of this name. Write it as it does."))
    if len(alike) > 1:
        raise Invalid.at("/name", _("Several are called so: say it on the page of a claim."))
    return alike[0]  # type: ignore[no-any-return]


def _choices_of(claim: Claim) -> list[tuple[str, str]]:
    outlet = claim.article.outlet if claim.article is not None else None
    things = [claim.claimant, outlet, outlet.owner if outlet else None, claim.topic]
    found = [*(one for one in things if one is not None), *claim.tags.all()]
    return [("", _("Choose")), *((_key(one), f"{_label(one)}: {one}") for one in found)]


def _key(thing: Any) -> str:
    return f"{type(thing).__name__.lower()}:{thing.pk}"


def _label(thing: Any) -> str:
    return str(LABELS[type(thing).__name__.lower()])


def _claim(request: HttpRequest, by: Actor) -> Claim | None:
    key = request.GET.get("claim", "")
    if not key:
        return None
    try:
        known = Claim.objects.visible_to(by).filter(pk=UUID(key))
    except ValueError as error:
        raise Http404 from error
    found = known.select_related("claimant", "article__outlet__owner", "topic").first()
    if found is None:
        raise Http404
    return found


def _conflict(by: Actor, key: str) -> Conflict:
    try:
        found = Conflict.objects.filter(pk=UUID(key)).first()
    except ValueError:
        found = None
    rules = by.holds(Role.EDITOR, Role.ADMIN)
    if found is None or not (rules or by.is_person(found.person)):
        raise Missing(_("There is no such conflict of interest."))
    return found


def _skills(by: Actor) -> list[tuple[Tag, bool]]:
    """Tags that need a skill, each with whether this person has it."""
    mine = set(by.person.skills.values_list("pk", flat=True)) if by.person is not None else set()
    return [(tag, tag.pk in mine) for tag in Tag.objects.filter(needs_skill=True)]


def _keep_skills(request: HttpRequest, by: Actor) -> str:
    if by.person is None:
        raise Missing(_("Skills are a person’s."))
    try:
        keys = [UUID(key) for key in request.POST.getlist("skill")]
    except ValueError as error:
        raise Invalid(_("Tick skills of the list.")) from error
    by.person.skills.set(Tag.objects.filter(needs_skill=True, pk__in=keys))
    return _("Kept. The queue goes by it from now on.")


def _with_names(rows: Any) -> Any:
    people = ("person", "said_by", "ended_by")
    return rows.select_related(*people, *Conflict.ABOUT).order_by("person__username", "-said_at")
