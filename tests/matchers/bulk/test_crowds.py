"""Many records in one part: weighed some at a time, and answered as if they had been weighed together."""

from __future__ import annotations

from datetime import date

import numpy as np

from geodata.places import Places
from matchers.bulk.assessing import VERDICTS, How, assessed
from matchers.bulk.crowds import crowds, in_crowds
from matchers.compare import compare
from matchers.parameters import DEFAULTS


def records(count: int, rows: list[dict]) -> Places:
    """Return records of listed places, called a little otherwise, a few hundred metres off."""
    random = np.random.default_rng(count)
    of = [rows[int(at)] for at in random.integers(len(rows), size=count)]
    return Places.from_rows(
        {
            "id": f"R{number}",
            "names": [row["names"][0] + (" 2" if number % 5 == 0 else "")],
            "lat": row["lat"] + random.normal(0, 0.003),
            "lon": row["lon"] + random.normal(0, 0.003),
            "r95_m": 300.0,
        }
        for number, row in enumerate(of)
    )


def test_each_record_is_answered_once_and_beside_its_neighbours(ordinary):
    """A crowd answers for its own; whoever is within ten kilometres of one of them is weighed with it."""
    places = records(150, ordinary)
    answered = np.zeros(150, np.int64)
    for rows, own in crowds(places, 20):
        assert (np.diff(rows) > 0).all()
        answered[rows[own]] += 1
        apart = np.hypot(
            places.lat[rows[own]][:, None] - places.lat[None, :], places.lon[rows[own]][:, None] - places.lon[None, :]
        )
        assert set(np.flatnonzero((apart < 0.085).any(axis=0)).tolist()) <= set(rows.tolist())
    assert (answered == 1).all()


def test_crowds_change_no_answer(ordinary, listed):
    """A table weighed at once and in crowds has the same verdicts and rivals; only long chains of rivals are cut."""
    places, official, today = records(150, ordinary), listed(), date(2026, 1, 1)

    def compared(some: Places):
        return compare(some, official, today=today).findings

    together = compared(places)
    found = in_crowds(places, compared, 40)
    for name in ("record_id", "verdict", "official_id", "competitor"):
        assert found.column(name).to_pylist() == together.column(name).to_pylist(), name
    assert np.allclose(np.asarray(found.column("p_absent")), np.asarray(together.column("p_absent")), atol=0.005)
    assert sum(one is not None for one in together.column("competitor").to_pylist()) > 0


def test_an_assessment_has_the_numbers_of_the_findings(ordinary, listed):
    """Column by column, the name of the best entry and the numbers of its counts included."""
    counted = {"value": 400.0, "unit": "persons", "status": "observed", "method": "enumeration"}
    rows = [row | {"counts": [counted], "observed": date(2022, 8, 24)} for row in ordinary]
    places, official, today = records(60, rows), listed(), date(2026, 1, 1)
    found = assessed(places, official, How(DEFAULTS, today))
    expected = compare(places, official, today=today).findings
    assert found.schema.equals(VERDICTS)
    for name in ("verdict", "subtype", "p_absent", "p_absent_alone", "official_id", "p_match", "competitor"):
        assert found.column(name).to_pylist() == expected.column(name).to_pylist(), name
    assert found.column("official_name").to_pylist() == expected.column("official_name").to_pylist()
    ratios = [one and one["ratio"] for one in expected.column("counted").to_pylist()]
    assert found.column("ratio").to_pylist() == ratios
