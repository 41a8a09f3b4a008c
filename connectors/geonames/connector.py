"""GeoNames: the whole dump, or countries of it, joined with the alternate names in bounded memory.

Both files are read in parts; the parts are set aside by id into small buckets, and bucket by bucket joined, brought to
places and written. The vintage is the latest date of modification of any row that was read.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from connectors.bulk import leftovers
from connectors.bulk.buckets import Buckets, enough
from connectors.bulk.places_on_disk import PlacesOnDisk, PlaceWriter
from connectors.bulk.problems import Problems
from connectors.bulk.texts import Layout, opened, parts
from connectors.client import Client
from connectors.errors import NothingThere, RequestRefused
from connectors.geonames.files import ENDPOINT, Dump, Found, gather
from connectors.geonames.layout import ALTERNATES, KINDS, MAIN, OF_CLASS, SOURCE
from connectors.geonames.names import ALTERNATE, alternates_of
from connectors.geonames.rows import KEPT_SCHEMA, Wanted, kept_of, places_of
from connectors.progress import Progress
from connectors.snapshot import Provenance, Snapshot
from geodata.countries import known_country
from geodata.coverage import Completeness, CoverageManifest

_CAVEATS = (
    "population 0 means that GeoNames does not know it",
    "administrative codes are GeoNames' own, not ISO codes nor P-codes",
    "not an official register: names and points come from many sources and volunteers",
)
_OWN_NAMES = "the file of alternate names was not there: other names are those of the rows, without their languages"


class GeoNamesConnector:
    """Places of the GeoNames dump."""

    name: ClassVar[str] = SOURCE
    title: ClassVar[str] = "GeoNames: places of any country or of the world, with alternate names"
    needs: ClassVar[Mapping[str, str]] = {}

    def fetch(self, client: Client, request: Mapping[str, str]) -> Snapshot:
        """Bring the places of one or more countries, or of all.

        Options: `countries` (codes of two letters parted by commas, or all), or `path` (a file of the dump, or a
        folder with files of it); `features` (classes and codes, "P,CMPRF" unless said: populated places and refugee
        camps); `endpoint`. Memory does not grow with the dump; temporary files take about three times its size.
        """
        source = request.get("source") or SOURCE
        wanted = Wanted.of(request.get("features", "P,CMPRF"))
        if not (wanted.classes or wanted.codes):
            msg = "no feature class or code is named"
            raise RequestRefused(msg, source=source, hint="set features, e.g. to P")
        with tempfile.TemporaryDirectory(prefix=leftovers.GEONAMES) as folder:
            dump = gather(client, request, Path(folder))
            reading = _Reading(dump, source, Path(folder), client.progress)
            places = reading.places(wanted)
        if not len(places):
            msg = "the dump holds no such places"
            raise NothingThere(msg, source=source, hint="check features and countries")
        countries = sorted(code for code in reading.countries if code)
        return Snapshot(
            provenance=Provenance(
                source=source,
                title=f"GeoNames, {', '.join(countries) if len(countries) <= 3 else f'{len(countries)} countries'}",  # noqa: PLR2004 - more are no title
                endpoint=request.get("endpoint", ENDPOINT),
                vintage=reading.modified or "not stated",
                vintage_kind="latest modification of a row",
                licence="CC BY 4.0",
                licence_url="https://creativecommons.org/licenses/by/4.0/",
                attribution="GeoNames (https://www.geonames.org)",
                caveats=_CAVEATS if dump.alternates else (*_CAVEATS, _OWN_NAMES),
            ),
            coverage=CoverageManifest(
                completeness=Completeness.PARTIAL,
                kinds=frozenset(
                    filter(None, (*map(OF_CLASS.get, wanted.classes), *(KINDS.get(code) for code in wanted.codes)))
                ),
                countries=frozenset(filter(None, map(known_country, countries))),
                notes=("small, informal and recent settlements are often missing",),
            ),
            exchanges=dump.exchanges,
            places=places,
            problems=reading.problems.told(),
        )


@dataclass
class _Reading:
    """One sync: reads, sets aside, joins; remembers problems, countries and the latest modification on the way."""

    dump: Dump
    source: str
    folder: Path
    progress: Progress
    problems: Problems = field(default_factory=Problems)
    countries: set[str] = field(default_factory=set)
    modified: str | None = None

    def places(self, wanted: Wanted) -> PlacesOnDisk:
        count = enough(sum(found.exchange.size for found in (*self.dump.main, *self.dump.alternates)))
        units = dict(self._units())
        rows = Buckets(self.folder / "rows", KEPT_SCHEMA, count)
        for part in self._parts(self.dump.main, MAIN, "rows read"):
            rows.add(self._noted(kept_of(part, wanted, self.problems)))
        names = Buckets(self.folder / "names", ALTERNATE, count) if self.dump.alternates else None
        if names:
            for part in self._parts(self.dump.alternates, ALTERNATES, "names read"):
                names.add(alternates_of(part))
        with PlaceWriter() as writer:
            for number in range(count):
                alternates = names.take(number) if names else None
                writer.write(places_of(rows.take(number), alternates, units, self.problems))
                self.progress(number + 1, count, "parts joined with their names")
            return writer.places()

    def _parts(self, files: tuple[Found, ...], layout: Layout, what: str) -> Iterator[pa.Table]:
        done = 0
        for found in files:
            with opened(found.path, found.name, self.source) as text:
                for part in parts(text, layout, self.problems):
                    done += part.num_rows
                    self.progress(done, None, what)
                    yield part

    def _noted(self, rows: pa.Table) -> pa.Table:
        self.countries |= set(rows.column("country").unique().to_pylist())
        dates = rows.column("modified")
        latest = pc.max(dates.filter(pc.match_substring_regex(dates, r"^\d{4}-\d\d-\d\d$"))).as_py()
        self.modified = max(filter(None, (self.modified, latest)), default=None)
        return rows

    def _units(self) -> Iterator[tuple[str, str]]:
        layout = Layout(("code", "name", "asciiname", "geonameid"), "\t")
        for part in self._parts(self.dump.units, layout, "administrative units read"):
            yield from zip(part.column("code").to_pylist(), part.column("name").to_pylist(), strict=True)
