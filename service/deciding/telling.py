"""Telling: why one decision of many was refused, in one place each, for tables and for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from service.errors import Problem


def refusal_told(problem: Problem | None) -> dict[str, Any] | None:
    """Return why one was refused: where that lies and how it is mended, of several things wrong the first."""
    if problem is None:
        return None
    errors: Sequence[dict[str, str]] = problem.extra.get("errors") or ({},)
    return {
        "code": problem.kind.code,
        "status": problem.kind.status,
        "detail": problem.detail,
        "column": errors[0].get("pointer", "").strip("/") or None,
        "hint": errors[0].get("hint") or problem.kind.hint,
    }
