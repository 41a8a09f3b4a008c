"""Tables (agregados): what their metadata say, and a question that they can answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from math import prod
from typing import Any

from connectors.client import Answer
from connectors.errors import RequestRefused
from connectors.ibge.answers import SOURCE, items
from connectors.outcomes import agreed_shape, text

_CLASS = re.compile(r"(\d+)\[(all|\d+(?:,\d+)*)\]")


@dataclass(frozen=True, slots=True)
class Variable:
    """One measure of a table."""

    name: str
    unit: str


@dataclass(frozen=True, slots=True)
class Table:
    """What the metadata of a table say; all numbers are kept as text."""

    id: str
    name: str
    survey: str
    levels: frozenset[str]  # N1 country, N3 state, N6 municipality, N1125 indigenous land, N1145 quilombola territory …
    variables: Mapping[str, Variable]
    classes: Mapping[str, frozenset[str]]  # classification -> categories


@dataclass(frozen=True, slots=True)
class Period:
    """A period of a table, and the day its figures were last changed."""

    id: str
    modified: date


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a table."""

    table: Table
    level: str
    periods: tuple[Period, ...]
    variables: tuple[str, ...]
    classes: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def path(self) -> str:
        """The path of the question below the service."""
        periods, variables = "|".join(period.id for period in self.periods), "|".join(self.variables)
        return f"v3/agregados/{self.table.id}/periodos/{periods}/variaveis/{variables}"

    def parameters(self, where: str) -> dict[str, str]:
        """Return the parameters of the question for some localities, e.g. `all` or `N3[33]`."""
        classes = "|".join(f"{one}[{','.join(categories)}]" for one, categories in self.classes)
        return {"localidades": f"{self.level}[{where}]", **({"classificacao": classes} if classes else {})}

    def values(self, localities: int) -> int:
        """Return how many values an answer for so many localities holds."""
        categories = [
            len(self.table.classes[one]) if chosen == ("all",) else len(chosen) for one, chosen in self.classes
        ]
        return localities * len(self.periods) * len(self.variables) * prod(categories)

    @property
    def legend(self) -> tuple[str, ...]:
        """What the indicators are called, one sentence each."""
        return tuple(f"t/{self.table.id}/v/{one}: {self.table.variables[one].name}" for one in self.variables)

    @property
    def modified(self) -> date:
        """The day the latest of its figures was changed."""
        return max(period.modified for period in self.periods)


def read_table(answer: Answer) -> Table:
    """Read the metadata of a table. Raises `SourceChanged`."""
    with agreed_shape(SOURCE, "the metadata of a table"):
        (said,) = items(answer)
        return Table(
            id=str(said["id"]),
            name=text(said["nome"]),
            survey=text(said["pesquisa"]),
            levels=frozenset(level for kind in said["nivelTerritorial"].values() for level in kind),
            variables={str(one["id"]): Variable(text(one["nome"]), text(one["unidade"])) for one in said["variaveis"]},
            classes={str(one["id"]): _categories(one) for one in said["classificacoes"]},
        )


def read_periods(answer: Answer) -> tuple[Period, ...]:
    """Read the periods of a table, the latest last. Raises `SourceChanged`."""
    with agreed_shape(SOURCE, "the periods of a table"):
        periods = [Period(str(one["id"]), _day(one["modificacao"])) for one in items(answer)]
        return tuple(sorted(periods, key=lambda period: period.id))


def choose_periods(periods: tuple[Period, ...], named: str, source: str) -> tuple[Period, ...]:
    """Return the periods named (parted by commas), or the last N for `-N`. Raises `RequestRefused`."""
    if re.fullmatch(r"-\d+", named) and periods:
        return periods[int(named) :]
    wanted = _codes(named)
    _known(wanted, (period.id for period in periods), "periods", source)
    return tuple(period for period in periods if period.id in wanted)


def choose_variables(table: Table, named: str, source: str) -> tuple[str, ...]:
    """Return the variables named, parted by commas. Raises `RequestRefused`."""
    wanted = _codes(named)
    _known(wanted or ("no variable",), table.variables, f"variables of table {table.id}", source)
    return wanted


def choose_classes(table: Table, named: str, source: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the categories named, as in `86[2780]|2[all]`. Raises `RequestRefused`."""
    parts = [part.strip() for part in named.split("|") if part.strip()]
    read = [_CLASS.fullmatch(part) for part in parts]
    if not all(read):
        msg = f"classes={named} cannot be read"
        raise RequestRefused(msg, source=source, hint="write classifications and categories as 86[2780]|2[all]")
    chosen = tuple((one[1], tuple(one[2].split(","))) for one in read if one)
    _known([one for one, _ in chosen], table.classes, f"classifications of table {table.id}", source)
    for one, categories in chosen:
        if categories != ("all",):
            _known(categories, table.classes[one], f"categories of classification {one}", source)
    return chosen


def check_level(table: Table, level: str, source: str) -> None:
    """Raise `RequestRefused` when a table is not published by a level."""
    _known([level], table.levels, f"levels of table {table.id}", source)


def _known(wanted: Iterable[str], known: Iterable[str], what: str, source: str) -> None:
    listed = list(known)
    if missing := [one for one in wanted if one not in listed]:
        shown = ", ".join(sorted(listed)[:40]) or "none at all"
        msg = f"{', '.join(missing)} not among the {what}: {shown}"
        raise RequestRefused(msg, source=source, hint="name others, or another table")


def _codes(named: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in named.split(",") if part.strip())


def _categories(said: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(str(category["id"]) for category in said["categorias"])


def _day(named: str) -> date:
    """Read a day as printed, 28/10/2022, or as ISO has it."""
    form = "%d/%m/%Y" if "/" in named else "%Y-%m-%d"
    return datetime.strptime(named[:10], form).date()  # noqa: DTZ007 - a day has no zone
