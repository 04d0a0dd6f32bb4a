"""What everyone may read: published checks, their versions, corrections, and how we work."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    JsonResponse,
)
from django.shortcuts import render
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.feedgenerator import Atom1Feed
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import condition, require_safe

from claims.models import Claim
from claims.provenance.picture import draw, hops, picture_of
from claims.provenance.words import explain
from reviews.models import (
    Correction,
    Publication,
    RatingScale,
    Slug,
    Suspension,
    Withdrawal,
)
from reviews.publishing.document import page_url
from reviews.publishing.feed import FEED_LENGTH, feed_tag, living

PER_PAGE = 30
# What would end a script element or start another one inside JSON-LD.
_IN_SCRIPT = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


@dataclass(frozen=True, slots=True)
class Shown:
    """One frozen version as the page shows it, with what may change around it."""

    publication: Publication
    document: Mapping[str, Any]
    claim: Claim
    withdrawal: Withdrawal | None
    suspension: Suspension | None

    @property
    def is_newest(self) -> bool:
        return self.publication.version == self.claim.published_version

    @property
    def under_recheck(self) -> bool:
        """The page stays up, and says that the desk is looking again."""
        return self.withdrawal is None and (
            self.claim.state == Claim.State.CHECKING or self.claim.needs_look
        )


@dataclass(frozen=True, slots=True)
class Chain:
    """Who has it from whom: a picture, and each link as a sentence with the words that say so."""

    picture: SafeString
    links: tuple[tuple[str, str], ...]


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The newest answers first."""
    rows = Paginator(living(), PER_PAGE).get_page(request.GET.get("page"))
    checks = [(row, json.loads(bytes(row.document))) for row in rows.object_list]
    return _page(request, "public/home.html", {"checks": checks, "rows": rows})


@require_safe
def check(request: HttpRequest, slug: str, version: int | None = None) -> HttpResponse:
    """One check: its newest version, or an earlier one that says so."""
    shown = _shown(slug, version)
    if shown.suspension is not None:
        # Nothing that was withdrawn comes back: then the page says that, and no more.
        if shown.withdrawal is not None and version is None:
            told = {"withdrawal": shown.withdrawal}
            return _page(request, "public/withdrawn.html", told, status=410)
        return _page(request, "public/suspended.html", {}, status=451)
    document = shown.document
    context = {
        "shown": shown,
        "document": document,
        "evidence": _numbered(document),
        "sentences": _sentences(document),
        "chain": _chain(document),
        "explained": explain(document["sources"]) if document["sources"] else None,
        "versions": _versions(shown),
        "claim_review": None if shown.withdrawal else _in_script(document["claim_review"]),
    }
    status = 410 if shown.withdrawal is not None and version is None else 200
    return _page(request, "public/check.html", context, status=status, sample=document["sample"])


@require_safe
def version_json(request: HttpRequest, slug: str, version: int) -> HttpResponseBase:
    """The exact bytes whose SHA-256 stands in the public log, for ever."""
    try:
        shown = _shown(slug, version)
    except Http404 as missing:
        return _problem(404, "Not found", str(missing))
    if shown.suspension is not None:
        return _problem(451, "Not available for now", "The desk has held this page back.")
    publication = shown.publication
    answer = HttpResponse(bytes(publication.document), content_type="application/json")
    answer["ETag"] = f'"{publication.sha256}"'
    answer["Access-Control-Allow-Origin"] = "*"
    if publication.sample:
        answer["X-Robots-Tag"] = "noindex"
    patch_cache_control(answer, public=True, max_age=300)
    return get_conditional_response(request, etag=answer["ETag"], response=answer) or answer


@require_safe
def newest_json(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Leads to the newest version’s bytes."""
    try:
        publication = _shown(slug, None).publication
    except Http404 as missing:
        return _problem(404, "Not found", str(missing))
    return HttpResponseRedirect(f"/checks/{slug}/v/{publication.version}.json")


@require_safe
def corrections(request: HttpRequest) -> HttpResponse:
    """Every correction the desk issued, newest first, and every withdrawal."""
    # The name of a page held back tells what is held back.
    held_back = Suspension.objects.filter(
        claim=OuterRef("publication__claim"), lifted_at__isnull=True
    )
    issued = Correction.objects.exclude(Exists(held_back)).select_related(
        "publication", "corrects"
    )
    rows = Paginator(issued, PER_PAGE).get_page(request.GET.get("page"))
    gone = Withdrawal.objects.exclude(Exists(held_back)).select_related("publication")
    withdrawn = gone.order_by("-at")[:PER_PAGE]
    return _page(request, "public/corrections.html", {"rows": rows, "withdrawn": withdrawn})


@require_safe
def methodology(request: HttpRequest) -> HttpResponse:
    """How a claim is judged here, and on which scale."""
    scale = RatingScale.objects.filter(active=True).prefetch_related("ratings").first()
    return _page(request, "public/methodology.html", {"scale": scale})


@require_safe
@condition(etag_func=lambda request: feed_tag())
def checks_feed(request: HttpRequest) -> HttpResponse:
    """The newest answers as Atom; a conditional GET costs one small query."""
    feed = Atom1Feed(
        title=f"{settings.DESK_NAME}: published checks",
        link=f"{settings.SITE_URL}/",
        feed_url=f"{settings.SITE_URL}/feeds/checks.atom",
        description="Every answer of this desk, newest first.",
        language="en",
    )
    for row in living()[:FEED_LENGTH]:
        document = json.loads(bytes(row.document))
        band = "SAMPLE · " if row.sample else ""
        feed.add_item(
            title=f"{band}{document['verdict']['rating']['label']}: {document['headline']}",
            link=page_url(row.slug),
            description=document["answer"],
            unique_id=f"urn:uuid:{row.pk}",
            pubdate=row.published_at,
            updateddate=row.published_at,
        )
    return HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)


def _shown(slug: str, version: int | None) -> Shown:
    named = Slug.objects.select_related("claim").filter(slug=slug).first()
    if named is None:
        raise Http404("There is no check under this name.")
    claim = named.claim
    wanted = version if version is not None else claim.published_version or 0
    publication = (
        claim.publications.select_related("verdict__rating").filter(version=wanted).first()
    )
    if publication is None:
        raise Http404("There is no such version of this check.")
    withdrawal = Withdrawal.objects.filter(publication__claim=claim).first()
    suspension = claim.suspensions.filter(lifted_at__isnull=True).first()
    document = json.loads(bytes(publication.document))
    return Shown(publication, document, claim, withdrawal, suspension)


def _numbered(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The evidence in the order of its first citing, with the number readers see."""
    order: dict[str, int] = {}
    for sentence in document["finding"]:
        for key in sentence["evidence"]:
            order.setdefault(key, len(order) + 1)
    rows = [{**item, "number": order.get(item["id"], 0)} for item in document["evidence"]]
    return sorted(rows, key=lambda row: row["number"])


def _versions(shown: Shown) -> list[dict[str, Any]]:
    """All versions, newest first; each that gave another rating than the one before says so."""
    rows = shown.claim.publications.select_related("correction", "verdict__rating")
    listed: list[dict[str, Any]] = []
    before = None
    for row in rows.order_by("version"):
        rating = str(row.verdict.rating)
        listed.append({"row": row, "now": rating, "was": before if before != rating else None})
        before = rating
    return listed[::-1]


def _sentences(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    numbers = {row["id"]: row["number"] for row in _numbered(document)}
    return [
        {**one, "numbers": [numbers[key] for key in one["evidence"] if key in numbers]}
        for one in document["finding"]
    ]


def _chain(document: Mapping[str, Any]) -> Chain | None:
    """The chain as it was when the version was published; None where nobody leans on anybody."""
    graph = document["graph"]
    if graph is None or not graph["edges"]:
        return None
    headline = document["sources"].get("headline", "")
    picture = picture_of(graph, {"circular": graph.get("circular", ()), "headline": headline})
    quotes = {(one["from"], one["to"], one["type"]): one["quote"] for one in graph["edges"]}
    return Chain(
        # The picture escapes every word that comes from outside; its own tests hold it to that.
        picture=mark_safe(draw(picture)),  # noqa: S308
        links=tuple(
            (hop.sentence, quotes.get((hop.source, hop.target, hop.type), ""))
            for hop in hops(picture)
        ),
    )


def _in_script(markup: Mapping[str, Any]) -> SafeString:
    words = json.dumps(markup, ensure_ascii=False)
    return mark_safe(words.translate(_IN_SCRIPT))  # noqa: S308 - nothing left that ends the element


def _problem(status: int, title: str, detail: str) -> JsonResponse:
    """Who asks for the bytes is a program: a refusal is a problem document too (RFC 9457)."""
    code = {404: "not_found", 451: "held_back"}[status]
    said = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    answer = JsonResponse(
        {**said, "code": code}, status=status, content_type="application/problem+json"
    )
    answer["Access-Control-Allow-Origin"] = "*"
    answer["X-Robots-Tag"] = "noindex"
    patch_cache_control(answer, public=True, max_age=0, must_revalidate=True)
    return answer


def _page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    status: int = 200,
    sample: bool = False,
) -> HttpResponse:
    answer = render(
        request,
        template,
        {**context, "sample": sample, "desk": settings.DESK_NAME},
        status=status,
    )
    if sample or status != 200:  # noqa: PLR2004 - anything but a plain answer stays out of indexes
        answer["X-Robots-Tag"] = "noindex"
    patch_cache_control(answer, public=True, max_age=0, must_revalidate=True)
    return answer
