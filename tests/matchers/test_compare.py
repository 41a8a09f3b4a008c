"""Comparing whole tables: one finding per row, alone as in company, in any order, and the story of Kibera."""

from __future__ import annotations

import random
from datetime import date

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.coverage import Completeness, CoverageManifest
from geodata.index import PlaceIndex
from geodata.places import Places
from matchers import compare as module
from matchers.base import OfficialList
from matchers.company.claims import Others
from matchers.compare import compare
from matchers.model import Task, weigh
from matchers.parameters import DEFAULTS

TODAY = date(2026, 1, 1)
CENSUS = CoverageManifest(
    completeness=Completeness.EXHAUSTIVE,
    lowest_level="sub-location",
    kinds=frozenset({"administrative_unit", "settlement"}),
    countries=frozenset({"KEN"}),
)
# Populations of the 2009 census as printed by the Nation on 2010-09-12; points good to 500 m.
SUBLOCATIONS = (
    ("Lindi", -1.313, 36.794, 35158),
    ("Kianda", None, None, 29356),
    ("Laini Saba", -1.310, 36.794, 28182),
    ("Makina", -1.312, 36.790, 25242),
    ("Gatwikira", -1.312, 36.782, 24991),
    ("Siranga", -1.315, 36.796, 17363),
    ("Kibera", -1.309, 36.788, 9786),
)
VILLAGES = (
    ("Gatwekera", ["Gatuikira"], -1.3151, 36.7826, 353, "Gatwikira"),
    ("Silanga", ["Undugu"], -1.3174, 36.7981, 304, "Siranga"),
    ("Kianda", [], -1.3106, 36.7729, 450, "Kianda"),
    ("Laini Saba", [], -1.3119, 36.7952, 365, "Laini Saba"),
    ("Mashimoni", [], -1.3112, 36.7926, 237, None),
    ("Raila", [], -1.3179, 36.7790, 354, None),
    ("Soweto East", [], -1.3155, 36.8003, 270, None),
    ("Kisumu Ndogo", [], -1.3128, 36.7869, 245, None),
    ("Olympic", [], -1.3138, 36.7787, 293, None),
)


def persons(value, method="census"):
    """Return a count of persons."""
    return [
        {"value": float(value), "unit": "persons", "method": method, "status": "observed", "date": date(2009, 8, 24)}
    ]


@pytest.fixture(scope="module")
def census():
    """Return the sub-locations of Kibera and its total, as the 2009 census has them."""
    rows = [
        {"id": name, "names": [name], "lat": lat, "lon": lon, "r95_m": 500, "kind": "ward", "counts": persons(people)}
        for name, lat, lon, people in SUBLOCATIONS
    ]
    total = {"id": "total", "names": ["Kibera"], "lat": -1.313, "lon": 36.787, "r95_m": 1500, "kind": "settlement"}
    places = Places.from_rows([*rows, {**total, "counts": persons(170070)}])
    return OfficialList("ke", "Kenya census", "0" * 64, "2009", date(2009, 8, 24), CENSUS, PlaceIndex.build(places))


def village(name, others, *where):
    """Return a village as community mappers know it."""
    lat, lon, r95 = where
    row = {"id": name, "names": [name, *others], "lat": lat, "lon": lon, "r95_m": r95}
    return {**row, "country": "KEN", "kind": "village"}


@pytest.mark.parametrize("known", VILLAGES, ids=[known[0] for known in VILLAGES])
def test_villages_of_kibera(census, known):
    """A village is matched to the sub-location of its name; of others the census cannot tell, and its level is said."""
    *described, entry = known
    found = compare(Places.from_rows([village(*described)]), census, today=TODAY).findings.to_pylist()[0]
    if entry:
        assert (found["verdict"], found["official_id"]) == ("consistent", entry)
        assert {"matched", "presence_only"} <= set(found["attributes"])
        assert "The counts cannot be compared: the record gives no count" in found["reason"]
    else:
        assert found["verdict"] == "not_assessable"
        assert "its lowest level is sub-location, and a village is below that" in found["reason"]


def test_variant_spellings_have_reasons(census):
    """The match of Gatwekera is explained by the letter that differs and by the distance."""
    row = village("Gatwekera", [], -1.3151, 36.7826, 353)
    comparison = compare(Places.from_rows([row]), census, today=TODAY)
    sentences = [e["sentence"] for e in comparison.candidates.to_pylist()[0]["evidence"]]
    assert "The names differ by two letters: Gatwekera / Gatwikira" in sentences
    assert "0.35 km apart; the two locations are uncertain by 0.35 and 0.51 km" in sentences
    assert "name_variant" in comparison.findings.to_pylist()[0]["attributes"]


@pytest.mark.parametrize(
    ("level", "kind", "word"),
    [("sub-location", "ward", "sub-location"), (None, "ward", "ward"), ("Secondary", "secondary_school", None)],
)
def test_the_list_is_quoted_in_its_own_word(listed, level, kind, word):
    """Where the publisher's word for the level says the kind it is quoted, else our term; a school is no level."""
    entry = {"id": "k", "names": ["Kianda"], "lat": 0.5, "lon": 34.5, "kind": kind, "level": level}
    comparison = compare(Places.from_rows([village("Kianda", [], 0.5, 34.5, 400)]), listed([entry]), today=TODAY)
    sentences = [e["sentence"] for e in comparison.candidates.to_pylist()[0]["evidence"]]
    assert f"The record says village, the list {word or 'secondary school'}" in sentences


@pytest.mark.parametrize("people", [1_000_000, 2_500_000])
def test_the_famous_million_is_no_undercount(census, people):
    """A widely quoted number goes to a person and never becomes an undercount (acceptance case 10)."""
    row = {"id": "q", "names": ["Kibera"], "lat": -1.313, "lon": 36.787, "r95_m": 1500, "kind": "settlement"}
    row |= {"country": "KEN", "counts": persons(people, "widely quoted")}
    found = compare(Places.from_rows([row]), census, today=TODAY).findings.to_pylist()[0]
    assert (found["verdict"], found["official_id"]) == ("needs_review", "total")
    assert "nobody knows how" in found["reason"]


COUNTED = {"id": "c", "names": ["Gatwekera"], "lat": 0.5, "lon": 34.5, "r95_m": 1000, "admin": {"district": "Busia"}}
LISTED = {"id": "g", "names": ["Gatwikira"], "lat": 0.5054, "lon": 34.5, "r95_m": 500, "admin": {"district": "Busia"}}


@pytest.mark.parametrize(("official", "verdict"), [(490, "consistent"), (150, "undercount")])
def test_matched_counts_are_compared(listed, official, verdict):
    """A variant spelling nearby is matched, and its counts decide (acceptance cases 1 and 2)."""
    counted = Places.from_rows([{**COUNTED, "counts": persons(500, "full enumeration")}])
    precise = replace_boundary(DEFAULTS)
    comparison = compare(counted, listed([{**LISTED, "counts": persons(official)}]), precise, today=TODAY)
    found = comparison.findings.to_pylist()[0]
    assert found["verdict"] == verdict, found["reason"]
    assert "matched" in found["attributes"]


def replace_boundary(parameters):
    """Return parameters for a community whose boundary is the official one."""
    return type(parameters).from_json('{"version": "same-boundary", "counting": {"sigma_boundary": 0.0}}')


NAMES = (
    "Nambale",
    "Nambali",
    "Bukiri West",
    "Bukiri",
    "Camp 4",
    "Zzyzx",
    "Port Victoria",
    "Лугулу",
    "",
    "Chakol Primary",
)


def some_records(seed, count):
    """Return records with and without points, names, units and aliases."""
    draw = random.Random(seed)  # noqa: S311 - test data, not secrets
    rows = []
    for i in range(count):
        row = {"id": f"r{i}", "names": [n for n in draw.sample(NAMES, draw.randint(0, 2)) if n]}
        if draw.random() < 0.7:
            row |= {"lat": draw.uniform(0.2, 0.8), "lon": draw.uniform(34.2, 34.8)}
        if draw.random() < 0.5:
            row |= {"admin": {"district": draw.choice(["Busia", "Siaya"])}, "r95_m": draw.choice([100.0, 2000.0])}
        rows.append(row)
    return rows


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_own_evidence_is_the_same_alone_and_in_a_file(listed, seed):
    """A row's evidence and its probability alone are the same in any company; what company changes names who."""
    official = _official(listed)
    rows = some_records(seed, 8)
    together = compare(Places.from_rows(rows), official, today=TODAY)
    for i, row in enumerate(rows):
        alone = compare(Places.from_rows([row]), official, today=TODAY)
        (mine,), (company,) = alone.findings.to_pylist(), together.findings.slice(i, 1).to_pylist()
        assert company["p_absent_alone"] == mine["p_absent_alone"] == mine["p_absent"]
        told = {c["official_id"]: (c["evidence"], c["distance_m"]) for c in alone.candidates.to_pylist()}
        candidates = together.candidates.filter(pa.compute.equal(together.candidates["record_row"], i)).to_pylist()
        assert all(
            (c["evidence"], c["distance_m"]) == told[c["official_id"]] for c in candidates if c["official_id"] in told
        )
        if company["competitor"] is None:
            assert company == mine
            assert [_without_row(c) for c in candidates] == [_without_row(c) for c in alone.candidates.to_pylist()]
        else:
            assert company["competitor"] in company["reason"]


def test_who_fits_better_takes_the_entry(listed):
    """Of two rows that resemble one entry the worse is absent rather than listed, and the reason names the better."""
    rows = [
        {"id": "better", "names": ["Nambale"], "lat": 0.3, "lon": 34.3, "r95_m": 100.0},
        {"id": "worse", "names": ["Nambele"], "lat": 0.302, "lon": 34.302, "r95_m": 100.0},
    ]
    better, worse = compare(Places.from_rows(rows), listed([]), today=TODAY).findings.to_pylist()
    assert better["official_id"] == "O00"
    assert better["p_absent"] < 0.083
    assert worse["p_absent"] > worse["p_absent_alone"]
    assert worse["competitor"] == "better"
    assert "better" in worse["reason"]


def test_two_accounts_of_one_community_share_its_entry(listed):
    """Rows of one name at one place are one community, and none takes the entry from the other."""
    row = {"names": ["Nambale"], "lat": 0.3, "lon": 34.3, "r95_m": 100.0}
    found = compare(Places.from_rows([row | {"id": "a"}, row | {"id": "b"}]), listed([]), today=TODAY).findings
    assert found["verdict"].to_pylist() == ["consistent", "consistent"]
    assert found["competitor"].to_pylist() == [None, None]


def test_records_compared_before_compete_too(listed):
    """A record posted alone gives way to one that was matched to the entry before it."""
    rows = [{"id": "worse", "names": ["Nambele"], "lat": 0.302, "lon": 34.302, "r95_m": 100.0}]
    asked = []

    def others(entries):
        asked.extend(entries)
        return Others(ids=("before",), claims=((0, "O00", 1e6),))

    (found,) = compare(Places.from_rows(rows), listed([]), today=TODAY, others=others).findings.to_pylist()
    assert "O00" in asked
    assert found["p_absent"] > found["p_absent_alone"]
    assert found["competitor"] == "before"


_kept: list[OfficialList] = []


def _official(listed):
    if not _kept:
        extra = [
            {"id": "n2", "names": ["Nambale"], "admin": {"district": "Busia"}},
            {"id": "c14", "names": ["Camp 14"]},
        ]
        _kept.append(listed(extra))
    return _kept[0]


def _without_row(candidate):
    return {key: value for key, value in candidate.items() if key != "record_row"}


def test_order_of_either_side_is_irrelevant(listed, ordinary):
    """Shuffling the records or the list changes no finding."""
    rows, official = some_records(1, 40), [*ordinary, {"id": "n2", "names": ["Nambale"]}]
    straight = compare(Places.from_rows(rows), listed(official, alone=True), today=TODAY).findings.to_pylist()
    shuffled = random.Random(7).sample(rows, len(rows))  # noqa: S311 - test data, not secrets
    turned = compare(Places.from_rows(shuffled), listed(official[::-1], alone=True), today=TODAY).findings.to_pylist()
    assert sorted(straight, key=lambda f: f["record_id"]) == sorted(turned, key=lambda f: f["record_id"])


def test_no_row_is_lost_or_doubled(listed, monkeypatch):
    """Every record has exactly one finding, in order, also where the table is cut into blocks."""
    rows = some_records(2, 50)
    whole = compare(Places.from_rows(rows), _official(listed), today=TODAY)
    monkeypatch.setattr(module, "BLOCK", 7)
    cut = compare(Places.from_rows(rows), _official(listed), today=TODAY)
    assert whole.findings.column("record_id").to_pylist() == [row["id"] for row in rows]
    assert cut.findings.equals(whole.findings)
    assert cut.candidates.equals(whole.candidates)


def test_two_runs_are_byte_identical(listed):
    """The same question has the same answer to the byte, from a fresh index too."""

    def answer():
        comparison = compare(Places.from_rows(some_records(3, 30)), listed([LISTED]), today=TODAY)
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, comparison.candidates.schema) as stream:
            stream.write_table(comparison.candidates)
        return sink.getvalue().to_pybytes(), comparison.findings.to_pylist()

    assert answer() == answer()


def test_no_records_have_no_findings(listed):
    """An empty table is answered with empty tables of the agreed columns."""
    comparison = compare(Places.from_rows([]), _official(listed), today=TODAY)
    assert (comparison.findings.num_rows, comparison.candidates.num_rows) == (0, 0)


@settings(max_examples=30, deadline=None)
@given(st.floats(-1, 1), st.floats(34, 35), st.sampled_from([50.0, 500.0, 5000.0]))
def test_candidates_miss_nobody_in_reach(listed, lat, lon, r95):
    """Every listed place within the record's own radius is weighed, whatever it is called."""
    from geodata.distance import haversine_m  # noqa: PLC0415 - beside its only use

    official = _official(listed)
    task = Task.of(
        Places.from_rows([{"id": "r", "names": ["Xyz"], "lat": lat, "lon": lon, "r95_m": r95}]), official, DEFAULTS
    )
    weighed = weigh(task)
    places = official.index.places
    within = haversine_m(lat, lon, places.lat, places.lon) <= weighed.reach.radius_m(DEFAULTS.geography)[0]
    assert set(within.nonzero()[0].tolist()) <= set(weighed.pairs.row.tolist())
