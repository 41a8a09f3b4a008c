"""How often each has asked, in the memory of this process: bounded, however many addresses ask, and without threads.

A storage for `limits`, whose own starts a thread for every hundredth of a second with a request in it, and then goes
through all it holds. It counts by the clock that never jumps.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from time import monotonic
from typing import Any

from limits.storage import SlidingWindowCounterSupport, Storage

#: Counted at once; beyond it the one that asked longest ago is forgotten. About 20 MB.
MOST = 100_000


class Counters(Storage, SlidingWindowCounterSupport):
    """Counts of this window of time and the last, by who asks for what. What is reckoned from them is for `limits`."""

    STORAGE_SCHEME = None

    def __init__(self, most: int = MOST) -> None:
        """Hold nothing yet."""
        super().__init__(None)
        self._most = most
        self._lock = Lock()
        self._held: OrderedDict[str, tuple[int, int, int]] = OrderedDict()  # window, asked in it, asked in the last

    def __len__(self) -> int:
        """Return how many are counted."""
        return len(self._held)

    def acquire_sliding_window_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Count, where that stays within the limit."""
        now = monotonic()
        with self._lock:
            window, current, last = self._of(key, expiry, now)
            if last * (1 - now / expiry % 1) + current + amount > limit:
                return False
            self._held[key] = (window, current + amount, last)
            self._held.move_to_end(key)
            while len(self._held) > self._most:
                self._held.popitem(last=False)
        return True

    def get_sliding_window(self, key: str, expiry: int) -> tuple[int, float, int, float]:
        """Return what was counted in the last window and in this one, each with the seconds for which it counts."""
        now = monotonic()
        with self._lock:
            _, current, last = self._of(key, expiry, now)
        left = (1 - now / expiry % 1) * expiry
        return last, left if last else 0.0, current, left + expiry

    def _of(self, key: str, expiry: int, now: float) -> tuple[int, int, int]:
        window = int(now // expiry)
        held, current, last = self._held.get(key, (window, 0, 0))
        if held == window:
            return window, current, last
        return window, 0, current if held == window - 1 else 0

    def clear_sliding_window(self, key: str, expiry: int) -> None:  # noqa: ARG002 - both windows stand under one key
        """Forget one."""
        self._held.pop(key, None)

    def reset(self) -> int | None:
        """Forget all."""
        count = len(self._held)
        self._held.clear()
        return count

    def check(self) -> bool:
        """Say that it works: it is memory."""
        return True

    @property
    def base_exceptions(self) -> type[Exception] | tuple[type[Exception], ...]:
        """What it raises of its own: nothing."""
        return ()

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Refuse: of the ways of `limits` to count, one is served here."""
        raise NotImplementedError

    def get(self, key: str) -> int:
        """Refuse, as above."""
        raise NotImplementedError

    def get_expiry(self, key: str) -> float:
        """Refuse, as above."""
        raise NotImplementedError

    def clear(self, key: str) -> None:
        """Forget one."""
        self._held.pop(key, None)

    def __getstate__(self) -> dict[str, Any]:
        """Refuse: what is counted here is of this process."""
        raise NotImplementedError
