"""Logs hold no secret, by its name or by its look."""

import json
import logging

import pytest

from factcheck import logs


@pytest.mark.parametrize(
    "said",
    [
        {"password": "hunter2-hunter2"},
        {"headers": {"Authorization": "Basic aHVudGVyMg=="}},
        {"event": "asked with fcd_hunter2hunter2hunter2"},
        {"event": "cannot reach postgresql://desk:hunter2@db/desk"},
        {"event": "sent Bearer hunter2hunter2hunter2"},
        {"tries": ["https://me:hunter2@paper.example/"]},
        {"session_cookie": "hunter2"},
    ],
)
def test_a_secret_is_blanked(said: dict[str, object]) -> None:
    shown = json.dumps(logs.hide_secrets(None, "info", dict(said)))
    assert "hunter2" not in shown
    assert logs.HIDDEN in shown


def test_what_is_no_secret_stays() -> None:
    said = {"event": "read https://paper.example/a@b", "claim": "0190-abc", "took": 3}
    assert logs.hide_secrets(None, "info", dict(said)) == said


def test_every_line_is_one_json_object(capsys: pytest.CaptureFixture[str]) -> None:
    formatter = logging.getLogger().handlers[0].formatter
    assert formatter is not None
    record = logging.makeLogRecord({"msg": "two\nlines", "levelname": "INFO", "name": "desk"})
    line = formatter.format(record)
    assert "\n" not in line
    assert json.loads(line)["event"] == "two\nlines"
