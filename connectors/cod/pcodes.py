"""Are these the right P-codes? What looks wrong is told with a proposal; nothing is changed.

P-codes are text: they begin with the country's letters and usually with the code of the unit above, and leading zeros
count. Not everywhere: in some countries codes do not nest at all, so a rule is held against a list only where nine in
ten of its own codes keep it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from geodata.files.sheet import Table
from geodata.names.folding import fold
from geodata.rows import RowProblem

_MOST = 0.9


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as a list gives it."""

    row: int
    code: str
    name: str
    parent: str | None  # the P-code of the unit above


@dataclass(frozen=True, slots=True)
class Known:
    """A unit as OCHA's global list has it."""

    name: str
    parent: str  # the P-code of the unit above


def check_pcodes(units: Sequence[Unit], reference: Mapping[str, Known] | None = None) -> tuple[RowProblem, ...]:
    """Return what looks wrong, each with its proposal in the hint.

    `reference` is OCHA's global list by P-code; with it codes that were swapped, or are not known, are found.
    """
    problems = [*_written(units), *_nesting(units), *_repeated(units)]
    return (*problems, *(_named(units, reference) if reference else ()))


def _problem(unit: Unit, message: str, hint: str) -> RowProblem:
    return RowProblem(unit.row, "P-code", unit.code, message, hint, fatal=False)


def _written(units: Sequence[Unit]) -> Iterator[RowProblem]:
    """Find blanks, small letters, and zeros that a spreadsheet took away."""
    codes = {unit.code for unit in units}
    usual = Counter(len(unit.code) for unit in units).most_common(1)[0] if units else (0, 0)
    fixed = usual[1] >= _MOST * len(units)
    for unit in units:
        tidy = "".join(unit.code.split()).upper()
        if tidy != unit.code:
            yield _problem(unit, "the P-code has blanks or small letters", f"write {tidy} if that is meant")
        elif fixed and (guess := _padded(unit, usual[0])) and guess not in codes:
            yield _problem(unit, "the P-code is shorter than the others", f"write {guess} if a zero was lost")


def _padded(unit: Unit, length: int) -> str | None:
    letters = unit.parent if unit.parent and unit.code.startswith(unit.parent) else unit.code.rstrip("0123456789")
    digits = unit.code[len(letters) :]
    missing = length - len(unit.code)
    return f"{letters}{'0' * missing}{digits}" if missing > 0 and digits.isdigit() else None


def _nesting(units: Sequence[Unit]) -> Iterator[RowProblem]:
    below = [unit for unit in units if unit.parent]
    astray = [unit for unit in below if not unit.code.startswith(unit.parent or "")]
    if len(astray) > (1 - _MOST) * len(below):
        return  # in this list codes do not nest
    for unit in astray:
        message = f"the P-code does not begin with {unit.parent}, the unit above, as the others do"
        yield _problem(unit, message, "check the code and the unit above")


def _repeated(units: Sequence[Unit]) -> Iterator[RowProblem]:
    times = Counter(unit.code for unit in units)
    for unit in units:
        if times[unit.code] > 1:
            message = f"the P-code stands {times[unit.code]} times"
            yield _problem(unit, message, "find out which unit each row is about; their figures were set aside")


def _named(units: Sequence[Unit], reference: Mapping[str, Known]) -> Iterator[RowProblem]:
    codes = {(known.parent, fold(known.name)): code for code, known in reference.items()}
    parents = {known.parent for known in reference.values()}
    for unit in units:
        known = reference.get(unit.code)
        if known is None and unit.parent in parents:
            yield _problem(unit, "the P-code is not in OCHA's list", "check it against the list")
        elif known is not None and fold(known.name) != fold(unit.name):
            other = codes.get((known.parent, fold(unit.name)))
            if other and other != unit.code:
                message = f"{unit.code} is {known.name} in OCHA's list, not {unit.name}: the codes look swapped"
                yield _problem(unit, message, f"write {other} if {unit.name} is meant")


def reference_of(table: Table) -> dict[str, Known]:
    """Read OCHA's global list (`global_pcodes_adm_1_2.csv`), by P-code; its codes stay text.

    Raises `KeyError` naming a column that it lacks.
    """
    code, name, parent = (table.columns.column(header).to_pylist() for header in ("P-Code", "Name", "Parent P-Code"))
    rows = zip(code, name, parent, strict=True)
    return {code: Known(name or "", parent or "") for code, name, parent in rows if code}
