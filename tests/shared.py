"""Development data that lies beside the checkout, for the tests that measure against it."""

from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


def shared(name: str) -> Path:
    """The path of one file or folder of the development data; skips the test without it."""
    path = DATA / name
    if not path.exists():
        pytest.skip(f"development data not beside the checkout: {path}")
    return path
