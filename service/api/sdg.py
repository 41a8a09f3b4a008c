"""Goals, targets and indicators of the 2030 Agenda, as numbered in the global indicator framework (A/RES/71/313)."""

from __future__ import annotations

import re

#: Goal -> (number of outcome targets, last letter of its means of implementation).
_TARGETS: dict[int, tuple[int, str]] = {
    1: (5, "b"),
    2: (5, "c"),
    3: (9, "d"),
    4: (7, "c"),
    5: (6, "c"),
    6: (6, "b"),
    7: (3, "b"),
    8: (10, "b"),
    9: (5, "c"),
    10: (7, "c"),
    11: (7, "c"),
    12: (8, "c"),
    13: (3, "b"),
    14: (7, "c"),
    15: (9, "c"),
    16: (10, "b"),
    17: (19, ""),
}

_FORM = re.compile(r"(\d{1,2})(?:\.(\d{1,2}|[a-d])(?:\.([1-9]))?)?")

PATTERN = r"^\d{1,2}(\.(\d{1,2}|[a-d])(\.[1-9])?)?$"


def is_sdg(code: str) -> bool:
    """Return whether this is a goal ("11"), a target ("11.1", "16.b") or could be an indicator ("11.1.1") of one."""
    form = _FORM.fullmatch(code)
    if form is None or int(form[1]) not in _TARGETS or form[1].startswith("0"):
        return False
    outcomes, last = _TARGETS[int(form[1])]
    target = form[2]
    if target is None:
        return True
    if target.isdigit():
        return not target.startswith("0") and int(target) <= outcomes
    return target <= last
