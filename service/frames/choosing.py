"""Choosing: the gaps that a frame is to be updated with, as this caller may see them, and what is left out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from matchers.base import Verdict
from service.callers.caller import Caller, Right
from service.context import Context
from service.disclosure import Consent, Sensitivity, redact_flag
from service.disclosure.unseen import worked_by
from service.store import flags, snapshots
from service.store.filters import FlagFilter
from service.store.values import FlagStatus, Record, SnapshotEntry

#: What a person with a mandate looked at and stands behind.
CONFIRMED = (FlagStatus.CONFIRMED, FlagStatus.PUBLISHED)

#: Gaps that a frame can be updated with: a place to add, a count to look at again.
GAPS = {Verdict.HIDDEN_PLACE.value: "not_listed", Verdict.UNDERCOUNT.value: "counted_too_low"}

#: A file travels, so what is not meant to leave its organisation, or is at risk, is not in it.
_CONSENTS = frozenset(Consent) - {Consent.INTERNAL}
_CLASSES = frozenset({Sensitivity.OPEN, Sensitivity.CAUTION})


@dataclass(frozen=True, slots=True)
class FrameScope:
    """Which part of the frame; None means everywhere, every list."""

    country: str | None = None  # ISO 3166-1 alpha-3
    admin: str | None = None  # a code or name of any level, or "level=value"
    source: str | None = None  # only gaps of this list


@dataclass(frozen=True, slots=True)
class Chosen:
    """Flags as their reader may see them, oldest first, and how many are left out because files travel."""

    flags: tuple[Mapping[str, Any], ...]
    left_out: int


def chosen(context: Context, scope: FrameScope, caller: Caller) -> Chosen:
    """Return the confirmed gaps of a scope that the caller works with, redacted, read at one moment.

    What a caller is only shown as everybody is, such as a published gap outside the territory of a key, is not among
    them: its place would be a blurred one.
    """
    wanted = FlagFilter(
        country=scope.country,
        admin=scope.admin,
        source=scope.source,
        verdicts=tuple(GAPS),
        statuses=CONFIRMED,
        published_or_of=worked_by(caller),
        speaking=True,
        unheld=not caller.may(Right.ADMINISTER),
        held_of=caller.organisation,
    )
    lists: dict[str, SnapshotEntry] = {}
    with context.store.read() as session:
        seen = []
        for flag in flags.iterate(session, wanted):
            for sha256 in _snapshots(flag.record) - lists.keys():
                lists[sha256] = snapshots.get(session, sha256)
            told = redact_flag(flag, caller, lists)
            if told is not None and told["organisation"] is not None and told["verdict"] in GAPS:
                seen.append(told)
    travelling = tuple(flag for flag in seen if _may_travel(flag["community"]))
    return Chosen(travelling, len(seen) - len(travelling))


def _snapshots(record: Record) -> set[str]:
    return {at for finding in record.findings for at in (finding.snapshot, finding.holds_at) if at}


def _may_travel(community: Mapping[str, Any]) -> bool:
    return community["consent"] in _CONSENTS and community["sensitivity"] in _CLASSES
