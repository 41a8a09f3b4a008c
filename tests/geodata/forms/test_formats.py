"""Every export and spreadsheet that people have is read with no mapping; the table of what came of each is printed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from geodata.files.columns import Reading, read_places
from geodata.files.tables import UnreadableTable, read_table
from tests.specimens import villages

RECORDED = Path(__file__).parents[4] / "shared" / "data" / "recorded"

#: Variant -> name of the file, its bytes, rows set aside.
VARIANTS: dict[str, tuple[str, Callable[[], bytes], int]] = {
    "Kobo CSV, XML names": ("export.csv", villages.kobo_csv, 1),
    "Kobo CSV, labels, HXL": ("export.csv", villages.kobo_csv_labels, 0),
    "Kobo XLSX, repeats": ("export.xlsx", villages.kobo_xlsx, 0),
    "Kobo JSON page": ("data.json", villages.kobo_json, 0),
    "Kobo JSON list": ("data.json", villages.kobo_list, 1),
    "ODK CSV zip, repeats": ("community.zip", villages.odk_zip, 2),
    "ODK OData": ("submissions.json", villages.odk_odata, 0),
    "ODK GeoJSON": ("submissions.geojson", villages.odk_geojson, 0),
    "Ushahidi CSV": ("posts.csv", villages.ushahidi_csv, 1),
    "Excel Unicode text (es)": ("lista.txt", villages.excel_unicode, 0),
    "Excel CSV (fr)": ("liste.csv", villages.excel_french, 2),
    "Excel XLSX by hand": ("villages.xlsx", villages.office_xlsx, 2),
    "CSV (ar)": ("list.csv", villages.arabic_csv, 0),
    "CSV, one column (pt)": ("lista.csv", villages.portuguese_pair, 0),
    "CSV, found by value (sw)": ("orodha.csv", villages.swahili_csv, 0),
}

#: Recorded body -> accounts, set aside; None for what is no list of records.
BODIES = {
    "kobo/data_page_all.json": (3, 0),
    "kobo/data_page_limit2_start0.json": (2, 0),
    "kobo/data_page_limit2_start2.json": (1, 0),
    "odk/odata_submissions.json": (3, 0),
    "odk/pyodk_submissions.json": (4, 0),
    "odk/pyodk_entities.json": (0, 2),  # both were deleted
    "odk/pyodk_entities_data.json": None,
    "odk/pyodk_comments.json": (4, 0),
    "odk/pyodk_entity_lists.json": (3, 0),
    "odk/pyodk_form_attachments.json": (1, 0),
    "odk/pyodk_forms.json": (4, 0),
    "odk/pyodk_projects.json": (2, 0),
    "odk/attachments.json": (1, 0),
}

#: What no export may make public by the way: devices, users, keys of the tool.
PRIVATE = ("device-x", "collect:", "amina", "Amina", "+2547", "uuid-", "1.jpg", "f7bef")


def read(name: str, content: bytes) -> Reading:
    """Read a file as somebody would who maps nothing."""
    return read_places(read_table(content, name))


def aside(reading: Reading) -> int:
    """Return how many rows were left out."""
    return sum(problem.fatal for problem in reading.problems)


def line(title: str, reading: Reading | None) -> str:
    """Return one line of the table."""
    if reading is None:
        return f"{title:<36}{'refused: no list of records':>40}"
    parts = [part for part in reading.mapping.values() if part != "attributes"]
    rows = len(reading.places) + aside(reading)
    return f"{title:<36}{rows:>6}{len(reading.places):>10}{aside(reading):>11}{len(parts):>8} of {len(reading.mapping)}"


def test_every_variant_is_read_without_help(capsys: pytest.CaptureFixture[str]):
    """Each of fifteen ways to save the same three villages gives the same names, points, counts and country."""
    readings = {title: read(name, build()) for title, (name, build, _) in VARIANTS.items()}
    with capsys.disabled():
        print(f"\n{'source':<36}{'rows':>6}{'accounts':>10}{'set aside':>11}{'mapped without help':>22}")  # noqa: T201 - the table is for whoever runs the tests
        print("\n".join(line(title, reading) for title, reading in readings.items()))  # noqa: T201 - likewise
    for title, reading in readings.items():
        rows = reading.places.table.to_pylist()
        assert [row["names"][0]["text"] for row in rows] == villages.NAMES, title
        assert [(row["lat"], row["lon"]) for row in rows] == villages.POINTS, title
        assert {row["country"] for row in rows} == {"KEN"}, title
        totals = [
            [count["value"] for count in row["counts"] if count["unit"] == "persons" and not count["group"]]
            for row in rows
        ]
        assert totals == [[1250.0], [900.0], [None]], title
        assert aside(reading) == VARIANTS[title][2], (title, reading.problems)
        assert len(set(reading.places.ids)) == 3, title
        attributes = str([row["attributes"] for row in rows])
        assert not [word for word in PRIVATE if word in attributes], (title, attributes)


@pytest.mark.skipif(not (RECORDED / "kobo").is_dir(), reason="recorded bodies are missing: shared/data/recorded")
def test_every_recorded_body_is_read_or_refused(capsys: pytest.CaptureFixture[str]):
    """Real bodies of Kobo and ODK lose no record, and what is no list of records is refused."""
    came: dict[str, Reading | None] = {}
    for name in BODIES:
        try:
            came[name] = read_places(read_table(RECORDED / name))
        except UnreadableTable:
            came[name] = None
    with capsys.disabled():
        print("\n" + "\n".join(line(name, reading) for name, reading in came.items()))  # noqa: T201 - the table is for whoever runs the tests
    found = {name: reading and (len(reading.places), aside(reading)) for name, reading in came.items()}
    assert found == BODIES
    real = {path.relative_to(RECORDED).as_posix() for tool in ("kobo", "odk") for path in (RECORDED / tool).iterdir()}
    assert set(BODIES) == {name for name in real if not name.endswith("ORIGIN")}
    everything = str([reading.places.column("attributes").to_pylist() for reading in came.values() if reading][:4])
    assert not [word for word in ("device", "collector", "f7bef") if word in everything]
    points = came["odk/odata_submissions.json"]
    assert points is not None
    assert [problem.proposal for problem in points.problems] == [{"lat": -73.856824, "lon": 152.0195872}]
    assert points.places.lat[2] == 40.322394
