"""What docs/live-data.md says is so: its call answers, and its table of answers is complete."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

from starlette.testclient import TestClient

from service.app import create_app
from service.callers.caller import Role
from service.live.pulling import PULLERS
from service.live.receiving import Fate
from service.store import keys

PAGE = (Path(__file__).parents[2] / "docs" / "live-data.md").read_text(encoding="utf-8")


def test_the_call_answers_as_the_page_tells(sqlite_context):
    """What KoboToolbox would post is kept, and unchanged the second time."""
    words = shlex.split(re.search(r"```\n(curl.*?)```", PAGE, flags=re.DOTALL).group(1).replace("\\\n", " "))
    path = words[1].partition(":8000")[2]
    with sqlite_context.store.begin() as session:
        secret = keys.create(session, "map-kibera", Role.CONTRIBUTOR, "test")
    with TestClient(create_app(sqlite_context), headers={"Authorization": f"Bearer {secret}"}) as client:
        answers = [client.post(path, json=json.loads(words[words.index("-d") + 1])) for _ in range(2)]
    assert [(answer.status_code, answer.json()["outcome"]) for answer in answers] == [
        (201, "created"),
        (200, "unchanged"),
    ]


def test_every_outcome_option_and_key_is_named():
    """The page names what can become of a submission, and all that each server asks for."""
    assert {fate.value for fate in Fate} <= set(re.findall(r"`(\w+)`", PAGE))
    for name, puller in PULLERS.items():
        assert f"--from {name}" in PAGE
        assert all(f"--set {option}=" in PAGE for option in puller.options)
    assert {"UNCOUNTED_KOBO_TOKEN", "UNCOUNTED_ODK_EMAIL", "UNCOUNTED_ODK_PASSWORD"} <= set(
        re.findall(r"`(\w+)`", PAGE)
    )
