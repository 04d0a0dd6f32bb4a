"""Takes a handed-in article through the desk's verbs and prints what came of it."""

import json
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from claims import jobs
from claims.coverage import archive, ending, gather
from claims.intake import articles, take
from claims.models import Actor, Article, Candidate, Claim, CoverageRun, Job, Role, User
from claims.models.actors import person as acting
from claims.provenance.trace import recompute
from factcheck import told
from factcheck.handed import Handed

PATIENCE = 240.0
LOOK_EVERY = 0.1
SWEEP_EVERY = 10.0


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("handed", type=Path, help="what ./desk check kept")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        by = _somebody()
        article = _read(Handed.kept(options["handed"]), by=by)
        claims = _taken(article, by=by)
        run: CoverageRun | None = None
        before: dict[str, Any] = {}
        if claims:
            central = claims[0]
            recompute(central)
            central.refresh_from_db()
            before = central.sources
            run = _covered(central, by=by)
            central.refresh_from_db()
        result = told.result(article, claims, run=run, before=before)
        if options["json"]:
            sys.stdout.write(json.dumps(result, ensure_ascii=False, indent=1) + "\n")
        else:
            sys.stdout.write(told.tables(result))


def _say(words: str) -> None:
    sys.stderr.write(f"{words}\n")
    sys.stderr.flush()


def _somebody() -> Actor:
    """Whoever runs the command, as a contributor of this desk."""
    user, _ = User.objects.get_or_create(
        username="check", defaults={"roles": [Role.CONTRIBUTOR.value]}
    )
    return acting(user)


def _read(handed: Handed, *, by: Actor) -> Article:
    _say("Reading the article …")
    article, _ = articles.hand_in(
        by=by,
        text=handed.text,
        title=handed.title,
        url=handed.url,
        outlet=handed.outlet,
        published_at=datetime.fromisoformat(handed.published) if handed.published else None,
    )

    def is_read() -> bool:
        article.refresh_from_db()
        return article.status in {Article.Status.READY, Article.Status.FAILED}

    _until(is_read, "reading the article")
    if article.status == Article.Status.FAILED:
        raise CommandError(f"The article could not be read: {article.error}")
    return article


def _taken(article: Article, *, by: Actor) -> list[Claim]:
    """Each candidate as a draft claim, the central one first."""
    found = article.candidates.exclude(status=Candidate.Status.LEFT_OUT).order_by("rank")
    _say(f"Found {found.count()} claims.")
    return [take.take(one, by=by, trace=lambda _claim: None) for one in found]


def _covered(claim: Claim, *, by: Actor) -> CoverageRun:
    """Look for coverage of one claim, until its run is over and its origins are counted."""
    _say("Indexing the archive …")
    archive.refresh()
    _say("Looking for coverage of the central claim …")
    run, _ = gather.ask(claim, by=by)

    def is_over() -> bool:
        run.refresh_from_db()
        open_jobs = Job.objects.filter(claim=claim, state__in=Job.OPEN)
        return run.status not in CoverageRun.GOING and not open_jobs.exists()

    _until(is_over, "looking for coverage")
    recompute(claim)
    return run


def _until(happened: Callable[[], bool], what: str) -> None:
    """Wait for the worker; sweep now and then, as the clock of a desk that stays would."""
    began = swept = time.monotonic()
    while not happened():
        now = time.monotonic()
        if now - began > PATIENCE:
            raise CommandError(f"The worker did not finish {what} within {PATIENCE:.0f} s.")
        if now - swept > SWEEP_EVERY:
            jobs.sweep()
            ending.settle_all()
            swept = now
        time.sleep(LOOK_EVERY)
