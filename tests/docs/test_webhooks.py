"""The pages on changes and webhooks are true: their recipe checks our messages, and what they name exists."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from service.api.openapi import document
from service.changes.feed import ChangeType
from service.hooks import patience, sender, subscribing
from service.hooks.signing import Signed, headers, secret_of
from tests.service.hooks.receiving import recipe

ROOT = Path(__file__).parents[2]
PAGES = {name: (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8") for name in ("changes", "webhooks")}
AT = datetime(2026, 3, 31, 12, tzinfo=UTC)
SECRETS = [secret_of(b"k" * 32, "hook", generation) for generation in (2, 1)]


def message(body: bytes = b"{}", secrets: list[str] = SECRETS) -> tuple[dict[str, str], bytes]:
    """Return a message as it is sent."""
    return headers(Signed("id", AT, body), secrets), body


@pytest.mark.parametrize("secret", SECRETS)
def test_the_recipe_takes_what_we_sign(secret: str) -> None:
    """With the present secret, and with the one before it while both hold."""
    assert recipe()["is_ours"](*message(), [secret], AT.timestamp() + 299)


def test_the_recipe_refuses_everything_else() -> None:
    """Another secret, another body, another identifier, and what was sent too long ago."""
    is_ours = recipe()["is_ours"]
    sent, body = message()
    assert not is_ours(sent, body, [secret_of(b"x" * 32, "hook", 1)], AT.timestamp())
    assert not is_ours(sent, b"{ }", SECRETS, AT.timestamp())
    assert not is_ours(sent | {"webhook-id": "other"}, body, SECRETS, AT.timestamp())
    assert not is_ours(sent, body, SECRETS, AT.timestamp() + 301)
    assert not is_ours(sent | {"webhook-signature": "v2,abc v1,"}, body, SECRETS, AT.timestamp())


def test_the_example_of_standard_webhooks_is_signed_as_there() -> None:
    """The vector that the specification publishes, so that its libraries check our messages too."""
    body = b'{"test": 2432232314}'
    said = Signed("msg_p5jXN8AQM9LWM0D4loKWxJek", datetime.fromtimestamp(1614265330, UTC), body)
    made = headers(said, ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])
    assert made["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_recipe_keeps_the_newest_of_each_flag() -> None:
    """What comes twice or late changes nothing."""
    latest: dict[str, Any] = {}
    apply = recipe()["apply"]
    some = [{"sequence": number, "data": {"flag_id": "a", "flag": number}} for number in (2, 1, 2)]
    assert [apply(one, latest) for one in some] == [True, False, False]
    assert latest["a"]["sequence"] == 2
    assert not apply({"sequence": 9, "data": {}}, latest)


def test_every_address_they_name_is_one_of_the_service() -> None:
    """What an integrator copies is answered."""
    told = {
        re.sub(r"\$ID|\{\w+\}", "{}", address).rstrip("/")
        for page in PAGES.values()
        for address in re.findall(r"/v1/[\w/{}$]+", page)
    }
    assert told <= {re.sub(r"\{\w+\}", "{}", path) for path in document()["paths"]}


def test_they_name_every_type_and_the_figures_in_force() -> None:
    """Types of news; how many attempts, how long one rests, how many webhooks, how long the log is kept."""
    assert [one.value for one in ChangeType if f"`{one.value}`" not in PAGES["changes"]] == []
    hours = sum(one.total_seconds() for one in patience.WAITS) / 3_600
    assert (patience.ATTEMPTS, round(hours / 24)) == (10, 3)
    assert patience.LONGEST_REST.total_seconds() == 600
    assert f"{subscribing.MOST} for all" in PAGES["webhooks"]
    assert f"kept for {sender.KEPT.days} days" in PAGES["webhooks"]
