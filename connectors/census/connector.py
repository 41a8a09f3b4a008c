"""US Census Data API: counts and estimates by area, with their margins and the reasons for what is not published.

A key is required since May 2026; it is free and travels in the query, so it is redacted everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from connectors.census.answers import SOURCE, classify, read_estimate, read_rows
from connectors.census.tables import Table, read_as, read_table
from connectors.client import Client, Question
from connectors.errors import AccessRefused, SourceChanged
from connectors.observations import Observation, observation_table
from connectors.outcomes import Outcome, agreed_shape, require
from connectors.snapshot import Exchange, Provenance, Snapshot
from geodata.coverage import CoverageManifest

ENDPOINT = "https://api.census.gov/data"

_KEY_HINT = "get a free key at https://api.census.gov/data/key_signup.html and set UNCOUNTED_CENSUS_KEY"
_NAMED_GROUPS = 60  # as many are named in the notes

_Row = Mapping[str, str | None]
_Key = tuple[str, str]  # area, group


class CensusConnector:
    """Decennial counts, detailed groups and tribes, and American Community Survey estimates."""

    name: ClassVar[str] = SOURCE
    title: ClassVar[str] = "US Census Bureau: decennial counts and American Community Survey estimates by area"
    needs: ClassVar[Mapping[str, str]] = {"key": "a free key from the Census Bureau (UNCOUNTED_CENSUS_KEY)"}

    def fetch(self, client: Client, request: Mapping[str, str]) -> Snapshot:
        """Bring variables, or whole tables, for every area of one kind.

        Options: `key`; `year` and `dataset` (2020 and dec/pl unless said; dec/dhc, dec/ddhca, dec/ddhcb, acs/acs5 …);
        `variables` or `table` (parted by commas); `areas` (aiannh unless said, aiannh-parts, reservations,
        trust-lands, tribal-subdivisions, tribal-tracts, alaska-native-corporations), or `for`, and `in` (geography,
        e.g. `county:*` and `state:06`); `POPGROUP` (codes of detailed groups parted by commas, or *); `endpoint`.
        Without data there is an empty snapshot that says so.
        """
        source = request.get("source") or SOURCE
        if not request.get("key"):
            msg = "the Census Data API asks for a key"
            raise AccessRefused(msg, source=source, hint=_KEY_HINT)
        table = read_table(request, source)
        url = f"{request.get('endpoint', ENDPOINT).rstrip('/')}/{table.year}/{table.dataset}"
        asking = _Asking(client, table, url, request["key"], source)
        rows = asking.rows()
        what = ", ".join((*table.tables, *table.variables))
        nothing = () if rows else (f"no data are published for {what} ({table.asked})",)
        return Snapshot(
            provenance=Provenance(
                source=source,
                title=f"US Census Bureau, {table.dataset} {table.year}",
                endpoint=url,
                vintage=f"{table.year}/{table.dataset}",
                vintage_kind="release",
                licence="US public domain",
                licence_url="https://www.census.gov/data/developers/about/terms-of-service.html",
                attribution="US Census Bureau",
                caveats=(*table.caveats, *nothing),
            ),
            coverage=CoverageManifest(
                lowest_level=table.areas,
                countries=frozenset({"USA"}),
                universe="resident population",
                counts=read_as(table),
                notes=("figures by area; no places are listed", *_groups(rows)),
            ),
            exchanges=tuple(asking.exchanges),
            observations=observation_table(_observations(rows, table)),
        )


@dataclass
class _Asking:
    """One sync: asks call after call, joins the parts of a table, and remembers every exchange."""

    client: Client
    table: Table
    url: str
    key: str = field(repr=False)
    source: str
    exchanges: list[Exchange] = field(default_factory=list)

    def rows(self) -> list[_Row]:
        """Return one row for each area and group. Raises `SourceChanged` when the parts do not fit together."""
        found: list[_Row] = []
        for group in self.table.groups or (None,):
            found += self._joined(group)
        return found

    def _joined(self, group: str | None) -> list[_Row]:
        joined: dict[_Key, _Row] = {}
        for number, call in enumerate(self.table.calls):
            rows = self._ask(call, group)
            with agreed_shape(self.source, "GEO_ID"):
                part = {_key(row, group): row for row in rows}
            cut = number and self.table.variables  # whole tables may differ in what they are published for
            if len(part) != len(rows) or (cut and set(part) != set(joined)):
                msg = f"{self.table.asked}: the parts of the table do not fit together on GEO_ID"
                raise SourceChanged(msg, source=self.source, hint="try again; tell the maintainers if it stays")
            joined |= {key: {**joined.get(key, {}), **row} for key, row in part.items()}
        return list(joined.values())

    def _ask(self, columns: tuple[str, ...], group: str | None) -> list[dict[str, str | None]]:
        table = self.table
        groups = {"POPGROUP": group} if group else {}
        parameters = {"get": ",".join(columns), **table.geography, **groups, "key": self.key}
        answer = self.client.get(Question(self.source, self.url, parameters))
        self.exchanges.append(answer.exchange)
        found = classify(answer)
        hint = _KEY_HINT if found.outcome is Outcome.ACCESS_PROBLEM else None
        return read_rows(answer) if require(found, source=self.source, asked=table.asked, hint=hint) else []


def _key(row: _Row, group: str | None) -> _Key:
    """Return what a row is about. Raises `ValueError` for a group that was not asked for."""
    if group is None:
        return str(row["GEO_ID"]), ""
    said = str(row["POPGROUP"])
    if group not in ("*", said):
        msg = f"group {said} came where {group} was asked for"
        raise ValueError(msg)
    return str(row["GEO_ID"]), said


def _groups(rows: list[_Row]) -> Iterator[str]:
    """Say what the codes of the groups mean, unless there are too many to read."""
    named = {str(row["POPGROUP"]): row.get("POPGROUP_LABEL") or "" for row in rows if row.get("POPGROUP")}
    if len(named) > _NAMED_GROUPS:
        yield f"{len(named)} groups; variables.json of the dataset says what the codes of POPGROUP mean"
        return
    for code, label in sorted(named.items()):
        yield f"POPGROUP {code} is {label or 'not named'}"


def _observations(rows: list[_Row], table: Table) -> list[Observation]:
    observations = []
    with agreed_shape(SOURCE, "a row of the table"):
        for row in rows:
            variables = table.named(row)
            if not variables:
                msg = f"no figures of {', '.join(table.tables)}"
                raise ValueError(msg)
            group = f"|POPGROUP={row['POPGROUP']}" if table.groups else ""
            for variable in variables:
                cell, margin = read_estimate(row, variable)
                observations.append(
                    Observation(
                        area=str(row["GEO_ID"]),
                        area_scheme="us-geoidfq",
                        area_name=row.get("NAME"),
                        indicator=f"{variable}{group}",
                        period=table.year,
                        cell=cell,
                        margin=margin,
                    )
                )
    return observations
