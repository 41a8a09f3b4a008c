"""Showing: what an import would do, as its sender may see it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from service.callers.caller import Caller
from service.context import Context
from service.disclosure import redact_record
from service.disclosure.imports import redact_dropped, redact_fault
from service.importing.preview import Foreseen, Preview
from service.submit import Outcome

_TOLD = 1_000  # problems


def shown(context: Context, found: Preview, caller: Caller) -> dict[str, Any]:
    """Return what an import would do, as plain values."""
    return {
        "whole_file": found.whole,
        "rows_read": found.rows_read,
        **{outcome.value: found.outcomes[outcome] for outcome in Outcome},
        "set_aside": found.set_aside,
        "profile": found.profile,
        "columns": found.parts_of,
        "dropped": redact_dropped(asdict(one) for one in found.dropped),
        "problems": [redact_fault(fault) for fault in found.faults[:_TOLD]],
        "rows": [_row(context, one, caller) for one in found.rows],
    }


def _row(context: Context, one: Foreseen, caller: Caller) -> dict[str, Any]:
    lists = {official.snapshot: official for official in context.lists.held()}
    record = redact_record(one.record, caller, lists, published=False) or {}
    official = record.get("official") or {}
    return {
        "row": one.row,
        "id": one.own_id,
        "name": record.get("name"),
        "outcome": one.outcome.value,
        "state": one.record.state.value,
        "verdict": record.get("verdict"),
        "probability": record.get("probability"),
        "reason": record.get("reason"),
        "list": (record.get("list") or {}).get("title"),
        "official_id": official.get("id"),
        "official_name": official.get("name"),
    }
