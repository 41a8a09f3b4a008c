"""Protect a table: primary and secondary suppression, held against every reader, or nothing told at all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from service.disclosure.tables.pattern import Task, exact, found_one_by_one, tidied
from service.disclosure.tables.primary import primary
from service.disclosure.tables.table import Flags, Table, Unsolvable

#: Organisations for whom the pattern is made, those that sent most. What the others need is added to it.
_FOREMOST = 3


@dataclass(frozen=True, eq=False)
class Protected:
    """What may be told of a table, by cell. `failed` says why nothing is."""

    told: Flags
    primary: Flags
    secondary: Flags
    failed: str | None = None


def protect(table: Table) -> Protected:
    """Return which cells may be told, so that no reader can bound a sensitive one more tightly than by K.

    Readers are anybody, and every organisation that sent some of it and takes that off. Cells that everybody knows are
    told in any case. Where the solver gives no answer, or a pattern does not hold, nothing else is.
    """
    sensitive = primary(table)
    hidden = sensitive | table.mask(table.unlisted)
    if not sensitive.any() or (hidden | table.closed).all():  # nothing to hide, or nothing left to tell
        return Protected(~hidden | table.closed, sensitive, np.zeros_like(sensitive))
    try:
        readers = _readers(table)
        anybody, *foremost = (Task.of(table, sensitive, reader) for reader in (None, *readers[:_FOREMOST]))
        withheld = exact(anybody)
        if withheld is None or anybody.exposed(withheld | hidden).any():
            withheld = found_one_by_one(anybody, hidden)
        withheld = withheld | hidden
        for task in foremost:
            withheld = found_one_by_one(task, withheld)
        withheld = tidied([anybody, *foremost], withheld)
        late = []
        for reader in readers[_FOREMOST:]:
            # From whom as much is kept as from anybody, enough is kept, now and with more withheld.
            if anybody.read_by(reader).exposed(withheld).any():
                late.append(Task.of(table, sensitive, reader))
                withheld = found_one_by_one(late[-1], withheld)
        if any(task.exposed(withheld).any() for task in (anybody, *foremost, *late)):
            return _nothing(table, sensitive, "no pattern of withheld cells protects every sensitive one")
    except Unsolvable as error:
        return _nothing(table, sensitive, f"the solver gave no answer: {error}")
    withheld &= ~table.closed
    return Protected(~withheld, sensitive, withheld & ~hidden)


def _readers(table: Table) -> list[str]:
    """Return the organisations, those that sent most first; of those that sent the same of every cell, one."""
    ranked = sorted(table.held, key=lambda name: (-int(table.held[name].sum()), name))
    different: dict[bytes, str] = {}
    for name in ranked:
        if table.held[name].any():
            different.setdefault(table.held[name].tobytes(), name)
    return list(different.values())


def _nothing(table: Table, sensitive: Flags, reason: str) -> Protected:
    return Protected(table.closed, sensitive, np.asarray(~table.closed & ~sensitive), reason)
