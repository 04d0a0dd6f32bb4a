"""The shape of the code that no linter sees, kept by tests rather than by memory."""

import ast
import re
from pathlib import Path

import pytest
from django.db import connection

ROOT = Path(__file__).parents[2]
MODULES = [
    module
    for app in ("factcheck", "claims", "reviews", "seeds")
    for module in sorted((ROOT / app).rglob("*.py"))
    if "migrations" not in module.parts
]
FORBIDDEN_NAMES = {"utils", "helpers", "common", "misc", "services", "managers"}
# Each writes the state of its own kind of row: claims, and jobs.
STATE_WRITERS = {
    ROOT / "reviews/workflow/transition.py",
    ROOT / "claims/jobs/alive.py",
    ROOT / "claims/jobs/held.py",
    ROOT / "claims/jobs/sweeping.py",
    ROOT / "claims/jobs/wanting.py",
}
NEVER_CHANGED = {
    "claims_logentry",
    "claims_lognode",
    "claims_checkpoint",
    "claims_capture",
    "claims_reading",
    "claims_origintrace",
    "reviews_rating",
    "reviews_review",
    "reviews_reviewevidence",
    "reviews_reconcilevote",
    "reviews_adjudication",
    "reviews_verdict",
    "reviews_finding",
    "reviews_findingagreement",
    "reviews_publication",
    "reviews_correction",
    "reviews_override",
    "reviews_withdrawal",
    "reviews_slug",
    "reviews_policy",
}


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("module", MODULES, ids=named)
def test_a_module_says_what_it_is_for(module: Path) -> None:
    assert module.stem not in FORBIDDEN_NAMES
    tree = ast.parse(module.read_text(encoding="utf-8"))
    assert module.stem in {"__init__", "apps"} or ast.get_docstring(tree)


@pytest.mark.parametrize(
    "module", [module for module in MODULES if module not in STATE_WRITERS], ids=named
)
def test_nothing_else_writes_a_state(module: Path) -> None:
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and node.attr == "state":
            assert not isinstance(node.ctx, ast.Store), f"line {node.lineno}"
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "update":
            assert "state" not in {word.arg for word in node.keywords}, f"line {node.lineno}"


@pytest.mark.parametrize("module", MODULES, ids=named)
def test_no_signals_between_our_own_modules(module: Path) -> None:
    words = module.read_text(encoding="utf-8")
    assert not re.search(r"\bdef save\(self\b", words) or "forms" in module.parts
    assert "django.dispatch" not in words
    assert "db.models.signals" not in words


@pytest.mark.parametrize("module", MODULES, ids=named)
def test_the_project_stands_alone(module: Path) -> None:
    assert "../shared" not in module.read_text(encoding="utf-8")


@pytest.mark.django_db
def test_tables_that_never_change_carry_the_triggers() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, g.tgname FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid"
            " WHERE g.tgname IN ('append_only', 'append_only_whole')"
        )
        found: dict[str, set[str]] = {}
        for table, trigger in cursor.fetchall():
            found.setdefault(table, set()).add(trigger)

    for table in NEVER_CHANGED:
        assert found.get(table) == {"append_only", "append_only_whole"}, table


@pytest.mark.django_db
@pytest.mark.parametrize("table", sorted(NEVER_CHANGED))
@pytest.mark.parametrize("right", ["UPDATE", "DELETE", "TRUNCATE"])
def test_the_application_has_no_right_to_change_them(table: str, right: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(current_user, %s, %s)", [table, right])
        assert cursor.fetchone()[0] is False


@pytest.mark.django_db
def test_the_application_is_no_superuser() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolcreatedb FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False, False)
