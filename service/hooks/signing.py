"""Signing: by what a receiver knows that a message is ours, and whole.

As Standard Webhooks lays down (https://www.standardwebhooks.com): HMAC-SHA256 over `id.timestamp.body`, in base64,
behind `v1,`; several signatures stand side by side while a secret is exchanged.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

#: For what the secret key makes secrets of webhooks.
PURPOSE = "webhooks"

_PREFIX = "whsec_"


@dataclass(frozen=True, slots=True)
class Signed:
    """What a signature covers."""

    id: str
    at: datetime
    body: bytes


def secret_of(key: bytes, webhook_id: str, generation: int) -> str:
    """Return a secret of a webhook, which follows from the key of the service: 256 bits, kept nowhere."""
    made = hmac.new(key, f"{webhook_id}.{generation}".encode(), sha256).digest()
    return _PREFIX + base64.b64encode(made).decode()


def headers(said: Signed, secrets: Sequence[str]) -> dict[str, str]:
    """Return the headers of a message, signed with each of these secrets."""
    timestamp = str(int(said.at.timestamp()))
    return {
        "Content-Type": "application/json",
        "webhook-id": said.id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(f"v1,{_signature(said, timestamp, secret)}" for secret in secrets),
    }


def _signature(said: Signed, timestamp: str, secret: str) -> str:
    key = base64.b64decode(secret.removeprefix(_PREFIX))
    content = b".".join((said.id.encode(), timestamp.encode(), said.body))
    return base64.b64encode(hmac.new(key, content, sha256).digest()).decode()
