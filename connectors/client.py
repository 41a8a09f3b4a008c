"""One polite HTTP client: says who asks, waits its turn, gives up in time, keeps secrets, notes the answer."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx
import stamina

from connectors.body import Body
from connectors.errors import RequestRefused, SourceUnavailable
from connectors.kept.shelf import FILE
from connectors.network import Network
from connectors.patience import TRIES, Failed, Later, told, wait
from connectors.progress import Progress, silent
from connectors.reach import ALLOWED, NOTHING, Allowed, Forbidden
from connectors.redaction import SecretFilter, blot, redact, secrets_of
from connectors.snapshot import Exchange
from connectors.watch import HeadTooSlow, Watch

_FILTER = SecretFilter()
for _logger in ("httpx", "httpcore.connection", "httpcore.http11", "httpcore.proxy", "httpcore.socks"):
    logging.getLogger(_logger).addFilter(_FILTER)

#: Statuses that mean "later".
_LATER = frozenset({429, 500, 502, 503, 504})
_CONNECT_S = 10.0
_HEAD_READS = 2  # the headers of an answer may take the time of so many reads


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of whom. `read_s` is the time one read may take, seconds.

    With `content` it is sent by POST, as JSON. What is asked for as a `file` is published as one: it may be kept, and
    asked for again only when it changed (`connectors.kept`). `later` tells, of answers whose status does not say so,
    how many seconds the source wants to be left alone before it is asked again; None when the answer is one to be read.
    """

    source: str
    url: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    read_s: float = 60.0
    content: bytes | None = None
    later: Callable[[Answer], float | None] = lambda _: None
    file: bool = False

    @property
    def secrets(self) -> tuple[str, ...]:
        """The values in it that nobody may see."""
        return secrets_of(self.parameters, self.headers)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whatever its status; header names are lower case, and no header shows a secret."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    exchange: Exchange
    secrets: tuple[str, ...] = field(default=(), repr=False)  # that were sent; the source may repeat them
    location: str = field(default="", repr=False)  # where a redirect points, as it came: a signed address, perhaps

    @property
    def text(self) -> str:
        """The body as text, without a byte order mark and secrets; unreadable bytes are replaced."""
        return blot(self.body.decode("utf-8", errors="replace").removeprefix("\ufeff"), self.secrets)


class Client:
    """Asks official sources. Use it as a context manager; it may be shared between connectors, one after another."""

    def __init__(
        self,
        contact: str = "",
        *,
        transport: httpx.BaseTransport | None = None,
        max_bytes: int = 200_000_000,
        progress: Progress = silent,
    ) -> None:
        """Say whom to write to (e-mail or URL, sent in User-Agent); bodies over `max_bytes` are refused.

        `progress` hears how far long fetches are. Without a transport the network is asked, as far as it is public.
        """
        self.progress = progress
        agent = f"uncounted/{version('uncounted')}" + (f" ({contact})" if contact else "")
        self._max_bytes = max_bytes
        self._secrets: tuple[str, ...] = ()
        self._allowed = NOTHING
        self._patient = True
        self._watch = Watch()
        self._http = httpx.Client(
            headers={"User-Agent": agent, "Accept": "application/json"},
            follow_redirects=False,
            transport=transport or Network(),
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

    def hide(self, secrets: Iterable[str]) -> None:
        """Show these nowhere from now on, whatever name they travel under: in no answer, message or line of a log."""
        self._secrets = (*self._secrets, *secrets)
        _FILTER.know(self._secrets)

    def allow(self, allowed: Allowed) -> None:
        """Let these be asked from now on although they are not public; nothing else is that is not."""
        self._allowed = allowed

    def get(self, question: Question) -> Answer:
        """Ask, at most five times, and return the answer, whatever its status; redirects are not followed.

        Raises `SourceUnavailable` when the source stays away, drips, or keeps saying "later" by its status;
        `SourceChanged` when the body is too large, `RequestRefused` when the address is none, or not public.
        What says "later" in its own way (`Question.later`) is returned in the end, for its connector to tell.
        """
        return self._patiently(question, lambda: self._ask(question, Body(self._max_bytes)))

    def save(self, question: Question, path: Path, max_bytes: int) -> Answer:
        """Ask as `get` does, but write the body to a file as it comes; the answer holds only its first 64 KiB.

        For bodies that do not fit into memory: they are files as published (`Question.file`), and are asked for as
        they are, not packed once more, so that one that breaks off can be continued. Raises as `get` does; what the
        file held before is overwritten.
        """
        published = replace(question, file=True, headers={"Accept-Encoding": "identity", **question.headers})

        def ask() -> Answer:
            with path.open("wb") as file:
                return self._ask(published, Body(max_bytes, file, self.progress))

        return self._patiently(published, ask)

    @contextmanager
    def hurried(self) -> Iterator[None]:
        """Ask only once in the block, as for what can be done without."""
        before, self._patient = self._patient, False
        try:
            yield
        finally:
            self._patient = before

    def _patiently(self, question: Question, ask: Callable[[], Answer]) -> Answer:
        try:
            for attempt in stamina.retry_context(
                on=self._wait, attempts=TRIES, timeout=None, wait_initial=1, wait_max=30
            ):
                with attempt:
                    answer = self._once(question, ask)
                    if self._patient and attempt.num < TRIES:
                        _unless_later(question, answer)
        except (httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
            msg = f"{redact(question.url, self._hidden(question))} is not an address"
            raise RequestRefused(msg, source=question.source, hint="check the address") from error
        except Forbidden as error:
            hint = "write the public address; if you trust the host, name it in UNCOUNTED_ALLOWED_NETWORKS"
            raise RequestRefused(str(error), source=question.source, hint=hint) from None
        except UnicodeError:
            msg = f"a key for {_host(question.url)} holds a character that no header can carry"
            raise RequestRefused(msg, source=question.source, hint="copy the key again") from None
        except HeadTooSlow:
            msg = f"{_host(question.url)} did not finish the headers of its answer"
            raise SourceUnavailable(msg, source=question.source, hint="try again later") from None
        except (Failed, Later) as error:
            msg = f"{_host(question.url)} did not answer usably: {error}"
            hint = "check the connection of this machine, or try again later; what was fetched before stays in use"
            raise SourceUnavailable(msg, source=question.source, hint=hint) from None
        return answer

    def _wait(self, error: Exception) -> bool | float:
        return wait(error) if self._patient else False

    def _once(self, question: Question, ask: Callable[[], Answer]) -> Answer:
        """Ask; what goes wrong is written to logs between the tries, so it is told without the request and its key."""
        try:
            return ask()
        except httpx.UnsupportedProtocol:
            raise
        except httpx.RequestError as error:
            said = redact(told(error), self._hidden(question))
            raise Failed(said, passing=isinstance(error, httpx.TransportError)) from None

    def _ask(self, question: Question, body: Body) -> Answer:
        timeout = httpx.Timeout(question.read_s, connect=_CONNECT_S)
        stream = self._http.stream(
            "GET" if question.content is None else "POST",
            question.url,
            params=question.parameters or None,
            headers={**({"Content-Type": "application/json"} if question.content else {}), **question.headers},
            content=question.content,
            timeout=timeout,
            extensions={
                "trace": self._watch.trace,
                ALLOWED: self._allowed,
                **({FILE: True} if question.file else {}),
            },
        )
        with self._watch.head(_CONNECT_S + _HEAD_READS * question.read_s), stream as response:
            self._watch.arrived()
            if response.status_code in _LATER:
                raise Later(response.status_code, response.headers.get("Retry-After"))
            body.receive(response, question.source)
        hidden = self._hidden(question)
        exchange = Exchange(
            url=redact(str(response.request.url), hidden),
            status=response.status_code,
            sha256=body.digest.hexdigest(),
            size=body.size,
            retrieved_at=response.extensions.get("retrieved_at") or datetime.now(UTC),  # when it was saved, or kept
            confirmed_at=response.extensions.get("confirmed_at"),
        )
        headers = {name.lower(): redact(value, hidden) for name, value in response.headers.items()}
        location = response.headers.get("Location", "")
        return Answer(response.status_code, headers, bytes(body.kept), exchange, hidden, location)

    def _hidden(self, question: Question) -> tuple[str, ...]:
        return (*question.secrets, *self._secrets)


def _unless_later(question: Question, answer: Answer) -> None:
    """Raise `Later` for an answer that says so in its own way."""
    wait_s = question.later(answer)
    if wait_s is not None:
        raise Later(answer.status, f"{wait_s:.0f}")


def _host(url: str) -> str:
    return httpx.URL(url).host or "the source"
