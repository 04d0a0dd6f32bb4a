"""What every page of the desk stands on: who may open it, by role and closed by default."""

import io
from collections.abc import Mapping
from typing import Any, BinaryIO, ClassVar, cast

from django.contrib import admin
from django.db.models import Model
from django.http import FileResponse, HttpRequest
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from claims.admin.listing import KeysetList, Order
from claims.models import Actor, Role, User
from claims.models.actors import person as acting
from claims.templatetags.desk import when

NOBODY: frozenset[str] = frozenset()
EVERYBODY: frozenset[str] = frozenset(Role.values)


def actor_of(request: HttpRequest) -> Actor:
    """Whoever is logged in, with all that their roles allow."""
    return acting(cast("User", request.user))


class _NoColons:
    """Labels of Django’s own forms as they are in all others of the desk."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})


class RoleGuarded(admin.ModelAdmin):
    """A model on the desk. Nobody may do anything but what the class names roles for.

    Rows in Django's permission tables count for nothing here, nor does being a superuser: a
    person may do what their roles allow, as everywhere else on the desk.
    """

    readers: ClassVar[frozenset[str]] = NOBODY
    adders: ClassVar[frozenset[str]] = NOBODY
    changers: ClassVar[frozenset[str]] = NOBODY
    removers: ClassVar[frozenset[str]] = NOBODY

    # The fixed orders of the list, by the word in the URL; the first is the default.
    orders: ClassVar[dict[str, Order]] = {}
    # What a person reads where the list is empty: what to do.
    empty: ClassVar[Any] = ""
    lead: ClassVar[Any] = ""
    # What people call these, and the making of a new one, where it is not the model's own name.
    heading: ClassVar[Any] = ""
    add_label: ClassVar[Any] = ""

    list_per_page = 50
    list_max_show_all = 0
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = None
    sortable_by = ()

    def has_module_permission(self, request: HttpRequest) -> bool:
        return _holds(request, self.readers | self.changers)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return _holds(request, self.readers | self.changers)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return _holds(request, self.adders)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return _holds(request, self.changers)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return _holds(request, self.removers)

    def get_form(
        self,
        request: HttpRequest,
        obj: Any = None,
        change: Any = False,  # noqa: FBT002 - Django's signature
        **kwargs: Any,
    ) -> Any:
        # Of what a page shows, a form of our own knows which are its model's fields; Django would
        # look for all of them there.
        own = getattr(getattr(self.form, "Meta", None), "fields", None)
        if own is not None:
            kwargs["fields"] = own
        made = super().get_form(request, obj, change, **kwargs)
        kind: Any = type(made)
        return kind(made.__name__, (_NoColons, made), {})

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[KeysetList]:
        return KeysetList


def moment(field: str, label: Any) -> Any:
    """A column that shows a time as people say it."""

    @admin.display(description=label, ordering=field)
    def column(_admin: Any, row: Model) -> SafeString | str:
        return when(getattr(row, field))

    return column


def flag(field: str, label: Any) -> Any:
    """A column that says yes where it is so, and is empty where it is not."""

    @admin.display(description=label, ordering=field)
    def column(_admin: Any, row: Model) -> str:
        return _("Yes") if getattr(row, field) else ""

    return column


def attachment(body: bytes | BinaryIO, *, name: str, media_type: str) -> FileResponse:
    """Bytes of strangers to take along: saved, never shown, and run by no browser.

    A file is sent piece by piece and closed at its end.
    """
    file = io.BytesIO(body) if isinstance(body, bytes) else body
    response = FileResponse(file, as_attachment=True, filename=name, content_type=media_type)
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _holds(request: HttpRequest, roles: frozenset[str]) -> bool:
    user = request.user
    return isinstance(user, User) and user.holds(*roles)


def desk_page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    title: str | Promise = "",
    status: int = 200,
) -> TemplateResponse:
    """A page of the desk with all that stands on every page."""
    everywhere = admin.site.each_context(request)
    return TemplateResponse(
        request, template, {**everywhere, "title": title, **(context or {})}, status=status
    )
