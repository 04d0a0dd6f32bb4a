"""Jobs: work that waits, runs or failed, with its cause and a button to try again."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims import jobs
from claims.admin.base import EVERYBODY, RoleGuarded, actor_of, moment
from claims.admin.listing import Order
from claims.errors import DeskError
from claims.models import Claim, Job


@admin.register(Job)
class JobAdmin(RoleGuarded):
    readers = EVERYBODY
    asked_for = moment("created_at", gettext_lazy("Asked for"))
    list_display = ("what", "state", "about", "attempts", "cause", "asked_for")
    list_filter = ("state",)
    list_select_related = ("claim", "article")
    waits = moment("not_before", gettext_lazy("Not before"))
    heard = moment("heartbeat_at", gettext_lazy("Last heard of"))
    given_up = moment("deadline", gettext_lazy("Given up after"))
    ended = moment("finished_at", gettext_lazy("Ended"))
    fields = (
        "state",
        "cause",
        "attempts",
        "asked_for",
        "waits",
        "heard",
        "given_up",
        "ended",
        "kind",
        "code",
        "key",
    )
    readonly_fields = fields
    change_form_template = "desk/job.html"
    orders: ClassVar[dict[str, Order]] = {"newest": Order(gettext_lazy("Newest"), "created_at")}
    lead = gettext_lazy(
        "Every unit of work is a row. What failed says why, and can be tried again."
    )
    empty = gettext_lazy("No work was asked for yet.")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Job]:
        known = Claim.objects.visible_to(actor_of(request)).values("pk")
        rows: QuerySet[Job] = super().get_queryset(request)
        return rows.filter(Q(claim__isnull=True) | Q(claim__in=known))

    def get_urls(self) -> list[URLPattern]:
        retry = self.admin_site.admin_view(self.retry_view)
        return [path("<uuid:pk>/retry/", retry, name="claims_job_retry"), *super().get_urls()]

    @admin.display(description=gettext_lazy("Work"))
    def what(self, job: Job) -> str:
        return job.name

    @admin.display(description=gettext_lazy("About"))
    def about(self, job: Job) -> str:
        return str(job.claim or job.article or job.key)

    def retry_view(self, request: HttpRequest, pk: Any) -> HttpResponse:
        """Let one failed job run again, and go back to where the button was."""
        back = request.headers.get("Referer", "")
        if not url_has_allowed_host_and_scheme(back, {request.get_host()}):
            back = reverse("admin:claims_job_changelist")
        job = self.get_queryset(request).filter(pk=pk).first()
        if job is None:
            raise Http404
        if request.method == "POST":
            try:
                jobs.retry(job, by=actor_of(request))
            except DeskError as error:
                messages.error(request, " ".join(error.sentences()))
            else:
                messages.success(request, _("It waits to be tried again."))
        return HttpResponseRedirect(back)
