"""A folder for a home: pytest's own are closed to the user whom root lends the database."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def place() -> Iterator[Path]:
    """A new folder that everybody may enter, gone after the test."""
    path = Path(tempfile.mkdtemp(prefix="desk-place-"))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path, ignore_errors=True)
