"""Which submissions stand: those that were rejected or deleted are known by their own ids, to be taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from geodata.files.sheet import Table
from geodata.forms.documents import submissions_of
from geodata.forms.reviews import accepted
from geodata.forms.system import Tool, tool_of
from geodata.rows import RowProblem


@dataclass(frozen=True, slots=True)
class Standing:
    """Submissions as their tool gave them: row n of `table` has the n-th of `own_ids`."""

    tool: Tool
    table: Table
    own_ids: tuple[str | None, ...]
    gone: Mapping[int, RowProblem]  # position -> why it is not to be kept: rejected, or deleted

    @property
    def gone_ids(self) -> list[str]:
        """The own ids of those that are not to be kept."""
        return [own_id for at in self.gone if (own_id := self.own_ids[at]) is not None]


def standing(document: Any) -> Standing | None:
    """Return how the submissions of a JSON document stand; None when it holds none of a known tool.

    One that was not decrypted is not gone: what was kept of it before is as true as it was.
    """
    table = submissions_of(document)
    tool = None if table is None else tool_of(table.headers)
    if table is None or tool is None:
        return None
    names = {header.strip().casefold(): header for header in table.headers}
    header = next((names[name] for name in tool.own_id if name in names), None)
    own_ids = [None] * len(table) if header is None else table.columns.column(header).to_pylist()
    position = {int(row): at for at, row in enumerate(table.rows.tolist())}
    told = accepted(table, tool).problems[len(table.problems) :]
    gone = {position[one.row]: one for one in told if one.row is not None and _is_gone(one, tool)}
    return Standing(tool, table, tuple(one or None for one in own_ids), gone)


def _is_gone(problem: RowProblem, tool: Tool) -> bool:
    name = (problem.column or "").strip().casefold()
    return name in tool.review or name.endswith("deletedat")
