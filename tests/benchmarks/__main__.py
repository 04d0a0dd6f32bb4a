"""Runs the benchmarks by name, or all of them: one JSON line per figure, on standard output."""

import json
import os
import sys

import django
from django.core.management import call_command

import tests.services  # noqa: F401 - starts the engines, before settings are read

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")


def main(names: list[str]) -> int:
    """0 when all ran, 2 for a name that is none."""
    django.setup()
    from tests.benchmarks.registry import BENCHMARKS  # noqa: PLC0415 - models need the setup

    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        sys.stderr.write(f"No benchmark {unknown[0]!r}. One of: {', '.join(BENCHMARKS)}.\n")
        return 2
    call_command("migrate", verbosity=0)
    for name in names or BENCHMARKS:
        sys.stderr.write(f"Measuring {name} …\n")
        for figure in BENCHMARKS[name]():
            sys.stdout.write(json.dumps(figure.as_json()) + "\n")
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
