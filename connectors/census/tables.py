"""What is asked of the US Census Data API: a dataset, its tables or variables, the areas, and detailed groups.

Datasets: https://api.census.gov/data.json ; geographies: `geography.json` of each dataset.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from connectors.errors import RequestRefused
from geodata.counts.coverage import Basis, CountCoverage, Disclosure, Treatment, Universe

#: Variables in one call, by the rules of the service; NAME and GEO_ID are two of them. A whole table may have more.
MOST_VARIABLES = 50

_NATIVE = "american indian area/alaska native area"

#: American Indian, Alaska Native and Hawaiian areas (AIANNH) by a word of ours -> the name of the geography.
NATIVE_AREAS = {
    "aiannh": f"{_NATIVE}/hawaiian home land:*",
    "aiannh-parts": f"{_NATIVE}/hawaiian home land (or part):*",  # within one state, which `in` names
    "reservations": f"{_NATIVE} (reservation or statistical entity only):*",
    "trust-lands": "american indian area (off-reservation trust land only)/hawaiian home land:*",
    "tribal-subdivisions": "tribal subdivision/remainder:*",
    "tribal-tracts": "tribal census tract:*",  # within one area
    "alaska-native-corporations": "alaska native regional corporation:*",  # within state:02
}

_ALWAYS = ("NAME", "GEO_ID")
_LABELS = ("POPGROUP", "POPGROUP_LABEL")
_TABLE = re.compile(r"[A-Z]+\d+[A-Z]*(PR)?", re.ASCII)
_GROUP = re.compile(r"\d{2,4}|\*", re.ASCII)
_PLANNING_REGIONS = 2022  # the first year of Connecticut's
_NOTICE = "This product uses the Census Bureau Data API but is not endorsed or certified by the Census Bureau."
_NOISE = "differential-privacy noise: small areas can be off by several persons; only state totals are exact"
_ADAPTIVE = "the smaller a group in an area, the fewer of its tables are published; a group that is missing is not zero"
_CROSSING = "areas that cross state lines are given in parts; add the parts up"
_CONNECTICUT = "Connecticut: nine planning regions instead of eight counties from 2022 on"


@dataclass(frozen=True, slots=True)
class Table:
    """What is asked for, all of it text, as the service has it."""

    year: str
    dataset: str  # e.g. dec/pl, dec/dhc, dec/ddhca, acs/acs5
    variables: tuple[str, ...]  # none: those of `tables`
    tables: tuple[str, ...]
    geography: Mapping[str, str]  # for, and perhaps in
    groups: tuple[str, ...]  # codes of POPGROUP; none: the dataset has no detailed groups

    @property
    def survey(self) -> bool:
        """Whether figures are estimates with margins of error."""
        return self.dataset.startswith("acs")

    @property
    def areas(self) -> str:
        """The name of the geography."""
        return self.geography["for"].rpartition(":")[0]

    @property
    def asked(self) -> str:
        """What is asked, in a few words."""
        return f"{self.year}/{self.dataset} for {self.geography['for']}"

    @property
    def calls(self) -> tuple[tuple[str, ...], ...]:
        """The columns to get, call by call."""
        labels = _LABELS if self.groups else ()
        if self.tables:
            return tuple((f"group({table})", *labels) for table in self.tables)
        return tuple(split(_columns(self.variables, survey=self.survey), labels))

    @property
    def caveats(self) -> tuple[str, ...]:
        """What is to be known before a figure is used."""
        detailed = self.dataset.startswith("dec/ddhc")
        counties = self.survey and int(self.year) >= _PLANNING_REGIONS and self.areas.startswith("county")
        said = {
            _NOTICE: True,
            _NOISE: self.dataset.startswith("dec/") and self.year == "2020",
            _ADAPTIVE: detailed,
            _CROSSING: "(or part)" in self.areas,
            _CONNECTICUT: counties,
        }
        return tuple(caveat for caveat, holds in said.items() if holds)

    def named(self, columns: Iterable[str]) -> tuple[str, ...]:
        """Return the variables that were asked for, or the figures of whole tables among these columns."""
        figure = rf"({'|'.join(self.tables)})_(C\d+_)?\d+(P?E|N)"
        return self.variables or tuple(column for column in columns if re.fullmatch(figure, column))


def read_table(request: Mapping[str, str], source: str) -> Table:
    """Return what the options ask for. Raises `RequestRefused`."""
    tables = _listed(request.get("table", ""))
    variables = _listed(request.get("variables", "" if tables else "P1_001N,P1_005N"))
    if tables and variables:
        msg = "both table and variables are set"
        raise RequestRefused(msg, source=source, hint="set one of them; a second source may follow the other")
    if wrong := [one for one in tables if not _TABLE.fullmatch(one)]:
        msg = f"{wrong[0]} is no table"
        raise RequestRefused(msg, source=source, hint="give tables such as P12, T02003 or B01001, parted by commas")
    groups = _listed(request.get("POPGROUP", ""))
    if wrong := [one for one in groups if not _GROUP.fullmatch(one)]:
        msg = f"POPGROUP={wrong[0]} is no group"
        raise RequestRefused(msg, source=source, hint="give codes such as 1114, parted by commas, or * for all")
    table = Table(
        year=request.get("year", "2020"),
        dataset=request.get("dataset", "dec/pl").strip("/"),
        variables=variables,
        tables=tables,
        geography={"for": _areas(request, source)} | ({"in": request["in"]} if request.get("in") else {}),
        groups=groups,
    )
    if not re.fullmatch(r"(19|20)\d\d", table.year):
        msg = f"year={table.year} is no year"
        raise RequestRefused(msg, source=source, hint="give a year such as 2020")
    if table.dataset.startswith("dec/ddhc") and not groups:
        msg = f"{table.dataset} holds figures by group only"
        raise RequestRefused(msg, source=source, hint="set POPGROUP to codes such as 1114, or to * for all groups")
    return table


def _areas(request: Mapping[str, str], source: str) -> str:
    if request.get("for"):
        return request["for"]
    areas = request.get("areas", "aiannh")
    if areas not in NATIVE_AREAS:
        msg = f"areas={areas} is not known"
        raise RequestRefused(msg, source=source, hint=f"set areas to one of {', '.join(NATIVE_AREAS)}, or set for")
    return NATIVE_AREAS[areas]


def read_as(table: Table) -> CountCoverage:
    """Return how numbers of a dataset are to be read; those of surveys have margins at 90 %, each its own."""
    if table.survey:
        margins = Disclosure(Treatment.MARGIN, level=90)
        return CountCoverage(Basis.SURVEY, universe=Universe.USUAL_RESIDENTS, disclosure=margins)
    return CountCoverage(Basis.CENSUS, universe=Universe.USUAL_RESIDENTS)


def split(
    columns: Sequence[tuple[str, ...]], labels: tuple[str, ...] = (), most: int = MOST_VARIABLES
) -> list[tuple[str, ...]]:
    """Return calls of at most `most` variables, each with NAME and GEO_ID; a variable stays with its annotations."""
    calls: list[tuple[str, ...]] = []
    call: tuple[str, ...] = (*_ALWAYS, *labels)
    for group in columns:
        if len(call) + len(group) > most:
            calls.append(call)
            call = (*_ALWAYS, *labels)
        call += group
    return [*calls, call]


def _columns(variables: Sequence[str], *, survey: bool) -> list[tuple[str, ...]]:
    """Return each variable with its annotation and margin columns, which surveys have."""
    return [
        (one, f"{one}A", f"{one[:-1]}M", f"{one[:-1]}MA") if survey and one.endswith("E") else (one,)
        for one in variables
    ]


def _listed(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
