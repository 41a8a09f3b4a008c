"""Goals, targets and indicators of the 2030 Agenda, as numbered in the global indicator framework.

The framework is that of A/RES/71/313 with the refinements of the Statistical Commission through 2024 (248 indicators,
of which some stand under several targets). Rules state the year they were written for (`YEAR`).
"""

from __future__ import annotations

import re

#: The list of indicators that the numbers here are of.
YEAR = 2024

#: Goal -> how many indicators each of its outcome targets has, then each of its means of implementation; a digit each.
_INDICATORS: dict[int, tuple[str, str]] = {
    1: ("12124", "21"),
    2: ("23212", "211"),
    3: ("225222123", "1312"),
    4: ("2211111", "111"),
    5: ("122122", "211"),
    6: ("112221", "11"),
    7: ("211", "11"),
    8: ("1112211212", "11"),
    9: ("22212", "111"),
    10: ("1112114", "111"),
    11: ("1121322", "120"),
    12: ("12121111", "111"),
    13: ("321", "11"),
    14: ("1111111", "111"),
    15: ("211211111", "111"),
    16: ("4332222112", "11"),
    17: ("2121111111111111132", ""),
}

#: Numbers that an indicator had before a refinement and that no indicator has now -> its present number.
RETIRED = {"17.6.2": "17.6.1"}  # 2020: 17.6.1 was deleted, and the indicator after it moved up

#: Present number -> numbers it had before, those included that another indicator bears today.
FORMERLY = {
    "17.6.1": ("17.6.2",),  # until the comprehensive review of 2020
    "13.1.1": ("13.1.2",),  # until the framework was adopted in 2017, which put the first two in the other order
    "13.1.2": ("13.1.1",),
    "11.b.1": ("11.b.2",),  # likewise
    "11.b.2": ("11.b.1",),
}

_FORM = re.compile(r"(\d{1,2})(?:\.(\d{1,2}|[a-d])(?:\.([1-9]))?)?")

PATTERN = r"^\d{1,2}(\.(\d{1,2}|[a-d])(\.[1-9])?)?$"


def is_sdg(code: str) -> bool:
    """Return whether this is a goal ("11"), a target ("11.1", "16.b") or could be an indicator ("11.1.1") of one.

    An indicator need not be of this year's list: records keep the numbers of theirs.
    """
    return _counted(code) is not None


def is_current(code: str) -> bool:
    """Return whether this is a goal, a target, or an indicator of the list of `YEAR`."""
    target = code.rpartition(".")[0]
    return is_sdg(code) and ("." not in target or code in indicators(target))


def current(code: str) -> str:
    """Return the present number of an indicator whose old one is no longer in use; any other code as it is."""
    return RETIRED.get(code, code)


def within(code: str, wider: str) -> bool:
    """Return whether a code is another, or stands under it: 11.1.1 is within 11.1 and 11."""
    return code == wider or code.startswith(f"{wider}.")


def indicators(target: str) -> tuple[str, ...]:
    """Return the indicators of a target, in the list of `YEAR`; none for what is no target."""
    number = _counted(target) if target.count(".") == 1 else None
    return tuple(f"{target}.{place}" for place in range(1, (number or 0) + 1))


def targets() -> tuple[str, ...]:
    """Return every target, in the order of the Agenda."""
    return tuple(
        f"{goal}.{name}"
        for goal, (outcomes, means) in _INDICATORS.items()
        for name in [*map(str, range(1, len(outcomes) + 1)), *"abcd"[: len(means)]]
    )


def order(code: str) -> tuple[tuple[int, str], ...]:
    """Return what codes are sorted by: 2.1 before 10.1, and outcomes before means of implementation."""
    return tuple((int(part), "") if part.isdigit() else (99, part) for part in code.split("."))


def _counted(code: str) -> int | None:
    """Return how many indicators the target of a code has, 0 for a goal; None where there is no such target or goal."""
    form = _FORM.fullmatch(code)
    if form is None or form[1].startswith("0") or int(form[1]) not in _INDICATORS:
        return None
    outcomes, means = _INDICATORS[int(form[1])]
    target = form[2]
    if target is None:
        return 0
    if target.startswith("0"):
        return None
    counted = outcomes if target.isdigit() else means
    place = int(target) if target.isdigit() else "abcd".index(target) + 1
    return int(counted[place - 1]) if place <= len(counted) else None
