"""Read a file of responses or meetings: columns found by their headers, each distinct cell read once, no row lost.

Columns that play no part are left where they are: names, telephones and stories of respondents are never read.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import pyarrow as pa

from geodata.countries import UnknownCountry, country_code
from geodata.files.cellwise import Column, Refusal, cleaned, column_of
from geodata.files.dates import date_reader
from geodata.files.headers import UnknownColumn, fold
from geodata.files.quantities import read_quantity
from geodata.files.sheet import Table
from geodata.rows import RowProblem
from service.accounts.statement import Form, Numbers, Question, Statement
from service.consultations.accepting import Sent
from service.consultations.demography import GENDERS, added, age_of, gender_of
from service.consultations.grouping import group


@dataclass(frozen=True, slots=True)
class Defaults:
    """What holds for every row that does not say otherwise."""

    form: Form = Form.RESPONSE
    country: str | None = None  # ISO 3166-1 alpha-3
    consent: str = "internal"


@dataclass(frozen=True)
class Reading:
    """The statements of a file, what was set aside, and how each column was understood."""

    sent: tuple[Sent, ...]
    problems: tuple[RowProblem, ...]
    mapping: Mapping[str, str]  # header -> part
    ignored: tuple[str, ...] = field(default=())  # columns that play no part


def read_statements(table: Table, defaults: Defaults, mapping: Mapping[str, str] | None = None) -> Reading:
    """Read every row of a table as one response, or one meeting.

    `mapping` is part -> header and goes before what headers say. A row without a country is left out and told; any
    other cell that cannot be read is set aside and told. A row without an identifier of its own is known again by what
    it says and how often that was said before it, so that the same file read twice changes nothing.
    Raises `UnknownColumn` when the mapping names what does not exist.
    """
    table = cleaned(table)
    parts, numbered = assigned(table.headers, defaults.form, mapping or {})
    reader = _Reader(table, parts, numbered, defaults)
    sent = tuple(reader.sent())
    read = {header: part for part, header in parts.items()}
    read |= {header: f"participants.{term}" for header, (_, term) in numbered.items()}
    ignored = tuple(header for header in table.headers if header not in read)
    problems = sorted((*table.problems, *reader.problems), key=lambda one: one.row or 0)
    return Reading(sent, tuple(problems), read, ignored)


def assigned(
    headers: Sequence[str], form: Form, mapping: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, tuple[str, str]]]:
    """Return which header plays which part, and of meetings which columns count people of an age or gender."""
    by_fold = {fold(header): header for header in reversed(headers)}
    known = _columns()
    parts: dict[str, str] = {}
    for part, header in mapping.items():
        found = header if header in headers else by_fold.get(fold(header))
        if found is None:
            message = f"there is no column {header!r}"
            raise UnknownColumn(message, hint=f"the columns are {', '.join(headers)}")
        if part not in known:
            message = f"there is no field {part!r}"
            raise UnknownColumn(message, hint=f"the fields are {', '.join(known)}")
        parts[part] = found
    for part, words in known.items():
        free = (by_fold[word] for word in words if word in by_fold and by_fold[word] not in parts.values())
        if part not in parts and (fitting := next(free, None)) is not None:
            parts[part] = fitting
    left = (header for header in headers if form is Form.MEETING and header not in parts.values())
    return parts, {header: counts for header in left if (counts := _counting(header)) is not None}


def _counting(header: str) -> tuple[str, str] | None:
    """Return the kind and term of a column that counts people of an age or gender, None for any other column."""
    gender, age = gender_of(header), age_of(header)
    if gender in GENDERS:
        return "gender", str(gender)
    return None if age is None else ("age", age)


@cache
def _columns() -> dict[str, tuple[str, ...]]:
    text = files("service.consultations").joinpath("headers.toml").read_text(encoding="utf-8")
    return {part: tuple(map(fold, words)) for part, words in tomllib.loads(text)["columns"].items()}


class _Reader:
    """The columns of one table; what is set aside gathers in `problems`."""

    def __init__(
        self, table: Table, parts: Mapping[str, str], numbered: Mapping[str, tuple[str, str]], defaults: Defaults
    ) -> None:
        self.problems: list[RowProblem] = []
        self._table, self._parts, self._numbered, self._defaults = table, parts, numbered, defaults

    def sent(self) -> Iterator[Sent]:
        table, defaults = self._table, self._defaults
        countries = self._countries()
        columns = {part: self._texts(part) for part in ("id", "province", "municipality")}
        columns["age"] = self._read("age", _age)
        columns["gender"] = self._read("gender", _gender)
        columns["date"] = self._dates()
        columns["participants"] = self._read("participants", _people)
        questions = {question: self._texts(question.value) for question in Question}
        ages, genders = self._numbers("age"), self._numbers("gender")
        seen: Counter[str] = Counter()
        for row in range(len(table)):
            country = countries[row] or defaults.country
            if country is None:
                self._without_country(row)
                continue
            said = {question: [text] for question, texts in questions.items() if (text := texts[row])}
            grouped = group(said, country)
            own = {part: column[row] for part, column in columns.items()}
            details = _response(own) if defaults.form is Form.RESPONSE else _meeting(own, ages[row], genders[row])
            statement = Statement(
                form=defaults.form,
                country=country,
                province=own["province"],
                municipality=own["municipality"],
                consent=defaults.consent,
                **grouped.by_name,
                **details,
            )
            yield Sent(statement, own["id"] or _again({**own, "country": country, **said}, seen), grouped.words)

    def _countries(self) -> list[str | None]:
        found: list[str | None] = self._read("country", _country)
        return found

    def _read(self, part: str, reader: Callable[[str], Any]) -> list[Any]:
        header = self._parts.get(part)
        if header is None:
            return [None] * len(self._table)
        values, problems = column_of(self._table, header).read(
            reader, pa.int64() if part == "participants" else pa.string()
        )
        self.problems += problems
        read: list[Any] = values.to_pylist()
        return read

    def _texts(self, part: str) -> list[Any]:
        header = self._parts.get(part)
        return [None] * len(self._table) if header is None else column_of(self._table, header).cells.to_pylist()

    def _dates(self) -> list[date | None]:
        header = self._parts.get("date") if self._defaults.form is Form.MEETING else None
        if header is None:
            return [None] * len(self._table)
        column: Column = column_of(self._table, header)
        values, problems = column.read(date_reader(column.cells.unique().to_pylist()), pa.date32())
        self.problems += problems
        read: list[date | None] = values.to_pylist()
        return read

    def _numbers(self, kind: str) -> list[Numbers]:
        """Return for each row the people of each age or gender, from the columns that count them."""
        read = age_of if kind == "age" else gender_of
        columns = []
        for header, (of, term) in self._numbered.items():
            if of == kind:
                values, problems = column_of(self._table, header).read(_people, pa.int64())
                self.problems += problems
                columns.append((term, values.to_pylist()))
        return [added({term: column[row] or 0 for term, column in columns}, read) for row in range(len(self._table))]

    def _without_country(self, row: int) -> None:
        number, header = int(self._table.rows[row]), self._parts.get("country")
        message = "says no country that is known, so it was left out"
        self.problems.append(RowProblem(number, header, None, message, "fill it in, or give --country for all"))


def _response(own: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "ages": ((own["age"], 1),) if own["age"] else (),
        "genders": ((own["gender"], 1),) if own["gender"] else (),
    }


def _meeting(own: Mapping[str, Any], ages: Numbers, genders: Numbers) -> dict[str, Any]:
    counted = max(sum(number for _, number in ages), sum(number for _, number in genders))
    return {"day": own["date"], "people": max(own["participants"] or 0, counted), "ages": ages, "genders": genders}


def _again(cells: Mapping[Any, Any], seen: Counter[str]) -> str:
    """Return what a row without an identifier is known by: its cells, and how often these stood before it."""
    words = repr(sorted((str(part), str(cell)) for part, cell in cells.items() if cell is not None))
    content = hashlib.sha256(words.encode()).hexdigest()
    seen[content] += 1
    return f"row {content} {seen[content]}"


def _country(text: str) -> str | Refusal:
    try:
        return country_code(text)
    except UnknownCountry as unknown:
        return Refusal(str(unknown), unknown.hint)


def _age(text: str) -> str | Refusal:
    return age_of(text) or Refusal("is no age band", "write it as 20-40, under 20, over 80, or not stated")


def _gender(text: str) -> str | Refusal:
    return gender_of(text) or Refusal("is no gender known here", f"write {', '.join(GENDERS)} or not stated")


def _people(text: str) -> int | Refusal:
    read = read_quantity(text)
    if isinstance(read, Refusal) or read.value is None or read.value != int(read.value):
        return Refusal("is no number of people", "write a whole number, or leave it empty")
    return int(read.value)
