"""Reading flags for somebody at the desk: what the store holds, redacted on the way out, official lists by name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from service.callers.caller import Caller, Right
from service.disclosure import Listing, redact_flag, redact_record
from service.errors import NOT_FOUND, Problem
from service.store import flags, snapshots
from service.store.engine import Session
from service.store.values import Flag, Record


@dataclass(frozen=True, slots=True)
class DeskReader:
    """One reviewer's reading inside one transaction; lists not known by name yet are looked up in the catalogue."""

    session: Session
    caller: Caller
    lists: dict[str, Listing] = field(default_factory=dict)

    def flag(self, flag: Flag) -> dict[str, Any] | None:
        """Return a flag as the caller may see it, None where it is not theirs to decide about."""
        account = flag.record.account
        if not self.caller.at(account.country, account.admin).may(Right.REVIEW):
            return None
        self._know([flag.record, replace(flag.record, findings=flag.found_before)])
        return redact_flag(flag, self.caller, self.lists)

    def record(self, record: Record) -> dict[str, Any] | None:
        """Return a record as the caller may see it, None when not at all."""
        self._know([record])
        return redact_record(record, self.caller, self.lists, published=False)

    def by_id(self, flag_id: str) -> tuple[Flag, dict[str, Any]]:
        """Return a flag, and as the caller sees it. Raises `not-found` alike for one that is hidden and one unknown."""
        flag = flags.get(self.session, flag_id)
        shown = self.flag(flag)
        if shown is None:
            detail = f"There is no flag {flag_id}."
            raise Problem(NOT_FOUND, detail)
        return flag, shown

    def _know(self, records: Iterable[Record]) -> None:
        for record in records:
            for finding in record.findings:
                for sha256 in (finding.snapshot, finding.holds_at):
                    if sha256 and sha256 not in self.lists:
                        self.lists[sha256] = snapshots.get(self.session, sha256)
