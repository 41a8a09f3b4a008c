"""A table of capture histories, as a statistician has it: a column of 0 and 1 for each list, and how many there are."""

from __future__ import annotations

from pathlib import Path

from geodata.files.tables import Table, read_table
from matchers.coverage.histories import Histories, History, Impossible
from service.errors import INVALID, Problem

_COUNT = frozenset({"count", "n", "number", "freq", "frequency"})
_STRATUM = frozenset({"stratum", "strata"})


def read_histories(path: Path) -> dict[str, Histories]:
    """Return the histories of each stratum by name; of a table without strata, all under the empty name.

    Columns: one per list, of 0 and 1; `count`, without which each row is one; `stratum` if there are any. Raises
    `UnreadableTable` when the file cannot be read, `Problem` (invalid) for cells that are no histories.
    """
    table = read_table(path)
    count = next((header for header in table.headers if header.casefold() in _COUNT), None)
    stratum = next((header for header in table.headers if header.casefold() in _STRATUM), None)
    lists = [header for header in table.headers if header not in {count, stratum}]
    parts: dict[str, dict[History, int]] = {}
    counts = _texts(table, count) if count else ["1"] * len(table)
    names = _texts(table, stratum) if stratum else [""] * len(table)
    columns = [_texts(table, name) for name in lists]
    for row, number, name, *digits in zip(table.rows.tolist(), counts, names, *columns, strict=True):
        if not any((number if count else "", *digits)):
            continue
        history = _history(path, row, digits)
        seen = parts.setdefault(name, {})
        seen[history] = seen.get(history, 0) + _number(path, row, number)
    if not parts:
        detail = f"{path.name} holds no histories; write a column of 0 and 1 for each list, and a column `count`."
        raise Problem(INVALID, detail)
    try:
        return {
            name: Histories.of(lists, {key: n for key, n in seen.items() if any(key) or n})
            for name, seen in parts.items()
        }
    except Impossible as impossible:
        detail = f"{path.name}: {impossible}; {impossible.hint}."
        raise Problem(INVALID, detail) from impossible


def _history(path: Path, row: int, digits: list[str]) -> History:
    if not set(digits) <= {"0", "1"}:
        wrong = next(digit for digit in digits if digit not in {"0", "1"})
        detail = (
            f"{path.name}, row {row}: {wrong[:40]!r} says neither 0 nor 1. Write 1 where the list names the community "
            "and 0 where not; the column of numbers is called `count`, that of strata `stratum`."
        )
        raise Problem(INVALID, detail)
    return tuple(map(int, digits))


def _number(path: Path, row: int, text: str) -> int:
    try:
        number = int(text.replace(",", "").replace(" ", ""))
    except ValueError:
        number = -1
    if number < 0:
        detail = f"{path.name}, row {row}: a count is a whole number, 0 or more, and {text[:40]!r} is not."
        raise Problem(INVALID, detail)
    return number


def _texts(table: Table, header: str) -> list[str]:
    return [(cell or "").strip() for cell in table.columns[header].to_pylist()]
