"""Runs the benchmarks by name, or all of them: one JSON line per figure, on standard output."""

import json
import os
import sys

import django
from django.core.management import call_command

from tests.benchmarks import services

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")
USUAL_SIZE = 1_000


def main(arguments: list[str]) -> int:
    """0 when all ran, 2 for a name that is none. A number is how many claims there are."""
    names = [one for one in arguments if not one.isdecimal()]
    size = next((int(one) for one in arguments if one.isdecimal()), USUAL_SIZE)
    services.start()
    django.setup()
    from tests.benchmarks.registry import BENCHMARKS  # noqa: PLC0415 - models need the setup

    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        sys.stderr.write(f"No benchmark {unknown[0]!r}. One of: {', '.join(BENCHMARKS)}.\n")
        return 2
    call_command("migrate", verbosity=0)
    for name in names or BENCHMARKS:
        sys.stderr.write(f"Measuring {name} …\n")
        for figure in BENCHMARKS[name](size):
            sys.stdout.write(json.dumps(figure.as_json()) + "\n")
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
