"""COD-AB: outlines with P-codes and parents, out of the files that HDX offers, in the layouts of before and of 2026."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pyarrow as pa
import pyproj
import pytest
import shapely

from connectors.client import Client
from connectors.cod import CodConnector
from connectors.cod.boundaries import layer_of
from connectors.cod.ckan import Resource, choose, read_dataset
from connectors.contract import check
from connectors.errors import SourceChanged
from connectors.snapshot import Snapshot
from geodata.files.sheet import UnreadableTable
from tests.specimens.layers import SQUARES, packed, write_layer

LEGACY: Mapping[str, Any] = {
    "Shape_Leng": [4.0, 4.0],
    "ADM2_EN": ["Mlimani", "Pwani"],
    "ADM2_PCODE": ["XY0101", "XY0102"],
    "ADM2_REF": [None, "Shore"],
    "ADM1_EN": ["Coast", "Coast"],
    "ADM1_PCODE": ["XY01", "XY01"],
    "ADM0_EN": ["Kenya", "Kenya"],
    "ADM0_PCODE": ["XY", "XY"],
    "date": pa.array([date(2017, 10, 27)] * 2),
    "validOn": pa.array([date(2019, 10, 31)] * 2),
    "validTo": pa.array([None, None], pa.date32()),
}
DRAFT: Mapping[str, Any] = {
    "adm2_name": ["Mlimani", "Pwani"],
    "adm2_name1": ["Kilimani", None],
    "adm2_pcode": ["XY0101", "XY0102"],
    "adm1_name": ["Coast", "Coast"],
    "adm1_pcode": ["XY01", "XY01"],
    "valid_on": pa.array([date(2019, 10, 31)] * 2),
    "area_sqkm": [12364.5, 12364.5],
    "center_lat": [-0.5, -0.5],
    "center_lon": [36.5, 37.5],
    "version": ["v02", "v02"],
}
UPPER = {"ADM1_EN": ["Coast"], "ADM1_PCODE": ["XY01"], "ADM0_PCODE": ["XY"]}


def bundle(folder: Path, ending: str, columns: Mapping[str, Any] = LEGACY) -> bytes:
    """Return an archive with the units of two levels, and with lines, as OCHA packs them."""
    folder.mkdir()
    whole = [shapely.union_all(SQUARES)]
    line = [shapely.LineString([(36, -1), (37, 0)])]
    layers = (("xyz_admbnda_adm1_2019", UPPER, whole), ("xyz_admbnda_adm2_2019", columns, SQUARES))
    path = folder / f"xyz.{ending}"
    for name, said, shapes in layers:
        write_layer(folder / f"{name}.shp" if ending == "shp" else path, said, shapes, **_layer(ending, name))
    lines = "xyz_admbndl_admALL_2019"
    where = folder / f"{lines}.shp" if ending == "shp" else path
    write_layer(where, {"level": ["2"]}, line, geometry_type="LineString", **_layer(ending, lines))
    return packed(folder, under="SHP/" if ending == "shp" else "")


def _layer(ending: str, name: str) -> dict[str, str]:
    return {} if ending == "shp" else {"layer": name}


def collection(columns: Mapping[str, Any]) -> bytes:
    """Return the same units as GeoJSON."""
    rows = pa.table({name: pa.array(values) for name, values in columns.items()}).to_pylist()
    features = [
        {"type": "Feature", "properties": row, "geometry": shapely.geometry.mapping(shape)}
        for row, shape in zip(rows, SQUARES, strict=True)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, default=str).encode()


@pytest.fixture
def fetch(specimens: Path, tmp_path: Path) -> Callable[..., Snapshot]:
    """Give a way to fetch boundaries from the disk."""

    def from_disk(content: bytes, name: str = "xyz_adm_SHP.zip", **request: str) -> Snapshot:
        path = tmp_path / name
        path.write_bytes(content)
        paths = {"path": str(path), "metadata": str(specimens / "cod/package_show.json")}
        with Client() as client:
            return CodConnector().fetch(client, paths | request)

    return from_disk


@pytest.mark.parametrize("ending", ["shp", "gdb"])
@pytest.mark.parametrize("columns", [LEGACY, DRAFT])
def test_outlines_come_with_codes_parents_and_vintage(
    fetch: Callable[..., Snapshot], tmp_path: Path, ending: str, columns: Mapping[str, Any]
):
    """The finest level is read out of an archive of several, whichever the layout; lines are no units."""
    snapshot = fetch(bundle(tmp_path / "in", ending, columns))
    assert snapshot.places is not None
    rows = snapshot.places.table.to_pylist()
    assert [(row["id"], row["names"][0]["text"], row["parent"]) for row in rows] == [
        ("XY0101", "Mlimani", "XY01"),
        ("XY0102", "Pwani", "XY01"),
    ]
    assert dict(rows[0]["admin"])["pcode"] == "XY0101"
    assert shapely.from_wkb(rows[0]["area"]).symmetric_difference(SQUARES[0]).area < 1e-8
    assert (rows[0]["lat"], rows[0]["lon"]) == pytest.approx((-0.5, 36.5))
    assert (snapshot.provenance.vintage, snapshot.provenance.vintage_kind) == ("2019-10-31", "valid on")
    assert (rows[0]["kind"], rows[0]["level"]) == ("district", "adm2")


@pytest.mark.parametrize("name", ["xyz_admin2.geojson", "xyz_admin2.geojson.zip"])
def test_geojson_is_read_plain_and_packed(fetch: Callable[..., Snapshot], tmp_path: Path, name: str):
    """HDX offers both."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in/xyz_admin2.geojson").write_bytes(collection(DRAFT))
    content = packed(tmp_path / "in") if name.endswith(".zip") else collection(DRAFT)
    places = fetch(content, name).places
    assert places is not None
    assert places.ids == ["XY0101", "XY0102"]
    assert places.column("area").null_count == 0


def test_a_level_can_be_asked_for(fetch: Callable[..., Snapshot], tmp_path: Path):
    """The layer is found by the level in its name; a level that is not there is told with those that are."""
    content = bundle(tmp_path / "in", "shp")
    places = fetch(content, level="1").places
    assert places is not None
    assert places.ids == ["XY01"]
    with pytest.raises(SourceChanged, match="areas of level 3") as caught:
        fetch(content, level="3")
    assert "xyz_admbnda_adm2_2019" in caught.value.hint


def test_doubtful_codes_are_told_and_left_as_they_are(fetch: Callable[..., Snapshot], tmp_path: Path):
    """A code outside of its unit, and small letters, get a proposal; the outlines keep their codes."""
    columns = {"adm2_pcode": ["xy0101", "XY0102"], "adm2_name": ["A", "B"], "adm1_pcode": ["XY01", "XY01"]}
    snapshot = fetch(bundle(tmp_path / "in", "shp", columns))
    assert snapshot.places is not None
    assert snapshot.places.ids == ["xy0101", "XY0102"]
    assert [problem.hint for problem in snapshot.problems if "small letters" in problem.message] == [
        "write XY0101 if that is meant"
    ]


def test_metres_become_degrees(fetch: Callable[..., Snapshot], tmp_path: Path):
    """Offices draw in their own grid; the .prj file says which."""
    transform = pyproj.Transformer.from_crs("OGC:CRS84", "EPSG:21037", always_xy=True).transform
    shapes = [shapely.transform(one, transform, interleaved=False) for one in SQUARES]
    (tmp_path / "in").mkdir()
    write_layer(tmp_path / "in/xyz_adm2.shp", LEGACY, shapes, crs="EPSG:21037")
    places = fetch(packed(tmp_path / "in")).places
    assert places is not None
    assert places.lat[0] == pytest.approx(-0.5, abs=1e-3)


@pytest.mark.parametrize(
    ("names", "level", "found"),
    [
        (["ken_admbnda_adm1_x", "ken_admbnda_adm2_x", "ken_admbndl_admALL_x"], None, "ken_admbnda_adm2_x"),
        (["ken_admin0", "ken_admin1", "ken_admin1_em", "ken_adminpoints"], None, "ken_admin1"),
        (["ken_admin0", "ken_admin1", "ken_admin1_em"], 0, "ken_admin0"),
        (["ken_admbndp_adm2_x", "ken_admbnda_adm1_x"], None, "ken_admbnda_adm1_x"),
        (["anything"], 2, None),
        ([], None, None),
    ],
)
def test_the_layer_of_a_level_is_found(names: list[str], level: int | None, found: str | None):
    """By the level in its name; lines and points are passed over, and the shorter of two names is the plain one."""
    assert layer_of(names, level) == found


def test_no_layer_of_areas_is_told():
    """The layers are listed, so that one can be named."""
    with pytest.raises(UnreadableTable, match="no layer holds areas") as caught:
        layer_of(["roads", "rivers"], None)
    assert caught.value.hint == "set sheet to one of roads, rivers"


def resource(name: str, format_: str) -> dict[str, str]:
    """Return a file as the catalogue lists it."""
    return {
        "id": name,
        "name": name,
        "format": format_,
        "last_modified": "2024-01-01",
        "url": f"https://data.humdata.org/{name}",
    }


@pytest.fixture
def dataset(specimen: Callable[[str], bytes]) -> Callable[..., dict[str, Any]]:
    """Give a way to make a dataset of boundaries with these files."""

    def make(*resources: dict[str, str]) -> dict[str, Any]:
        document = json.loads(specimen("cod/package_show.json"))
        document["result"] |= {"name": "cod-ab-xyz", "resources": list(resources)}
        return document

    return make


FILES = (
    resource("xyz_adm2_tabular.xlsx", "XLSX"),
    resource("xyz.geojson.zip", "GeoJSON"),
    resource("xyz.gdb.zip", "Geodatabase"),
    resource("xyz_2019_SHP.zip", "SHP"),
    resource("xyz.emf", "EMF"),
)


@pytest.mark.parametrize(
    ("left", "chosen"),
    [(5, "xyz_2019_SHP.zip"), (3, "xyz.gdb.zip"), (2, "xyz.geojson.zip"), (1, "xyz_adm2_tabular.xlsx")],
)
def test_boundaries_are_preferred_by_format(dataset: Callable[..., dict[str, Any]], left: int, chosen: str):
    """Shapefile before geodatabase before GeoJSON, and a table where a dataset of boundaries has nothing else."""
    found = choose(read_dataset(json.dumps(dataset(*FILES[:left]))), None, None)
    assert isinstance(found, Resource)
    assert found.name == chosen


def test_boundaries_are_fetched_from_the_catalogue(dataset: Callable[..., dict[str, Any]], tmp_path: Path):
    """A sync of cod-ab asks for the dataset, brings its archive, and gives outlines with the dataset's terms."""
    content = bundle(tmp_path / "in", "shp")

    def answer(request: httpx.Request) -> httpx.Response:
        if "package_show" in str(request.url):
            return httpx.Response(200, json=dataset(*FILES))
        assert request.url.path == "/xyz_2019_SHP.zip"
        return httpx.Response(200, content=content)

    snapshot = check(CodConnector(), {"dataset": "cod-ab-xyz"}, lambda: httpx.MockTransport(answer))
    assert snapshot.places is not None
    assert snapshot.places.column("area").null_count == 0
    assert snapshot.coverage.lowest_level == "adm2"


def test_a_broken_archive_is_refused(fetch: Callable[..., Snapshot], tmp_path: Path):
    """A cut download replaces nothing and is told."""
    with pytest.raises(SourceChanged, match="damaged or cut"):
        fetch(bundle(tmp_path / "in", "shp")[:-100])
