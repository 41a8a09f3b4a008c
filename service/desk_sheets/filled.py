"""Filled sheets, read back: whatever program saved them, each row that decides something, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from geodata.files.cellwise import Refusal
from geodata.files.dates import date_reader
from geodata.files.sheet import Table, UnreadableTable
from geodata.files.streaming import open_tables
from service.deciding.asking import MOST, Asked
from service.deciding.checking import refused
from service.deciding.decisions import DECISIONS
from service.desk_sheets.columns import NEEDED, QUEUE
from service.errors import INVALID, TOO_LARGE, Mistake, Problem
from service.store.values import FlagStatus
from service.writing.spreadsheets.guarding import as_meant

_READ = ("flag_id", "version", "decision", "reason_code", "note", "official_id", "until")
_LONGEST = {"reason_code": 40, "note": 4_000, "official_id": 200}
_FLAG = re.compile(r"[0-9a-f]{32}")
_VERSION = re.compile(r"(\d{1,9})([.,]0+)?")  # some programs write 3 as 3.0
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")
#: Reads a day as somebody wrote it.
Days = Callable[[str], date | Refusal]

_AGAIN = "Download the sheet again, and fill that one."


@dataclass(frozen=True, slots=True)
class Line:
    """One row that decides something, by its number in the spreadsheet: what it asks for, or why that is not known."""

    row: int
    flag_id: str
    asked: Asked | None = None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Filled:
    """What a file says."""

    rows: int
    undecided: int  # rows that decide nothing
    lines: tuple[Line, ...]  # the others, in their order


def read_filled(path: Path, name: str) -> Filled:
    """Read a filled sheet: XLSX, ODS or CSV as any program saved it.

    Raises `Problem`: invalid where it cannot be read as a table or lacks a column it needs, too large where it decides
    about more than `MOST` flags.
    """
    rows, lines = 0, list[Line]()
    try:
        for table in _tables(path, name):
            rows += len(table)
            lines += [line for line in _lines(table) if line is not None]
            if len(lines) > MOST:
                detail = f"The file decides about more than {MOST:,} flags, the most at once. Cut it into smaller ones."
                raise Problem(TOO_LARGE, detail)
    except UnreadableTable as error:
        message = f"The file cannot be read: {error}."
        hint = f"{error.hint[:1].upper()}{error.hint[1:]}."
        raise Problem(INVALID, message, errors=[Mistake("", message, hint).members()]) from error
    return Filled(rows, rows - len(lines), tuple(lines))


def _tables(path: Path, name: str) -> Iterator[Table]:
    tables = open_tables(path, name, QUEUE)
    try:
        yield next(tables)
    except UnreadableTable:  # another program kept only this sheet, and called it otherwise
        tables = open_tables(path, name)
    yield from tables


def _lines(table: Table) -> Iterator[Line | None]:
    places = {_word(header): at for at, header in enumerate(table.headers)}
    missing = [name for name in NEEDED if name not in places]
    if missing:
        message = f"The file has no column {' and no column '.join(missing)}."
        hint = f"It needs {', '.join(NEEDED)}, as the sheet of the queue has them. {_AGAIN}"
        raise Problem(INVALID, message, errors=[Mistake("", message, hint).members()])
    columns = {name: table.columns.column(places[name]).to_pylist() for name in _READ if name in places}
    days = date_reader(columns.get("until", ()))
    for at, row in enumerate(table.rows.tolist()):
        yield _line(row, {name: _text(values[at]) for name, values in columns.items()}, days)


def _line(row: int, said: Mapping[str, str], days: Days) -> Line | None:
    flag_id, decision, reason = said["flag_id"].casefold(), _word(said["decision"]), _word(said["reason_code"])
    if not decision and not reason:
        return None
    until = days(said["until"]) if said.get("until") else None
    wrong = _unnamed(said, flag_id) or _undecided(said, decision) or _miswritten(said, until)
    if wrong is not None:
        return Line(row, flag_id[:100], problem=wrong)
    version = _VERSION.fullmatch(said["version"])
    asked = Asked(
        where=f"row {row}",
        flag_id=flag_id,
        version=int(version[1]) if version else 0,
        decision=FlagStatus(decision),
        reason_code=reason,
        note=said.get("note") or None,
        official_id=said.get("official_id") or None,
        until=until if isinstance(until, date) else None,
    )
    return Line(row, flag_id, asked)


def _unnamed(said: Mapping[str, str], flag_id: str) -> Problem | None:
    if not _FLAG.fullmatch(flag_id):
        message = f"{said['flag_id'][:60]!r} is not the identifier of a flag." if flag_id else "No flag is named."
        return refused("/flag_id", message, _AGAIN)
    if not _VERSION.fullmatch(said["version"]):
        message = f"{said['version'][:60]!r} is no version." if said["version"] else "The version is missing."
        return refused("/version", message, _AGAIN)
    return None


def _undecided(said: Mapping[str, str], decision: str) -> Problem | None:
    if decision in set(DECISIONS):
        return None
    message = f"{said['decision'][:60]!r} is no decision." if decision else "A reason is given, but no decision."
    return refused("/decision", message, f"Choose one of {', '.join(DECISIONS)}.")


def _miswritten(said: Mapping[str, str], until: date | Refusal | None) -> Problem | None:
    if isinstance(until, Refusal):
        return refused("/until", f"{said['until'][:60]!r} {until.message}.", "Write it as 2026-03-31.")
    for name, most in _LONGEST.items():
        text = said.get(name, "")
        if len(text) > most:
            return refused(f"/{name}", f"This has {len(text):,} characters.", f"Write at most {most:,}.")
        if _UNSEEN.search(text):
            message = "This holds a character that cannot be seen, such as NUL."
            return refused(f"/{name}", message, "Type it again instead of copying it.")
    return None


def _text(cell: str | None) -> str:
    return as_meant(" ".join((cell or "").split()))


def _word(text: str) -> str:
    """Return a word as codes are written: "Matched existing" is matched_existing."""
    return re.sub(r"[\s_-]+", "_", text.strip().casefold())
