"""./desk says what it does, on any Python, and takes no command for another."""

import ast
import os
import subprocess
import sys

from factcheck.environment import BASE_DIR

DESK = BASE_DIR / "desk"


def desk(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(DESK), *arguments], capture_output=True, text=True, check=False
    )


def test_an_unknown_command_is_one_line_and_exit_2() -> None:
    done = desk("damo")
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert "'damo'" in done.stderr
    assert "demo" in done.stderr


def test_a_demo_takes_no_option_for_what_it_is_not() -> None:
    for given in (["--port", "8001"], ["--help"], ["now"]):
        done = desk("demo", *given)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.count("\n") == 1
        assert repr(given[0]) in done.stderr


def test_help_names_every_command() -> None:
    done = desk("help")
    assert done.returncode == 0
    for command in ("demo", "test", "check", "measure", "manage", "bench"):
        assert f"./desk {command}" in done.stdout


def test_it_can_be_run_and_needs_the_standard_library_alone() -> None:
    assert os.access(DESK, os.X_OK)
    tree = ast.parse(DESK.read_text())
    imported = {
        alias.name.partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    } | {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported <= sys.stdlib_module_names


def test_an_older_python_can_read_it_to_be_told_so() -> None:
    ast.parse(DESK.read_text(), feature_version=(3, 7))
