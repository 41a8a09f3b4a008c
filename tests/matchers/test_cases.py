"""The golden table: what must become of cases that other matchers got wrong, and the vectors of the methods."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from connectors.census.answers import read_cell
from geodata.coverage import from_dict
from geodata.files.columns import read_places
from geodata.files.tables import read_table
from geodata.names import form
from geodata.places import Places
from matchers.absence import open_set
from matchers.communities.quarantine import History, examine
from matchers.company.exclusiveness import Claims, share_out
from matchers.compare import compare
from matchers.memory.decisions import Answer, Memory, Ruling, decide
from matchers.training.em import Comparisons, Mixture, estimate, match_weight, probability, rarity_bits

CASES = tomllib.loads((Path(__file__).parent / "cases.toml").read_text(encoding="utf-8"))["case"]
TODAY = date(2026, 1, 1)
PLACES = 400  # of the list that the vectors of the methods speak of
Q = 0.1  # and the prior of absence


def cases(through):
    """Give a test the cases of the table that go through it."""
    rows = [case for case in CASES if case.get("through", "compare") == through]
    return pytest.mark.parametrize("case", rows, ids=[case["name"] for case in rows])


def citizen(*accounts):
    """Return accounts as a table of places, numbered in their order."""
    return Places.from_rows([{"id": f"record {number}", **account} for number, account in enumerate(accounts)])


def outcome(finding, p_best):
    """Name what became of a record in the words of the table."""
    if "matched" in finding["attributes"]:
        return "matched"
    if finding["verdict"] == "insufficient_evidence":
        return "insufficient"
    if finding["verdict"] == "not_assessable":
        return "unassessable"
    return "review" if finding["needs_review"] and p_best > finding["p_absent"] else "not_found"


def check_outcome(case, finding):
    """Hold what became of a record against the table."""
    found = outcome(finding, finding["p_match"] or 0.0)
    allowed = {"matched", "review"} if case["outcome"] == "matched_or_review" else {case["outcome"]}
    # A person also looks at a doubtful candidate that is less likely than absence, as long as it is the best one.
    if finding["needs_review"] and "matched" not in finding["attributes"]:
        found = "review" if "review" in allowed and case.get("is") in {None, finding["official_id"]} else found
    assert found in allowed, finding
    for column, key in (("official_id", "is"), ("verdict", "verdict"), ("subtype", "subtype")):
        assert finding[column] == case.get(key, finding[column]), finding
    assert set(case.get("attributes", ())) <= set(finding["attributes"])
    assert case.get("failed", "") in "; ".join(finding["failed_preconditions"])


@cases("compare")
def test_a_comparison(case, listed):
    """Each case has the outcome, the candidate and the level of evidence that the table names."""
    official = listed(case["official"], from_dict(case.get("list", {})))
    comparison = compare(citizen(case["citizen"]), official, today=TODAY)
    check_outcome(case, comparison.findings.to_pylist()[0])
    candidates = comparison.candidates.to_pylist()
    levels = {e["feature"]: e["level"] for e in candidates[0]["evidence"]} if candidates else {}
    expected = {"name": case["level"]} if "level" in case else {}
    expected |= {case["unavailable"]: "not_available"} if "unavailable" in case else {}
    expected |= case.get("levels", {})
    assert expected.items() <= levels.items()


@cases("company")
def test_the_same_alone_and_in_a_file(case, listed):
    """A row that competes with nobody has the same finding in any company; where it competes, its own evidence is."""
    official = listed(case["official"])
    alone = compare(citizen(case["citizen"]), official, today=TODAY)
    together = compare(citizen(case["citizen"], *case["others"]), official, today=TODAY)
    before, after = alone.findings.to_pylist()[0], together.findings.to_pylist()[0]
    evidence, mine = (
        {each["official_id"]: each["evidence"] for each in comparison.candidates.to_pylist() if not each["record_row"]}
        for comparison in (alone, together)
    )
    assert after["competitor"] == case.get("rival")
    assert after["p_absent_alone"] == before["p_absent_alone"]
    assert all(mine[official_id] == evidence[official_id] for official_id in mine.keys() & evidence.keys())
    assert (after == before) == ("rival" not in case)


@cases("twice")
def test_the_same_when_run_again(case, listed):
    """The same comparison is written to the same bytes, whatever the order of the list."""

    def written(official):
        comparison = compare(citizen(case["citizen"]), listed(official), today=TODAY)
        sink = pa.BufferOutputStream()
        for table in (comparison.findings, comparison.candidates):
            with pa.ipc.new_stream(sink, table.schema) as stream:
                stream.write_table(table.combine_chunks())
        return sink.getvalue().to_pybytes()

    assert written(case["official"]) == written(case["official"]) == written(case["official"][::-1])


@cases("memory")
def test_what_people_decided(case, listed):
    """A pair that people ruled out is not a candidate again, until the record says something else."""
    official = listed(case["official"])
    account = citizen(case["citizen"])
    (before,) = compare(account, official, today=TODAY).findings.to_pylist()
    assert (before["official_id"], before["needs_review"]) == (case["ruled_out"], True)
    ruling = Ruling(before["record_id"], case["ruled_out"], Answer.DIFFERENT, TODAY)
    memory = Memory.of(decide([ruling], account, official.index.places))
    (after,) = compare(account, official, today=TODAY, memory=memory).findings.to_pylist()
    assert after["official_id"] != case["ruled_out"]
    assert after["subtype"] != "possible_match"
    changed = citizen(case["asked_again_with"])
    (again,) = compare(changed, official, today=TODAY, memory=memory).findings.to_pylist()
    assert again["official_id"] == case["ruled_out"]


@cases("quarantine")
def test_copied_submissions(case):
    """Accounts that one organisation sends in a day from one and the same spot are all set aside."""
    lat, lon = case["at"]
    accounts = [{"names": [f"Village {number}"], "lat": lat, "lon": lon} for number in range(case["records"])]
    grounds = examine(citizen(*accounts), History())
    assert all(case["ground"] in {ground.code for ground in each} for each in grounds)


@cases("census")
def test_a_cell_of_the_census(case):
    """A sentinel becomes no number, and the reason it stands for."""
    cell = read_cell(case["cell"])
    assert (cell.value, cell.status.value) == (None, case["status"])


@cases("geopoint")
def test_a_point_as_surveys_write_it(case):
    """A point in one column is read as latitude and longitude."""
    reading = read_places(read_table(f"name,geopoint\nNasewa,{case['text']}\n".encode(), "kobo.csv"))
    assert (reading.places.lat.tolist(), reading.places.lon.tolist()) == ([case["lat"]], [case["lon"]])
    assert reading.problems == ()


@cases("weight")
def test_a_match_weight(case):
    """Agreements add up to the match weight in bits, and with the share of matches to a probability."""
    mixture = Mixture(case["share"], *(tuple(map(np.array, case[side])) for side in "mu"))
    weight = match_weight(np.array([case["levels"]]), mixture)
    assert weight[0] == pytest.approx(case["weight"], abs=1e-4)
    assert probability(weight, case["share"])[0] == pytest.approx(case["probability"], abs=1e-6)


@cases("em")
def test_expectation_maximisation(case):
    """Patterns 000..111 of agreement on three features give back the share of matches, and both rates of each."""
    patterns = np.array([[pattern >> at & 1 for at in (2, 1, 0)] for pattern in range(8)])
    levels = np.repeat(patterns, case["counts"], axis=0)
    guess = Mixture(0.05, *(tuple(np.array([1 - rate, rate]) for _ in range(3)) for rate in (0.8, 0.15)))
    found = estimate(Comparisons.of(levels), guess, learn_u=True)
    assert found.share == pytest.approx(case["share"], abs=case["tolerance"])
    assert [rates[1] for rates in found.m] == pytest.approx(case["m"], abs=case["tolerance"])
    assert [rates[1] for rates in found.u] == pytest.approx(case["u"], abs=case["tolerance"])


@cases("open_set")
def test_the_open_set(case):
    """Candidates compete with one another and with absence."""
    ratios = np.array(case["ratios"], np.float64)
    found = open_set(np.zeros(len(ratios), np.int64), ratios, np.zeros(1), (Q, PLACES))
    assert found.absent[0] == pytest.approx(case["p_absent"], abs=1e-5)
    assert found.pair.sum() == pytest.approx(1 - found.absent[0])
    assert found.pair.tolist() == pytest.approx(
        [case["p_each"]] * len(ratios) if "p_each" in case else found.pair, 1e-4
    )


@cases("exclusiveness")
def test_exclusiveness(case):
    """What one record takes is not there for another: the likeliest share of each is as the table says."""
    ratios = np.array(case["ratios"], np.float64)
    record, row = (positions.ravel() for positions in np.indices(ratios.shape))
    claims = Claims(
        record=record,
        row=row,
        entry_order=row,
        odds=(1 - case["q"]) * ratios.ravel() / (case["q"] * case["entries"]),
        within=np.zeros(ratios.size, np.bool_),
        rest=np.zeros(len(ratios)),
        community=np.arange(len(ratios)),
        order=np.arange(len(ratios)),
    )
    shares = share_out(claims)
    # Absence comes last in each row, so that position -1 stands for it.
    table = np.column_stack((shares.pair.reshape(ratios.shape), shares.absent))
    likeliest = table.argmax(axis=1)
    assert np.where(likeliest == ratios.shape[1], -1, likeliest).tolist() == case["taken"]


@cases("rarity")
def test_rarity(case):
    """An agreement on a rare term says more than one on an average term, on a common one less."""
    assert rarity_bits(case["average"], np.array([case["frequency"]]))[0] == pytest.approx(case["bits"], abs=1e-4)


@cases("parts")
def test_the_parts_of_a_name(case):
    """Ways of writing one name are read into the same parts."""
    for name in case["names"]:
        found = form(name)
        assert (found.core, found.modifier, found.number) == (
            case["core"],
            case.get("modifier", ""),
            case.get("number", ""),
        ), name
        assert found.generic == case.get("generic", found.generic)


def test_every_case_is_put_through_something():
    """No row of the table stands there unread, and none twice."""
    known = {"compare", "company", "twice", "memory", "quarantine", "census", "geopoint", "weight", "em", "open_set"}
    known |= {"exclusiveness", "rarity", "parts", "disclosure"}
    assert {case.get("through", "compare") for case in CASES} == known
    assert len({case["name"] for case in CASES}) == len(CASES)
