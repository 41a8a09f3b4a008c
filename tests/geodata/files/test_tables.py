"""Any file people keep lists in is read; a broken row is told by its number and the good rows stay."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path

import geopandas as gpd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.files.delimited import Layout, _careful, _swift
from geodata.files.tables import Table, UnreadableTable, read_table
from tests.specimens.saving import open_document, save_as, workbook

ROWS = [{"id": "001", "name": "Lindi"}, {"id": "002", "name": "Kisumu Ndogo"}]


def cells(table: Table) -> list[dict[str, str]]:
    """Return the rows as dictionaries."""
    return table.columns.to_pylist()


def told(table: Table) -> list[tuple[int | None, str]]:
    """Return row and message of every problem."""
    return [(problem.row, problem.message) for problem in table.problems]


@pytest.mark.parametrize("ending", ["csv", "tsv", "xlsx", "ods", "geojson", "parquet"])
def test_every_format_gives_the_same_text(tmp_path: Path, ending: str):
    """The same rows come back as text, leading zeros kept, whatever the program that saved them."""
    path = tmp_path / f"list.{ending}"
    save_as(ROWS, path)
    table = read_table(path)
    assert cells(table) == ROWS
    assert table.problems == ()
    assert table.rows.tolist() == ([1, 2] if ending in {"geojson", "parquet"} else [2, 3])


def test_content_counts_more_than_the_ending(tmp_path: Path):
    """A workbook that was renamed to .csv is still a workbook."""
    save_as(ROWS, tmp_path / "list.xlsx")
    assert cells(read_table((tmp_path / "list.xlsx").read_bytes(), "list.csv")) == ROWS


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_usual_dialect_is_recognised(delimiter: str, newline: str):
    """Comma, semicolon, tab and bar, with line ends of any system; commas inside values do not confuse it."""
    lines = [["id", "name", "where"], ["1", "Lindi", '"1,3 and 36,8"'], ["2", "Makina", "x"]]
    text = newline.join(delimiter.join(line) for line in lines)
    assert cells(read_table(text.encode(), "list.txt")) == [
        {"id": "1", "name": "Lindi", "where": "1,3 and 36,8"},
        {"id": "2", "name": "Makina", "where": "x"},
    ]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("id,name\n1,São João\n2,Peñalolén\n", "utf-8-sig"),
        ("id,name\n1,مخيم جباليا\n", "utf-16"),
        ("id\tname\n1\tភ្នំពេញ\n", "utf-16-le"),
        ("id\tname\n1\tភ្នំពេញ and more\n", "utf-32"),
    ],
)
def test_marked_encodings_need_no_guess(text: str, encoding: str):
    """A byte order mark, or the look of UTF-16, says enough."""
    assert cells(read_table(text.encode(encoding), "list.csv"))[0]["name"] in text


@pytest.mark.parametrize(
    ("names", "encoding"),
    [
        ("São João,Conceição", "cp1252"),
        ("Bédié,Côte d'Ivoire", "latin-1"),
        ("Łódź,Wrocław", "cp1250"),
        ("Москва,Новгород", "cp1251"),
        ("مخيم جباليا,مخيم الشاطئ", "cp1256"),
        ("กรุงเทพ,เชียงใหม่", "cp874"),
        ("北京市,上海市", "gb18030"),
    ],
)
def test_old_encodings_are_recognised_and_told(names: str, encoding: str):
    """What offices save as is understood, and the file as a whole carries a remark about it."""
    text = "id,name\n" + "".join(f"{n},{name}\n" for n, name in enumerate(names.split(",")))
    table = read_table(text.encode(encoding), "list.csv")
    assert [row["name"] for row in cells(table)] == names.split(",")
    assert [(problem.row, problem.fatal) for problem in table.problems] == [(None, False)]


def test_single_lines_of_another_encoding_are_told():
    """Two files pasted together keep both halves; the odd lines are named."""
    body = "id,name\n1,Peña\n2,Côté\n3,Łódź\n".encode() + "4,São João\n".encode("cp1252")
    table = read_table(body, "list.csv")
    assert [row["name"] for row in cells(table)] == ["Peña", "Côté", "Łódź", "São João"]
    assert told(table) == [(5, "is not UTF-8 like the rest; read as cp1252")]


def test_nul_bytes_are_left_out_and_told():
    """A NUL in a value is removed with a remark; padding after the last row says nothing."""
    table = read_table(b"id,name\n1,Lin\0di\n2,Makina\n" + b"\0" * 512, "list.csv")
    assert [row["name"] for row in cells(table)] == ["Lindi", "Makina"]
    assert told(table) == [(2, "holds NUL bytes, which were left out")]


BROKEN = b"""id,name,note
1,Lindi,a
2,Makina
3,"Raila,b
4,Karanja,c,d

6,"Soweto
East",e
7,"the "big" one",f
8,Ayany,"g ""h"" i"
9,Silanga,j,
"""


def test_broken_rows_are_told_and_good_rows_stay():
    """Too few and too many values and stray quotation marks cost one row each, by the number a spreadsheet shows."""
    table = read_table(BROKEN, "list.csv")
    assert [(row, line["id"]) for row, line in zip(table.rows.tolist(), cells(table), strict=True)] == [
        (2, "1"),
        (7, "6"),
        (9, "8"),
        (10, "9"),
    ]
    assert cells(table)[1]["name"] == "Soweto\nEast"
    assert cells(table)[2]["note"] == 'g "h" i'
    assert told(table) == [
        (3, "has 2 values where the header has 3"),
        (4, "opens a quotation mark that is never closed"),
        (5, "has 4 values where the header has 3"),
        (8, "has a quotation mark in the middle of a quoted value"),
    ]
    assert all(problem.fatal and problem.hint for problem in table.problems)


def test_an_unclosed_quotation_mark_does_not_swallow_the_file():
    """Thousands of good rows after a slip are kept, and reading does not slow to a crawl."""
    rows = "".join(f'{n},"place {n}",x\n' for n in range(20_000))
    table = read_table(f'id,name,note\na,"oops,x\n{rows}'.encode(), "list.csv")
    assert len(table) == 20_000
    assert told(table) == [(2, "opens a quotation mark that is never closed")]


def test_a_slip_in_the_middle_of_a_large_file_loses_nothing_else():
    """Every good row is there, whatever the block of the fast reader that the bad one fell into."""
    lines = [f"{n},place {n},{'x' * 60}" for n in range(60_000)]
    lines[30_000] = 'bad,"open,x'
    table = read_table("\n".join(["id,name,note", *lines, ""]).encode(), "list.csv")
    assert len(table) == 59_999
    assert told(table) == [(30_002, "opens a quotation mark that is never closed")]


safe = st.text(
    st.characters(codec="utf-8", exclude_characters='"\r\n\0,;|\t\ufeff', exclude_categories=["C"]), min_size=1
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(safe, safe, safe), min_size=1, max_size=8))
def test_the_swift_and_the_careful_way_agree(lines: list[tuple[str, str, str]]):
    """Both readers give the same table for any clean file, so speed changes nothing."""
    body = "\n".join([*(",".join(line) for line in lines), ""]).encode()
    layout = Layout(",", ("a", "b", "c"), 2)
    swift, careful = _swift(body, layout), _careful(body, layout)
    assert swift is not None
    kept = [row for row in cells(swift.table) if "".join(row.values()).strip()]
    assert (kept, swift.following) == (cells(careful.table), careful.following)


def test_headers_become_distinct():
    """An empty header is named after its place, a repeated one numbered and told."""
    table = read_table(b"id,name,,name\n1,a,b,c\n", "list.csv")
    assert table.headers == ["id", "name", "column 3", "name (2)"]
    assert told(table) == [(1, "the header stands 2 times; this one is read as 'name (2)'")]


def test_a_row_of_hxl_tags_is_dropped():
    """The tags under the header are no place; the rows below keep their numbers."""
    table = read_table(b"ADM1_PCODE,Name,Note\n#adm1+code,#adm1+name,\nCF11,Ombella,#1\n#2,x,y\n", "list.csv")
    assert cells(table) == [
        {"ADM1_PCODE": "CF11", "Name": "Ombella", "Note": "#1"},
        {"ADM1_PCODE": "#2", "Name": "x", "Note": "y"},
    ]
    assert table.rows.tolist() == [3, 4]


def test_excel_may_name_its_delimiter():
    """A first line `sep=;` is an instruction, and counts as a line."""
    table = read_table(b"sep=;\r\nid;name\r\n1;Lindi\r\n", "list.csv")
    assert (cells(table), table.rows.tolist()) == ([{"id": "1", "name": "Lindi"}], [3])


def test_numbers_of_a_workbook_keep_no_point():
    """A code that the spreadsheet took for a number is text again; titles above the header are passed over."""
    sheet = [["List of villages", None], [None, None], ["code", "share"], [2301957936.0, 0.25], [7, None], [None, None]]
    table = read_table(workbook({"Notes": [], "Data": sheet}), "list.xlsx")
    assert cells(table) == [{"code": "2301957936", "share": "0.25"}, {"code": "7", "share": ""}]
    assert table.rows.tolist() == [4, 5]
    assert cells(read_table(open_document([["code"], [12.0]]), "list.ods")) == [{"code": "12"}]


def test_a_sheet_can_be_named():
    """The first sheet that holds anything is read, unless one is named; a wrong name lists the right ones."""
    content = workbook({"A": [["x"], ["1"]], "B": [["y"], ["2"]]})
    assert read_table(content, "list.xlsx").headers == ["x"]
    assert read_table(content, "list.xlsx", "B").headers == ["y"]
    with pytest.raises(UnreadableTable, match="no sheet 'C'") as caught:
        read_table(content, "list.xlsx", "C")
    assert caught.value.hint == "name one of A, B"


def test_features_keep_their_shapes():
    """Points and areas stand beside the properties; a feature that is none, or has a broken shape, is told."""
    square = {"type": "Polygon", "coordinates": [[[36, -2], [37, -2], [37, -1], [36, -2]]]}
    point = {"type": "Point", "coordinates": [36.8, -1.3, 1700]}
    broken = {"type": "Polygon", "coordinates": [[[1, 2]]]}
    features = [
        {"type": "Feature", "id": 7, "properties": {"name": "A", "n": 2.0, "tags": ["x", "y"]}, "geometry": point},
        "nonsense",
        {"type": "Feature", "properties": {"name": "B", "more": {"a": None}}, "geometry": square},
        {"type": "Feature", "properties": None, "geometry": broken},
    ]
    table = read_table(json.dumps({"type": "FeatureCollection", "features": features}).encode(), "x.geojson")
    assert [row["name"] for row in cells(table)] == ["A", "B", ""]
    assert (cells(table)[0]["id"], cells(table)[0]["n"], cells(table)[0]["tags"]) == ("7", "2", "x;y")
    assert cells(table)[1]["more"] == '{"a":null}'
    assert table.shapes is not None
    shapes = shapely.from_wkb(table.shapes.to_pylist())
    assert (shapes[0], shapes[1].geom_type, shapes[2]) == (shapely.Point(36.8, -1.3), "Polygon", None)
    assert told(table) == [(2, "is not a feature"), (4, "the geometry cannot be read")]
    assert table.rows.tolist() == [1, 3, 4]


def test_geoparquet_is_brought_to_wgs84():
    """Coordinates in metres of another system become degrees."""
    frame = gpd.GeoDataFrame({"name": ["A"]}, geometry=[shapely.Point(36.8, -1.3)], crs="EPSG:4326").to_crs(3857)
    sink = io.BytesIO()
    frame.to_parquet(sink)
    table = read_table(sink.getvalue(), "x.parquet")
    assert table.headers == ["name"]
    assert table.shapes is not None
    point = shapely.from_wkb(table.shapes[0].as_py())
    assert (point.x, point.y) == pytest.approx((36.8, -1.3))


def test_typed_columns_of_parquet_become_text():
    """Numbers, days, truths and lists read as a person would write them."""
    sink = io.BytesIO()
    columns = {"n": [12.0, 0.5], "day": [date(2009, 8, 24), None], "yes": [True, None], "names": [["a", "b"], []]}
    pq.write_table(pa.table(columns), sink)
    assert cells(read_table(sink.getvalue(), "x.parquet")) == [
        {"n": "12", "day": "2009-08-24", "yes": "true", "names": "a;b"},
        {"n": "0.5", "day": "", "yes": "", "names": ""},
    ]


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "x.csv", "the file is empty"),
        (b" \n\r\n", "x.csv", "the file is empty"),
        (b"", "x.xlsx", "the file is empty"),
        (b"%PDF-1.7", "x.csv", "a PDF"),
        (b"SQLite format 3\0", "x.gpkg", "no GeoPackage, or a broken one"),
        (b"fgb\x03fgb\0cut", "x.fgb", "FlatGeobuf"),
        (b"\0\0\x27\x0a", "x.shp", "one part of a shapefile"),
        (b"<kml><Placemark>", "x.kml", "KML is broken"),
        (b"<kml/>", "x.kml", "no placemarks"),
        (b"hello", "x.gpkg", "not what its ending says"),
        (b"\x1f\x8b\x08", "x.csv.gz", "gzip"),
        (b"PK\x03\x04 cut", "x.xlsx", "damaged or cut"),
        (b"hello", "x.xlsx", "not what its ending says"),
        (b"PAR1 cut", "x.parquet", "cannot be read"),
        (b'{"type": "FeatureCollection", "features": [', "x.geojson", "broken at line 1"),
        (b'{"type": "Point"}', "x.geojson", "holds no features"),
        (bytes(range(1, 30)) * 50, "x.csv", "not text"),
        (workbook({"Data": []}), "x.xlsx", "empty"),
    ],
)
def test_what_cannot_be_read_says_why_and_what_to_do(content: bytes, name: str, said: str):
    """Each kind of unreadable file has one clear sentence and a hint."""
    with pytest.raises(UnreadableTable, match=said) as caught:
        read_table(content, name)
    assert caught.value.hint


def test_another_reference_system_is_refused():
    """Old GeoJSON in metres is not taken for degrees."""
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32737"}}
    body = {"type": "FeatureCollection", "crs": crs, "features": []}
    with pytest.raises(UnreadableTable, match="EPSG::32737"):
        read_table(json.dumps(body).encode(), "x.geojson")
    crs["properties"]["name"] = "urn:ogc:def:crs:OGC:1.3:CRS84"
    assert len(read_table(json.dumps(body).encode(), "x.geojson")) == 0


def test_a_missing_file_is_told(tmp_path: Path):
    """The name is in the message, the path is not."""
    with pytest.raises(UnreadableTable, match=r"no file list\.csv"):
        read_table(tmp_path / "list.csv")


def test_a_header_alone_is_a_table_without_rows():
    """Whether an empty list is wrong is for others to say."""
    table = read_table(b"id,name\n", "x.csv")
    assert (table.headers, len(table)) == (["id", "name"], 0)


def test_ten_megabytes_are_no_trouble():
    """A large file, and one huge value in it, are read whole."""
    row = b"1,Lindi," + b"x" * 100 + b"\n"
    assert len(read_table(b"id,name,note\n" + row * 95_000, "x.csv")) == 95_000
    table = read_table(b'id,name,note\n1,Lindi,"' + b"x" * 9_000_000 + b'\n"\n2,Makina,y\n', "x.csv")
    assert [len(row["note"]) for row in cells(table)] == [9_000_001, 1]
