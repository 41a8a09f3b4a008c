"""The identity provider: where people are sent to sign in, and whether what comes back was really said by it.

OpenID Connect Core 1.0: authorization code with PKCE, state and nonce; the ID token is checked as §3.1.3.7 asks.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any
from urllib.parse import urlencode, urlsplit

from connectors.identity import IdentityClient, ProviderSilent
from service.login.errand import Errand

#: Signatures that are taken; never `none`, never one made with a shared secret.
ALGORITHMS = ("RS256", "PS256", "ES256")

#: Seconds by which the provider's clock may be off, for which its documents are kept, and after which keys that are
#: not known are asked for again.
SKEW_S, KEPT_S, AGAIN_S = 60, 3_600.0, 60.0

_LONGEST_TOKEN = 20_000
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class SignInRefused(Exception):
    """What came back cannot be trusted; the message says why, and holds nothing of it."""


@dataclass(frozen=True, slots=True)
class Registration:
    """How this installation is known to its provider."""

    issuer: str
    client_id: str
    client_secret: str
    redirect_uri: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is, as the provider says. The subject never changes; an address may."""

    subject: str
    email: str | None  # in small letters, and only where the provider has made sure of it


class Provider:
    """One identity provider. Safe to share between threads; its documents are asked for when first needed."""

    def __init__(
        self, registration: Registration, client: IdentityClient, clock: Callable[[], float] = time.time
    ) -> None:
        """Ask nothing yet."""
        self._registration = registration
        self._client = client
        self._clock = clock
        self._lock = Lock()
        self._said: tuple[float, dict[str, Any]] | None = None
        self._keys: tuple[float, Any] | None = None

    def address(self, errand: Errand) -> str:
        """Return where to send a browser. Raises `ProviderSilent`."""
        asked = {
            "response_type": "code",
            "client_id": self._registration.client_id,
            "redirect_uri": self._registration.redirect_uri,
            "scope": "openid email",
            "state": errand.state,
            "nonce": errand.nonce,
            "code_challenge": errand.challenge,
            "code_challenge_method": "S256",
        }
        endpoint = self._endpoint("authorization_endpoint")
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}"

    def identity(self, errand: Errand, code: str) -> Identity:
        """Return who came back with a code. Raises `ProviderSilent`, `ProviderRefused` or `SignInRefused`."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._registration.redirect_uri,
            "code_verifier": errand.verifier,
        }
        credentials = (self._registration.client_id, self._registration.client_secret)
        token = self._client.tokens(self._endpoint("token_endpoint"), form, credentials).get("id_token")
        if not isinstance(token, str) or len(token) > _LONGEST_TOKEN:
            msg = "there was no ID token"
            raise SignInRefused(msg)
        claims = self._checked(token, errand)
        email = claims.get("email") if claims.get("email_verified") is True else None
        return Identity(str(claims["sub"]), email.strip().casefold() if isinstance(email, str) else None)

    def farewell(self, back_to: str) -> str | None:
        """Return where a browser signs out there too, None where the provider has no such address."""
        try:
            endpoint = self._endpoint("end_session_endpoint")
        except ProviderSilent:
            return None
        asked = {"client_id": self._registration.client_id, "post_logout_redirect_uri": back_to}
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}"

    def _checked(self, token: str, errand: Errand) -> dict[str, Any]:
        from joserfc import jwt  # noqa: PLC0415 - of an extra
        from joserfc.errors import InvalidKeyIdError, JoseError  # noqa: PLC0415 - as above

        registry = jwt.JWTClaimsRegistry(
            now=lambda: int(self._clock()),
            leeway=SKEW_S,
            iss={"essential": True, "value": self._registration.issuer},
            aud={"essential": True, "value": self._registration.client_id},
            sub={"essential": True, "allow_blank": False},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": errand.nonce},
        )
        try:
            try:
                read = jwt.decode(token, self._key_set(), algorithms=list(ALGORITHMS))
            except (InvalidKeyIdError, ValueError):  # signed with a key that is new: providers change theirs
                read = jwt.decode(token, self._key_set(anew=True), algorithms=list(ALGORITHMS))
            registry.validate(read.claims)
        except (JoseError, ValueError, TypeError) as error:
            msg = f"the ID token does not hold ({type(error).__name__})"
            raise SignInRefused(msg) from error
        self._meant_for_us(read.claims)
        return dict(read.claims)

    def _meant_for_us(self, claims: dict[str, Any]) -> None:
        """Refuse a token that several are meant to read unless it was given to us (OpenID Connect Core §3.1.3.7)."""
        party = claims.get("azp")
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if (several or party is not None) and party != self._registration.client_id:
            msg = "the ID token was given to somebody else"
            raise SignInRefused(msg)

    def _endpoint(self, name: str) -> str:
        found = self._documents().get(name)
        if not isinstance(found, str) or not _safe(found):
            msg = f"the identity provider names no {name.replace('_', ' ')}, or one that is not safe"
            raise ProviderSilent(msg)
        return found

    def _documents(self) -> dict[str, Any]:
        with self._lock:
            if self._said is None or time.monotonic() - self._said[0] > KEPT_S:
                issuer = self._registration.issuer
                if not _safe(issuer):
                    msg = "the issuer has to be an https address"
                    raise ProviderSilent(msg)
                found = self._client.document(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
                if found.get("issuer") != issuer:
                    msg = "the identity provider calls itself otherwise than it was named here"
                    raise ProviderSilent(msg)
                self._said = (time.monotonic(), found)
            return self._said[1]

    def _key_set(self, *, anew: bool = False) -> Any:
        from joserfc.jwk import KeySet  # noqa: PLC0415 - of an extra

        address = self._endpoint("jwks_uri")
        with self._lock:
            age = float("inf") if self._keys is None else time.monotonic() - self._keys[0]
            if self._keys is None or age > KEPT_S or (anew and age > AGAIN_S):
                told: Any = self._client.document(address)
                try:
                    self._keys = (time.monotonic(), KeySet.import_key_set(told))
                except (ValueError, KeyError, TypeError) as error:
                    msg = "the identity provider's keys cannot be read"
                    raise ProviderSilent(msg) from error
            return self._keys[1]


def _safe(address: str) -> bool:
    """Return whether an address is https, or on this very machine."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
