"""Whose a page is: the outlet behind an address or a name, and what editors say of outlets."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, TextChoices
from django.utils.translation import gettext_lazy as _

from claims import jobs
from claims.errors import Conflict, Forbidden, Invalid, Problem
from claims.jobs import Held
from claims.ledger.events import OutletChanged
from claims.ledger.record import record
from claims.models import Actor, Article, Claim, Domain, Job, Outlet, Owner, Role
from claims.text.usable import has_words, problem_with
from claims.web import guard
from claims.web.address import parse, try_parse, zones
from claims.web.errors import BadAddress, FetchError

NAME_MAX = 200
FEEDS_MAX = 20
_PAGES_ASKED = 30
# Whether a name exists is found out when the feed is read, not in a form.
_SOME_PUBLIC_ADDRESS = ("93.184.216.34",)
UNKNOWN_NAME = "Publisher unknown"
TRACE = "claim.trace"
FEEDS = "outlet.feeds"
# Many publishers under one name: the part in front says whose it is, the rest says nothing.
_SHARED_HOSTS = frozenset(
    "blogspot.com wordpress.com substack.com medium.com tumblr.com github.io gitlab.io "
    "livejournal.com weebly.com wixsite.com squarespace.com ghost.io typepad.com over-blog.com "
    "canalblog.com hatenablog.com telegra.ph web.app pages.dev netlify.app blogs.com "
    "google.com facebook.com archive.org archive.ph archive.is".split()
)
_TWINS = ("www.", "m.", "mobile.", "amp.")


class Rule(TextChoices):
    """Why a feed is proposed."""

    FRONT_PAGE = "front_page", _("its front page declares it")
    CAPTURED = "captured", _("pages that the desk captured declare it")


@dataclass(frozen=True, slots=True)
class Offer:
    """A feed that is proposed: a suggestion, until a person has it read."""

    url: str
    rule: Rule


@transaction.atomic
def outlet_for(url: str = "", name: str = "") -> Outlet:
    """The outlet an address belongs to; made where nobody knew it yet.

    A host goes to the outlet that has it or a name above it. Without an address a name finds
    the outlet called so. Where neither says anything, the publisher is unknown: an outlet of
    its own each time, flagged, so that two unknowns are never counted as one.
    """
    name = " ".join(name.split())[:NAME_MAX]
    address = try_parse(url) if url else None
    if address is not None:
        return _of_host(address.host, name)
    if name:
        return _called(name) or Outlet.objects.create(name=name)
    return Outlet.objects.create(name=UNKNOWN_NAME, unknown=True)


@transaction.atomic
def change(outlet: Outlet, *, by: Actor, name: str, owner: str, agency: bool) -> Outlet:
    """Say how an outlet is called, who owns it (empty: itself), and whether it is an agency.

    Every claim it covers is counted anew by a job: names tie citations to articles, owners tell
    voices apart. Raises Forbidden and Invalid.
    """
    _may(by)
    for pointer, said in (("/name", name), ("/owner", owner)):
        wrong = problem_with(said, longest=NAME_MAX, what="The name")
        if wrong is not None:
            raise Invalid.at(pointer, wrong)
    if not has_words(name):
        raise Invalid.at("/name", "Say how the outlet is called.")
    held = Outlet.objects.select_for_update().get(pk=outlet.pk)
    owner = " ".join(owner.split())
    wanted = {
        "name": " ".join(name.split()),
        "owner": Owner.objects.get_or_create(name=owner)[0] if owner else None,
        "agency": agency,
    }
    changed = [field for field, value in wanted.items() if getattr(held, field) != value]
    for field in changed:
        setattr(held, field, wanted[field])
    if changed:
        held.save(update_fields=changed)
        _settle(held, by, changed)
    return held


@transaction.atomic
def merge(outlet: Outlet, *, by: Actor, into: Outlet | None) -> Outlet:
    """Say that an outlet is another one; None takes it back, and both are as they were.

    What was merged into it before goes along. Every claim that either covers is counted anew by
    a job. Raises Forbidden and Invalid.
    """
    _may(by)
    both = [outlet.pk, *([into.pk] if into is not None else [])]
    rows = {row.pk: row for row in Outlet.objects.select_for_update().filter(pk__in=sorted(both))}
    held = rows[outlet.pk]
    target = _present(rows[into.pk]) if into is not None else None
    if target is not None and target.pk == held.pk:
        raise Invalid.at("/into", "That one is this outlet already: it would go in a ring.")
    if target is not None and (target.unknown or held.unknown):
        raise Invalid.at("/into", "A publisher nobody knows is never taken to be another.")
    if held.merged_into == target:
        return held
    former = held.merged_into
    held.merged_into = target
    held.save(update_fields=["merged_into"])
    if target is not None:
        Outlet.objects.filter(merged_into=held).update(merged_into=target)
    _settle(held, by, ["merged_into"], also=former)
    return held


@transaction.atomic
def follow(outlet: Outlet, *, by: Actor, feeds: Sequence[str]) -> Outlet:
    """Say which feeds of an outlet the desk reads when it looks for coverage.

    Raises Forbidden, and Invalid for what is no address that may be asked, all of them at once.
    """
    _may(by)
    wanted = list(dict.fromkeys(url.strip() for url in feeds if url.strip()))
    wrong = [
        Problem("/feeds", f"{url[:100]}: {said}") for url in wanted if (said := _no_feed(url))
    ]
    if len(wanted) > FEEDS_MAX:
        wrong.append(Problem("/feeds", f"At most {FEEDS_MAX} feeds are read of one outlet."))
    if wrong:
        raise Invalid("These feeds cannot be read.", problems=wrong)
    held = Outlet.objects.select_for_update().get(pk=outlet.pk)
    if held.feeds != wanted:
        held.feeds = wanted
        held.save(update_fields=["feeds"])
        _tell(held, by, ["feeds"])
    return held


def offered_feeds(outlet: Outlet) -> tuple[Offer, ...]:
    """Feeds that the outlet's pages declare and the desk does not read yet.

    Its front page, where somebody had it looked at (``look_for_feeds``), and captured ones.
    """
    rows = Article.objects.filter(outlet=outlet, signals__has_key="feeds").order_by("-created_at")
    seen = rows.values_list("signals__feeds", flat=True)[:_PAGES_ASKED]
    captured = (url for urls in seen for url in urls if isinstance(url, str))
    found = {url: Offer(url, Rule.CAPTURED) for url in captured}
    found |= {url: Offer(url, Rule.FRONT_PAGE) for url in outlet.offered}
    return tuple(offer for url, offer in found.items() if url not in outlet.feeds)[:FEEDS_MAX]


def look_for_feeds(outlet: Outlet, *, by: Actor) -> Job:
    """Have the outlet's front page asked, as a job, which feeds it declares.

    What it finds is proposed, and read only when an editor says so (``follow``). Raises
    Forbidden, and Conflict for an outlet without a domain.
    """
    _may(by)
    if front_pages(outlet) == ():
        raise Conflict("The desk knows no domain of this outlet, so it has no front page to ask.")
    return jobs.enqueue_anew(FEEDS, key=_feeds_key(outlet), args={"outlet": str(outlet.pk)})


def last_look_for_feeds(outlet: Outlet) -> Job | None:
    """The last job that looked for feeds of the outlet."""
    return Job.objects.filter(key=_feeds_key(outlet)).first()


def front_pages(outlet: Outlet) -> tuple[str, ...]:
    """Where its front page may be, the safe way first; empty where no domain is known."""
    host = min((domain.host for domain in outlet.domains.all()), key=len, default="")
    return tuple(f"{scheme}://{host}/" for scheme in ("https", "http") if host)


@transaction.atomic
def offer(held: Held, outlet: Outlet, *, feeds: Sequence[str]) -> None:
    """Propose what the front page declares; ends the job in the same transaction.

    What may not be asked is left out. Raises Fenced.
    """
    locked = Outlet.objects.select_for_update().get(pk=outlet.pk)
    jobs.own(held)
    locked.offered = [url for url in dict.fromkeys(feeds) if not _no_feed(url)][:FEEDS_MAX]
    locked.save(update_fields=["offered"])
    jobs.succeed(held)


def _feeds_key(outlet: Outlet) -> str:
    return f"{FEEDS}:{outlet.pk}"


def _no_feed(url: str) -> str:
    """Why *url* cannot be asked, in words; empty when it can. Connects to nothing."""
    try:
        parse(url)
        guard.check(url, resolve=lambda _name: _SOME_PUBLIC_ADDRESS)
    except (BadAddress, FetchError) as error:
        return error.message
    return ""


def _may(by: Actor) -> None:
    if not by.holds(Role.EDITOR) or not by.may("publish"):
        raise Forbidden("Only an editor says what an outlet is.")


def _settle(outlet: Outlet, by: Actor, fields: list[str], *, also: Outlet | None = None) -> None:
    """Have the claims counted anew that rest on the outlet, then write down what was said."""
    known = [one.pk for one in (outlet, outlet.merged_into, also) if one is not None]
    of_these = Q(coverage__article__outlet__in=known) | Q(
        coverage__article__outlet__merged_into__in=known
    )
    once = uuid.uuid4()
    jobs.enqueue_all(
        jobs.Wanted(TRACE, f"{TRACE}:{claim.pk}:outlet:{once}", claim=claim)
        for claim in Claim.objects.filter(of_these).distinct()
    )
    _tell(outlet, by, fields)


def _tell(outlet: Outlet, by: Actor, fields: list[str]) -> None:
    merged = str(outlet.merged_into_id) if outlet.merged_into_id else None
    record(
        OutletChanged(outlet=str(outlet.pk), fields=fields, merged_into=merged),
        claim=None,
        actor=by,
    )


def _of_host(host: str, name: str) -> Outlet:
    known = _known(host)
    if known is not None:
        return known
    own = _without_twin(host)
    made = Outlet.objects.create(name=name or own[:NAME_MAX])
    # Somebody else may have met the host at the same moment; the first one there has it.
    Domain.objects.bulk_create([Domain(host=own, outlet=made)], ignore_conflicts=True)
    first = _present(Domain.objects.select_related("outlet").get(host=own).outlet)
    if first.pk != made.pk:
        made.delete()
    return first


def _known(host: str) -> Outlet | None:
    """The outlet of the longest known name that *host* ends in, shared hosts left out."""
    names = [zone for zone in zones(host) if zone not in _SHARED_HOSTS]
    found = {
        domain.host: domain
        for domain in Domain.objects.select_related("outlet__merged_into").filter(host__in=names)
    }
    return next((_present(found[zone].outlet) for zone in names if zone in found), None)


def _called(name: str) -> Outlet | None:
    found = Outlet.objects.filter(name__iexact=name, unknown=False).order_by("pk").first()
    return _present(found) if found is not None else None


def _present(outlet: Outlet) -> Outlet:
    """Where an outlet was merged into another, the other; a ring in the data is cut."""
    seen = {outlet.pk}
    while outlet.merged_into is not None and outlet.merged_into.pk not in seen:
        outlet = outlet.merged_into
        seen.add(outlet.pk)
    return outlet


def _without_twin(host: str) -> str:
    """The host without the label of its www, mobile or AMP twin, where a name remains."""
    for twin in _TWINS:
        rest = host.removeprefix(twin)
        if rest != host and "." in rest:
            return rest
    return host
