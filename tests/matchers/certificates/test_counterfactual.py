"""The smallest change: what is told to have made another verdict makes it, when the account is changed so."""

from __future__ import annotations

from datetime import date

import pytest

from geodata.places import Places
from matchers.certificates.certificate import company_from
from matchers.certificates.certifying import Ground, certificates
from matchers.company.joint import ALONE
from matchers.compare import compare
from matchers.parameters import DEFAULTS

DAY = date(2022, 9, 1)


@pytest.fixture
def told(listed):
    """Return the certificate of one account against ordinary villages, and the ground it stands on."""

    def of(rows=(), **account):
        ground = Ground(listed(rows), DAY, "test")
        places = Places.from_rows([{"id": "own", **account}])
        compared = ground.again(places, {})
        return next(certificates(ground, places, [{"id": "own", "account": ""}], compared)), ground

    return of


def verdict_of(ground, **account):
    """Return what the comparison says of an account."""
    return ground.again(Places.from_rows([{"id": "own", **account}]), {}).findings.to_pylist()[0]


def changed(certificate, feature):
    """Return the change of a feature that a certificate tells."""
    return next(change for change in certificate["smallest_changes"] if change["feature"] == feature)


def test_the_name_that_would_have_matched_matches(told):
    """An account under a strange name beside an entry would be matched under the entry's, as it is told."""
    account = {"lat": 0.42, "lon": 34.665, "r95_m": 500.0}
    certificate, ground = told(names=["Zulufu"], **account)
    assert certificate["finding"]["verdict"] != "consistent"
    change = changed(certificate, "name")
    name = next(c["official_name"] for c in certificate["candidates"] if c["official_id"] == change["official_id"])
    found = verdict_of(ground, names=[name], **account)
    assert (found["verdict"], found["p_absent"]) == (change["verdict"], change["p_absent"])
    assert found["official_id"] == change["official_id"]
    assert f"been called “{name}”" in change["sentence"]


def test_the_distance_that_would_have_matched_is_the_farthest(told):
    """The place told as near enough is, and a place a tenth farther on the same way is not."""
    entry = {"id": "E", "names": ["Kolanya"], "lat": 0.40, "lon": 34.50}
    certificate, ground = told([entry], names=["Kolanja"], lat=0.80, lon=34.50, r95_m=500.0)
    change = changed(certificate, "place")
    assert change["official_id"] == "E"
    near, far = (
        verdict_of(ground, names=["Kolanja"], lat=0.40 + metres / 111_195, lon=34.50, r95_m=500.0)
        for metres in (change["distance_m"], 1.1 * change["distance_m"])
    )
    assert "matched" in near["attributes"]
    assert near["p_absent"] == pytest.approx(change["p_absent"], abs=1e-4)
    assert "matched" not in far["attributes"]


def test_the_unit_that_would_have_matched_matches(told):
    """Of an account without a place, the unit of the entry like it is told where that unit is all that lacked."""
    names = ["Chwele", "Kimilili", "Naitiri", "Tongaren", "Webuye", "Sirisia", "Malakisi", "Cheptais", "Lwandanyi"]
    districts = ("Busia", "Siaya", "Kakamega", "Bungoma")
    rows = [{"id": name, "names": [name], "admin": [("district", districts[at % 4])]} for at, name in enumerate(names)]
    certificate, ground = told(rows, names=["Malakisie"], admin=[("District", "Siaya")])
    change = changed(certificate, "admin")
    found = verdict_of(ground, names=["Malakisie"], admin=[("District", "Kakamega")])
    assert (found["verdict"], found["p_absent"]) == (change["verdict"], change["p_absent"])
    assert "named district Kakamega, as “Malakisi” does" in change["sentence"]


def test_a_match_tells_what_would_have_undone_it(told):
    """Of a match, the features that carry it are told, the lightest first, each as what takes the match away."""
    account = {"names": ["Kolanya"], "lat": 0.42, "lon": 34.66, "r95_m": 500.0}
    certificate, ground = told(**account)
    assert "matched" in certificate["finding"]["attributes"]
    bits = [abs(change["bits"]) for change in certificate["smallest_changes"]]
    assert bits == sorted(bits)
    assert "matched" not in verdict_of(ground, **account | {"names": []})["attributes"]
    assert changed(certificate, "name")["bits"] < 0


def test_the_count_at_which_an_undercount_turns(told):
    """One person more or fewer than the count told, and the verdict is still the old one."""

    def count(value, **more):
        return {"value": float(value), "unit": "persons", "date": DAY, "status": "observed", **more}

    entry = {"id": "E", "names": ["Umoja"], "lat": 0.99, "lon": 34.99, "counts": [count(1000)]}
    account = {"names": ["Umoja"], "lat": 0.99, "lon": 34.99, "r95_m": 100.0}
    certificate, ground = told([entry], **account, counts=[count(3000, method="census")])
    assert certificate["finding"]["verdict"] == "undercount"
    change = changed(certificate, "count")
    at, above = (
        verdict_of(ground, **account, counts=[count(value, method="census")])["verdict"]
        for value in (change["count"], change["count"] + 1)
    )
    assert (at, above) == (change["verdict"], "undercount")
    assert at != "undercount"
    assert change["sentence"].startswith(f"Had the record counted {change['count']:,} persons instead of 3,000,")


def test_nothing_to_change_where_nothing_is_like_it(told):
    """An account that no entry is a candidate for has no smallest change, and neither has an empty one."""
    assert told(names=["Zulufu"], country="KEN")[0]["smallest_changes"] == []
    assert told()[0]["smallest_changes"] == []


def test_what_a_competitor_took_is_told_first(listed):
    """Where only another record's claim makes a place absent, that is the first change told."""
    ground = Ground(listed(), DAY, "test")
    entry = ground.official.index.places.table.slice(20, 1).to_pylist()[0]
    name, place = entry["names"][0]["text"], {"lat": entry["lat"], "lon": entry["lon"], "r95_m": 300.0}
    rows = [
        {"id": "first", "names": [name], **place},
        {"id": "second", "names": [f"{name}ya"], **place | {"lat": entry["lat"] + 0.012}},
    ]
    places = Places.from_rows(rows)
    compared = compare(places, ground.official, DEFAULTS, today=DAY, certify=True)
    first, second = certificates(ground, places, [{"id": row["id"], "account": ""} for row in rows], compared)
    assert company_from(first["search"]) == ALONE or first["finding"]["verdict"] == "consistent"
    change = second["smallest_changes"][0]
    assert (change["feature"], change["bits"]) == ("company", 0.0)
    assert change["sentence"].startswith(f"Had record first not competed for “{name}”, the verdict would be ")
    alone = ground.again(places.take([1]), {}).findings.to_pylist()[0]
    assert (alone["verdict"], alone["p_absent"]) == (change["verdict"], change["p_absent"])
