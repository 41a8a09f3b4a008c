"""An errand: what a browser carries to the identity provider and back, so that only who went out comes in.

It stays in a cookie of the browser that set out. Whoever is handed another's answer has no such cookie (RFC 6749
§10.12), a stolen code is of no use without the verifier (RFC 7636), and an old token has another nonce.
"""

from __future__ import annotations

import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256

#: Seconds that somebody may take to sign in there.
LASTING_S = 600

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_LONGEST = 1_000
#: A path of ours: never the name of another host, in whatever way a browser may read it.
_LOCAL = re.compile(r"/(?![/\\])[A-Za-z0-9._~!$&'()*+,;=:@%/?#-]*")
_HOME = "/account"


@dataclass(frozen=True, slots=True)
class Errand:
    """What was made up when somebody set out."""

    state: str
    nonce: str
    verifier: str
    target: str  # where they wanted to go, a path here

    @classmethod
    def to(cls, target: str) -> Errand:
        """Set out; a target that is no path of ours becomes the page of one's own account."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        return cls(state, nonce, verifier, local(target))

    @classmethod
    def read(cls, cookie: str) -> Errand | None:
        """Return the errand in a cookie, None where there is none that we wrote."""
        parts = cookie.split(".") if len(cookie) <= _LONGEST else []
        if len(parts) != 4 or not all(_TOKEN.fullmatch(part) for part in parts[:3]):  # noqa: PLR2004 - as written
            return None
        try:
            target = urlsafe_b64decode(parts[3] + "=" * (-len(parts[3]) % 4)).decode("ascii")
        except ValueError:
            return None
        state, nonce, verifier = parts[:3]
        return cls(state, nonce, verifier, local(target))

    def written(self) -> str:
        """Return the value of the cookie."""
        target = urlsafe_b64encode(self.target.encode("ascii")).decode().rstrip("=")
        return f"{self.state}.{self.nonce}.{self.verifier}.{target}"

    @property
    def challenge(self) -> str:
        """What is told of the verifier beforehand: S256 of RFC 7636."""
        return urlsafe_b64encode(sha256(self.verifier.encode()).digest()).decode().rstrip("=")


def local(target: str) -> str:
    """Return a path of ours; whatever else is given, the page of one's own account."""
    return target if len(target) <= _LONGEST // 2 and _LOCAL.fullmatch(target) else _HOME
