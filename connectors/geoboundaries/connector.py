"""geoBoundaries: units with their outlines, country by country.

Licence and source differ from country to country, and not every source is official: both are read from each
description. Ids (`shapeID`) belong to a build; build and commit are the vintage.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import ClassVar

from connectors.bulk.local import read_as_exchange
from connectors.client import Client, Question
from connectors.errors import RequestRefused, SourceChanged, UnreadableFile
from connectors.geoboundaries.answers import SOURCE, Boundary, classify, is_pointer, read_boundaries
from connectors.outcomes import require
from connectors.probing import digest
from connectors.redirects import follow
from connectors.snapshot import Exchange, Provenance, Snapshot
from geodata.countries import UnknownCountry, country_code
from geodata.coverage import Completeness, CoverageManifest
from geodata.files.columns import Defaults, Reading, read_places
from geodata.files.headers import Side
from geodata.files.tables import UnreadableTable, read_table
from geodata.places import Places
from geodata.rows import RowProblem

ENDPOINT = "https://www.geoboundaries.org/api/current"

_RELEASES = ("gbOpen", "gbHumanitarian", "gbAuthoritative")
_KINDS = {
    "ADM0": "country",
    "ADM1": "region",
    "ADM2": "district",
    "ADM3": "municipality",
    "ADM4": "ward",
    "ADM5": "ward",
}
_HOSTS = ("www.geoboundaries.org", "geoboundaries.org", "github.com", ".githubusercontent.com")

#: Sources that are no statistical office or mapping agency.
_VOLUNTEERS = ("wikimedia", "wikipedia", "openstreetmap", "geoboundaries")


class GeoBoundariesConnector:
    """Outlines of administrative units."""

    name: ClassVar[str] = SOURCE
    title: ClassVar[str] = "geoBoundaries: outlines of administrative units, with source and licence by country"
    needs: ClassVar[Mapping[str, str]] = {}

    def fetch(self, client: Client, request: Mapping[str, str]) -> Snapshot:
        """Bring the outlines of one level of one or more countries.

        Options: `countries` (codes or names parted by commas), `level` (ADM0 to ADM5; ADM2 unless said), `release`
        (gbOpen unless said, gbHumanitarian, gbAuthoritative), `geometry` (full unless said, or simplified),
        `endpoint`. Offline: `path` of the outlines and `metadata`, the saved description.
        """
        source = request.get("source") or SOURCE
        geometry = request.get("geometry", "full")
        if geometry not in {"full", "simplified"}:
            msg = f"geometry {geometry!r} is none"
            raise RequestRefused(msg, source=source, hint="set geometry to full or simplified")
        if request.get("path"):
            taken = _local(request, source)
        else:
            taken = [_remote(client, request, source, country) for country in _countries(request, source)]
        readings = [_read(one, source) for one in taken]
        boundaries = [one.boundary for one in taken]
        return Snapshot(
            provenance=_provenance(boundaries, source, request, simplified=geometry == "simplified"),
            coverage=_coverage(boundaries),
            exchanges=tuple(exchange for one in taken for exchange in one.exchanges),
            places=Places.concat([reading.places for reading in readings]),
            problems=tuple(
                problem
                for one, reading in zip(taken, readings, strict=True)
                for problem in (*_miscounted(one.boundary, reading), *reading.problems)
            ),
        )

    def state(self, client: Client, request: Mapping[str, str]) -> str | None:
        """Return build and commit of the outlines of each country, and what else their descriptions say."""
        if request.get("path"):
            return None
        source = request.get("source") or SOURCE
        described = [_described(client, request, source, country)[0] for country in _countries(request, source)]
        return f"{'; '.join(f'{one.country} {one.commit}' for one in described)} ({digest(described)})"


@dataclass(frozen=True, slots=True)
class _Taken:
    """The outlines of one country, and their description."""

    boundary: Boundary
    name: str
    content: bytes
    exchanges: tuple[Exchange, ...]


def _countries(request: Mapping[str, str], source: str) -> list[str]:
    named = [part.strip() for part in request.get("countries", "").split(",") if part.strip()]
    if not named:
        msg = "no country is named"
        raise RequestRefused(msg, source=source, hint="set countries to codes such as KEN,UGA")
    try:
        return list(dict.fromkeys(map(country_code, named)))
    except UnknownCountry as error:
        raise RequestRefused(str(error), source=source, hint=error.hint) from error


def _described(client: Client, request: Mapping[str, str], source: str, country: str) -> tuple[Boundary, Exchange]:
    release, level = request.get("release", "gbOpen"), request.get("level", "ADM2").upper()
    if release not in _RELEASES or level not in _KINDS:
        msg = f"there is no level {level} of a release {release}"
        raise RequestRefused(msg, source=source, hint=f"levels are ADM0 to ADM5, releases {', '.join(_RELEASES)}")
    url = f"{request.get('endpoint', ENDPOINT).rstrip('/')}/{release}/{country}/{level}/"
    answer = follow(client, Question(source, url), _HOSTS)
    hint = "ask for another level, or another release"
    require(classify(answer), source=source, asked=f"{country} {level}", hint=hint)
    (boundary, *others) = read_boundaries(answer.text)
    if others or (boundary.country, boundary.level) != (country, level):
        msg = f"{country} {level} was asked for and {boundary.country} {boundary.level} came"
        raise SourceChanged(msg, source=source, hint="tell the maintainers of the connector")
    return boundary, answer.exchange


def _remote(client: Client, request: Mapping[str, str], source: str, country: str) -> _Taken:
    boundary, exchange = _described(client, request, source, country)
    where = boundary.simplified_url if request.get("geometry") == "simplified" else boundary.url
    file = follow(client, Question(source, where, headers={"Accept": "*/*"}, file=True), _HOSTS)
    name = where.rpartition("/")[2]
    if file.status != 200 or is_pointer(file.body):  # noqa: PLR2004 - HTTP
        what = f"HTTP {file.status}" if file.status != 200 else "a pointer instead of the file"  # noqa: PLR2004 - HTTP
        msg = f"{name} was answered with {what}"
        raise SourceChanged(msg, source=source, hint="fetch the outlines by hand and give their path")
    return _Taken(boundary, name, file.body, (exchange, file.exchange))


def _local(request: Mapping[str, str], source: str) -> list[_Taken]:
    path, metadata = Path(request["path"]), Path(request.get("metadata", ""))
    if not metadata.name:
        msg = f"nothing says whose {path.name} is and on which terms"
        raise UnreadableFile(msg, source=source, hint="set metadata to the saved description of the outlines")
    exchanges = (read_as_exchange(metadata, source), read_as_exchange(path, source))
    (boundary, *_) = read_boundaries(metadata.read_text(encoding="utf-8"))
    return [_Taken(boundary, path.name, path.read_bytes(), exchanges)]


def _read(taken: _Taken, source: str) -> Reading:
    boundary = taken.boundary
    kind = _KINDS.get(boundary.level, "administrative_unit")
    defaults = Defaults(country=boundary.country, kind=kind, level=boundary.word or boundary.level)
    try:
        table = read_table(taken.content, taken.name)
        reading = read_places(table, Side.OFFICIAL, {"id": "shapeID", "name": "shapeName"}, defaults)
    except (UnreadableTable, ValueError) as error:
        msg = f"{taken.name}: {error}"
        raise SourceChanged(msg, source=source, hint="tell the maintainers of the connector") from error
    if not len(reading.places) or reading.places.column("area").null_count == len(reading.places):
        msg = f"{taken.name} holds no outlines"
        raise SourceChanged(msg, source=source, hint="tell the maintainers of the connector")
    return reading


def _miscounted(boundary: Boundary, reading: Reading) -> list[RowProblem]:
    if boundary.units is None or boundary.units == len(reading.places):
        return []
    message = f"{boundary.id} announces {boundary.units} units and holds {len(reading.places)}"
    return [RowProblem(None, None, boundary.id, message, "hold the list against another source", fatal=False)]


def _provenance(
    boundaries: Sequence[Boundary], source: str, request: Mapping[str, str], *, simplified: bool
) -> Provenance:
    release = request.get("release", "gbOpen")
    caveats = [
        f"{one.country} {one.level}: outlines of {one.year or 'an unknown year'}, from {one.source}"
        for one in boundaries
    ]
    caveats += [
        f"{one.country}: the source is not an official publisher"
        for one in boundaries
        if any(word in one.source.casefold() for word in _VOLUNTEERS)
    ]
    caveats += [f"{one.country}: {one.licence_detail}" for one in boundaries if one.licence_detail]
    caveats += ["outlines are simplified: near a border a point may lie on the wrong side"] if simplified else []
    caveats += ["ids (shapeID) change with every build"]
    return Provenance(
        source=source,
        title=f"geoBoundaries {release}, {_each(boundaries, 'level')}{', simplified outlines' if simplified else ''}",
        endpoint=request.get("endpoint", ENDPOINT),
        vintage=_each(boundaries, "vintage"),
        vintage_kind="build and commit",
        licence=_each(boundaries, "licence"),
        licence_url=None,
        attribution=f"{_each(boundaries, 'source')}; geoBoundaries (https://www.geoboundaries.org)",
        caveats=tuple(caveats),
    )


def _each(boundaries: Sequence[Boundary], part: str) -> str:
    """Return what all countries share, or what holds for each."""
    said = {one.country: str(getattr(one, part)) for one in boundaries}
    if len(set(said.values())) == 1:
        return next(iter(said.values()))
    return "; ".join(f"{country}: {text}" for country, text in said.items())


def _coverage(boundaries: Sequence[Boundary]) -> CoverageManifest:
    years = {one.year for one in boundaries}
    year = years.pop() if len(years) == 1 else None
    return CoverageManifest(
        completeness=Completeness.EXHAUSTIVE,
        lowest_level=_each(boundaries, "level"),
        kinds=frozenset(_KINDS.get(one.level, "administrative_unit") for one in boundaries),
        countries=frozenset(one.country for one in boundaries),
        reference_date=None if year is None else date(year, 1, 1),
        notes=("administrative units; settlements within them are not listed",),
    )
