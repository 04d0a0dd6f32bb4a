"""Each provider, kind of job and setting of coverage has its place in docs/reference."""

from pathlib import Path

import pytest

from claims import tasks
from claims.coverage.places import ARCHIVE
from claims.coverage.providers.registry import PROVIDERS

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "coverage.md").read_text("utf-8")


@pytest.mark.parametrize("name", [ARCHIVE, *PROVIDERS])
def test_a_provider_has_its_row(name: str) -> None:
    assert f"| `{name}` |" in PAGE


@pytest.mark.parametrize("kind", tasks.KINDS)
def test_a_kind_of_job_has_its_row(kind: str) -> None:
    assert f"| `{kind}` |" in PAGE


@pytest.mark.parametrize("setting", ["COVERAGE_PROVIDERS", "COVERAGE_FILE", "ARCHIVE_DIR"])
def test_a_setting_is_named(setting: str) -> None:
    assert f"`{setting}`" in PAGE
