"""The command that shows what of a file would not be kept because it is about one person, and why."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from geodata.files.tables import read_table
from geodata.personal.door import Admitted, at_the_door
from geodata.personal.rule import Rule, rules
from geodata.personal.tables import marks_of
from service.cli import terminal

_HEADERS = 5  # of one rule; the page of the rules has all


def personal(
    file: Annotated[Path | None, typer.Argument(help="Your records: CSV, TSV, XLSX, GeoJSON or Parquet.")] = None,
    *,
    sheet: Annotated[str | None, typer.Option(help="The sheet of a workbook.")] = None,
) -> None:
    """Show what of a file would not be kept, because it is about one person: columns dropped, words blotted out.

    Nothing is stored and nothing is sent; no value is printed. Without a file, the rules.

    Examples: **uncounted personal villages.xlsx**

    **uncounted personal**
    """
    if file is None:
        _rules()
    else:
        _show(file.name, at_the_door(read_table(file, sheet=sheet)))


def _rules() -> None:
    by = rules()
    terminal.table(
        "Never kept",
        ("rule", "what it is", "in texts", "headers such as"),
        (
            (rule.id, rule.label, Text(", ".join(marks_of(rule, by)) or terminal.NOTHING), _headers(rule))
            for rule in by.rules.values()
        ),
    )


def _headers(rule: Rule) -> str:
    if rule.headers:
        return ", ".join(rule.headers[:_HEADERS])
    return "any; the cells tell" if rule.cells else terminal.NOTHING


def _show(name: str, admitted: Admitted) -> None:
    if not admitted.dropped and not admitted.notices:
        terminal.out.print(f"Nothing in {name} is about one person, as far as the rules can tell.", markup=False)
        return
    if admitted.dropped:
        terminal.table(
            "Columns that are not kept",
            ("column", "rule", "told by", "cells", "why"),
            (
                (Text(one.header), one.rule, "its header" if one.by_header else "its cells", f"{one.cells:,}", one.why)
                for one in admitted.dropped
            ),
        )
    if admitted.notices:
        found = Counter((notice.column, notice.message) for notice in admitted.notices)
        first = {(notice.column, notice.message): notice.row for notice in reversed(admitted.notices)}
        terminal.table(
            "Blotted out of texts",
            ("column", "cells", "first row", "what"),
            (
                (Text(column or ""), f"{count:,}", str(first[column, message]), message)
                for (column, message), count in found.most_common()
            ),
        )
    terminal.out.print("All other columns are kept as they are. The rules: uncounted personal", markup=False)
