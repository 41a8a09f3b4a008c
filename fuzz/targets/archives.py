"""Archives and workbooks: their bytes as they are, and parts of them inside an archive that is sound.

Changed bytes of an archive mostly break a checksum. So the first byte of an input says which part of a sound file the
rest stands for; then the bytes reach the reader behind the archive.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from functools import cache

from fuzz.target import Target, refusing
from fuzz.targets.tables import COMMUNITIES, FEATURES, KML
from geodata.files.packed import Limits, opened
from geodata.files.sheet import UnreadableTable
from geodata.files.tables import layer_names, read_table
from tests.specimens import villages
from tests.specimens.compound import old_workbook
from tests.specimens.saving import open_document, workbook

#: Small, so that a campaign meets them.
_LIMITS = Limits(entries=20, each=1 << 20, total=1 << 21, spared=1 << 12)

_ROWS = [["id", "name", "lat", "lon", "country"], ["1", "Lindi", -1.3, 36.8, "KEN"], ["2", "Makina", 1.5, 36.9, "KEN"]]


@cache
def _parts(make: Callable[[], bytes]) -> Mapping[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(make())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def within(make: Callable[[], bytes], data: bytes) -> bytes:
    """Return the bytes themselves, or a sound archive with them in the place of the part that the first byte names."""
    parts = _parts(make)
    which = data[0] % (len(parts) + 1) if data else 0
    if not which:
        return data[1:]
    changed = list(parts)[which - 1]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(name, data[1:] if name == changed else content)
    return packed.getvalue()


def as_inputs(make: Callable[[], bytes]) -> list[bytes]:
    """Return inputs for `within` that stand for the sound archive, whole and part by part."""
    return [b"\0" + make(), *(bytes([at]) + content for at, content in enumerate(_parts(make).values(), start=1))]


def _xlsx() -> bytes:
    return workbook({"Data": _ROWS})


def _office() -> bytes:
    return villages.office_xlsx()


def _ods() -> bytes:
    return open_document(_ROWS)


def _zip() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {"list.csv": COMMUNITIES, "a/b.kml": KML, "c.geojson": FEATURES}.items():
            archive.writestr(name, content)
    return packed.getvalue()


def _kmz() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("doc.kml", KML)
    return packed.getvalue()


def _packed(data: bytes) -> None:
    with opened(data, _LIMITS) as archive:
        for name in archive.names:
            archive.read(name)


def reading(make: Callable[[], bytes], name: str) -> Callable[[bytes], None]:
    """Return a body that reads a file of that name, after its layers were listed."""

    def body(data: bytes) -> None:
        content = within(make, data)
        layer_names(content)
        read_table(content, name)

    return refusing(body, UnreadableTable)


TARGETS = (
    Target("zip", "ZIP archives", refusing(_packed, UnreadableTable), lambda: [_zip(), _kmz(), villages.odk_zip()],
           runs=60_000),
    Target("zipped-tables", "tables in archives", reading(_zip, "x.zip"),
           lambda: [*as_inputs(_zip), b"\0" + villages.odk_zip()], runs=10_000),
    Target("kmz", "KMZ", reading(_kmz, "x.kmz"), lambda: as_inputs(_kmz), runs=20_000, longest=2_048),
    Target("xlsx", "XLSX", reading(_xlsx, "x.xlsx"), lambda: as_inputs(_xlsx), runs=15_000),
    Target("xlsx-office", "XLSX as office programs write it", reading(_office, "x.xlsx"), lambda: as_inputs(_office),
           runs=8_000, longest=8_192),
    Target("ods", "ODS", reading(_ods, "x.ods"), lambda: as_inputs(_ods), runs=15_000),
    Target("xls", "XLS", refusing(lambda data: read_table(data, "x.xls"), UnreadableTable),
           lambda: [old_workbook([["id", "name"], ["1", "Lindi"], ["2", 3.5]])], runs=30_000, longest=8_192),
)  # fmt: skip
