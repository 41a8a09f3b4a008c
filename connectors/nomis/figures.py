"""Rows of a table as observations: a value, or the reason its status gives in a letter and in words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation

from connectors.nomis.answers import SOURCE, Definition
from connectors.observations import Observation
from connectors.outcomes import agreed_shape
from geodata.cells import Cell, CellStatus

_NORMAL, _MISSING = "A", "Q"

#: By the words of OBS_STATUS_NAME; the letters are not all documented.
_WORDS = (
    ("suppress", CellStatus.SUPPRESSED),
    ("disclos", CellStatus.SUPPRESSED),
    ("confidential", CellStatus.SUPPRESSED),
    ("not applicable", CellStatus.NOT_APPLICABLE),
    ("missing", CellStatus.NOT_AVAILABLE),
    ("not available", CellStatus.NOT_AVAILABLE),
    ("provisional", CellStatus.PROVISIONAL),
    ("revised", CellStatus.REVISED),
    ("estimate", CellStatus.ESTIMATED),
)
_WITHHELD = frozenset({CellStatus.SUPPRESSED, CellStatus.NOT_APPLICABLE, CellStatus.NOT_AVAILABLE})

_GSS = re.compile(r"[A-Z]\d{8}")
_SEVERAL_COUNTRIES = ("K03", "K04")  # Great Britain, England and Wales
_PERSONS = frozenset({"persons", "people"})


def columns(definition: Definition) -> tuple[str, ...]:
    """Return the columns to ask for, in the order they come back."""
    fixed = ("DATE", "GEOGRAPHY_CODE", "GEOGRAPHY_NAME", "MEASURES", "MEASURES_NAME")
    named = [name for dimension in definition.dimensions for name in (dimension, f"{dimension}_NAME")]
    return (*fixed, *named, "OBS_VALUE", "OBS_STATUS", "OBS_STATUS_NAME", "RECORD_COUNT")


def read_cell(value: str, status: str, words: str) -> Cell:
    """Return a cell. Raises `ValueError` when the value is no number; a status nobody explained is unreliable."""
    raw = value if status == _NORMAL else f"{value} {status} {words}".strip()
    meant = next((meaning for word, meaning in _WORDS if word in words.casefold()), None)
    if status == _MISSING and meant not in _WITHHELD:
        meant = CellStatus.NOT_AVAILABLE
    if meant in _WITHHELD:
        return Cell(None, meant, raw)
    if not value:
        return Cell(None, CellStatus.NOT_AVAILABLE, raw or "empty")
    try:
        number = Decimal(value)
    except InvalidOperation as error:
        msg = f"{value!r} is no number"
        raise ValueError(msg) from error
    if status == _NORMAL:
        meant = CellStatus.OBSERVED if number else CellStatus.TRUE_ZERO
    return Cell(number, meant or CellStatus.UNRELIABLE, raw)


def observe(rows: Sequence[Mapping[str, str]], definition: Definition) -> list[Observation]:
    """Return the rows as observations. Raises `SourceChanged`."""
    with agreed_shape(SOURCE, "a row of the table"):
        return [_observation(row, definition) for row in rows]


def legend(rows: Sequence[Mapping[str, str]], definition: Definition) -> tuple[str, ...]:
    """Return what each indicator is called, one sentence each."""
    told = {
        _indicator(row, definition): "; ".join(
            [*(row[f"{one}_NAME"] for one in definition.dimensions), row["MEASURES_NAME"]]
        )
        for row in rows
    }
    return tuple(f"{indicator}: {words}" for indicator, words in sorted(told.items()))


def _observation(row: Mapping[str, str], definition: Definition) -> Observation:
    code = row["GEOGRAPHY_CODE"]
    units = "persons" if definition.units.casefold() in _PERSONS else definition.units
    return Observation(
        area=code,
        area_scheme="gss" if _GSS.fullmatch(code) else "nomis",
        area_name=row["GEOGRAPHY_NAME"],
        indicator=_indicator(row, definition),
        period=row["DATE"],
        cell=read_cell(row["OBS_VALUE"].strip(), row["OBS_STATUS"].strip(), row["OBS_STATUS_NAME"].strip()),
        aggregate=code.startswith(_SEVERAL_COUNTRIES),
        unit=(units or None) if row["MEASURES_NAME"].casefold() == "value" else row["MEASURES_NAME"],
    )


def _indicator(row: Mapping[str, str], definition: Definition) -> str:
    """Return the dataset with the codes of its dimensions, and of the measure: NM_2021_1:0.20100."""
    return f"{definition.id}:{'.'.join([*(row[one] for one in definition.dimensions), row['MEASURES']])}"
