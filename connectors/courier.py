"""The courier: takes a message to an address that somebody named, and brings back how it was received, no more.

Other than sources, receivers are asked once: when it goes again is for whoever sends. No redirect is followed, nothing
of the answer is read but its head, and the address is checked at the moment of connecting (`connectors.reach`).
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import httpx

from connectors.network import Network
from connectors.patience import seconds_of
from connectors.reach import ALLOWED, NOTHING, Allowed, Forbidden, Resolve, resolved, ways
from connectors.watch import HeadTooSlow, Watch

#: Seconds in which a receiver is connected to, and in which the head of its answer has come.
CONNECT_S, ANSWER_S = 5.0, 15.0

_LONGEST_URL = 2_000
_PORTS = {"http": 80, "https": 443}


class Unreachable(Exception):
    """An address is none that messages are taken to; the message says why, `hint` what to do."""

    def __init__(self, message: str, hint: str) -> None:
        """Say what is wrong with it."""
        super().__init__(message)
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent where."""

    url: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Received:
    """How a message was received: the status of the answer, or in a word why none came."""

    milliseconds: int
    status: int | None = None
    failure: str | None = None  # forbidden, unreachable, timeout or broken
    retry_after_s: float | None = None

    @property
    def well(self) -> bool:
        """Whether the receiver has it now."""
        return self.status is not None and self.status // 100 == 2  # noqa: PLR2004 - successful, RFC 9110


def check(url: str, allowed: Allowed = NOTHING, resolve: Resolve = resolved) -> None:
    """Raise `Unreachable` for an address that no message is taken to.

    It is https://, of a host with a public address; what the operator allows besides may be http:// too.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    host = parts.hostname or ""
    if len(url) > _LONGEST_URL or parts.scheme not in _PORTS or not host or not url.isascii() or not url.isprintable():
        msg = "This is not the address of a receiver."
        raise Unreachable(msg, "Write it as https://example.org/hooks/uncounted.")
    if parts.username is not None or parts.password is not None or parts.fragment:
        msg = "This address holds a name, a password or a fragment."
        raise Unreachable(msg, "Leave it out; a receiver knows our messages by their signature.")
    _check_way(host, port or _PORTS[parts.scheme], allowed, resolve)
    if parts.scheme != "https" and not _trusted(host, allowed, resolve):
        msg = "Messages are sent by https:// only."
        raise Unreachable(msg, "Give the receiver a certificate, and write its address with https://.")


def _check_way(host: str, port: int, allowed: Allowed, resolve: Resolve) -> None:
    try:
        ways(host, port, allowed, resolve)
    except Forbidden as error:
        hint = "Write a public address; the operator may allow others in UNCOUNTED_ALLOWED_NETWORKS."
        msg = f"Nothing is sent there: {error}."
        raise Unreachable(msg, hint) from None
    except (OSError, UnicodeError):
        msg = "The host of this address is not found from here."
        raise Unreachable(msg, "Check how it is written, and that its name is public.") from None


def _trusted(host: str, allowed: Allowed, resolve: Resolve) -> bool:
    """Return whether the operator allows a host by its name or its network, so that no certificate is asked for."""
    try:
        ways(host, 1, allowed, resolve)  # a port of no web, which is reached where that is allowed and nowhere else
    except (Forbidden, OSError, UnicodeError):
        return False
    return True


class Courier:
    """Takes messages. Safe to share between threads; each has connections of its own, which are not kept."""

    def __init__(self, contact: str = "", allowed: Allowed = NOTHING, resolve: Resolve = resolved) -> None:
        """Say whom to write to, in User-Agent, and what may be reached although it is not public."""
        self._allowed = allowed
        self._resolve = resolve
        agent = f"uncounted/{version('uncounted')}" + (f" ({contact})" if contact else "")
        self._http = httpx.Client(
            headers={"User-Agent": agent, "Accept": "*/*", "Connection": "close"},
            follow_redirects=False,
            transport=Network(resolve),
            trust_env=False,
            timeout=httpx.Timeout(ANSWER_S, connect=CONNECT_S),
        )

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Close what is open."""
        self._http.close()

    def take(self, message: Message) -> Received:
        """Take a message to its address, once, and return how it was received, or that it was not."""
        begun = time.monotonic()
        try:
            check(message.url, self._allowed, self._resolve)
            status, retry_after_s = self._posted(message)
        except (Unreachable, Forbidden):
            return Received(_since(begun), failure="forbidden")
        except (HeadTooSlow, httpx.TimeoutException):
            return Received(_since(begun), failure="timeout")
        except httpx.ConnectError:
            return Received(_since(begun), failure="unreachable")
        except (httpx.RequestError, httpx.InvalidURL, UnicodeError):
            return Received(_since(begun), failure="broken")
        return Received(_since(begun), status=status, retry_after_s=retry_after_s)

    def _posted(self, message: Message) -> tuple[int, float | None]:
        watch = Watch()
        asked = {"trace": watch.trace, ALLOWED: self._allowed}
        with (
            watch.head(CONNECT_S + ANSWER_S),
            self._http.stream(
                "POST", message.url, headers=dict(message.headers), content=message.body, extensions=asked
            ) as response,
        ):
            watch.arrived()
            return response.status_code, seconds_of(response.headers.get("Retry-After"))


def _since(begun: float) -> int:
    return round((time.monotonic() - begun) * 1_000)
