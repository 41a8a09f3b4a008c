"""The commands for webhooks: who is told, what became of it, and once more."""

from __future__ import annotations

import pytest

from service.hooks import subscribing
from service.store.webhooks import Wanted
from tests.specimens.command import uncounted


@pytest.fixture
def hook(sqlite_context, scene, tmp_path):
    """Give a webhook with a message that waits, in an installation that the commands work on."""
    caller = scene.caller(sqlite_context.store)
    hook, secret = subscribing.subscribe(sqlite_context, Wanted("http://127.0.0.1:9/hook"), caller)
    message = subscribing.ping(sqlite_context, hook.id, caller)
    (tmp_path / "var").symlink_to(sqlite_context.settings.data_dir)
    return hook, message, secret


def test_an_operator_sees_and_repeats(hook, tmp_path):
    """A webhook is listed with its address and no secret, its messages with what became of them."""
    hook, message, secret = hook
    listed = uncounted(tmp_path, "webhooks", "list", columns=200)
    assert all(one in listed.stdout for one in (hook.id, "map-kibera", hook.wanted.url))
    assert "1 message waiting" in listed.stderr
    assert secret not in listed.stdout
    shown = uncounted(tmp_path, "webhooks", "deliveries", hook.id, "--state", "waiting", columns=200)
    assert all(one in shown.stdout for one in (message.id, "webhook.ping", "waiting"))
    assert "sent again" in uncounted(tmp_path, "webhooks", "redeliver", hook.id, message.id).stderr


def test_what_is_not_there_is_told(hook, tmp_path):
    """The identifier that was typed, and no traceback."""
    assert hook
    answer = uncounted(tmp_path, "webhooks", "deliveries", "nobody's", expect=1)
    assert "There is no webhook nobody's" in answer.stderr
