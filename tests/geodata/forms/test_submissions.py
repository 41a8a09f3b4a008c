"""What survey tools add is understood or left out, and what people answered is kept."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
import shapely

from geodata.files.columns import Reading, read_places
from geodata.files.tables import UnreadableTable, read_table
from tests.specimens import villages


def read(content: bytes, name: str) -> Reading:
    """Read a file with no mapping."""
    return read_places(read_table(content, name))


def rows(reading: Reading) -> list[dict[str, Any]]:
    """Return the places as dictionaries."""
    return reading.places.table.to_pylist()


def csv_of(header: str, *lines: str) -> bytes:
    """Return a Kobo export with these columns before those of the tool."""
    system = "_id;_uuid;_submission_time"
    body = [f"{line};{at};u{at};2026-03-01T08:00:00" for at, line in enumerate(lines, start=1)]
    return "\n".join([f"{header};{system}", *body]).encode()


def test_kobo_is_keyed_on_what_survives_an_edit():
    """The own id is `_id`: an edit changes `_uuid`. Without a question for the date, the submission's day counts."""
    reading = read(villages.kobo_csv(), "export.csv")
    assert reading.places.ids == ["4100", "4101", "4102"]
    assert [row["observed"] for row in rows(reading)] == [date(2026, 3, day) for day in (1, 2, 3)]
    assert [dict(row["attributes"])["accuracy_m"] for row in rows(reading)] == ["4.5", "4.5", "4.5"]


def test_rejected_and_undecrypted_submissions_are_told():
    """What reviewers rejected and what nobody decrypted is left out, each with its row, its column and a way back."""
    kobo = read(villages.kobo_csv(), "export.csv").problems
    assert [(one.row, one.column, one.value, one.fatal) for one in kobo] == [
        (5, "_validation_status", "Not Approved", True)
    ]
    odk = read(villages.odk_zip(), "community.zip").problems
    assert [(one.row, one.column, one.message) for one in odk] == [
        (5, "ReviewState", "was rejected in review; it was left out"),
        (6, "Status", "is encrypted and was not decrypted; it was left out"),
    ]
    assert "passphrase" in odk[1].hint


def test_what_reviewers_said_about_the_others_is_kept():
    """A submission with issues stays, and its state is among its attributes."""
    reading = read(villages.odk_zip(), "community.zip")
    assert [dict(row["attributes"]).get("ReviewState") for row in rows(reading)] == [None, "hasIssues", "hasIssues"]


def test_repeats_are_joined_to_their_submission():
    """Names in a repeat are other names with their language, counts by group are counts; the rest is told."""
    reading = read(villages.kobo_xlsx(), "export.xlsx")
    first, second, _ = rows(reading)
    assert [(name["text"], name["language"]) for name in first["names"]] == [
        ("Lindi", None),
        ("Lindi Village", "en"),
        ("Kwa Lindi", "sw"),
    ]
    assert [name["text"] for name in second["names"]] == ["Makina", "Makina Juu"]
    groups = {count["group"]: count["value"] for count in first["counts"] if count["group"]}
    assert groups == {"Nubian": 400.0, "Luo": 300.0}
    assert [problem.message for problem in reading.problems] == [
        "of the repeat people with 3 rows these answers were left out: remark",
        "of the repeat people 1 row had no submission in this file",
    ]


def test_repeats_of_an_archive_are_joined_by_key():
    """ODK's files belong together by KEY and PARENT_KEY; media beside them do not matter."""
    first = rows(read(villages.odk_zip(), "community.zip"))[0]
    assert [name["text"] for name in first["names"]] == ["Lindi", "Kwa Lindi", "Lindi Juu"]


def test_outlines_become_areas():
    """Latitude comes first in XForms and longitude in GeoJSON; both give the same area."""
    kobo, odk = read(villages.kobo_json(), "data.json"), read(villages.odk_odata(), "data.json")
    for reading in (kobo, odk):
        outline = shapely.from_wkb(rows(reading)[0]["area"])
        assert outline.bounds == pytest.approx((36.7876, -1.3133, 36.7886, -1.3123))


def test_a_line_that_does_not_close_is_no_area():
    """A walk round a place is closed when its ends are near; a road is set aside and told."""
    ring = "-1.31 36.78 0 0;-1.30 36.78 0 0;-1.30 36.79 0 0;-1.3095 36.7803 0 0"
    road = "-1.31 36.78 0 0;-1.30 36.78 0 0;-1.29 36.78 0 0"
    told = read(json.dumps([_record(1, "A", ring), _record(2, "B", road)]).encode(), "x.json")
    assert [row["area"] is None for row in rows(told)] == [False, True]
    assert [(one.row, one.message) for one in told.problems] == [(2, "is a line that does not close, not an area")]


def _record(number: int, name: str, walk: str) -> dict[str, object]:
    return {"_id": number, "_uuid": str(number), "name": name, "walk": walk, "_submission_time": "2026-03-01"}


@pytest.mark.parametrize("point", ["-1.3133 36.7876", "-1.3133 36.7876 1700", "-1.3133 36.7876 0.0 0.0"])
def test_points_of_two_to_four_parts(point: str):
    """A point typed in has no altitude or accuracy, or zeros for them; a zero is no accuracy."""
    reading = read(csv_of("name;where", f"A;{point}", "B;"), "x.csv")
    assert (reading.places.lat[0], reading.places.lon[0]) == (-1.3133, 36.7876)
    assert rows(reading)[0]["r95_m"] is None
    assert reading.problems == ()
    assert rows(reading)[0]["attributes"] in ([], None)


def test_an_impossible_latitude_is_set_aside_by_row():
    """The other rows keep their points."""
    reading = read(csv_of("name;where", "A;152.02 36.78 0 0", "B;-1.3 36.8 0 0"), "x.csv")
    assert [row["lat"] for row in rows(reading)] == [None, -1.3]
    assert [(one.row, one.proposal) for one in reading.problems] == [(2, {"lat": 36.78, "lon": 152.02})]


def test_a_second_point_is_told_and_never_an_attribute():
    """A form with two points places the community at the first, and shows neither as a text."""
    reading = read(csv_of("name;home;well", "A;-1.31 36.78 0 0;-1.32 36.79 0 0"), "x.csv")
    assert reading.places.lat.tolist() == [-1.31]
    assert [one.message for one in reading.problems] == [
        "the form asks for 2 points; a place is taken to be at the first, home"
    ]
    assert "-1.32" not in str(rows(reading)[0]["attributes"])


def test_split_answers_become_one_list():
    """Ticks in columns of their own are the answers ticked; a group of questions is no such list."""
    header = "name;groups/Nubian;groups/Luo;more/households;more/children"
    reading = read(csv_of(header, "A;1;0;1;0", "B;1;1;0;1"), "x.csv")
    assert [row["groups"] for row in rows(reading)] == [["Nubian"], ["Nubian", "Luo"]]
    assert reading.mapping["more/households"] == "count.households"


def test_a_deleted_coordinate_is_read_from_the_point_itself():
    """Where somebody deleted the column of latitudes, the other columns of the point are no second ones."""
    kept = [row.split(b";") for row in villages.kobo_csv().splitlines()]
    content = b"\n".join(b";".join(row[:5] + row[6:]) for row in kept)
    reading = read(content, "export.csv")
    assert [(row["lat"], row["lon"]) for row in rows(reading)] == villages.POINTS


def test_a_respondent_who_ticked_nothing_keeps_the_others_answers():
    """Rows without any tick say what their own column says, and the rows below them keep their answers."""
    content = villages.kobo_csv_labels().replace(b'"Nubiens Luo";"1";"1"', b'"";"0";"0"', 1)
    groups = read_table(content, "export.csv").columns.column("Groupes").to_pylist()
    assert groups == ["", "Nubiens;Luo", "Nubiens;Luo"]


def test_a_page_of_several_is_told():
    """Somebody who saved one page of the API learns that there are more."""
    page = json.loads(villages.kobo_json()) | {"count": 900, "next": "https://kobo.example/data?start=3"}
    problems = read(json.dumps(page).encode(), "data.json").problems
    assert [problem.message for problem in problems] == ["the file is one page of several: 3 of 900 submissions"]


def test_one_submission_as_a_service_is_sent_it():
    """The body of a REST service is one account."""
    reading = read(villages.kobo_hook(), "hook.json")
    assert (reading.places.ids, reading.places.primary_names) == (["4100"], ["Lindi"])


def test_an_edited_submission_keeps_its_id():
    """Two versions in one file share `_id`, which is told."""
    edited = [_record(1, "A", ""), _record(1, "A again", "") | {"_uuid": "other"}]
    reading = read(json.dumps(edited).encode(), "x.json")
    assert [problem.message for problem in reading.problems] == ["the id is used before; its row was added to it"]


@pytest.mark.parametrize(
    "content",
    [b'{"count": 0, "results": []}', b'{"results": [1, 2]}', b'{"detail": "Not found."}', b"[[[[[[", b'{"a":' * 20_000],
)
def test_what_holds_no_submission_is_refused(content: bytes):
    """Errors, empty pages and endless nesting are refused in words."""
    with pytest.raises(UnreadableTable) as caught:
        read_table(content, "data.json")
    assert caught.value.hint


def test_a_mapping_by_hand_goes_before_the_tool():
    """What a person maps wins over what the tool's columns say."""
    reading = read_places(read_table(csv_of("name;our code", "A;K-7"), "x.csv"), mapping={"id": "our code"})
    assert reading.places.ids == ["K-7"]
