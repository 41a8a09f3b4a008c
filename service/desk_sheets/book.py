"""The workbook of the queue: flags to decide about with lists to choose from, how it is filled, and the codes."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import zip_longest
from typing import Any, TypeAlias

import xlsxwriter

from service.deciding.decisions import DECISIONS
from service.desk_sheets.columns import QUEUE, Column, columns
from service.reasons.codes import LANGUAGES, Reason, ReasonCodes, reason_codes
from service.writing.formats import Row, cell, unformulated

_README, _CODES = "README", "codes"
_FILLED = "#FFF7D6"  # where people write
_LAST = 1_048_575  # row of a sheet, from 0
_LONGEST_NOTE = 4_000
_NUMBERS = {
    **dict.fromkeys(("lat", "lon"), "0.000000"),
    **dict.fromkeys(("probability", "candidate_probability"), "0.000"),
}
#: Of the library, which ships no types.
_Sheet: TypeAlias = Any
_Styles: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Made:
    """How a sheet was made: what its README says of it."""

    at: datetime
    asked: Mapping[str, str] = field(default_factory=dict)  # filters, by name
    blind: bool = False
    most: int = 0  # rows it could hold
    codes: ReasonCodes = field(default_factory=reason_codes)


def book(rows: Iterable[Row], made: Made) -> bytes:
    """Return rows as XLSX with the sheets `queue`, `README` and `codes`. Needs little memory for any number.

    The columns that people fill have lists to choose from; the others are locked, without a password. Nothing in it is
    a formula.
    """
    out = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "in_memory": False}
    workbook = xlsxwriter.Workbook(out, options)
    workbook.set_properties({"title": "Queue", "created": made.at.astimezone(UTC).replace(tzinfo=None)})
    sheets = [workbook.add_worksheet(name) for name in (QUEUE, _README, _CODES)]
    styles = _styles(workbook)
    shown = columns(blind=made.blind)
    number = _fill(sheets[0], shown, rows, styles)
    _offer(sheets[0], shown, made)
    _explain(sheets[1], made, number, styles)
    _list_codes(sheets[2], made.codes, styles)
    workbook.close()
    return out.getvalue()


def _styles(workbook: Any) -> dict[str, Any]:
    plain = {"valign": "top"}
    return {
        "head": workbook.add_format({"bold": True, "bottom": 1, "valign": "top", "text_wrap": True}),
        "head_filled": workbook.add_format(
            {"bold": True, "bottom": 1, "valign": "top", "text_wrap": True, "bg_color": _FILLED}
        ),
        "text": workbook.add_format({**plain, "text_wrap": True, "num_format": "@"}),
        "number": workbook.add_format(plain),
        **{name: workbook.add_format({**plain, "num_format": form}) for name, form in _NUMBERS.items()},
        "filled": workbook.add_format({**plain, "bg_color": _FILLED, "locked": False, "num_format": "@"}),
        "until": workbook.add_format({**plain, "bg_color": _FILLED, "locked": False, "num_format": "yyyy-mm-dd"}),
        "key": workbook.add_format({"font_color": "#808080", "valign": "top", "num_format": "@"}),
        "title": workbook.add_format({"bold": True, "font_size": 14}),
    }


def _fill(sheet: _Sheet, shown: tuple[Column, ...], rows: Iterable[Row], styles: _Styles) -> int:
    for at, column in enumerate(shown):
        sheet.set_column(at, at, column.width, None if column.filled else styles["number"])
        sheet.write_string(0, at, column.name, styles["head_filled" if column.filled else "head"])
    number = 0
    for number, row in enumerate(rows, start=1):
        for at, column in enumerate(shown):
            _write(sheet, (number, at), column, (row.get(column.name), styles))
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(number, 1), len(shown) - 1)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    allowed = ("autofilter", "sort", "format_columns", "format_rows", "format_cells")
    sheet.protect("", dict.fromkeys(allowed, True))
    return number


def _write(sheet: _Sheet, where: tuple[int, int], column: Column, of: tuple[Any, _Styles]) -> None:
    value, styles = of
    if column.filled:
        sheet.write_blank(*where, None, styles["until" if column.name == "until" else "filled"])
    elif isinstance(value, int | float):
        sheet.write_number(*where, value, styles.get(column.name, styles["number"]))
    elif value is not None:
        style = styles["key" if column.name == "flag_id" else "text"]
        sheet.write_string(*where, unformulated(cell(value)), style)


def _offer(sheet: _Sheet, shown: tuple[Column, ...], made: Made) -> None:
    places = {column.name: at for at, column in enumerate(shown)}
    known = len(_offered(made.codes))
    for name, source, told in (
        ("decision", f"={_CODES}!$A$2:$A${len(DECISIONS) + 1}", "What the flag becomes. Empty: nothing is decided."),
        ("reason_code", f"={_CODES}!$D$2:$D${known + 1}", "Why. The sheet of codes says which goes with what."),
    ):
        at, title = places[name], name.replace("_", " ").capitalize()
        chosen = {"validate": "list", "source": source, "input_title": title, "input_message": told}
        refused = {"error_title": title, "error_message": "Choose one of the list; the sheet of codes explains them."}
        sheet.data_validation(1, at, _LAST, at, chosen | refused)
    at = places["until"]
    day = {"validate": "date", "criteria": ">", "value": made.at.date(), "error_title": "Until"}
    sheet.data_validation(1, at, _LAST, at, day | {"error_message": "A day that is ahead, such as 2026-12-31."})
    limit = {"validate": "length", "criteria": "<=", "value": _LONGEST_NOTE, "error_title": "Note"}
    at = places["note"]
    sheet.data_validation(1, at, _LAST, at, limit | {"error_message": "At most 4,000 characters."})


def _explain(sheet: _Sheet, made: Made, number: int, styles: _Styles) -> None:
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 100)
    sheet.write_string(0, 0, "How to fill this sheet", styles["title"])
    for at, (name, told) in enumerate(_told(made, number), start=2):
        sheet.write_string(at, 0, unformulated(name), styles["head"])
        sheet.write_string(at, 1, unformulated(told), styles["text"])
    sheet.protect()


def _told(made: Made, number: int) -> list[tuple[str, str]]:
    asked = "; ".join(f"{name} = {value}" for name, value in made.asked.items()) or "everything that waits"
    left = f"There are more: it holds {made.most:,} at most. Narrow what you ask for." if number == made.most else ""
    steps = (
        (
            "Keep it safe",
            "It holds names and exact places that are not public. Do not send it on; delete it when done.",
        ),
        ("Made", f"{made.at.astimezone(UTC):%Y-%m-%d %H:%M} UTC, {number:,} flags. {left}".strip()),
        ("Asked for", asked + ("; blind: what the machine and others think is left out" if made.blind else "")),
        ("1", "Choose a decision and a reason in the yellow columns. A row without a decision is passed over."),
        ("2", "Where it is an entry of the list, choose matched_existing and copy its identifier into official_id."),
        ("3", "Save, as XLSX or CSV, and send it back: first as a preview, which tells what would become of each row."),
        ("4", "Rows may be sorted and removed, and columns too, but for the yellow ones, flag_id and version."),
        ("Locked", "The other columns are locked against slips, without a password (Review, Unprotect Sheet)."),
        (
            "Quicker",
            "Who decides about a flag before you makes your row old: it is refused, and you are told who and when.",
        ),
        ("", ""),
    )
    shown = columns(blind=made.blind)
    return [*steps, ("Column", "What stands in it"), *((column.name, column.meaning) for column in shown)]


def _list_codes(sheet: _Sheet, codes: ReasonCodes, styles: _Styles) -> None:
    for at, width in enumerate((20, 52, 3, 26, 60, 14, *(46 for _ in LANGUAGES))):
        sheet.set_column(at, at, width)
    heads = {0: "decision", 1: "what it says", 3: "reason_code", 4: "goes with", 5: "needs", **_in_languages(str)}
    for at, head in heads.items():
        sheet.write_string(0, at, head, styles["head"])
    decisions: list[dict[int, str]] = [{0: decision.value, 1: meaning} for decision, meaning in DECISIONS.items()]
    reasons: list[dict[int, str]] = [
        {3: one.code, 4: ", ".join(_goes_with(one)), 5: ", ".join(one.needs), **_in_languages(one.label)}
        for one in _offered(codes)
    ]
    none: dict[int, str] = {}
    for row, (left, right) in enumerate(zip_longest(decisions, reasons, fillvalue=none), start=1):
        for at, told in {**left, **right}.items():
            sheet.write_string(row, at, unformulated(told), styles["text"])
    sheet.freeze_panes(1, 0)
    sheet.protect()


def _offered(codes: ReasonCodes) -> list[Reason]:
    """Return the reasons for decisions that a sheet takes."""
    return [reason for reason in codes.reasons.values() if _goes_with(reason)]


def _goes_with(reason: Reason) -> list[str]:
    return [decision.value for decision in DECISIONS if decision.value in reason.decisions]


def _in_languages(told: Callable[[str], str]) -> dict[int, str]:
    return {at: told(language) for at, language in enumerate(LANGUAGES, start=6)}
