"""Reading for one caller inside one transaction: what the store holds, redacted on the way out."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from service.callers.caller import Caller, Right
from service.disclosure import Listing, redact_counts, redact_flag, redact_record
from service.disclosure.blind import scoreless, unremembered
from service.disclosure.openness import open_now
from service.disclosure.unseen import worked_by
from service.errors import NOT_FOUND, Problem
from service.store import flags, opinions, records, snapshots
from service.store.engine import Session
from service.store.values import Flag, Record


@dataclass(frozen=True, slots=True)
class Reader:
    """One caller's reading; official lists that are not known by name yet are looked up once in the catalogue."""

    session: Session
    calling: Caller
    lists: dict[str, Listing] = field(default_factory=dict)
    _blind: dict[str, dict[str, datetime]] = field(default_factory=dict)  # what the caller judges blind, read once

    def flag(self, flag: Flag) -> dict[str, Any] | None:
        """Return a flag as the caller may see it, None when not at all."""
        self._know(flag.record)
        if flag.found_before:
            self._know(replace(flag.record, findings=flag.found_before))
        return redact_flag(flag, self.calling, self.lists)

    def record(self, record: Record, *, published: bool = False) -> dict[str, Any] | None:
        """Return a record as the caller may see it, None when not at all."""
        blind = record.flag_id is not None and record.flag_id in self._judging()
        if blind:
            record = unremembered(record, flags.get(self.session, record.flag_id or ""))
        self._know(record)
        shown = redact_record(record, self.calling, self.lists, published=published)
        return scoreless(shown) if shown is not None and blind else shown

    def _judging(self) -> dict[str, datetime]:
        key_id = self.calling.key_id
        if key_id is None or not self.calling.holds(Right.REVIEW):
            return {}
        if key_id not in self._blind:
            self._blind[key_id] = opinions.held(self.session, key_id)
        return self._blind[key_id]

    def flag_by_id(self, flag_id: str) -> dict[str, Any]:
        """Return one flag. Raises `not-found` alike for one that is hidden and one that does not exist."""
        shown = self.flag(flags.get(self.session, flag_id, worked_by(self.calling)))
        if shown is None:
            detail = f"There is no flag {flag_id}."
            raise Problem(NOT_FOUND, detail)
        return shown

    def counts_by_id(self, flag_id: str) -> tuple[dict[str, Any], str]:
        """Return the counts behind one flag, and what its community may be called. Raises `not-found` as above."""
        flag = flags.get(self.session, flag_id, worked_by(self.calling))
        shown = self.flag(flag)
        counts = redact_counts(flag, self.calling, self.lists)
        if shown is None or counts is None:
            detail = f"There is no flag {flag_id}."
            raise Problem(NOT_FOUND, detail)
        return counts, shown["community"]["name"] or "a community"

    def place_of_flag(self, flag_id: str) -> str:
        """Return the store's cursor after a flag. Raises `not-found` as above."""
        self.flag_by_id(flag_id)
        return flags.cursor_after(self.session, flag_id)

    def place_of_record(self, record_id: str, *, among_flags: bool = False) -> str:
        """Return the store's cursor after a record, or after its flag. Raises `not-found` as below."""
        shown = self.record_by_id(record_id)
        if not among_flags:
            return records.cursor_after(self.session, record_id)
        if shown["flag_id"] is None:
            detail = f"There is no flag of record {record_id}."
            raise Problem(NOT_FOUND, detail)
        return flags.cursor_after(self.session, shown["flag_id"])

    def record_by_id(self, record_id: str) -> dict[str, Any]:
        """Return one record. Raises `not-found` alike for one that is hidden and one that does not exist."""
        record = records.get(self.session, record_id)
        shown = self.record(record)
        if shown is None and record.flag_id is not None:
            shown = self.record(record, published=open_now(flags.get(self.session, record.flag_id)))
        if shown is None:
            detail = f"There is no record {record_id}."
            raise Problem(NOT_FOUND, detail)
        return shown

    def _know(self, record: Record) -> None:
        named = (sha256 for finding in record.findings for sha256 in (finding.snapshot, finding.holds_at) if sha256)
        for sha256 in named:
            if sha256 not in self.lists:
                self.lists[sha256] = snapshots.get(self.session, sha256)
