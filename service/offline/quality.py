"""The quality of a file of records: graded with a passport beside it, or shown by its rows alone, without a server."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path

from geodata.files.columns import read_places
from geodata.files.tables import read_table
from geodata.places import Places
from geodata.rows import RowProblem
from matchers.quality.computed import Facts, facts_of
from matchers.quality.dates import Stated
from matchers.quality.declared import Declared, declared
from matchers.quality.grade import Grade
from matchers.quality.improvements import Improvement, improvements
from matchers.quality.passport import Passport
from matchers.quality.policy import Policy
from matchers.quality.reading import InvalidPassport, read_plain, read_toml
from matchers.quality.records import Collection
from matchers.quality.standing import undeclared
from service.errors import INVALID, Problem


@dataclass(frozen=True, slots=True)
class Request:
    """A file of records, its passport if it has one, and which column is which where the headers do not say."""

    citizen: Path
    policy: Policy
    passport: Path | None = None
    columns: Mapping[str, str] = field(default_factory=dict)  # field -> header


@dataclass(frozen=True, slots=True)
class Report:
    """What a file is worth."""

    facts: Facts | None  # None: it holds no records
    grade: Grade | None  # None: it has no passport
    improvements: tuple[Improvement, ...]
    allowed: tuple[str, ...]  # what it may be used for
    policy: str  # version
    problems: tuple[RowProblem, ...]


def grade_file(request: Request, today: date) -> Report:
    """Return what a file of records is worth.

    Raises `UnreadableTable` when it cannot be read, `UnknownColumn` when a mapping names a column that is not there,
    and `Problem` (invalid) when the passport cannot be used.
    """
    passport = read_passport(request.passport, today) if request.passport else None
    reading = read_places(read_table(request.citizen), mapping=request.columns)
    facts = facts_of(reading.places)
    if passport is None:
        allowed = undeclared(request.policy).actions
        return Report(facts, None, (), allowed, request.policy.version, reading.problems)
    known = Collection(passport, facts, today, request.policy)
    found = known.grade()
    better = improvements(found, request.policy.of(known.country))
    return Report(facts, found, better, found.actions, request.policy.version, reading.problems)


def collection_of(places: Places, passport: Path, policy: Policy, today: date) -> Collection:
    """Return the rows of a file as a declared collection. Raises `Problem` (invalid) for an unusable passport."""
    return Collection(read_passport(passport, today), facts_of(places), today, policy)


def read_passport(path: Path, today: date) -> Passport:
    """Return the passport of a file, TOML or JSON. Raises `Problem` (invalid) with everything that is wrong."""
    try:
        text = path.read_text("utf-8")
        if path.suffix.casefold() == ".json":
            return read_plain(json.loads(text), today)
        return read_toml(text, today)
    except (OSError, UnicodeDecodeError) as error:
        detail = f"{path} cannot be read: {getattr(error, 'strerror', None) or 'it is not UTF-8 text'}."
        raise Problem(INVALID, detail) from error
    except json.JSONDecodeError as error:
        detail = f"{path} is not JSON: it breaks at line {error.lineno}, column {error.colno} ({error.msg})."
        raise Problem(INVALID, detail) from error
    except InvalidPassport as error:
        detail = f"{path} cannot be used. " + " ".join(problem.sentence() for problem in error.problems)
        raise Problem(INVALID, detail) from error


def write_template(path: Path) -> None:
    """Write an empty passport, each field with what it asks for. Raises `Problem` (invalid) rather than overwrite."""
    try:
        with path.open("x", encoding="utf-8") as sink:
            sink.write(template())
    except FileExistsError as error:
        detail = f"{path} is there already, and may hold your answers; name another file."
        raise Problem(INVALID, detail) from error
    except OSError as error:
        detail = f"{path} cannot be written: {error.strerror}."
        raise Problem(INVALID, detail) from error


def template() -> str:
    """Return an empty passport as TOML that reads back: every field with what it asks for."""
    return "\n".join([*_HEAD, *_fields(Passport), *_tables()]) + "\n"


_HEAD = (
    "# A quality passport: how this collection of records was made.",
    "# Take away the # before what you fill in. What you leave out costs points, never the records. [] says: none.",
    "# Must not be missing: organisation.contact, ethics.consent_basis, method.code, and a date.",
    "",
)


def _fields(kind: type) -> Iterator[str]:
    for name, each in declared(kind).items():
        if not each.table:
            yield f"# {each.about.text}"
            yield f"{'' if name == 'title' else '# '}{name} = {_example(each)}"


def _tables() -> Iterator[str]:
    for name, each in declared(Passport).items():
        if each.table:
            yield ""
            yield f"[{name}]  # {each.about.text}"
            yield from _fields(each.kind)


def _example(each: Declared) -> str:
    if each.several:
        return "[]"
    if each.kind is Stated:
        return '"2025-10"'
    if issubclass(each.kind, StrEnum):
        terms = [term.value for term in each.kind]
        return f'"{terms[0]}"  # or {", ".join(terms[1:])}'
    return {bool: "false", int: "100", float: "0.05"}.get(
        each.kind, '"full_enumeration"' if each.about.method else '"…"'
    )
