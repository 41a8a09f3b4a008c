"""What an identity provider is asked: its documents, and one code for tokens. Small answers, few seconds, no redirects.

Providers are named by the operator; one in the own network is allowed like any other host there (`connectors.reach`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import httpx
import orjson

from connectors.network import Network
from connectors.reach import ALLOWED, Allowed, Forbidden

_SECONDS = 10.0
_MOST_BYTES = 1_000_000


class ProviderSilent(Exception):
    """The provider did not answer, or not with what it has to. The message holds nothing of what was sent."""


class ProviderRefused(Exception):
    """The provider was asked for tokens and said no: the code was used before, is too old, or was never its own."""


class IdentityClient:
    """Asks one identity provider. Safe to share between threads; use it as a context manager."""

    def __init__(self, allowed: Allowed, transport: httpx.BaseTransport | None = None) -> None:
        """Say what may be reached besides public addresses."""
        self._allowed = allowed
        self._http = httpx.Client(
            headers={"Accept": "application/json"},
            follow_redirects=False,
            timeout=_SECONDS,
            transport=transport or Network(),
        )

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connections."""
        self._http.close()

    def document(self, url: str) -> dict[str, Any]:
        """Return a JSON document. Raises `ProviderSilent`."""
        status, body = self._asked("GET", url, None, None)
        if status != httpx.codes.OK:
            msg = f"the identity provider answered {status} where its documents are"
            raise ProviderSilent(msg)
        return body

    def tokens(self, url: str, form: Mapping[str, str], credentials: tuple[str, str]) -> dict[str, Any]:
        """Exchange what is in the form for tokens; `credentials` are the client's id and secret (HTTP Basic).

        Raises `ProviderRefused` where the provider says no, `ProviderSilent` where it says nothing of use.
        """
        status, body = self._asked("POST", url, form, credentials)
        if status in {httpx.codes.BAD_REQUEST, httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN}:
            msg = "the identity provider did not take the code"
            raise ProviderRefused(msg)
        if status != httpx.codes.OK:
            msg = f"the identity provider answered {status} where it gives tokens"
            raise ProviderSilent(msg)
        return body

    def _asked(
        self, method: str, url: str, form: Mapping[str, str] | None, credentials: tuple[str, str] | None
    ) -> tuple[int, dict[str, Any]]:
        told = {ALLOWED: self._allowed}
        try:
            request = self._http.build_request(method, url, data=form, extensions=told)
            sender = httpx.BasicAuth(*credentials) if credentials else None
            answer = self._http.send(request, auth=sender, stream=True)
            try:
                raw = b""
                for part in answer.iter_bytes():
                    raw += part
                    if len(raw) > _MOST_BYTES:
                        msg = "the identity provider answers without end"
                        raise ProviderSilent(msg)
            finally:
                answer.close()
            body = orjson.loads(raw)
        except (httpx.HTTPError, httpx.InvalidURL, Forbidden, orjson.JSONDecodeError) as error:
            msg = f"the identity provider does not answer ({type(error).__name__})"
            raise ProviderSilent(msg) from error
        if not isinstance(body, dict):
            msg = "the identity provider answered something else than a JSON object"
            raise ProviderSilent(msg)
        return answer.status_code, body
