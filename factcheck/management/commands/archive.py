"""The local archive from the command line: reads the WARC files that are new or changed."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from claims.coverage import archive


class Command(BaseCommand):
    help = "Read new and changed WARC files into the index: `archive index`."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["index"])

    def handle(self, *_: Any, **options: Any) -> None:
        folder = Path(settings.ARCHIVE_DIR)
        if not folder.is_dir():
            raise CommandError(f"There is no folder {folder}; ARCHIVE_DIR says where it is.")
        done = archive.refresh()
        for file in done:
            self.stdout.write(f"{file.name}: {file.pages} pages. {file.problem}".rstrip())
        if not done:
            self.stdout.write("Nothing is new.")
        if any(file.problem for file in done):
            sys.exit(1)
