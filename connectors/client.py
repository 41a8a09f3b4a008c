"""One polite HTTP client: says who asks, waits its turn, gives up in time, keeps secrets, notes the answer."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from hashlib import sha256
from importlib.metadata import version
from random import SystemRandom
from time import monotonic
from types import TracebackType
from typing import Self

import httpx
import stamina

from connectors.errors import RequestRefused, SourceChanged, SourceUnavailable
from connectors.redaction import SecretFilter, blot, redact, secrets_of
from connectors.snapshot import Exchange

logging.getLogger("httpx").addFilter(SecretFilter())

#: Statuses that mean "later".
_LATER = frozenset({429, 500, 502, 503, 504})
_TRIES = 5
_CONNECT_S = 10.0
_LONGEST_WAIT_S = 120.0  # a source that asks for more is asked again at the next sync


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of whom. `read_s` is the time one read may take, `longest_s` that of a whole body, seconds.

    With `content` it is sent by POST, as JSON. `later` tells, of answers whose status does not say so, how many seconds
    the source wants to be left alone before it is asked again; None when the answer is one to be read.
    """

    source: str
    url: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    read_s: float = 60.0
    longest_s: float = 900.0
    content: bytes | None = None
    later: Callable[[Answer], float | None] = lambda _: None

    @property
    def secrets(self) -> tuple[str, ...]:
        """The values in it that nobody may see."""
        return secrets_of(self.parameters, self.headers)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whatever its status; header names are lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    exchange: Exchange
    secrets: tuple[str, ...] = field(default=(), repr=False)  # of the question; the source may repeat them

    @property
    def text(self) -> str:
        """The body as text, without a byte order mark and secrets; unreadable bytes are replaced."""
        return blot(self.body.decode("utf-8", errors="replace").removeprefix("\ufeff"), self.secrets)


class Client:
    """Asks official sources. Use it as a context manager; it may be shared between connectors, one after another."""

    def __init__(
        self, contact: str = "", *, transport: httpx.BaseTransport | None = None, max_bytes: int = 200_000_000
    ) -> None:
        """Say whom to write to (e-mail or URL, sent in User-Agent); bodies over `max_bytes` are refused."""
        agent = f"uncounted/{version('uncounted')}" + (f" ({contact})" if contact else "")
        self._max_bytes = max_bytes
        self._http = httpx.Client(
            headers={"User-Agent": agent, "Accept": "application/json"}, follow_redirects=False, transport=transport
        )

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Close the connections."""
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def get(self, question: Question) -> Answer:
        """Ask, at most five times, and return the answer, whatever its status; redirects are not followed.

        Raises `SourceUnavailable` when the source stays away, drips, or keeps saying "later" by its status;
        `SourceChanged` when the body is too large, `RequestRefused` when the address is none. What says "later" in
        its own way (`Question.later`) is returned in the end, for its connector to tell.
        """
        try:
            for attempt in stamina.retry_context(on=_wait, attempts=_TRIES, timeout=None, wait_initial=1, wait_max=30):
                with attempt:
                    answer = self._ask(question, last=attempt.num == _TRIES)
        except (httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
            msg = f"{question.url} is not an address"
            raise RequestRefused(msg, source=question.source, hint="check the address") from error
        except (httpx.RequestError, _Later) as error:
            what = redact(f"{type(error).__name__} {error}", question.secrets).removeprefix("_Later ")
            msg = f"{_host(question.url)} did not answer usably: {what}"
            hint = "try again later; what was fetched before stays in use"
            # the cause holds the request, and with it the key
            raise SourceUnavailable(msg, source=question.source, hint=hint) from None
        return answer

    def _ask(self, question: Question, *, last: bool) -> Answer:
        timeout = httpx.Timeout(question.read_s, connect=_CONNECT_S)
        with self._http.stream(
            "GET" if question.content is None else "POST",
            question.url,
            params=question.parameters or None,
            headers={**({"Content-Type": "application/json"} if question.content else {}), **question.headers},
            content=question.content,
            timeout=timeout,
        ) as response:
            if response.status_code in _LATER:
                raise _Later(response.status_code, response.headers.get("Retry-After"))
            body = self._body(response, question)
        exchange = Exchange(
            url=redact(str(response.request.url), question.secrets),
            status=response.status_code,
            sha256=sha256(body).hexdigest(),
            size=len(body),
            retrieved_at=datetime.now(UTC),
        )
        headers = {name.lower(): redact(value, question.secrets) for name, value in response.headers.items()}
        answer = Answer(response.status_code, headers, body, exchange, question.secrets)
        wait_s = None if last else question.later(answer)
        if wait_s is not None:
            raise _Later(answer.status, f"{wait_s:.0f}")
        return answer

    def _body(self, response: httpx.Response, question: Question) -> bytes:
        body = bytearray()
        until = monotonic() + question.longest_s
        for part in response.iter_bytes():
            body += part
            if monotonic() > until:
                msg = f"{_host(question.url)} sent {len(body):,} bytes in {question.longest_s:,.0f} s, and no end"
                raise SourceUnavailable(msg, source=question.source, hint="try again later, or ask for less")
            if len(body) > self._max_bytes:
                msg = f"{_host(question.url)} sent more than {self._max_bytes:,} bytes"
                raise SourceChanged(msg, source=question.source, hint="ask for less, or raise the limit")
        return bytes(body)


class _Later(Exception):
    """The source asks to come back, perhaps saying when."""

    def __init__(self, status: int, retry_after: str | None) -> None:
        super().__init__(f"HTTP {status}")
        self.wait_s = _seconds(retry_after)


def _wait(error: Exception) -> bool | float:
    """Decide whether to ask again, and after how many seconds where the source said so."""
    if isinstance(error, _Later):
        if error.wait_s is None:
            return True
        return error.wait_s + SystemRandom().random() if error.wait_s <= _LONGEST_WAIT_S else False
    return isinstance(error, httpx.TransportError) and not isinstance(error, httpx.UnsupportedProtocol)


def _seconds(retry_after: str | None) -> float | None:
    """Read Retry-After, which is seconds or a date; None when it is neither."""
    if retry_after is None:
        return None
    if retry_after.strip().isdigit():
        return float(retry_after)
    try:
        at = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    return max(0.0, (at - datetime.now(UTC)).total_seconds()) if at.tzinfo else None


def _host(url: str) -> str:
    return httpx.URL(url).host or "the source"
