"""What reviewers and the tool said about a submission: rejected, deleted or undecrypted rows are left out, told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geodata.files.sheet import Table
from geodata.forms.system import Tool
from geodata.rows import RowProblem

#: Marks that keep a submission out, as Kobo (`_validation_status`), ODK (`ReviewState`) and Ushahidi write them.
_REJECTED = "(?i)^(rejected|not approved|validation_status_not_approved|archived)$|validation_status_not_approved"
_NOT_DECRYPTED = "(?i)^(not ?decrypted|missing ?encrypted ?form ?data)$"


def accepted(table: Table, tool: Tool) -> Table:
    """Return the table without the submissions that are not to be read; each of them is told."""
    keep = np.ones(len(table), dtype=bool)
    problems: list[RowProblem] = []
    for header in table.headers:
        name = header.strip().casefold()
        if name in tool.review:
            why = "was rejected in review; it was left out", f"approve it in {tool.name} if it should be read"
            where = _matches(table, header, _REJECTED)
        elif name in tool.state and name.endswith("deletedat"):
            why, where = (
                ("was deleted; it was left out", f"restore it in {tool.name} if it should be read"),
                _said(table, header),
            )
        elif name in tool.state:
            why = "is encrypted and was not decrypted; it was left out", "export again with the passphrase of the form"
            where = _matches(table, header, _NOT_DECRYPTED)
        else:
            continue
        cells = table.columns.column(header)
        problems += [
            RowProblem(int(table.rows[at]), header, str(cells[at].as_py())[:200], *why)
            for at in np.flatnonzero(where & keep).tolist()
        ]
        keep &= ~where
    return replace(table.take(keep), problems=(*table.problems, *problems)) if problems else table


def _matches(table: Table, header: str, pattern: str) -> NDArray[np.bool_]:
    cells = pc.utf8_trim_whitespace(table.columns.column(header).combine_chunks())
    return _flags(pc.match_substring_regex(cells, pattern))


def _said(table: Table, header: str) -> NDArray[np.bool_]:
    cells = pc.utf8_trim_whitespace(table.columns.column(header).combine_chunks())
    return _flags(pc.not_equal(cells, ""))


def _flags(flags: pa.Array) -> NDArray[np.bool_]:
    return np.asarray(pc.fill_null(flags, fill_value=False), dtype=bool)
