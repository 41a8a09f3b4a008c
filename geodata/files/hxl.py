"""The row of HXL tags (`#adm1+code`) that humanitarian files carry under the header."""

from __future__ import annotations

import numpy as np

from geodata.files.sheet import Table


def without_tags(table: Table) -> Table:
    """Return the table without the row of tags, where it begins with one."""
    if not len(table):
        return table
    first = [(column[0].as_py() or "").strip() for column in table.columns.columns]
    tags = [cell for cell in first if cell]
    if not tags or not all(cell.startswith("#") and cell[1:2].isalpha() for cell in tags):
        return table
    keep = np.arange(len(table)) > 0
    return table.take(keep)
