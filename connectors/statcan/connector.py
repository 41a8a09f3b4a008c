"""Statistics Canada, Web Data Service: any table or series, with suppression, rounding and quality kept apart.

The vintage is the latest release time of the tables and of their points, Eastern time. It lists no places.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from connectors.client import Client
from connectors.errors import RequestRefused
from connectors.observations import observation_table
from connectors.outcomes import agreed_shape, text
from connectors.snapshot import Provenance, Snapshot
from connectors.statcan.answers import SOURCE
from connectors.statcan.cubes import Cube, cube_number
from connectors.statcan.reading import Reader
from connectors.statcan.series import Asked, is_census, observe, problems
from geodata.coverage import CoverageManifest
from geodata.rows import RowProblem

ENDPOINT = "https://www150.statcan.gc.ca/t1/wds/rest"

_MOST = 30_000  # series in one sync: a hundred questions
_ROUNDING = "counts are rounded at random to a multiple of 5, so that a published 0 may be up to 4 persons"
_NOTES = 10  # footnotes kept


class StatCanConnector:
    """Series of tables of Statistics Canada."""

    name: ClassVar[str] = SOURCE
    title: ClassVar[str] = "Statistics Canada: series of any table by area, e.g. Indigenous identity in the census"
    needs: ClassVar[Mapping[str, str]] = {}

    def fetch(self, client: Client, request: Mapping[str, str]) -> Snapshot:
        """Bring series of one table, or vectors of several.

        Options: `cube` (98-10-0264-01) with `coordinates` (`*.1.2`, one part for each dimension, `*` for all its
        members, several patterns parted by commas; every area and the first member of the rest unless said), or
        `vectors` (parted by commas); `latest` (periods, 1 unless said); `endpoint`.
        """
        reader = Reader(client, request.get("endpoint", ENDPOINT).rstrip("/"), request.get("source") or SOURCE)
        latest = request.get("latest", "1")
        if not latest.isdigit() or int(latest) < 1:
            msg = f"latest={latest} is no number of periods"
            raise RequestRefused(msg, source=reader.source, hint="write latest=1 or more")
        if request.get("cube"):
            series = _of_cube(reader, request, int(latest))
            lost: tuple[RowProblem, ...] = ()
        else:
            series, lost = _of_vectors(reader, request, int(latest))
        cubes = {asked.cube.id: asked.cube for asked in series}
        observations, failed = observe(series, reader.units(series))
        return Snapshot(
            provenance=_provenance(reader, list(cubes.values()), series),
            coverage=CoverageManifest(
                lowest_level="area of the table",
                countries=frozenset({"CAN"}),
                notes=("figures by area; no places are listed", *_legend(series)),
            ),
            exchanges=tuple(reader.exchanges),
            observations=observation_table(observations),
            problems=(*lost, *failed),
        )

    def state(self, client: Client, request: Mapping[str, str]) -> str | None:
        """Return when the table was released; of vectors, whose tables are not known before they are asked, nothing."""
        if not request.get("cube"):
            return None
        reader = Reader(client, request.get("endpoint", ENDPOINT).rstrip("/"), request.get("source") or SOURCE)
        number = cube_number(request["cube"], reader.source)
        return f"{number} released {reader.cubes([number])[number].released}"


def _of_cube(reader: Reader, request: Mapping[str, str], latest: int) -> list[Asked]:
    number = cube_number(request["cube"], reader.source)
    cube = reader.cubes([number])[number]
    patterns = request.get("coordinates", cube.everywhere()).split(",")
    coordinates = list(
        dict.fromkeys(one for pattern in patterns for one in cube.coordinates(pattern.strip(), reader.source))
    )
    if len(coordinates) > _MOST:
        msg = f"{len(coordinates):,} series of table {cube.number} are too many to ask for one by one"
        raise RequestRefused(msg, source=reader.source, hint="name members in place of some of the *")
    asked = [{"productId": int(number), "coordinate": one, "latestN": latest} for one in coordinates]
    items = reader.series("getDataFromCubePidCoordAndLatestNPeriods", asked)
    return [Asked(one, cube, one, item) for one, item in zip(coordinates, items, strict=True)]


def _of_vectors(reader: Reader, request: Mapping[str, str], latest: int) -> tuple[list[Asked], tuple[RowProblem, ...]]:
    vectors = [part.strip().lstrip("vV") for part in request.get("vectors", "").split(",") if part.strip()]
    if not vectors or not all(vector.isdigit() for vector in vectors):
        msg = "no table and no vectors are named" if not vectors else f"vectors={request['vectors']} are no numbers"
        raise RequestRefused(msg, source=reader.source, hint="set cube=98-10-0264-01, or vectors=74804,41692457")
    asked = [{"vectorId": int(one), "latestN": latest} for one in vectors]
    items = reader.series("getDataFromVectorsAndLatestNPeriods", asked)
    usable = [(vector, item) for vector, item in zip(vectors, items, strict=True) if item.usable]
    failed = [(vector, item) for vector, item in zip(vectors, items, strict=True) if not item.usable]
    with agreed_shape(reader.source, "a series"):
        cubes = reader.cubes(sorted({str(item.object["productId"]) for _, item in usable}))
        series = [
            Asked(vector, cube, cube.known(text(item.object["coordinate"])), item)
            for vector, item in usable
            for cube in [cubes[str(item.object["productId"])]]
        ]
    return series, problems(failed, len(vectors))


def _legend(series: Sequence[Asked]) -> tuple[str, ...]:
    told = {asked.cube.indicator(asked.coordinate): asked.cube.legend(asked.coordinate) for asked in series}
    return tuple(f"{indicator}: {words}" for indicator, words in sorted(told.items()))


def _provenance(reader: Reader, cubes: list[Cube], series: Sequence[Asked]) -> Provenance:
    points = [point for asked in series for point in (asked.item.object.get("vectorDataPoint") or ())]
    with agreed_shape(reader.source, "a series"):
        released = max([cube.released for cube in cubes] + [str(point["releaseTime"]) for point in points])
    numbers = ", ".join(cube.number for cube in cubes)
    caveats = [_ROUNDING] if any(is_census(cube) for cube in cubes) else []
    caveats += [f"table {cube.number} is archived and no longer updated" for cube in cubes if cube.archived]
    caveats += [note for cube in cubes for note in cube.notes][:_NOTES]
    caveats += [] if points else ["no periods are published for the series asked for"]
    return Provenance(
        source=reader.source,
        title=f"Statistics Canada, {'; '.join(f'{cube.title} ({cube.number})' for cube in cubes)}",
        endpoint=reader.endpoint,
        vintage=released,
        vintage_kind="release time, Eastern",
        licence="Statistics Canada Open Licence",
        licence_url="https://www.statcan.gc.ca/en/reference/licence",
        attribution=(
            f"Source: Statistics Canada, Table {numbers}, {released[:10]}. Reproduced and distributed on an "
            '"as is" basis with the permission of Statistics Canada.'
        ),
        caveats=tuple(caveats),
    )
