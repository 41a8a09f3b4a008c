"""The ledger: what its senders were told, kept outside the service; in the end it is held against the database."""

from __future__ import annotations

import re
import threading
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

#: What somebody is told whose flag was closed by the service, or decided by somebody else, while they decided.
_TOO_LATE = re.compile(r"A flag that is (withdrawn|resolved_by_release|confirmed|rejected) cannot become")


class Fate(StrEnum):
    """What the sender knows."""

    ACKNOWLEDGED = "acknowledged"  # must be there, once
    UNKNOWN = "unknown"  # the answer did not come: may be there, at most once


@dataclass
class Ledger:
    """Everything that was sent, by what tells it apart in the database. Safe to share between threads."""

    owned: dict[str, Fate] = field(default_factory=dict)  # own identifiers of records
    nameless: dict[str, Fate] = field(default_factory=dict)  # names of records without one
    reviews: dict[str, Fate] = field(default_factory=dict)  # notes
    imports: dict[str, tuple[str, ...]] = field(default_factory=dict)  # acknowledged, with the own ids of their rows
    answers: Counter[int] = field(default_factory=Counter)  # by status; 0: none came
    strange: list[str] = field(default_factory=list)  # answers that should not be
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, page: dict[str, Fate], what: str, fate: Fate) -> None:
        """Note what is known of something; what was acknowledged once stays so."""
        with self._lock:
            if page.get(what) is not Fate.ACKNOWLEDGED:
                page[what] = fate

    def imported(self, import_id: str, own_ids: tuple[str, ...]) -> None:
        """Note a file that was taken."""
        with self._lock:
            self.imports[import_id] = own_ids

    def answered(self, status: int, detail: str = "") -> None:
        """Count an answer. One that is neither success nor a promise that nothing was done is strange."""
        with self._lock:
            self.answers[status] += 1
            if status and status >= 400 and status not in {408, 409, 429, 503, 507} and not _TOO_LATE.search(detail):
                self.strange.append(f"{status} {detail}"[:300])

    @property
    def acknowledged(self) -> int:
        """How many things were acknowledged."""
        with self._lock:
            pages = (*self.owned.values(), *self.nameless.values(), *self.reviews.values())
            return sum(one is Fate.ACKNOWLEDGED for one in pages) + len(self.imports)
