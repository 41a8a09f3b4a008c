"""Sessions: by which cookie somebody who signed in is known, and how a page of ours is told from another's."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from hashlib import sha256

#: Header or form field in which a page of ours says that it is one.
FORGERY_HEADER, FORGERY_FIELD = "x-csrf-token", "csrf"

_PURPOSE = b"uncounted: this form is one of ours"


@dataclass(frozen=True, slots=True)
class Cookies:
    """Names of the cookies, by how the service is reached."""

    session: str
    errand: str
    secure: bool

    @classmethod
    def over(cls, public_url: str) -> Cookies:
        """Return the names: over https with a prefix that lets no other host and no plain connection set them."""
        secure = public_url.startswith("https://")
        prefix = "__Host-" if secure else ""
        return cls(f"{prefix}uncounted", f"{prefix}uncounted-errand", secure)


def new_token() -> str:
    """Return the secret of a new session: 256 random bits."""
    return secrets.token_urlsafe(32)


def digest_of(token: str) -> str:
    """Return what is kept of a session's secret."""
    return sha256(token.encode()).hexdigest()


def forgery_token(token: str) -> str:
    """Return what a page of this session has to send along with whatever it changes.

    It follows from the secret, which no other site can read, and does not tell it.
    """
    return hmac.new(token.encode(), _PURPOSE, sha256).hexdigest()
