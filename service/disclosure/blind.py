"""Blind: a matter as somebody sees it who is to judge it without knowing what others decided, or what the model says.

What people decided is remembered, and shows in what was found since; so the findings are those of before.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from service.store.values import Flag, FlagStatus, Record

_SCORES = frozenset({"probability", "probability_alone", "bits", "similarity"})


def unjudged(flag: Flag) -> Flag:
    """Return a flag as if nobody had judged it."""
    return replace(
        flag,
        status=FlagStatus.OPEN,
        verdict=flag.machine_verdict,
        updated_at=flag.created_at,
        record=unremembered(flag.record, flag),
        members=tuple(replace(one, p_absent=None) for one in flag.members),
        reviews=(),
        audits={},
        code=None,
        deferred_until=None,
    )


def unremembered(record: Record, flag: Flag) -> Record:
    """Return a record with what was found about it before anybody judged its flag."""
    found = flag.found_before
    if not found or found[0].record_id != record.id:
        return replace(record, p_absent=None)
    return replace(record, verdict=found[0].verdict, p_absent=None, findings=found)


def scoreless(shown: dict[str, Any]) -> dict[str, Any]:
    """Return what is shown without any score, at whatever depth."""
    hidden = _SCORES | {"corroboration"}
    return {name: None if name in hidden else _without(value) for name, value in shown.items()}


def _without(value: Any) -> Any:
    if isinstance(value, dict):
        return scoreless(value)
    return [_without(one) for one in value] if isinstance(value, list) else value
