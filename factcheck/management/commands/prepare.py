"""Makes a home ready in one process: migrations, rights, and the sample desk on request."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils.module_loading import import_string

# ``load(say) -> SeedResult(seed_article, seed_claim, accounts)``: plays the sample desk through
# the verbs that users call. It may run again on a desk that has it already.
SAMPLE_DESK = "seeds.load.load"


class Command(BaseCommand):
    """Speaks one JSON object a line on standard output, for the supervisor to act on."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--sample", action="store_true", help="load the sample desk, too")

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        self._tell(migrated=True)
        if options["sample"]:
            load = import_string(SAMPLE_DESK)
            self._tell(seeded=asdict(load(lambda words: self._tell(say=words))))

    def _tell(self, **what: Any) -> None:
        sys.stdout.write(json.dumps(what, ensure_ascii=False) + "\n")
        sys.stdout.flush()
