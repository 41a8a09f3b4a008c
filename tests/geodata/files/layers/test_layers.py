"""Layers as offices have them become the same table, in WGS 84; what is doubtful is told by row, nothing is guessed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyogrio
import pyproj
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geodata.files.columns import read_places
from geodata.files.headers import Side
from geodata.files.layers import gdal
from geodata.files.tables import Table, UnreadableTable, layer_names, read_table
from tests.specimens.layers import SQUARES, packed, write_layer
from tests.specimens.saving import save_as

COLUMNS = {"ADM1_PCODE": ["XY01", "XY02"], "ADM1_FR": ["São João", "Côte"], "people": [448465, 12], "share": [0.5, 2.0]}


def shapes(table: Table) -> list[Any]:
    """Return the shapes of a table."""
    assert table.shapes is not None
    return list(shapely.from_wkb(table.shapes.to_pylist()))


def cells(table: Table) -> list[dict[str, Any]]:
    """Return the rows as dictionaries."""
    return table.columns.to_pylist()


def moved(epsg: int) -> list[Any]:
    """Return the squares in another reference system."""
    transform = pyproj.Transformer.from_crs("OGC:CRS84", f"EPSG:{epsg}", always_xy=True).transform
    return [shapely.transform(one, transform, interleaved=False) for one in SQUARES]


@pytest.fixture
def saved(tmp_path: Path) -> Callable[..., bytes]:
    """Give a way to save layers in a format and to have the bytes that people would send."""

    def save(ending: str, columns: Any = COLUMNS, forms: Any = SQUARES, **options: Any) -> bytes:
        folder = tmp_path / ending
        folder.mkdir(exist_ok=True)
        path, cpg = folder / f"units.{ending}", options.pop("cpg", None)
        write_layer(path, columns, forms, **options)
        if cpg is not None:
            path.with_suffix(".cpg").write_text(cpg)
        return path.read_bytes() if path.is_file() and ending != "shp" else packed(folder)

    return save


@pytest.mark.parametrize("ending", ["shp", "gpkg", "gdb", "fgb"])
@pytest.mark.parametrize("epsg", [4326, 32737, 3857])
def test_every_format_gives_the_same_table(saved: Callable[..., bytes], ending: str, epsg: int):
    """Texts, codes and numbers are text, outlines are degrees, whatever the format and its reference system."""
    table = read_table(saved(ending, forms=moved(epsg), crs=f"EPSG:{epsg}"), "whatever.bin")
    rows = sorted(zip(cells(table), shapes(table), strict=True), key=lambda row: row[0]["ADM1_PCODE"])
    assert [row for row, _ in rows] == [
        {"ADM1_PCODE": "XY01", "ADM1_FR": "São João", "people": "448465", "share": "0.5"},
        {"ADM1_PCODE": "XY02", "ADM1_FR": "Côte", "people": "12", "share": "2"},
    ]
    for (_, shape), square in zip(rows, SQUARES, strict=True):
        assert shape.symmetric_difference(square).area < 1e-8
    assert table.problems == ()
    assert table.rows.tolist() == [1, 2]


@pytest.mark.parametrize("ending", ["gpkg", "fgb"])
def test_layers_are_read_out_of_archives(saved: Callable[..., bytes], tmp_path: Path, ending: str):
    """A layer that was zipped, with a readme beside it, is the same layer."""
    saved(ending)
    (tmp_path / ending / "readme.txt").write_text("Sources: the bureau.\n")
    assert len(read_table(packed(tmp_path / ending, under="a/b/"), "x.zip")) == 2


@pytest.mark.parametrize("ending", ["geojson", "csv", "xlsx"])
def test_plain_files_are_read_out_of_archives(tmp_path: Path, ending: str):
    """So are a list and a workbook, and hidden files of systems do not count."""
    rows = [{"id": "001", "name": "Lindi"}]
    save_as(rows, tmp_path / f"list.{ending}")
    (tmp_path / ".DS_Store").write_bytes(b"junk")
    assert cells(read_table(packed(tmp_path), "list.zip")) == rows


def test_a_layer_among_several_is_named(tmp_path: Path):
    """Nobody guesses which layer is meant: the sentence lists them, and case does not matter."""
    for name in ("adm1", "adm2"):
        write_layer(tmp_path / f"xyz_{name}.shp", {"code": [name, name]})
    content = packed(tmp_path)
    assert layer_names(content) == ("xyz_adm1", "xyz_adm2")
    with pytest.raises(UnreadableTable, match="holds 2 layers") as caught:
        read_table(content, "x.zip")
    assert "xyz_adm1, xyz_adm2" in caught.value.hint
    assert cells(read_table(content, "x.zip", "XYZ_ADM2"))[0] == {"code": "adm2"}
    with pytest.raises(UnreadableTable, match="no layer 'adm3'"):
        read_table(content, "x.zip", "adm3")


@pytest.mark.parametrize("ending", ["gpkg", "gdb"])
def test_layers_of_databases_are_named(tmp_path: Path, ending: str):
    """GeoPackages and geodatabases hold several layers as a matter of course."""
    path = tmp_path / "in" / f"units.{ending}"
    path.parent.mkdir()
    for layer in ("adm1", "adm2"):
        write_layer(path, {"code": [layer, layer]}, layer=layer)
    content = path.read_bytes() if ending == "gpkg" else packed(path.parent)
    assert set(layer_names(content)) == {"adm1", "adm2"}
    assert cells(read_table(content, "x", "adm2"))[0]["code"] == "adm2"
    with pytest.raises(UnreadableTable, match="holds 2 layers"):
        read_table(content, "x")


@pytest.mark.parametrize(("ending", "hint"), [("shp", r"\.prj"), ("gpkg", "reference system"), ("fgb", "WGS 84")])
@pytest.mark.filterwarnings("ignore:'crs' was not provided")
def test_a_layer_without_a_reference_system_is_refused(saved: Callable[..., bytes], ending: str, hint: str):
    """Coordinates of an unknown system may lie anywhere; the hint says what to add."""
    with pytest.raises(UnreadableTable, match=r"reference system|coordinates are in") as caught:
        read_table(saved(ending, crs=None), "x")
    assert caught.value.hint
    assert any(word in caught.value.hint for word in (hint.replace("\\", ""), "WGS 84"))


def test_an_unknown_reference_system_is_refused(saved: Callable[..., bytes], tmp_path: Path):
    """A .prj file with nonsense is not taken for degrees."""
    saved("shp")
    (tmp_path / "shp/units.prj").write_text('LOCAL_CS["my own grid",UNIT["metre",1]]')
    with pytest.raises(UnreadableTable, match="reference system"):
        read_table(packed(tmp_path / "shp"), "x.zip")


@pytest.mark.parametrize(
    ("encoding", "cpg", "problems"),
    [
        ("UTF-8", "UTF-8", 0),
        ("UTF-8", "", 0),
        ("CP1252", "1252", 0),
        ("CP1252", "ANSI 1252", 0),
        ("CP1252", "UTF-8", 1),
        ("ISO-8859-1", "88591", 0),
        ("UTF-8", "UTF\0-8", 0),
    ],
)
def test_texts_of_shapefiles_are_understood(saved: Callable[..., bytes], encoding: str, cpg: str, problems: int):
    """The .cpg file counts unless the texts contradict it; what had to be assumed is told."""
    content = saved("shp", encoding=encoding, cpg=cpg)
    table = read_table(content, "x.zip")
    assert [row["ADM1_FR"] for row in cells(table)] == ["São João", "Côte"]
    assert [problem.fatal for problem in table.problems] == [False] * problems


def test_cyrillic_without_a_word_about_it_is_found_by_the_table(saved: Callable[..., bytes], tmp_path: Path):
    """Byte 29 of the table names the code page where no other file does."""
    names = ["Москва", "Новгород"]
    saved("shp", {"name": names}, encoding="CP1251")
    (tmp_path / "shp/units.cpg").unlink()
    table = tmp_path / "shp/units.dbf"
    content = bytearray(table.read_bytes())
    content[29] = 0xC9
    table.write_bytes(content)
    assert [row["name"] for row in cells(read_table(packed(tmp_path / "shp"), "x.zip"))] == names


def test_names_cut_at_ten_characters_are_found(saved: Callable[..., bytes]):
    """A shapefile cuts `village_name` and `admin2Pcode`; they are still the name and the code."""
    columns = {"village_na": ["Lindi", "Makina"], "location_u": ["50", "60"], "alternate_": ["a", "b"]}
    table = read_table(saved("shp", columns), "x.zip")
    reading = read_places(table)
    assert reading.places.primary_names == ["Lindi", "Makina"]
    assert reading.places.r95_m.tolist() == [50, 60]
    assert reading.mapping["alternate_"] == "alt_names"
    units = {"admin1Name": ["Coast"] * 2, "admin2Name": ["A", "B"], "admin2Pcod": ["XY01", "XY02"]}
    assert read_places(Table(pa.table(units), np.array([1, 2])), Side.OFFICIAL).places.ids == ["XY01", "XY02"]


@pytest.mark.parametrize("ending", ["gpkg", "gdb", "fgb"])
def test_days_times_truths_and_nothing_read_as_written(saved: Callable[..., bytes], ending: str):
    """A day is a day, a missing value is empty, and a code keeps its zeros."""
    columns = {
        "day": pa.array([date(2019, 10, 31), None]),
        "moment": pa.array([datetime(2019, 10, 31, 12, 30), None], pa.timestamp("ms")),  # noqa: DTZ001 - as files have it
        "code": ["007", None],
        "n": pa.array([7, None], pa.int32()),
    }
    found = sorted(cells(read_table(saved(ending, columns), "x")), key=lambda row: row["code"] or "")
    assert {key: value or None for key, value in found[0].items()} == dict.fromkeys(columns)
    found[1]["moment"] = found[1]["moment"].removesuffix("+00:00")  # a GeoPackage keeps moments in UTC
    assert found[1] == {"day": "2019-10-31", "moment": "2019-10-31T12:30:00", "code": "007", "n": "7"}


def test_shapes_of_all_kinds_are_told_by_row(saved: Callable[..., bytes]):
    """Heights are left out, lone parts are taken out; what is empty, a line, or crosses itself is told by its row."""
    bow = shapely.Polygon([(36, -1), (37, 0), (37, -1), (36, 0)])
    forms = [
        shapely.MultiPoint([(36.8, -1.3)]),
        shapely.Point(36.8, -1.3, 1700),
        shapely.MultiPolygon([SQUARES[0]]),
        shapely.LineString([(36, -1), (37, 0)]),
        shapely.Polygon(),
        bow,
        None,
    ]
    table = read_table(saved("gpkg", {"name": list("abcdefg")}, forms, geometry_type="Unknown"), "x.gpkg")
    found = shapes(table)
    assert found[:3] == [shapely.Point(36.8, -1.3), shapely.Point(36.8, -1.3), SQUARES[0]]
    assert not found[1].has_z
    assert [(problem.row, problem.message) for problem in table.problems] == [(5, "the geometry is empty")]
    told = {problem.row: problem.message for problem in read_places(table).problems}
    assert told == {
        4: "is neither a point nor an area",
        5: "the geometry is empty",
        6: "the outline crosses itself; only a point inside was kept",
    }


def test_a_table_without_shapes_is_a_table(tmp_path: Path):
    """A geodatabase may hold plain tables, too."""
    path = tmp_path / "units.gpkg"
    pyogrio.write_arrow(pa.table({"code": ["1", "2"]}), path, driver="GPKG", layer="t")
    table = read_table(path)
    assert cells(table) == [{"code": "1"}, {"code": "2"}]
    assert table.shapes is None


def test_a_shapefile_that_lacks_a_part_is_told(saved: Callable[..., bytes], tmp_path: Path):
    """The sentence names the missing part; a table cut short tells how many shapes lost their row."""
    saved("shp")
    index, table = tmp_path / "shp/units.shx", tmp_path / "shp/units.dbf"
    table.write_bytes(table.read_bytes()[:-60])
    cut = read_table(packed(tmp_path / "shp"), "x.zip")
    assert len(cut) == 1
    assert "2 shapes and only 1 rows" in cut.problems[0].message
    index.unlink()
    with pytest.raises(UnreadableTable, match=r"without its \.shx file"):
        read_table(packed(tmp_path / "shp"), "x.zip")


def test_too_many_rows_are_refused(saved: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch):
    """A layer is held in memory, so there is an end, and the hint says what to do beyond it."""
    content = saved("gpkg")
    monkeypatch.setattr(gdal, "MOST_ROWS", 1)
    with pytest.raises(UnreadableTable, match="more than 1 rows") as caught:
        read_table(content, "x.gpkg")
    assert "in parts" in caught.value.hint


def test_an_archive_without_a_table_is_told(tmp_path: Path):
    """Pictures alone are no list."""
    (tmp_path / "map.png").write_bytes(b"x")
    with pytest.raises(UnreadableTable, match="no table and no layer"):
        read_table(packed(tmp_path), "x.zip")


@pytest.mark.parametrize("ending", ["shp", "gpkg", "gdb", "fgb"])
def test_broken_bytes_are_refused_in_words(saved: Callable[..., bytes], tmp_path: Path, ending: str):
    """Whatever is changed or cut away, a layer is read or refused, and never anything else."""
    sound = saved(ending)
    path = tmp_path / ending
    parts = {one: one.read_bytes() for one in sorted(path.rglob("*")) if one.is_file()}

    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.data())
    def attack(data: st.DataObject) -> None:
        victim = data.draw(st.sampled_from(sorted(parts)))
        content = bytearray(parts[victim])
        for _ in range(data.draw(st.integers(0, 6))):
            content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
        victim.write_bytes(content[: data.draw(st.sampled_from([len(content), len(content) // 2, 30]))])
        broken = packed(path) if sound.startswith(b"PK") else victim.read_bytes()
        victim.write_bytes(parts[victim])
        try:
            read_places(read_table(broken, f"x.{ending}"))
        except UnreadableTable as error:
            assert error.hint  # noqa: PT017 - either outcome is right; nothing else may come

    attack()
