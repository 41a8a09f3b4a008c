"""What an account says beyond its place: consent, sensitivity, what drives the exclusion, goals concerned, evidence."""

from __future__ import annotations

import re
from collections.abc import Callable

import pyarrow as pa

from geodata.files.cellwise import Refusal, column_of
from geodata.files.headers import Assignment, fold, meanings
from geodata.files.sheet import Table
from geodata.rows import RowProblem
from geodata.tags.goals import is_sdg

_TEXTS = pa.list_(pa.string())

#: The columns of `read_said`; null where a row says nothing.
SAID = pa.schema(
    [
        ("consent", pa.string()),  # how far the community agreed to be shown
        ("sensitivity", pa.string()),  # how much harm showing it could do
        ("drivers", _TEXTS),  # why it may be left behind
        ("sdg", _TEXTS),  # goals, targets, indicators of the 2030 Agenda
        ("evidence", _TEXTS),  # links
    ]
)

_SEPARATED = r"\s*[;|\n]\s*"
_NUMBERS = re.compile(r"(?<![\d.])\d{1,2}(?:\.(?:\d{1,2}|[a-d]))?(?:\.\d)?(?![\d.])")
_LINK = re.compile(r"https?://[^\s;|,]+[^\s;|,.)]", re.IGNORECASE)


def read_said(table: Table, parts: Assignment) -> tuple[pa.Table, list[RowProblem]]:
    """Return the columns of `SAID`, aligned with the rows; a word or number that is not known is set aside and told."""
    problems: list[RowProblem] = []
    columns = []
    readers: dict[str, Callable[[str], list[str] | Refusal]] = {"drivers": _texts, "sdg": _goals, "evidence": _links}
    for field in SAID:
        header = parts.said.get(field.name)
        if header is None:
            columns.append(pa.nulls(len(table), field.type))
            continue
        column = column_of(table, header)
        if field.name in readers:
            values, doubts = column.read(readers[field.name], field.type)
        else:
            values, doubts = column.read(_term(meanings(field.name)), field.type)
        columns.append(values)
        problems += doubts
    return pa.Table.from_arrays(columns, schema=SAID), problems


def _term(known: dict[str, str]) -> Callable[[str], str | Refusal]:
    terms = ", ".join(dict.fromkeys(known.values()))
    refusal = Refusal("is not a word known here; nothing is taken for agreed", f"write one of {terms}")
    return lambda text: known.get(fold(text), refusal)


def _texts(text: str) -> list[str]:
    return [part for part in re.split(_SEPARATED, text) if part]


def _goals(text: str) -> list[str] | Refusal:
    codes = list(dict.fromkeys(_NUMBERS.findall(text.lower())))
    if codes and all(map(is_sdg, codes)):
        return codes
    return Refusal("is no goal, target or indicator of the 2030 Agenda", "write numbers such as 11, 11.1 or 11.1.1")


def _links(text: str) -> list[str] | Refusal:
    links = list(dict.fromkeys(_LINK.findall(text)))
    return links or Refusal("holds no link", "write the whole address, beginning with https://")
