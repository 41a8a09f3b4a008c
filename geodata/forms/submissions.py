"""The table of a survey tool's export as a plain table: what the tool added left out or understood, answers kept.

The own id is the tool's, the one that survives an edit; submissions that were rejected or could not be decrypted are
left out and told.
"""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from geodata.files.headers import assign
from geodata.files.sheet import Table
from geodata.forms.choices import with_choices
from geodata.forms.points import with_locations
from geodata.forms.reviews import accepted
from geodata.forms.system import belongs_to, tool_of


def as_submissions(table: Table) -> Table:
    """Return the export of a survey tool as a plain table; any other table as it is."""
    tool = tool_of(table.headers)
    if tool is None:
        return table
    table = with_choices(with_locations(accepted(table, tool)))
    own, moment = _first(table, tool.own_id), _first(table, tool.moment)
    keep = [header for header in table.headers if header in {own, moment} or not belongs_to(tool, header)]
    columns = table.columns.select(keep)
    known = dict(table.known)
    if own is not None:
        known["id"] = own
    if moment is not None:
        questions = [header for header in keep if header != moment]
        if "observed" in assign(questions).single:
            columns = columns.drop_columns([moment])
        else:
            known["observed"] = moment
    return replace(table, columns=columns if columns.num_columns else _blank(len(table)), known=known)


def _blank(length: int) -> pa.Table:
    return pa.table({"submission": pa.nulls(length, pa.string())})


def _first(table: Table, names: tuple[str, ...]) -> str | None:
    by_name = {header.strip().casefold(): header for header in reversed(table.headers)}
    return next((by_name[name] for name in names if name in by_name), None)
