"""The commands for webhooks: who is told, what became of it, and once more."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from service.cli import app
from service.hooks import subscribing
from service.store.webhooks import Wanted


@pytest.fixture
def run(sqlite_context, monkeypatch):
    """Give a function that types a command, for an installation that may reach loopback."""
    monkeypatch.setenv("UNCOUNTED_DATA_DIR", str(sqlite_context.settings.data_dir))
    monkeypatch.setenv("COLUMNS", "200")

    def typed(*words):
        return CliRunner().invoke(app, ["webhooks", *words])

    return typed


def test_an_operator_sees_and_repeats(run, sqlite_context, scene):
    """A webhook is listed with its address and no secret, its messages with what became of them."""
    caller = scene.caller(sqlite_context.store)
    hook, secret = subscribing.subscribe(sqlite_context, Wanted("http://127.0.0.1:9/hook"), caller)
    message = subscribing.ping(sqlite_context, hook.id, caller)
    listed = run("list")
    assert listed.exit_code == 0, listed.output
    assert all(one in listed.output for one in (hook.id, "map-kibera", "http://127.0.0.1:9/hook", "1 messages wait"))
    assert secret not in listed.output
    shown = run("deliveries", hook.id, "--state", "waiting")
    assert all(one in shown.output for one in (message.id, "webhook.ping", "waiting"))
    again = run("redeliver", hook.id, message.id)
    assert (again.exit_code, "sent again" in again.output) == (0, True)


def test_what_is_not_there_is_told(run):
    """A problem with the identifier that was typed."""
    answer = run("deliveries", "nobody's")
    assert answer.exit_code != 0
    assert "There is no webhook nobody's" in str(answer.exception)
