"""How one person likes to work: keys, languages, and what opens after a decision."""

from typing import cast

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
    if request.method == "POST":
        form = ComfortForm(request.POST, act="comfort")
        if form.is_valid():
            for name in ("keys_off", "open_next", "languages"):
                setattr(person, name, form.cleaned_data[name])
            person.save(update_fields=["keys_off", "open_next", "languages"])
            messages.success(request, _("Kept."))
            return HttpResponseRedirect(reverse("desk:comfort"))
        status = 400
    else:
        form = ComfortForm(
            act="comfort",
            initial={
                "keys_off": person.keys_off,
                "open_next": person.open_next,
                "languages": ", ".join(person.languages),
            },
        )
        status = 200
    return desk_page(
        request, "desk/comfort.html", {"form": form}, title=_("Comfort"), status=status
    )
