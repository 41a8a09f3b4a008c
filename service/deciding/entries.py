"""Entries: whether communities are said to be entries that their lists hold, asked for many at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from matchers.memory.decisions import rows_of
from service.context import Context
from service.deciding.checking import refused
from service.errors import Problem
from service.official.longlists import Listed, pieces
from service.store.values import Flag


def unlisted(context: Context, said: Sequence[tuple[Flag, str]]) -> dict[int, Problem]:
    """Return, by position, what is wrong with the entry that each flag's community is said to be; right ones lack."""
    current = {official.source: official for official in context.lists.current()} if said else {}
    by_source: defaultdict[str | None, list[int]] = defaultdict(list)
    for position, (flag, _) in enumerate(said):
        by_source[flag.source].append(position)
    found: dict[int, Problem] = {}
    for source, positions in by_source.items():
        official = current.get(source or "")
        if official is None:
            named = (
                f"There is no official list {source!r} in use." if source else "This flag is about no official list."
            )
            found |= dict.fromkeys(positions, refused("/official_id", named, "Leave the entry out."))
            continue
        wrong = set(positions) - _listed(official, said, positions)
        found |= {position: _no_entry(official, *said[position]) for position in wrong}
    return found


def _listed(official: Listed, said: Sequence[tuple[Flag, str]], positions: Sequence[int]) -> set[int]:
    """Return the positions whose entry is among those that the community is compared with."""
    owners = [(position, member) for position in positions for member in said[position][0].members]
    listed: set[int] = set()
    for one, of in pieces(official, [member.account for _, member in owners]):
        near = {owners[at][0] for at in of}
        known = rows_of(one.index.places, sorted({said[position][1] for position in near}))
        listed |= {position for position in near if said[position][1] in known}
    return listed


def _no_entry(official: Listed, flag: Flag, entry: str) -> Problem:
    shown = [str(one["official_id"]) for finding in flag.record.findings[:1] for one in finding.candidates]
    # A spreadsheet takes the zeros in front of a code for nothing.
    same = next((one for one in shown if one.lstrip("0") == entry.lstrip("0")), None)
    guess = f"Perhaps {same} is meant" if same else f"Its candidates are {', '.join(shown)}" if shown else None
    hint = "Write the identifier as the list has it, as text."
    return refused("/official_id", f"{official.title} has no entry {entry}.", f"{guess}. {hint}" if guess else hint)
