"""Plays the sample desk through the verbs that people use, up to the interval of the seed claim.

It may run again on a desk that has some of it: each step looks first whether it is done.
"""

import json
import os
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from claims import evidence
from claims.coverage import archive, gather
from claims.intake import articles, take
from claims.models import (
    Actor,
    ApiToken,
    Article,
    Candidate,
    Claim,
    CoverageRun,
    Domain,
    Job,
    Outlet,
    Owner,
    ProvenanceEdge,
    Role,
    SourceNode,
    User,
)
from claims.models.actors import person as acting
from claims.provenance import decide
from claims.provenance.trace import recompute
from claims.provenance.words import explain
from reviews import right_of_reply
from reviews.models import RatingScale
from reviews.publishing.release import living_publication
from reviews.queue import lease
from reviews.rounds import newest, sat_in
from reviews.scales import load as load_scale
from reviews.stage import is_agreed
from reviews.verdicts import finding, rate
from reviews.verdicts.finding import Sentence, Text
from reviews.workflow import amend
from reviews.workflow.amend import Amendment
from reviews.workflow.transition import transition

SEEDS = Path(__file__).resolve().parent
SEED_ARTICLE = SEEDS / "000_b33190913e3caa3e.txt"
SECRETS = "sample-accounts.json"
PATIENCE = 150.0
LOOK_EVERY = 0.1

Say = Callable[[str], None]


class NotLoadedError(Exception):
    """The sample desk could not be loaded; the message says at which step."""


@dataclass(frozen=True, slots=True)
class SeedResult:
    """Where the sample desk's central things are: API addresses and accounts by name."""

    seed_article: str
    seed_claim: str
    accounts: dict[str, dict[str, Any]] = field(default_factory=dict)


def load(say: Say) -> SeedResult:
    """Load everything. The jobs are done by the worker that runs beside, as on any desk."""
    desk = json.loads((SEEDS / "desk.json").read_text(encoding="utf-8"))
    say("Loading rating scales, accounts and outlets …")
    scales(active=desk["scale"])
    accounts = people(desk)
    outlets(desk["outlets"])
    say("Indexing the sample archive …")
    archive.refresh()
    told = desk["check"]
    if not _is_done(told):
        say("Checking and publishing a sample claim …")
        published_check(told)
    article, claim = main_job(say)
    return SeedResult(
        seed_article=f"/api/v1/articles/{article.pk}/",
        seed_claim=f"/api/v1/claims/{claim.pk}/",
        accounts=accounts,
    )


def shipped_scales() -> list[str]:
    """The names of the scales that ship with the desk, as ``scales`` takes them."""
    return sorted(path.stem for path in (SEEDS / "scales").glob("*.json"))


def scales(*, active: str) -> None:
    """All scales that ship with the desk; the one named is in force unless another is."""
    for path in sorted((SEEDS / "scales").glob("*.json")):
        load_scale(json.loads(path.read_text(encoding="utf-8")))
    if not RatingScale.objects.filter(active=True).exists():
        data = json.loads((SEEDS / "scales" / f"{active}.json").read_text(encoding="utf-8"))
        load_scale(data, activate=True)


@transaction.atomic
def people(desk: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The accounts, with passwords and tokens that are random per home and kept in it."""
    kept = _kept_secrets()
    accounts: dict[str, dict[str, Any]] = {}
    for row in desk["accounts"]:
        name = row["username"]
        user, new = User.objects.get_or_create(
            username=name,
            defaults={
                "first_name": row["name"],
                "roles": row["roles"],
                "languages": row["languages"],
                "is_staff": True,
            },
        )
        account = kept.get(name)
        if new or account is None:
            account = {"password": secrets.token_urlsafe(12), "token": "", "roles": row["roles"]}
            user.set_password(account["password"])
            user.save(update_fields=["password"])
            account["token"] = _token(f"{name} (sample)", user, user.scopes)
        accounts[name] = account
    for row in desk["tokens"]:
        name = row["name"]
        accounts[name] = kept.get(name) or {
            "password": "",
            "token": _token(f"{name} (sample)", None, row["scopes"]),
            "roles": [],
        }
    _keep_secrets(accounts)
    return accounts


@transaction.atomic
def outlets(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        if Domain.objects.filter(host__in=row["domains"]).exists():
            continue
        owner, _ = Owner.objects.get_or_create(name=row["owner"])
        outlet = Outlet.objects.create(name=row["name"], owner=owner, agency=row["agency"])
        for host in row["domains"]:
            Domain.objects.create(host=host, outlet=outlet)


def published_check(told: Mapping[str, Any]) -> Claim:
    """One sample claim from hand-in to published page, by the people of the sample desk."""
    article = hand_in(SEEDS / told["article"]["file"], by=_actor(told["article"]["by"]))
    Article.objects.filter(pk=article.pk).update(sample=True)
    article.refresh_from_db()
    claim = _taken(article, told["claim"])
    if claim.state == Claim.State.DRAFT:
        claim = _described(claim, told["claim"])
        claim = transition(claim, "start_checking", by=_actor(told["claim"]["started_by"]))
    _wait_for_coverage(claim)
    for decision in told["decisions"]:
        _decide(claim, article, decision)
    keys = _evidence(claim, told["evidence"])
    if not claim.replies.exists():
        for reply in told["replies"]:
            _reply(claim, reply)
    for review in told["reviews"]:
        _review(claim, review, keys)
    agreeing = _actor(told["agreed_by"])
    round_ = newest(claim)
    if round_ is not None and not is_agreed(round_):
        finding.agree(claim, by=agreeing)
    return transition(claim, "publish", by=_actor(told["published_by"]))


def main_job(say: Say) -> tuple[Article, Claim]:
    """The seed article, from hand-in up to the origin interval of its central claim."""
    by = _actor("contributor")
    say("Reading the seed article …")
    article = hand_in(SEED_ARTICLE, by=by)
    first = article.candidates.order_by("rank").exclude(status=Candidate.Status.LEFT_OUT).first()
    if first is None:
        raise NotLoadedError("No claim was found in the seed article.")
    claim = take.take(first, by=by, trace=recompute)
    say(f"Its central claim: “{claim.text}”")
    if claim.state == Claim.State.DRAFT:
        say(f"Before coverage: {claim.sources.get('headline', '')}")
        claim = transition(claim, "start_checking", by=by)
        say("Sent to review; looking for coverage …")
    _wait_for_coverage(claim)
    claim.refresh_from_db()
    say(f"With coverage:   {claim.sources['headline']}")
    say(explain(claim.sources))
    return article, claim


def hand_in(path: Path, *, by: Actor) -> Article:
    """Hand in a text file and wait until it was read."""
    article, _ = articles.hand_in(by=by, text=path.read_text(encoding="utf-8"))
    _until(lambda: _read(article), f"reading {path.name}")
    article.refresh_from_db()
    if article.status == Article.Status.FAILED:
        raise NotLoadedError(f"{path.name} could not be read: {article.error}")
    return article


def _read(article: Article) -> bool:
    article.refresh_from_db()
    return article.status in {Article.Status.READY, Article.Status.FAILED}


def _is_done(told: Mapping[str, Any]) -> bool:
    found = Claim.objects.filter(text=told["claim"]["text"], state=Claim.State.PUBLISHED).first()
    return found is not None and living_publication(found) is not None


def _actor(name: str) -> Actor:
    return acting(User.objects.get(username=name))


def _taken(article: Article, told: Mapping[str, Any]) -> Claim:
    """The candidate that says so, else the passage, marked by hand."""
    by, words = _actor(told["taken_by"]), told["quote"]
    start = article.text.index(words)
    end = start + len(words)
    for candidate in article.candidates.exclude(status=Candidate.Status.LEFT_OUT):
        if candidate.start <= start and candidate.end >= end and candidate.text == told["text"]:
            return take.take(candidate, by=by, trace=recompute)
    return take.mark(article, by=by, start=start, end=end, trace=recompute)


def _described(claim: Claim, told: Mapping[str, Any]) -> Claim:
    named = told["claimant"]
    changes = {
        "claimant": (named["name"], named["kind"]),
        "topic": told["topic"],
        "why": told["why"],
        "tags": told["tags"],
    }
    return amend.edit(claim, Amendment(changes), by=_actor(told["taken_by"]), version=None)


def _wait_for_coverage(claim: Claim) -> None:
    """Until no run of the claim is going and its origins were counted after it."""
    if not claim.coverage_runs.exists():
        gather.ask(claim, by=_actor("contributor"))

    def is_quiet() -> bool:
        going = CoverageRun.objects.filter(claim=claim, status__in=CoverageRun.GOING)
        jobs = Job.objects.filter(claim=claim, state__in=Job.OPEN)
        return not going.exists() and not jobs.exists()

    _until(is_quiet, "looking for coverage")


def _decide(claim: Claim, article: Article, decision: Mapping[str, Any]) -> None:
    by, note = _actor(decision["by"]), decision.get("note", "")
    if decision["do"] == "retract":
        decide.retracted(_node(claim, article, decision["node"]), by=by, is_so=True, note=note)
        return
    if decision["do"] == "speaks_for":
        node = _node(claim, article, decision["node"])
        decide.speaks_for(node, by=by, whom=decision["organisation"], note=note)
        return
    if decision.get("is_denial"):
        for edge in claim.edges.filter(is_denial=True, target__label=decision["to"]["source"]):
            decide.confirm(edge, by=by, note=note)
        return
    source, target = (_end(claim, article, decision[side]) for side in ("from", "to"))
    suggested = _suggested(claim, source, target, decision["type"])
    for edge in suggested:
        decide.confirm(edge, by=by, note=note)
    if not suggested:
        decide.add(
            claim,
            by=by,
            source=source,
            target=target,
            kind=decision["type"],
            quote=decision.get("quote", ""),
            note=note,
        )


def _suggested(
    claim: Claim, source: decide.End, target: decide.End, kind: str
) -> list[ProvenanceEdge]:
    """The links a machine read between the two, also by another name of the target.

    Which of two copies came first the machine cannot know; either way it is the one link.
    """
    if not isinstance(source, SourceNode) or not isinstance(target, SourceNode):
        return []
    means = Q(source=source) & (Q(target=target) | Q(target__resolved_to=target))
    if kind == ProvenanceEdge.Type.COPIES:
        means |= Q(source=target, target=source)
    return list(claim.edges.filter(means, type=kind, is_denial=False))


def _end(claim: Claim, article: Article, named: Mapping[str, Any]) -> decide.End:
    if "source" not in named:
        return _node(claim, article, named)
    there = claim.nodes.filter(article=None, label=named["source"], kind=named["kind"]).first()
    return there or {"label": named["source"], "kind": named["kind"]}


def _node(claim: Claim, article: Article, named: Mapping[str, Any]) -> SourceNode:
    if "handed_in" in named:
        return claim.nodes.get(article=article)
    if "page" in named:
        return claim.nodes.get(article=_page(claim, named["page"]))
    return claim.nodes.filter(article=None, label=named["source"], kind=named["kind"]).get()


def _page(claim: Claim, url: str) -> Article:
    """The coverage article that was captured from this address."""
    item = (
        claim.coverage.filter(article__capture__asked_url=url).first()
        or claim.coverage.filter(article__url=url).first()
    )
    if item is None:
        raise NotLoadedError(f"The coverage of the sample claim lacks {url}")
    return item.article


def _evidence(claim: Claim, rows: list[dict[str, Any]]) -> dict[str, str]:
    """Attach what is missing; keys to ids."""
    there = {item.title: str(item.pk) for item in claim.evidence.all()}
    keys = {}
    for row in rows:
        said = dict(row)
        key, by, url = said.pop("key"), said.pop("by"), said.pop("url")
        if said["title"] not in there:
            page = _page(claim, url)
            item = evidence.attach(claim, by=_actor(by), capture=page.capture_id, **said)
            there[item.title] = str(item.pk)
        keys[key] = there[said["title"]]
    return keys


def _reply(claim: Claim, row: Mapping[str, Any]) -> None:
    said = right_of_reply.Asked(
        asked=row["asked"],
        role=row["role"],
        channel=row["channel"],
        asked_at=_time(row["asked_at"]),
        deadline=_time(row["deadline"]),
        answer=row["answer"],
        answered_at=_time(row["answered_at"]),
    )
    right_of_reply.log(claim, said, by=_actor(row["by"]))


def _review(claim: Claim, row: Mapping[str, Any], keys: Mapping[str, str]) -> None:
    by = _actor(row["by"])
    round_ = newest(claim)
    if round_ is None or by.person is None or sat_in(round_, by.person):
        return
    lease.take(claim, by=by, seat=row["seat"])
    text = _text(row["finding"], keys) if "finding" in row else None
    rated = rate.Rated(
        rating=row["rating"],
        reason=row["reason"],
        evidence=[keys[key] for key in row["evidence"]],
        has_interest=False,
        text=text,
    )
    rate.submit(claim, rated, by=by)


def _text(row: Mapping[str, Any], keys: Mapping[str, str]) -> Text:
    return Text(
        headline=row["headline"],
        answer=row["answer"],
        sentences=tuple(
            Sentence(
                one["text"],
                tuple(keys[key] for key in one["evidence"]),
                one.get("judgement", False),
            )
            for one in row["sentences"]
        ),
        looked_against=row.get("looked_against"),
    )


def _time(words: str) -> datetime:
    return datetime.fromisoformat(words)


def _token(name: str, person: User | None, scopes: Any) -> str:
    return ApiToken.issue(name, person=person, scopes=scopes)[1]


def _kept_secrets() -> dict[str, dict[str, Any]]:
    path = settings.HOME / "keys" / SECRETS
    if not path.exists():
        return {}
    kept: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    # A home whose database was made anew has new people: old words open nothing there.
    there = set(User.objects.values_list("username", flat=True))
    tokens = set(ApiToken.objects.living().values_list("digest", flat=True))
    return {
        name: account
        for name, account in kept.items()
        if ApiToken.digest_of(account["token"]) in tokens
        and (name in there or Role.REVIEWER not in account["roles"])
    }


def _keep_secrets(accounts: Mapping[str, Any]) -> None:
    folder = settings.HOME / "keys"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    partial = folder / f"{SECRETS}.part"
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(accounts, file)
    partial.replace(folder / SECRETS)


def _until(happened: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + PATIENCE
    while not happened():
        if time.monotonic() > until:
            raise NotLoadedError(f"The worker did not finish {what} within {PATIENCE:.0f} s.")
        time.sleep(LOOK_EVERY)
