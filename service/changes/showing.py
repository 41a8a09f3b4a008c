"""Showing: flags as one caller may see them now, several at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from service.callers.caller import Caller
from service.disclosure import Listing, redact_flag
from service.disclosure.unseen import unseen_by, worked_by
from service.store import flags, snapshots
from service.store.engine import Session
from service.store.filters import FlagFilter
from service.store.values import Finding, Flag

Fits = Callable[[Mapping[str, Any]], bool]


def anything(_: Mapping[str, Any]) -> bool:
    """Let every flag fit."""
    return True


@dataclass(frozen=True, slots=True)
class Showing:
    """What one caller sees in one transaction, of flags that fit. Official lists are looked up once."""

    session: Session
    caller: Caller
    fits: Fits = anything
    lists: dict[str, Listing] = field(default_factory=dict)

    def of(self, flag_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
        """Return these flags as `/v1/flags` shows them, by identifier; those that it does not show are left out."""
        wanted = FlagFilter(published_or_of=worked_by(self.caller), unseen=unseen_by(self.caller))
        found = flags.among(self.session, flag_ids, wanted)
        shown = {flag_id: self._shown(flag) for flag_id, flag in found.items()}
        return {flag_id: one for flag_id, one in shown.items() if one is not None and self.fits(one)}

    def _shown(self, flag: Flag) -> dict[str, Any] | None:
        self._know((*flag.record.findings, *flag.found_before))
        return redact_flag(flag, self.caller, self.lists)

    def _know(self, findings: Sequence[Finding]) -> None:
        named = (sha256 for finding in findings for sha256 in (finding.snapshot, finding.holds_at) if sha256)
        for sha256 in named:
            if sha256 not in self.lists:
                self.lists[sha256] = snapshots.get(self.session, sha256)
