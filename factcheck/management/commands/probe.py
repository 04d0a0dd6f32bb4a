"""Asks one process of this desk for a sign of life; exit 0 if it gives one, else 1."""

from argparse import ArgumentParser
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from factcheck import health, probe

PARTS = ("web", "worker", "beat")
HTTP_OK = 200


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("part", choices=PARTS)

    def handle(self, *args: Any, part: str, **options: Any) -> None:
        said = _web() if part == "web" else health.outcome(part)
        if said != health.OK:
            raise CommandError(f"{part}: {said}")


def _web() -> str:
    site = urlsplit(settings.SITE_URL).netloc
    status, _ = probe.ask("/healthz", host="127.0.0.1", port=settings.ENV.port, site=site)
    return health.OK if status == HTTP_OK else f"answered {status or 'nothing'}"
