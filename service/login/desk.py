"""The desk: where people set out to sign in, and where they are let in."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from urllib.parse import urlsplit

from connectors.identity import IdentityClient
from service.configuration.settings import Settings
from service.context import Context
from service.errors import INVALID, Problem
from service.login.errand import Errand
from service.login.provider import Identity, Provider, Registration, SignInRefused
from service.login.sessions import Cookies, digest_of, new_token
from service.store import sessions, users
from service.store.engine import Session
from service.store.users import User

CALLBACK = "/login/callback"


class NotInvited(Exception):
    """Somebody is who they say they are, and nobody let them in here."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What signing in needs, open while the service is."""

    provider: Provider
    cookies: Cookies
    public_url: str  # without a slash at the end

    @property
    def origin(self) -> str:
        """What browsers call the place that our pages come from."""
        parts = urlsplit(self.public_url)
        return f"{parts.scheme}://{parts.netloc}"


def desk_of(settings: Settings) -> Desk | None:
    """Return the desk that the settings describe, None where nobody signs in.

    Raises `Problem` (invalid) where they say only part of it, or something that is not safe.
    """
    if settings.oidc_issuer is None:
        return None
    if not settings.oidc_client_id or not settings.oidc_client_secret or not settings.public_url:
        needs = "UNCOUNTED_OIDC_CLIENT_ID, UNCOUNTED_OIDC_CLIENT_SECRET and UNCOUNTED_PUBLIC_URL"
        detail = f"UNCOUNTED_OIDC_ISSUER needs {needs}."
        raise Problem(INVALID, detail)
    parts = urlsplit(settings.public_url)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path.strip("/") or parts.query:
        detail = "UNCOUNTED_PUBLIC_URL has to be the bare address of this service, such as https://uncounted.example."
        raise Problem(INVALID, detail)
    if parts.scheme == "http" and parts.hostname not in {"127.0.0.1", "localhost", "::1"}:
        detail = (
            "UNCOUNTED_PUBLIC_URL has to begin with https://, because whoever listens in could take a session over."
        )
        raise Problem(INVALID, detail)
    public_url = settings.public_url.rstrip("/")
    registration = Registration(
        settings.oidc_issuer, settings.oidc_client_id, settings.oidc_client_secret.strip(), f"{public_url}{CALLBACK}"
    )
    provider = Provider(registration, IdentityClient(settings.allowed))
    return Desk(provider, Cookies.over(public_url), public_url)


def let_in(context: Context, desk: Desk, errand: Errand, came_back: tuple[str, str]) -> str:
    """Return the secret of a new session for who came back with a state and a code.

    Raises `SignInRefused` where they did not set out here, `NotInvited`, and what `Provider.identity` raises.
    """
    state, code = came_back
    if not hmac.compare_digest(state.encode(), errand.state.encode()):
        msg = "this is the answer to somebody else's errand"
        raise SignInRefused(msg)
    identity = desk.provider.identity(errand, code)
    token = new_token()
    subject = f"{context.settings.oidc_issuer} {identity.subject}"
    user = context.store.write(partial(_admit, identity=identity, subject=subject, digest=digest_of(token)))
    if user is None:
        raise NotInvited
    return token


def _admit(session: Session, identity: Identity, subject: str, digest: str) -> User | None:
    user = users.by_subject(session, subject)
    if user is None and identity.email is not None:
        user = users.welcome(session, identity.email, subject)
    if user is not None:
        sessions.start(session, user.id, digest, datetime.now(UTC))
    return user
