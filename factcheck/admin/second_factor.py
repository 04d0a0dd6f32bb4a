"""The second factor: showing it, and setting it up with codes for the day the device is lost."""

from typing import Any, cast

import qrcode  # type: ignore[import-untyped]
import qrcode.image.svg  # type: ignore[import-untyped]
from django import forms
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_otp import login as show_device
from django_otp import match_token
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from claims.admin.base import desk_page
from claims.models import User
from factcheck.admin.site import has_role

DEVICE, CODES = "authenticator", "recovery codes"
CODES_GIVEN = 8


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=16,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "text", "autofocus": True}
        ),
        help_text=gettext_lazy("Six digits from your authenticator, or a recovery code."),
    )


def page(request: HttpRequest) -> HttpResponse:
    """Ask for a code; whoever has no device yet sets one up first."""
    if not has_role(request):
        return redirect_to_login(request.get_full_path(), reverse("admin:login"))
    person = cast("User", request.user)
    device = TOTPDevice.objects.devices_for_user(person, confirmed=True).first()
    if device is None:
        return _set_up(request, person)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        shown = match_token(person, form.cleaned_data["code"].strip())
        if shown is not None:
            show_device(request, shown)
            return HttpResponseRedirect(_next(request))
        form.add_error("code", _("This code does not fit, or came too soon after the last one."))
    return _page(request, {"form": form})


def _set_up(request: HttpRequest, person: User) -> HttpResponse:
    """Show the key of a new device, and take it into use once a code of it was typed."""
    device, _made = TOTPDevice.objects.get_or_create(user=person, name=DEVICE, confirmed=False)
    form = CodeForm(request.POST or None)
    # Recovery codes come with the device that is only now set up.
    form.fields["code"].help_text = _("The six digits that your authenticator shows now.")
    if request.method == "POST" and form.is_valid():
        if device.verify_token(form.cleaned_data["code"].strip()):
            codes = _take_into_use(device, person)
            show_device(request, device)
            return _page(request, {"codes": codes, "next": _next(request)})
        form.add_error("code", _("This code does not fit. Is your device’s clock right?"))
    return _page(request, {"form": form, "picture": _picture(device), "key": device.config_url})


@transaction.atomic
def _take_into_use(device: TOTPDevice, person: User) -> list[str]:
    device.confirmed = True
    device.save(update_fields=["confirmed"])
    StaticDevice.objects.filter(user=person).delete()
    kept = StaticDevice.objects.create(user=person, name=CODES, confirmed=True)
    codes = [StaticToken.random_token() for _number in range(CODES_GIVEN)]
    StaticToken.objects.bulk_create(StaticToken(device=kept, token=code) for code in codes)
    return codes


def _picture(device: TOTPDevice) -> SafeString:
    """The key as a picture to scan; it is made of squares alone."""
    image = qrcode.make(device.config_url, image_factory=qrcode.image.svg.SvgPathImage)
    drawn: str = image.to_string(encoding="unicode")
    return mark_safe(drawn)  # noqa: S308


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}):
        return wanted
    return reverse("desk:index")


def _page(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    form = context.get("form")
    status = 400 if form is not None and form.is_bound and form.errors else 200
    return desk_page(
        request,
        "desk/second_factor.html",
        {"next": _next(request), **context},
        title=_("Second factor"),
        status=status,
    )
