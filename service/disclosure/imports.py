"""Imports as their own organisation and admins see them; to everybody else there are none."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from service.store.import_problems import Fault
from service.store.imports import Import


def redact_import(job: Import) -> dict[str, Any]:
    """Return an import, member by member."""
    return {
        "id": job.id,
        "organisation": job.organisation,
        "collection": job.collection,
        "file": job.file_name,
        "mode": job.mode.value,
        "state": job.state.value,
        "cancelling": job.cancelling and job.open,
        "rows_read": job.rows_read,
        "kept": job.kept,
        "created": job.created,
        "revised": job.revised,
        "unchanged": job.unchanged,
        "set_aside": job.set_aside,
        "quarantined": job.quarantined,
        "withdrawn": job.withdrawn,
        "verified": job.verified,
        "problems": job.problems,
        "errors": f"/v1/imports/{job.id}/errors" if job.problems else None,
        "profile": job.plan["profile"],
        "columns": dict(job.parts_of),
        "dropped": redact_dropped(job.dropped),
        "stopped": _stopped(job),
        "created_at": job.created_at,
        "updated_at": job.updated_at,
        "ended_at": job.ended_at,
    }


def redact_dropped(dropped: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the columns that were not kept because they are about people; never a value of them."""
    names = ("header", "rule", "label", "why", "cells")
    return [{name: one[name] for name in names} for one in dropped]


def redact_fault(fault: Fault) -> dict[str, Any]:
    """Return one thing that was wrong in a file."""
    names = ("row", "column", "value", "message", "hint", "kept", "proposal")
    return {name: getattr(fault, name) for name in names}


def _stopped(job: Import) -> dict[str, str] | None:
    if job.stopped is None:
        return None
    return {name: job.stopped[name] for name in ("detail", "hint", "code")}
