"""People and tokens: who works here with which roles, and keys to the API."""

import logging
from datetime import timedelta
from typing import Any, ClassVar, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.auth import password_validation
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.admin.acts import ActForm
from claims.admin.base import EVERYBODY, RoleGuarded, desk_page, flag, moment
from claims.admin.listing import Order
from claims.models import ApiToken, Role, Tag, User
from claims.models.people import LONGEST_TOKEN_LIFE
from claims.text.usable import is_language

log = logging.getLogger(__name__)

ADMINS = frozenset({Role.ADMIN.value})


class OwnPassword(forms.CharField):
    """The password of whoever sits here: roles and keys are not for an unlocked screen."""

    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("Your own password"),
            strip=False,
            widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
            help_text=gettext_lazy("Asked again, because this opens doors."),
        )


class PersonForm(forms.ModelForm):
    roles = forms.MultipleChoiceField(
        choices=Role.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Without a role nobody comes in. The rules hold per claim."),
    )
    languages = forms.CharField(
        required=False,
        label=gettext_lazy("Languages read"),
        help_text=gettext_lazy("Tags with commas between, as: en, ar. Empty: all."),
    )
    skills = forms.ModelMultipleChoiceField(
        Tag.objects.filter(needs_skill=True),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("What the queue offers them, of the tags that need a skill."),
    )
    new_password = forms.CharField(
        required=False,
        strip=False,
        label=gettext_lazy("New password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("Leave empty to keep the present one."),
    )
    own_password = OwnPassword()

    # Set by the admin class: the person who is filling this in.
    sitting: ClassVar[User | None] = None

    class Meta:
        model = User
        fields = ("username", "first_name", "last_name", "email", "is_active")
        labels: ClassVar[dict[str, Any]] = {"is_active": gettext_lazy("May sign in")}
        help_texts: ClassVar[dict[str, Any]] = {
            "username": gettext_lazy("What colleagues write after an @; letters, digits, . - _"),
            "is_active": gettext_lazy("Take it away where an account ends: what they did stays."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("languages", ", ".join(self.instance.languages))
        self.initial["languages"] = ", ".join(self.instance.languages)
        self.initial["roles"] = self.instance.roles
        if not self.instance._state.adding:  # noqa: SLF001 - Django's public name
            self.initial["skills"] = self.instance.skills.all()
        if not self.instance.username:
            self.fields["new_password"].required = True

    def clean_languages(self) -> list[str]:
        tags = [tag.strip() for tag in self.cleaned_data["languages"].split(",") if tag.strip()]
        for tag in tags:
            if not is_language(tag):
                raise forms.ValidationError(
                    _("“%s” is no language tag; use tags as en, ar or pt-BR.") % tag
                )
        return tags

    def clean_new_password(self) -> str:
        words: str = self.cleaned_data["new_password"]
        if words:
            password_validation.validate_password(words, self.instance)
        return words

    def clean_own_password(self) -> str:
        if self.sitting is None or not self.sitting.check_password(
            self.cleaned_data["own_password"]
        ):
            raise forms.ValidationError(_("This is not your password."))
        return ""


@admin.register(User)
class UserAdmin(RoleGuarded):
    """Only an admin gives or takes roles; nobody is ever deleted, what they said stays theirs."""

    readers = adders = changers = ADMINS
    form = PersonForm
    heading = gettext_lazy("People")
    add_label = gettext_lazy("Add a person")
    last_here = moment("last_login", gettext_lazy("Last here"))
    may_sign_in = flag("is_active", gettext_lazy("May sign in"))
    list_display = ("username", "full_name", "has_roles", "may_sign_in", "last_here")
    list_filter = ("is_active",)
    search_fields = ("username", "first_name", "last_name")
    fields = (
        "username",
        "first_name",
        "last_name",
        "email",
        "roles",
        "languages",
        "skills",
        "is_active",
        "new_password",
        "own_password",
    )
    orders: ClassVar[dict[str, Order]] = {
        "name": Order(gettext_lazy("Name"), "username", descending=False, key_descending=False)
    }
    lead = gettext_lazy(
        "Who works here. The smallest desk is two reviewers and an editor; adjudication needs a"
        " second editor, a re-check a third reviewer."
    )

    @admin.display(description=gettext_lazy("Name"))
    def full_name(self, person: User) -> str:
        return person.get_full_name() or "—"

    @admin.display(description=gettext_lazy("Roles"))
    def has_roles(self, person: User) -> str:
        return ", ".join(str(Role(role).label) for role in person.roles) or "—"

    def get_form(
        self,
        request: HttpRequest,
        obj: Any = None,
        change: Any = False,  # noqa: FBT002 - Django's signature
        **kwargs: Any,
    ) -> Any:
        sitting = cast("User", request.user)
        form = super().get_form(request, obj, change, **kwargs)
        return type("PersonFormHere", (form,), {"sitting": sitting})

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        said = form.cleaned_data
        obj.roles, obj.languages = said["roles"], said["languages"]
        if said["new_password"]:
            obj.set_password(said["new_password"])
        super().save_model(request, obj, form, change)
        obj.skills.set(said["skills"])
        log.info(
            "person.changed",
            extra={
                "by": request.user.get_username(),
                "person": obj.get_username(),
                "roles": list(obj.roles),
                "active": obj.is_active,
                "password": bool(said["new_password"]),
            },
        )


class TokenForm(ActForm):
    name = forms.CharField(
        label=gettext_lazy("What it is for"),
        max_length=120,
        help_text=gettext_lazy("So that you know later which one to revoke."),
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What it may do"), widget=forms.CheckboxSelectMultiple
    )
    days = forms.IntegerField(
        label=gettext_lazy("Days until it expires"),
        min_value=1,
        max_value=LONGEST_TOKEN_LIFE.days,
        initial=90,
    )
    own_password = OwnPassword()

    def __init__(self, *args: Any, sitting: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sitting = sitting
        scopes = cast("forms.MultipleChoiceField", self.fields["scopes"])
        scopes.choices = [(scope, scope) for scope in sorted(sitting.scopes)]

    def clean_own_password(self) -> str:
        if not self.sitting.check_password(self.cleaned_data["own_password"]):
            raise forms.ValidationError(_("This is not your password."))
        return ""


@admin.register(ApiToken)
class ApiTokenAdmin(RoleGuarded):
    """One's own tokens; an admin sees everybody's, and may revoke them. Digests are not shown."""

    readers = adders = EVERYBODY
    heading = gettext_lazy("Tokens")
    add_label = gettext_lazy("Make a token")
    expires = moment("expires_at", gettext_lazy("Expires"))
    last_used = moment("last_used_at", gettext_lazy("Last used"))
    revoked = moment("revoked_at", gettext_lazy("Revoked"))
    list_display = ("name", "person", "may_do", "expires", "last_used", "revoked")
    list_select_related = ("person",)
    search_fields = ("name",)
    fields = (
        "name",
        "person",
        "may_do",
        "created_at",
        "expires_at",
        "last_used_at",
        "revoked_at",
    )
    readonly_fields = fields
    change_form_template = "desk/token.html"
    orders: ClassVar[dict[str, Order]] = {"newest": Order(gettext_lazy("Newest"), "created_at")}
    lead = gettext_lazy("Keys to the API. A token is shown once, and never may more than you.")
    empty = gettext_lazy("No token yet. Make one for each program that talks to the desk.")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ApiToken]:
        rows: QuerySet[ApiToken] = super().get_queryset(request)
        person = cast("User", request.user)
        return rows if person.holds(Role.ADMIN) else rows.filter(person=person)

    @admin.display(description=gettext_lazy("May do"))
    def may_do(self, token: ApiToken) -> str:
        return ", ".join(token.scopes)

    def get_urls(self) -> list[URLPattern]:
        revoke = self.admin_site.admin_view(self.revoke_view)
        return [
            path("<uuid:pk>/revoke/", revoke, name="claims_apitoken_revoke"),
            *super().get_urls(),
        ]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Make a token; the page that answers is the only one that ever shows it."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        sitting = cast("User", request.user)
        form = TokenForm(request.POST or None, sitting=sitting, act="token")
        made, status = "", 200
        if request.method == "POST":
            status = 400
            if form.is_valid():
                said = form.cleaned_data
                row, made = ApiToken.issue(
                    said["name"],
                    person=sitting,
                    scopes=said["scopes"],
                    expires_at=timezone.now() + timedelta(days=said["days"]),
                )
                log.info("token.issued", extra={"token": str(row.pk), "scopes": row.scopes})
                status = 201
        return desk_page(
            request,
            "desk/token_new.html",
            {"form": form, "made": made},
            title=_("New token"),
            status=status,
        )

    def revoke_view(self, request: HttpRequest, pk: Any) -> HttpResponse:
        token = self.get_queryset(request).filter(pk=pk).first()
        if token is None or not self.has_view_permission(request):
            raise Http404
        if request.method == "POST" and token.revoked_at is None:
            token.revoked_at = timezone.now()
            token.save(update_fields=["revoked_at"])
            log.info("token.revoked", extra={"token": str(token.pk)})
            messages.success(request, _("Revoked: this token opens no door any more."))
        return HttpResponseRedirect(reverse("admin:claims_apitoken_changelist"))
