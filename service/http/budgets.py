"""How often each may ask: a key for itself, and an address for all that ask from it without one.

A key that opened something in this process has budgets of its own, so that nobody who shares its address, as people
behind one mobile operator do, can use them up. One that opens nothing draws on a small budget of its address, and once
that is spent no further key is looked up from there, but those that are known to be good.
"""

from __future__ import annotations

import re
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from math import ceil

from limits import RateLimitItem
from limits.strategies import SlidingWindowCounterRateLimiter

from service.configuration.bounds import rates
from service.configuration.settings import Settings
from service.http.counters import Counters
from service.http.scopes import Budget

FAILURES = "failures"
_SESSION = re.compile(rb"(?:^|;) *(?:__Host-)?uncounted=([A-Za-z0-9_-]{43})(?:;|$)")  # as `service.login` names it
_MOST_PROVEN = 10_000  # keys known to be good; of more, those that asked longest ago are proven anew


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is left of a budget after a request drew on it, or why it could not."""

    name: str
    rate: RateLimitItem
    left: int
    wait_s: int  # until more may be asked
    refused: bool = False

    def headers(self) -> dict[str, str]:
        """Return it as draft-ietf-httpapi-ratelimit-headers writes it."""
        policy = f'"{self.name}";q={self.rate.amount};w={self.rate.get_expiry()}'
        return {"RateLimit-Policy": policy, "RateLimit": f'"{self.name}";r={self.left};t={self.wait_s}'}


class Budgets:
    """The budgets of everybody who asks this process."""

    def __init__(self, settings: Settings) -> None:
        """Read how large they are."""
        names = ("rate_reads", "rate_writes", "rate_exports", "rate_address", "rate_address_exports", "rate_failures")
        found = rates({name: getattr(settings, name) for name in names})
        self._counters = SlidingWindowCounterRateLimiter(Counters())
        self._proven: OrderedDict[bytes, str] = OrderedDict()  # by digest of what was sent: the id of the key
        self._of_key = {
            Budget.READS: found["rate_reads"],
            Budget.WRITES: found["rate_writes"],
            Budget.EXPORTS: found["rate_exports"],
        }
        self._of_address = {
            Budget.READS: found["rate_address"],
            Budget.WRITES: found["rate_address"],
            Budget.EXPORTS: found["rate_address_exports"],
        }
        self._failures = found["rate_failures"]

    def proven(self, sent: bytes | None) -> str | None:
        """Return the id of a key that opened something before; None for any other, and for none."""
        return None if sent is None else self._proven.get(sent)

    def ask(self, budget: Budget, address: str, key_id: str | None) -> Drawn | None:
        """Draw on the budget of a key, or of an address; None where nothing is counted."""
        if key_id is not None:
            return self._draw(budget.value, self._of_key[budget], f"key {key_id}")
        name = Budget.EXPORTS if budget is Budget.EXPORTS else Budget.READS
        return self._draw(name.value, self._of_address[budget], f"address {address}")

    def try_key(self, budget: Budget, address: str) -> Drawn | None:
        """Return what refuses a key that is not known to be good, from an address that sent too much; else None."""
        for name, rate in ((FAILURES, self._failures), (Budget.READS.value, self._of_address[budget])):
            if rate is not None and not self._counters.test(rate, name, f"address {address}"):
                return self._told(name, rate, f"address {address}", refused=True)
        return None

    def learn(self, sent: bytes, key_id: str | None, address: str) -> None:
        """Remember what became of what was sent: it opened something, or counts as a failure of the address."""
        if key_id is None:
            self._proven.pop(sent, None)
            self._draw(FAILURES, self._failures, f"address {address}")
            return
        self._proven[sent] = key_id
        self._proven.move_to_end(sent)
        if len(self._proven) > _MOST_PROVEN:
            self._proven.popitem(last=False)

    def _draw(self, name: str, rate: RateLimitItem | None, who: str) -> Drawn | None:
        if rate is None:
            return None
        refused = not self._counters.hit(rate, name, who)
        return self._told(name, rate, who, refused=refused)

    def _told(self, name: str, rate: RateLimitItem, who: str, *, refused: bool) -> Drawn:
        window = self._counters.get_window_stats(rate, name, who)
        wait_s = min(rate.get_expiry(), max(1, ceil(window.reset_time - time.time())))
        return Drawn(name, rate, 0 if refused else window.remaining, wait_s, refused)


def session_of(headers: Mapping[bytes, bytes]) -> bytes | None:
    """Return a digest of the session of somebody who signed in; None where a browser sends none."""
    found = _SESSION.search(headers.get(b"cookie", b""))
    return sha256(found[1]).digest() if found else None


def sent(headers: Mapping[bytes, bytes]) -> bytes | None:
    """Return a digest of what a request brings to be known by; None where it brings nothing."""
    brought = [headers[name] for name in (b"authorization", b"x-api-key") if headers.get(name)]
    return sha256(b"\n".join(brought)).digest() if brought else None
