"""Exports of our own form are read without a mapping, in any language and dress."""

from __future__ import annotations

from typing import Any

import pytest

from geodata.communityform.definition import community_record
from geodata.communityform.exported import answered
from geodata.files.columns import read_places
from geodata.files.sheet import from_cells
from geodata.files.tables import read_table
from geodata.personal.door import at_the_door
from tests.geodata.communityform.answering import exported, kobo_csv
from tests.specimens.saving import workbook

LANGUAGES = (None, *community_record().languages)


def row_of(content: bytes, name: str) -> dict[str, Any]:
    """Return the one place of a file, which is read without a problem, and what its account says beyond the place."""
    reading = read_places(read_table(content, name))
    assert [problem.sentence() for problem in reading.problems] == []
    (row,) = reading.places.table.to_pylist()
    (said,) = reading.said.to_pylist()
    return {**row, **said}


@pytest.mark.parametrize("groups", [True, False])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_export_is_read_without_a_mapping(language: str | None, kind: str, *, groups: bool) -> None:
    """XML names or labels of any language, groups before the questions or not, CSV or XLSX: one and the same record."""
    if kind == "csv":
        row = row_of(kobo_csv(language, groups=groups), "export.csv")
    else:
        cells = exported(language, groups=groups)
        row = row_of(workbook({"Community record": [list(cells), list(cells.values())]}), "export.xlsx")
    assert [name["text"] for name in row["names"]] == ["Kambi Moto", "Huruma Ghetto", "كامبي موتو"]
    assert (row["country"], row["kind"], row["lat"], row["lon"]) == ("KEN", "informal_settlement", -1.2605, 36.8731)
    assert row["admin"] == [("adm1_name", "Nairobi"), ("adm2_name", "Mathare")]
    assert row["groups"] == ["Refugees", "Waste pickers", "Nubians", "Luo speakers"]
    counts = [(one["unit"], one["value"], one["low"], one["high"], one["method"]) for one in row["counts"]]
    assert counts == [
        ("persons", 1120, 1000, 1300, "full enumeration"),
        ("households", 270, None, None, "full enumeration"),
    ]
    assert (f"{row['observed']}", row["founded"].year) == ("2026-03-31", 1998)
    assert (row["consent"], row["sensitivity"]) == ("public_masked", "restricted")
    assert row["drivers"] == ["eviction", "no identity documents"]
    said = dict(row["attributes"])
    assert (said["authority"], said["known_from"], said["other_name_1_language"]) == (
        "assembly",
        "lives_there",
        "Sheng",
    )


@pytest.mark.parametrize("language", community_record().languages)
@pytest.mark.parametrize("words", ["label", "short"])
def test_paper_that_was_typed_in_is_read_as_well(language: str, words: str) -> None:
    """Latitude and longitude in columns of their own, as the paper has them; headers of the record or of the list."""
    form = community_record()
    asked = {question.name: getattr(question, words)[language] for question in form.questions()}
    chosen = {choice.name: choice.label[language] for choice in form.lists()["sensitivities"]}
    headers = [
        *(asked[name] for name in ("name", "country", "persons", "count_method", "consent", "sensitivity")),
        form.words["latitude"][language],
        form.words["longitude"][language],
    ]
    cells = ["Kambi Moto", "KEN", "1120", "household_listing", "internal", chosen["caution"], "-1.2605", "36.8731"]
    reading = read_places(answered(from_cells(headers, [cells], [2])))
    (row,) = reading.places.table.to_pylist()
    assert reading.problems == ()
    assert (row["lat"], row["lon"], row["counts"][0]["value"]) == (-1.2605, 36.8731, 1120)
    assert row["counts"][0]["method"] == "household listing"
    (said,) = reading.said.to_pylist()
    assert (said["consent"], said["sensitivity"]) == ("internal", "caution")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_door_takes_only_the_account_from_an_export(language: str | None) -> None:
    """Who sent it is left out as the export is read; of our own form nothing is dropped, and no answer is touched."""
    table = read_table(kobo_csv(language, groups=True), "export.csv")
    admitted = at_the_door(table)
    assert "_submitted_by" not in table.headers
    assert admitted.dropped == ()
    assert admitted.notices == ()


def test_another_table_is_not_taken_for_the_form() -> None:
    """A list that happens to have a name and a consent column is read as any other."""
    other = from_cells(["name", "consent", "country"], [["Lindi", "yes", "KEN"]], [2])
    assert answered(other) is other


def test_an_answer_that_is_none_of_the_list_stays() -> None:
    """What somebody typed into an export by hand is kept as it is, so that it can be told."""
    headers = ["name", "consent", "sensitivity", "groups"]
    ours = answered(from_cells(headers, [["Lindi", "perhaps", "Ndiyo", "Wavuvi na wengine"]], [2]))
    cells = [ours.columns.column(header)[0].as_py() for header in headers]
    assert cells == ["Lindi", "perhaps", "restricted", "Fishers; na wengine"]
