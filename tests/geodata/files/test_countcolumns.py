"""Columns of counts: one group each, or bounds beside a number."""

from __future__ import annotations

from typing import Any

from geodata.files.columns import Reading, read_places
from geodata.files.tables import read_table


def read(text: str, mapping: dict[str, str] | None = None) -> Reading:
    """Read delimited text."""
    return read_places(read_table(text.encode(), "list.csv"), mapping=mapping)


def rows(reading: Reading) -> list[dict[str, Any]]:
    """Return the places as dictionaries."""
    return reading.places.table.to_pylist()


def test_a_column_may_count_one_group():
    """Census tables have a column for each group; a mapping says whom each counts, as the list writes it."""
    reading = read(
        "id,name,Total population,masai,rest\n1,A,900,120,<10\n",
        mapping={"count.persons.Maasai": "masai", "count.people.Other": "rest"},
    )
    counts = rows(reading)[0]["counts"]
    assert [(count["group"], count["unit"], count["value"], count["high"]) for count in counts] == [
        ("Maasai", "persons", 120.0, None),
        ("Other", "persons", None, 9.0),
        (None, "persons", 900.0, None),
    ]
    assert reading.mapping["masai"] == "count.persons.Maasai"


def test_bounds_may_have_columns_of_their_own():
    """A lower and an upper bound belong to the count of everybody, or are one where there is no other column."""
    beside = rows(read("id,name,count,lower bound,upper bound\n1,A,500,450,560\n2,B,90,,\n"))
    assert [(c["value"], c["low"], c["high"], c["status"]) for row in beside for c in row["counts"]] == [
        (500, 450, 560, "observed"),
        (90, None, None, "observed"),
    ]
    alone = rows(read("id,name,von,bis\n1,A,450,560\n2,B,,\n", mapping={"count_low": "von", "count_high": "bis"}))
    assert [(c["value"], c["low"], c["high"], c["status"]) for c in alone[0]["counts"]] == [
        (None, 450, 560, "estimated")
    ]
    assert alone[1]["counts"] == []


def test_bounds_upside_down_are_set_aside_and_told():
    """A range from more to less is no range; the count itself stays."""
    reading = read("id,name,count,lower bound,upper bound\n1,A,500,560,450\n")
    assert [(c["value"], c["low"], c["high"]) for c in rows(reading)[0]["counts"]] == [(500, None, None)]
    assert [(one.row, one.column, one.message) for one in reading.problems] == [
        (2, "lower bound", "is more than the upper bound")
    ]
