"""Exports in several tables: Kobo's workbooks with a sheet, and ODK's archives with a file, for each repeat."""

from __future__ import annotations

from collections.abc import Mapping

from geodata.files.hxl import without_tags
from geodata.files.sheet import Table
from geodata.forms.repeats import Repeat, with_repeats

#: Names of sheets are cut at so many letters.
_SHEET_NAME = 31


def is_first_sheet(table: Table) -> bool:
    """Tell whether a sheet is the submissions of a Kobo workbook, whose repeats stand on other sheets."""
    return "_index" in table.headers and "_parent_index" not in table.headers


def join_sheets(first: str, table: Table, others: Mapping[str, Table]) -> Table:
    """Return the submissions on the sheet `first` with what the sheets of their repeats say."""
    table = without_tags(table)
    where = _places(table, "_index")
    repeats = []
    for name, raw in others.items():
        sheet = without_tags(raw)
        if "_parent_index" not in sheet.headers:
            continue
        parents = _cells(sheet, "_parent_index")
        tables = _cells(sheet, "_parent_table_name") if "_parent_table_name" in sheet.headers else [first] * len(sheet)
        belong = [
            where.get(parent) if parent and (of or first)[:_SHEET_NAME] == first[:_SHEET_NAME] else None
            for parent, of in zip(parents, tables, strict=True)
        ]
        repeats.append(Repeat(name, sheet, belong))
    return with_repeats(table, repeats)


def join_files(tables: Mapping[str, Table]) -> Table | None:
    """Return the submissions of an ODK archive with what the files of their repeats say; None for other archives."""
    mains = [name for name, table in tables.items() if "KEY" in table.headers and "PARENT_KEY" not in table.headers]
    if len(mains) != 1 or not all("PARENT_KEY" in table.headers for name, table in tables.items() if name != mains[0]):
        return None
    main = tables[mains[0]]
    where = _places(main, "KEY")
    stem = mains[0].removesuffix(".csv")
    repeats = [
        Repeat(
            name.removesuffix(".csv").removeprefix(f"{stem}-"),
            table,
            [where.get(parent) if parent else None for parent in _cells(table, "PARENT_KEY")],
        )
        for name, table in tables.items()
        if name != mains[0]
    ]
    return with_repeats(main, repeats)


def _places(table: Table, header: str) -> dict[str, int]:
    return {key: at for at, key in enumerate(_cells(table, header)) if key}


def _cells(table: Table, header: str) -> list[str | None]:
    return table.columns.column(header).to_pylist()  # type: ignore[no-any-return]
