"""An identity provider of our own on loopback, and the service that sends people to it."""

from __future__ import annotations

import json
import secrets
import threading
import time
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey
from starlette.testclient import TestClient

from service.app import create_app
from service.callers.caller import Role
from service.context import Context
from service.store import users

PUBLIC_URL = "http://127.0.0.1:8000"
CLIENT, SECRET = "uncounted", "a secret between the two"


@dataclass
class Idp:
    """What the provider knows, and how it misbehaves when a test asks it to."""

    url: str = ""
    email: str = "amina@example.org"
    subject: str = "sub-1"
    keys: list[Any] = field(default_factory=lambda: [RSAKey.generate_key(2048, {"kid": "one"})])
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)  # that it says instead
    documents: dict[str, Any] = field(default_factory=dict)  # that it publishes instead
    signed_by: Any = None  # a key that it does not publish
    header: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)  # paths
    token: Any = None  # given out whatever was asked

    def discovery(self) -> dict[str, Any]:
        """Return the document of OpenID Connect Discovery."""
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/jwks",
            "end_session_endpoint": f"{self.url}/logout",
        } | self.documents

    def authorize(self, query: dict[str, str]) -> str:
        """Return where the browser goes back to, as if somebody had signed in."""
        code = secrets.token_urlsafe(8)
        self.codes[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def exchange(self, form: dict[str, str], credentials: str) -> dict[str, Any] | None:
        """Return tokens for a code, once, to whom it was given, with the verifier of its challenge."""
        query = self.codes.pop(form.get("code", ""), None)
        challenge = urlsafe_b64encode(sha256(form.get("code_verifier", "").encode()).digest()).decode().rstrip("=")
        if (
            query is None
            or credentials != f"{CLIENT}:{SECRET}"
            or form["redirect_uri"] != query["redirect_uri"]
            or challenge != query["code_challenge"]
        ):
            return None
        return {"id_token": self.token if self.token is not None else self.signed(query["nonce"])}

    def signed(self, nonce: str) -> str:
        """Return an ID token."""
        now = int(time.time())
        told = {
            "iss": self.url,
            "aud": CLIENT,
            "sub": self.subject,
            "exp": now + 300,
            "iat": now,
            "nonce": nonce,
            "email": self.email,
            "email_verified": True,
        } | self.claims
        key = self.signed_by or self.keys[-1]
        header = {"alg": "ES256" if isinstance(key, ECKey) else "RS256", "kid": key.kid} | self.header
        return jwt.encode(header, {name: value for name, value in told.items() if value is not None}, key)


def handler(idp: Idp) -> type[BaseHTTPRequestHandler]:
    """Return what answers for the provider."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

        def do_GET(self) -> None:
            """Give the documents."""
            path = urlsplit(self.path).path
            idp.asked.append(path)
            if path == "/.well-known/openid-configuration":
                self._json(200, idp.discovery())
            elif path == "/jwks":
                self._json(200, KeySet(idp.keys).as_dict(private=False))
            else:
                self._json(404, {})

        def do_POST(self) -> None:
            """Give tokens."""
            raw = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(raw).items()}
            credentials = b64decode(self.headers.get("Authorization", "Basic ").split()[1]).decode()
            found = idp.exchange(form, credentials)
            self._json(*((200, found) if found else (400, {"error": "invalid_grant"})))

        def _json(self, status: int, body: Any) -> None:
            raw = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

    return Handler


@pytest.fixture
def idp() -> Iterator[Idp]:
    """Run a provider."""
    known = Idp()
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(known))
    known.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield known
    server.shutdown()
    server.server_close()
    thread.join()


@dataclass
class Browser:
    """Somebody's browser: keeps cookies, follows no redirect by itself."""

    client: TestClient
    idp: Idp
    context: Context

    def set_out(self, target: str = "/account") -> dict[str, str]:
        """Open the sign-in, and return what the provider is asked."""
        answer = self.client.get("/login", params={"next": target})
        assert answer.status_code == 303, answer.text
        return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["location"]).query).items()}

    def sign_in(self, target: str = "/account") -> Any:
        """Sign in there, come back, and return the answer."""
        return self.client.get(self.idp.authorize(self.set_out(target)))

    def proof(self) -> str:
        """Return what the forms of the account page carry."""
        page = self.client.get("/account").text
        return page.partition('name="csrf" value="')[2].partition('"')[0]


@pytest.fixture
def served(context: Context, idp: Idp) -> Context:
    """Give a context in which people may sign in, with one who was invited."""
    settings = context.settings.model_copy(
        update={
            "oidc_issuer": idp.url,
            "oidc_client_id": CLIENT,
            "oidc_client_secret": SECRET,
            "public_url": PUBLIC_URL,
            "allowed_networks": ("127.0.0.1",),
        }
    )
    made = replace(context, settings=settings)
    made.store.write(lambda session: users.invite(session, "Amina@example.org", "statistics-office", Role.REVIEWER))
    return made


@pytest.fixture
def browser(served: Context, idp: Idp) -> Iterator[Browser]:
    """Give a browser at the service."""
    with TestClient(create_app(served), base_url=PUBLIC_URL, follow_redirects=False) as client:
        yield Browser(client, idp, served)
