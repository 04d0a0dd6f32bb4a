"""Answers for a file of cases, so that the desk's rules can be scored from outside."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from claims.provenance import attribution, exchange
from claims.web import guard, page

WRONG_INPUT = 2


def _document(path: Path) -> Any:
    """The JSON of a file. Raises ValueError with one sentence."""
    try:
        return json.loads(path.read_bytes())
    except OSError as error:
        raise ValueError(f"{path} cannot be read ({error.strerror}).") from error
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{path} is no JSON: {error}") from error


def _cases(path: Path) -> list[dict[str, Any]]:
    document = _document(path)
    cases = document.get("cases") if isinstance(document, dict) else None
    if not isinstance(cases, list) or not all(isinstance(case, dict) for case in cases):
        raise ValueError(f'{path} holds no {{"cases": [{{…}}, …]}}.')
    return cases


def _json(answers: object) -> bytes:
    """Readable in every script; half a surrogate pair, which has no UTF-8, stays an escape."""
    written = json.dumps(answers, ensure_ascii=False, indent=1) + "\n"
    return written.encode("utf-8", "backslashreplace")


def _folder(path: Path) -> Path:
    if not path.is_dir():
        raise ValueError(f"{path} is no folder.")
    return path


MEASURES: dict[str, Callable[[Path], object]] = {
    "attribution": lambda path: attribution.to_measure({"cases": _cases(path)}),
    "provenance": lambda path: exchange.measure(_document(path)),
    "extraction": lambda path: page.read_folder(_folder(path)),
    "ssrf": lambda path: guard.judge(_cases(path)),
}


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=MEASURES)
        parser.add_argument("cases", type=Path, metavar="IN", help="a file of cases, or a folder")
        parser.add_argument("output", type=Path, metavar="OUT", help="where the answers go")

    def handle(
        self,
        *args: Any,
        what: str,
        cases: Path,
        output: Path,
        **options: Any,
    ) -> None:
        sys.stderr.write(f"Measuring {what} …\n")
        try:
            answers = MEASURES[what](cases)
        except (ValueError, KeyError, TypeError) as wrong:
            raise CommandError(str(wrong), returncode=WRONG_INPUT) from wrong
        try:
            output.write_bytes(_json(answers))
        except OSError as error:
            told = f"{output} cannot be written ({error.strerror})."
            raise CommandError(told, returncode=WRONG_INPUT) from error
        sys.stderr.write(f"Wrote {output}.\n")
