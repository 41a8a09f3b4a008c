"""US Gazetteer files: places, American Indian and Alaska Native areas, counties and county subdivisions, with points.

Layouts: https://www.census.gov/programs-surveys/geography/technical-documentation/records-layout/gaz-record-layouts.html.
Parted by tabs and padded with blanks up to 2024, by "|" and with a GEOIDFQ column since 2025; the record is the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import ClassVar

from connectors.client import Client, Question
from connectors.errors import RequestRefused, SourceChanged, UnreadableFile
from connectors.gazetteer.table import AREAS, as_list
from connectors.snapshot import Exchange, Provenance, Snapshot
from geodata.coverage import Completeness, CoverageManifest
from geodata.files.columns import Defaults, read_places
from geodata.files.headers import Side
from geodata.files.packed import ZIP, Limits, opened
from geodata.files.tables import UnreadableTable, read_table

ENDPOINT = "https://www2.census.gov/geo/docs/maps-data/data/gazetteer"

_SOURCE = "gazetteer"
_LARGEST = 200_000_000  # bytes unpacked; the largest national file has a tenth
_COLUMNS = {"admin.state": "USPS", "kind": "KIND", "level": "LEVEL", "r95_m": "R95_M", "alt_names": "BASENAME"}


@dataclass(frozen=True, slots=True)
class _File:
    name: str
    content: bytes
    exchange: Exchange


class GazetteerConnector:
    """The Census Bureau's list of places and areas."""

    name: ClassVar[str] = _SOURCE
    title: ClassVar[str] = "US Census Bureau, Gazetteer: places, native areas, counties, county subdivisions"
    needs: ClassVar[Mapping[str, str]] = {}

    def fetch(self, client: Client, request: Mapping[str, str]) -> Snapshot:
        """Bring one national or state file.

        Options: `path` of a file (text or zip), or `url`, or `year` (2025 unless said) and `areas` (place, aiannh,
        counties or cousubs; place unless said). Year and areas are read from the file's name where it has them.
        """
        source = request.get("source") or _SOURCE
        year, areas = _vintage(request, source)
        file = _local(Path(request["path"]), source) if request.get("path") else _remote(client, request, source)
        try:
            table = as_list(read_table(_unpacked(file, source), "gazetteer.txt"), areas)
            reading = read_places(table, Side.OFFICIAL, _COLUMNS, Defaults(country="USA"))
        except (UnreadableTable, ValueError) as error:
            msg = f"{file.name}: {error}"
            raise SourceChanged(
                msg, source=source, hint="give a Gazetteer file of places, areas or counties"
            ) from error
        return Snapshot(
            provenance=Provenance(
                source=source,
                title=f"US Census Bureau, Gazetteer {year}, {AREAS[areas].title}",
                endpoint=file.exchange.url,
                vintage=str(year),
                vintage_kind="release",
                licence="US public domain",
                licence_url=None,
                attribution="US Census Bureau",
                caveats=(
                    "points are internal points of the areas and can be far from the settlement",
                    "fictitious entities (FUNCSTAT F) are left out",
                ),
            ),
            coverage=CoverageManifest(
                completeness=Completeness.REGISTER,
                lowest_level=AREAS[areas].title,
                kinds=AREAS[areas].kinds,
                countries=frozenset({"USA"}),
                reference_date=date(year, 1, 1),
                notes=AREAS[areas].notes,
            ),
            exchanges=(file.exchange,),
            places=reading.places,
            problems=reading.problems,
        )


def _vintage(request: Mapping[str, str], source: str) -> tuple[int, str]:
    name = (request.get("path") or request.get("url") or "").rpartition("/")[2]
    found = re.match(r"(\d{4})_gaz_([a-z]+)", name, re.IGNORECASE)
    year = request.get("year") or (found[1] if found else "" if name else "2025")
    areas = request.get("areas") or (found[2].casefold() if found else "place")
    if not re.fullmatch(r"(19|20)\d\d", year):
        msg = f"the year of {name} is not known"
        raise RequestRefused(msg, source=source, hint="set year, or keep the file's own name such as 2025_Gaz_place_…")
    known = next((known for known in AREAS if areas.startswith(known)), None)
    if known is None:
        msg = f"{areas!r} are no areas of the Gazetteer that list places"
        raise RequestRefused(msg, source=source, hint=f"set areas to one of {', '.join(AREAS)}")
    return int(year), known


def _local(path: Path, source: str) -> _File:
    try:
        content = path.read_bytes()
    except OSError as error:
        msg = f"{path.name} cannot be opened: {error.strerror}"
        raise UnreadableFile(msg, source=source, hint="check the path and the permissions") from error
    digest = sha256(content).hexdigest()
    return _File(path.name, content, Exchange(f"file:{path.name}", 200, digest, len(content), datetime.now(UTC)))


def _remote(client: Client, request: Mapping[str, str], source: str) -> _File:
    year, areas = _vintage(request, source)
    usual = f"{ENDPOINT}/{year}_Gazetteer/{year}_Gaz_{areas}_national.zip"
    url = request.get("url") or usual
    answer = client.get(Question(source, url, headers={"Accept": "*/*"}))
    name = url.rpartition("/")[2]
    if answer.status == 404:  # noqa: PLR2004 - HTTP
        msg = f"there is no {name}"
        raise RequestRefused(msg, source=source, hint="check year and areas")
    if answer.status != 200:  # noqa: PLR2004 - HTTP
        msg = f"{name} was answered with HTTP {answer.status}"
        raise SourceChanged(msg, source=source, hint="check the address")
    return _File(name, answer.body, answer.exchange)


def _unpacked(file: _File, source: str) -> bytes:
    """Return the one text file of a zip archive, or the content itself."""
    if not file.content.startswith(ZIP):
        return file.content
    try:
        with opened(file.content, Limits(each=_LARGEST, total=_LARGEST)) as archive:
            texts = [name for name in archive.names if name.casefold().endswith(".txt")]
            if len(texts) == 1:
                return archive.read(texts[0])
    except UnreadableTable as error:
        msg = f"{file.name}: {error}"
        raise UnreadableFile(msg, source=source, hint=error.hint) from error
    msg = f"{file.name} does not hold one text file"
    raise SourceChanged(msg, source=source, hint="give a Gazetteer file")
