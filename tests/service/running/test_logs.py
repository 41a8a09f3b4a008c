"""Logs: what is not on the list is not written."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest
import structlog

import service
from service.running import logs


@pytest.fixture(autouse=True)
def _as_before():
    """Leave logging as it was found."""
    yield
    structlog.reset_defaults()


def test_a_member_nobody_allowed_is_dropped_and_named(capsys):
    """A name, a coordinate or a body put into a log line by mistake is not written; that it was there is."""
    logs.configure("info", as_json=True)
    structlog.get_logger().info("request", route="/v1/records", name="Gatwekera", lat=-1.3, body={"a": 1})
    line = json.loads(capsys.readouterr().err)
    assert line["route"] == "/v1/records"
    assert line["withheld"] == ["body", "lat", "name"]
    assert "Gatwekera" not in str(line)


def test_an_exception_is_told_by_type_and_code_alone():
    """The message of an exception may repeat a row, so only its type and the lines of code are written."""
    try:
        int("Gatwekera")
    except ValueError as error:
        told = logs.told_safely(error)
    assert told["error"] == "ValueError"
    assert told["where"][-1].startswith("running/test_logs.py:")
    assert "Gatwekera" not in str(told)


def test_levels(capsys):
    """Lines below the level are not written, and a level that does not exist is refused."""
    logs.configure("warning", as_json=True)
    structlog.get_logger().info("quiet")
    assert capsys.readouterr().err == ""
    with pytest.raises(ValueError, match="loud"):
        logs.configure("loud")


def test_a_terminal_gets_words(capsys):
    """Without JSON a line reads as words, still without what is not allowed."""
    logs.configure("info", as_json=False)
    structlog.get_logger().info("request", route="/v1/flags", name="Gatwekera")
    written = capsys.readouterr().err
    assert "/v1/flags" in written
    assert "Gatwekera" not in written


def members():
    """Return what the service's own lines name, by the file that names it."""
    told = {}
    for path in Path(service.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("log."):
                told.setdefault(path.name, set()).update(one.arg for one in node.keywords if one.arg)
    return told


def test_nothing_that_the_service_itself_tells_is_dropped():
    """A member that is not on the list would be missing from the line that was written for it."""
    assert len(members()) > 10
    assert {name: lost for name, told in members().items() if (lost := told - logs.ALLOWED)} == {}
