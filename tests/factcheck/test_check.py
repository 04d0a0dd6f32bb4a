"""./desk check runs the main job on any article, from the command line alone."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from factcheck.environment import BASE_DIR

pytestmark = pytest.mark.slow

SEED = next((BASE_DIR / "seeds").glob("000_*.txt"))


def check(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "factcheck.check", *arguments],
        cwd=BASE_DIR, capture_output=True, text=True, check=False, timeout=180,
    )  # fmt: skip


def test_the_seed_article_is_checked_up_to_the_interval_of_its_central_claim() -> None:
    done = check(str(SEED), "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    text = SEED.read_text(encoding="utf-8")
    assert told["article"]["characters"] == len(text)
    assert len(told["claims"]) >= 9
    edges = {edge["id"]: edge for edge in told["attributions"]}
    for claim in told["claims"]:
        quote = claim["quote"]
        assert text[quote["start"] : quote["end"]] == quote["exact"]
        assert set(claim["attributions"]) <= set(edges)
    central = [edges[edge] for edge in told["claims"][0]["attributions"]]
    assert [(edge["kind"], edge["named"]) for edge in central] == [
        ("outlet", True),
        ("unnamed", False),
    ]
    assert told["summary_without_coverage"]["headline"].startswith(
        "1 article · 1 outlet · 1 owner · 1 wording · 1 origin (0 named)"
    )
    assert told["coverage"]["run"]["status"] == "succeeded"
    assert len(told["coverage"]["items"]) >= 15
    assert all(one["why"] for one in told["left_out"])


def test_an_article_without_a_claim_says_so_and_is_no_error(tmp_path: Path) -> None:
    path = tmp_path / "opinion.txt"
    path.write_text("What a lovely day! Should we not all go for a walk?\n")
    done = check(str(path))
    assert done.returncode == 0, done.stderr
    assert "no checkable claim" in done.stdout
