"""Articles: handing one in, and reading it with its candidates beside it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.admin.acts import Act, ActForm, Forms, Plain, look_again, perform
from claims.admin.base import EVERYBODY, RoleGuarded, actor_of, desk_page, moment
from claims.admin.fields import LanguageField, Words, one_line_ends
from claims.admin.listing import Order
from claims.admin.marks import Mark, Paragraph, laid_out, plain_blocks
from claims.errors import DeskError
from claims.extraction.layout import read_layout
from claims.intake import articles as intake
from claims.intake import take as taking
from claims.intake.checks import ARTICLE_MAX
from claims.models import Actor, Article, Candidate, Claim, Role
from claims.provenance.trace import recompute
from claims.templatetags.desk import dated
from claims.text.attributed import Attribution, chain

WRITERS = frozenset({Role.CONTRIBUTOR.value, Role.REVIEWER.value, Role.EDITOR.value})
Status = Article.Status


class HandInForm(ActForm):
    """An article as a text, or as an address that the desk fetches."""

    # One of the three is needed; “optional” at each would say that none is.
    needed = frozenset({"url", "text", "file"})

    url = forms.CharField(
        label=gettext_lazy("Address"),
        required=False,
        widget=forms.URLInput(attrs={"placeholder": "https://", "autocomplete": "off"}),
        help_text=gettext_lazy("The desk fetches the page, and keeps what it got."),
    )
    text = forms.CharField(
        label=gettext_lazy("Or the text itself"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "dir": "auto"}),
        help_text=gettext_lazy("Headline and dateline too, as they were printed."),
    )
    file = forms.FileField(
        label=gettext_lazy("Or a text file"),
        required=False,
        help_text=gettext_lazy("UTF-8; at most a million characters."),
    )
    title = forms.CharField(label=gettext_lazy("Title"), required=False)
    outlet = forms.CharField(label=gettext_lazy("Outlet"), required=False)
    language = LanguageField()
    published_at = forms.DateTimeField(
        label=gettext_lazy("Published (UTC)"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def clean_text(self) -> str:
        return one_line_ends(self.cleaned_data["text"])

    def clean_file(self) -> str:
        sent = self.cleaned_data["file"]
        if sent is None:
            return ""
        if sent.size > 4 * ARTICLE_MAX:
            raise forms.ValidationError(_("This file is too large; hand in the article alone."))
        try:
            return one_line_ends(sent.read().decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            raise forms.ValidationError(
                _("This file is not UTF-8 text. Save it as UTF-8, or paste the text.")
            ) from error


class TakeForm(ActForm):
    text = Words(
        label=gettext_lazy("In other words"),
        required=False,
        help_text=gettext_lazy(
            "Left as it is, nobody wrote it and you may review it. Change it, and you are its"
            " author and somebody else has to review it."
        ),
    )


class LeaveForm(ActForm):
    reason = forms.CharField(label=gettext_lazy("Why"), required=False)


class MarkForm(ActForm):
    start = forms.IntegerField(label=gettext_lazy("From character"), min_value=0)
    end = forms.IntegerField(label=gettext_lazy("To character"), min_value=1)
    text = Words(label=gettext_lazy("In other words"), required=False)


@dataclass(frozen=True, slots=True)
class Hop:
    """One step of whose word a candidate rests on."""

    name: str
    named: bool
    kind: str
    cue: str
    denial: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A candidate as the page shows it."""

    row: Candidate
    number: int
    hops: tuple[Hop, ...]
    claim: Claim | None
    take: ActForm
    leave: ActForm

    @property
    def central(self) -> bool:
        return self.number == 1


def _take(candidate_of: Article, form: ActForm, by: Actor) -> str:
    taking.take(
        _candidate(candidate_of, form.target),
        by=by,
        text=one_line_ends(form.cleaned_data["text"]),
        trace=recompute,
    )
    return _("Taken: it is a claim now, waiting under Incoming.")


def _leave(article: Article, form: ActForm, by: Actor) -> str:
    taking.leave(_candidate(article, form.target), by=by, reason=form.cleaned_data["reason"])
    return _("Left. It stays in the list, and can still be taken.")


def _mark(article: Article, form: ActForm, by: Actor) -> str:
    said = form.cleaned_data
    taking.mark(
        article,
        by=by,
        start=said["start"],
        end=said["end"],
        text=one_line_ends(said["text"]),
        trace=recompute,
    )
    return _("The passage is a claim now, waiting under Incoming.")


def _retry(article: Article, form: ActForm, by: Actor) -> str:
    intake.retry(article, by=by)
    return _("The desk reads it again.")


ACTS: dict[str, Act] = {
    "take": Act(TakeForm, "candidates", _take),
    "leave": Act(LeaveForm, "candidates", _leave),
    "mark": Act(MarkForm, "mark", _mark),
    "retry": Act(Plain, "status", _retry),
}


@admin.register(Article)
class ArticleAdmin(RoleGuarded):
    """The list of articles, the form that hands one in, and the page of one."""

    readers = EVERYBODY
    adders = WRITERS
    came_in = moment("created_at", gettext_lazy("Came in"))
    list_display = ("headline", "outlet", "published", "status", "came_in")
    list_filter = ("status", "handed_in")
    list_select_related = ("outlet",)
    search_fields = ("title", "url")
    orders: ClassVar[dict[str, Order]] = {
        "newest": Order(gettext_lazy("Newest"), "created_at"),
    }
    lead = gettext_lazy("Texts that came in, and what the desk read in them.")
    add_label = gettext_lazy("Hand in an article")
    empty = gettext_lazy("No article yet. Hand one in, as a text or by its address.")

    @admin.display(description=gettext_lazy("Article"))
    def headline(self, article: Article) -> str:
        return str(article) or _("(no words yet)")

    @admin.display(description=gettext_lazy("Published"))
    def published(self, article: Article) -> str:
        return dated(article) or "—"

    def get_urls(self) -> list[URLPattern]:
        act = self.admin_site.admin_view(self.act_view)
        return [
            path("<uuid:pk>/act/<slug:name>/", act, name="claims_article_act"),
            path("<uuid:pk>/act/<slug:name>/<uuid:target>/", act, name="claims_article_act_on"),
            *super().get_urls(),
        ]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = HandInForm(request.POST or None, request.FILES or None, act="hand_in")
        status = 200
        if request.method == "POST":
            try:
                return self._hand_in(request, form)
            except DeskError as error:
                form.refuse(error)
                status = error.status
        return desk_page(
            request,
            "desk/hand_in.html",
            {"form": form},
            title=_("Hand in an article"),
            status=status,
        )

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        article = self.get_object(request, object_id)
        if not isinstance(article, Article):
            raise Http404
        return self._page(request, article, Forms())

    def act_view(self, request: HttpRequest, pk: Any, name: str, target: Any = "") -> HttpResponse:
        """One button of the page was pressed."""
        article = Article.objects.filter(pk=pk).first()
        act = ACTS.get(name)
        if article is None or act is None or not self.has_view_permission(request):
            raise Http404
        url = reverse("admin:claims_article_change", args=[pk])
        if request.method != "POST":
            return HttpResponseRedirect(url)
        form = act.form(request.POST, act=name, target=str(target))
        try:
            said = perform(act, article, form, by=actor_of(request))
        except DeskError as error:
            form.refuse(error)
            return self._page(request, article, Forms(refused=form), status=error.status)
        messages.success(request, said)
        return HttpResponseRedirect(f"{url}#{act.section}")

    def _hand_in(self, request: HttpRequest, form: HandInForm) -> HttpResponse:
        by = actor_of(request)
        by.need("claims:write")
        if not form.is_valid():
            raise look_again()
        said = form.cleaned_data
        article, new = intake.hand_in(
            by=by,
            text=said["text"] or said["file"],
            title=said["title"],
            url=said["url"],
            outlet=said["outlet"],
            language=said["language"],
            published_at=said["published_at"],
        )
        # Of a new one the page itself says that it is being read, and no longer once it is.
        if not new:
            messages.success(request, _("This article was here already."))
        return HttpResponseRedirect(reverse("admin:claims_article_change", args=[article.pk]))

    def _page(
        self, request: HttpRequest, article: Article, page_forms: Forms, status: int = 200
    ) -> HttpResponse:
        by = actor_of(request)
        rows = list(article.candidates.order_by("rank"))
        shown = _shown(article, rows, by, page_forms)
        claims = list(article.claims.visible_to(by).order_by("created_at")[:50])
        mark = page_forms.of(MarkForm, "mark")
        return desk_page(
            request,
            "desk/article.html",
            {
                "article": article,
                "paragraphs": _paragraphs(article, shown),
                "candidates": [one for one in shown if one.row.status != "left_out"],
                "left_out": [one for one in shown if one.row.status == "left_out"],
                "claims": claims,
                "going": article.status in {Status.QUEUED, Status.EXTRACTING},
                "may_write": by.may("claims:write"),
                "mark": mark,
                "retry": page_forms.of(Plain, "retry"),
            },
            title=str(article),
            status=status,
        )


def _candidate(article: Article, key: str) -> Candidate:
    found = article.candidates.filter(pk=key).first() if key else None
    if found is None:
        raise Http404
    return found


def _shown(
    article: Article, rows: Sequence[Candidate], by: Actor, page_forms: Forms
) -> list[Shown]:
    edges = [Attribution.from_json(edge) for edge in article.attributions]
    claims: QuerySet[Claim] = Claim.objects.visible_to(by)
    taken = claims.in_bulk([row.claim_id for row in rows if row.claim_id])
    return [
        Shown(
            row=row,
            number=number,
            hops=_hops(row.attributions, edges),
            claim=taken.get(row.claim_id) if row.claim_id else None,
            take=page_forms.of(TakeForm, "take", row.pk, {"text": row.text}),
            leave=page_forms.of(LeaveForm, "leave", row.pk),
        )
        for number, row in enumerate(rows, start=1)
    ]


def _hops(ids: Sequence[str], edges: Iterable[Attribution]) -> tuple[Hop, ...]:
    if not ids:
        return ()
    return tuple(
        Hop(
            name=edge.resolves_to or edge.source,
            named=edge.named,
            kind=edge.kind,
            cue=edge.cue,
            denial=edge.is_denial,
        )
        for edge in chain(ids[-1], edges)
    )


def _paragraphs(article: Article, shown: Sequence[Shown]) -> list[Paragraph]:
    layout = read_layout(article.text, title=article.title)
    blocks = [(block.role, block.start, block.end) for block in layout.blocks]
    marks = []
    for one in shown:
        row = one.row
        if row.status == Candidate.Status.LEFT_OUT:
            continue
        kind = "cand central" if one.central else "cand"
        if row.status == Candidate.Status.TAKEN:
            kind += " taken"
        marks.append(Mark(row.start, row.end, kind, str(one.number)))
        marks += [
            Mark(place["start"], place["end"], "appearance", str(one.number))
            for place in row.appearances
        ]
    return laid_out(article.text, blocks or plain_blocks(article.text), marks)
