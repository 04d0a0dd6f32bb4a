"""How one person likes to work: keys, languages, what opens next, and what they are told."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.admin.acts import ActForm
from claims.admin.base import desk_page
from claims.models import User
from claims.text.usable import is_language
from reviews import notices
from reviews.delivery import digest


class ComfortForm(ActForm):
    keys_off = forms.BooleanField(
        label=gettext_lazy("Switch single-key shortcuts off"), required=False
    )
    open_next = forms.BooleanField(
        label=gettext_lazy("Open the next item of my queue after a decision"), required=False
    )
    languages = forms.CharField(
        label=gettext_lazy("Languages I read"),
        required=False,
        help_text=gettext_lazy("Tags with commas between, as: en, ar. Empty: all of them."),
    )

    digest = forms.ChoiceField(
        label=gettext_lazy("My inbox by e-mail"),
        choices=User.Digest.choices,
        required=False,
        help_text=gettext_lazy("What you have not read by then. Restricted claims without words."),
    )
    wanted = forms.MultipleChoiceField(
        label=gettext_lazy("Tell me when"),
        choices=list(notices.KINDS.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, sends_mail: bool, address: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mail = self.fields["digest"]
        if not sends_mail:
            mail.disabled = True
            mail.help_text = _("This desk sends no mail: nobody has given it a mail server.")
        elif not address:
            mail.disabled = True
            mail.help_text = _("Your account has no e-mail address. Ask who looks after accounts.")

    def clean_digest(self) -> str:
        return self.cleaned_data["digest"] or User.Digest.NEVER

    @property
    def muted(self) -> list[str]:
        """The kinds that were left out."""
        return [kind for kind in notices.KINDS if kind not in self.cleaned_data["wanted"]]

    def clean_languages(self) -> list[str]:
        tags = [tag.strip() for tag in self.cleaned_data["languages"].split(",") if tag.strip()]
        wrong = [tag for tag in tags if not is_language(tag)]
        if wrong:
            raise forms.ValidationError(
                _("“%s” is no language tag; use tags as en, ar or pt-BR.") % wrong[0]
            )
        return list(dict.fromkeys(tags))


def page(request: HttpRequest) -> HttpResponse:
    """Show and keep the settings that are one person's own."""
    person = cast("User", request.user)
    form = ComfortForm(
        request.POST or None,
        act="comfort",
        sends_mail=digest.is_on(),
        address=person.email,
        initial={
            "keys_off": person.keys_off,
            "open_next": person.open_next,
            "languages": ", ".join(person.languages),
            "digest": person.digest,
            "wanted": [kind for kind in notices.KINDS if kind not in person.muted],
        },
    )
    if form.is_valid():
        _keep(person, form)
        messages.success(request, _("Kept."))
        return HttpResponseRedirect(reverse("desk:comfort"))
    status = 400 if form.is_bound else 200
    return desk_page(
        request, "desk/comfort.html", {"form": form}, title=_("Comfort"), status=status
    )


def _keep(person: User, form: ComfortForm) -> None:
    for name in ("keys_off", "open_next", "languages"):
        setattr(person, name, form.cleaned_data[name])
    person.save(update_fields=["keys_off", "open_next", "languages"])
    digest.change(person, digest=form.cleaned_data["digest"], muted=form.muted)
