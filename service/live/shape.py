"""Shape: how submissions are read by a saved mapping although each holds only the questions that were answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from geodata.forms.standing import standing
from geodata.forms.submissions import as_submissions
from geodata.personal.door import at_the_door
from service.context import Context
from service.errors import INVALID, Problem
from service.importing.profiles import saved
from service.store.descriptions import Profile
from service.store.passports import Key

Submission = Mapping[str, Any]


def profile_for(context: Context, key: Key, submissions: Sequence[Submission], name: str | None) -> Profile | None:
    """Return the saved mapping of this name, else the last saved that knows every question here, None without one.

    A file fits a mapping when it has all its columns. Submissions are sent without the questions that nobody answered,
    so that here nothing may be there that the mapping does not know. Raises `Problem` (invalid) for an unknown name.
    """
    there = saved(context, key)
    if name is not None:
        found = next((one for one in there if one.name == name), None)
        if found is None:
            names = ", ".join(one.name for one in there) or "none yet"
            detail = f"There is no profile {name!r} of this collection; saved are: {names}."
            raise Problem(INVALID, detail)
        return found
    return next((one for one in there if _knows(one, submissions)), None)


def padded(submissions: Sequence[Submission], profile: Profile | None) -> list[Submission]:
    """Return submissions of which one at least has every question that a mapping reads, answered or not."""
    if profile is None or not submissions:
        return list(submissions)
    return [dict.fromkeys(profile.columns.values()) | dict(submissions[0]), *submissions[1:]]


def _knows(profile: Profile, submissions: Sequence[Submission]) -> bool:
    stands = standing(list(submissions))
    if stands is None:
        return False
    table = as_submissions(stands.table)
    headers = set(table.headers) - set(table.known.values())
    asked = {one.header for one in at_the_door(table, frozenset(profile.columns.values())).dropped}
    known = set(profile.headers)
    return bool(headers & known) and headers - asked <= known
