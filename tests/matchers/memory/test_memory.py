"""Memory of decisions, as the matchers apply it: pure, and silent about everything nobody decided."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.places import Places
from matchers.compare import compare
from matchers.memory.decisions import Answer, Memory, Ruling, decide
from matchers.memory.facts import facts_of
from matchers.model import Task, weigh
from matchers.parameters import DEFAULTS

DAY = date(2026, 3, 1)
TODAY = date(2026, 4, 1)
#: Bumala of the ordinary list, and what people call it.
BUMALA = {"id": "O08", "names": ["Bumala"], "lat": 0.36, "lon": 34.30}
CALLED = {"id": "r", "names": ["Wekhonye"], "lat": 0.3605, "lon": 34.3005, "r95_m": 100.0, "kind": "village"}


def places(*rows):
    """Return rows as places."""
    return Places.from_rows(rows)


def ruled(record, official, answer, official_id="O08"):
    """Return the memory of one decision about a record and an entry as they stand."""
    ruling = Ruling(record["id"], official_id, answer, DAY)
    return Memory.of(decide([ruling], places(record), official.index.places))


def found(official, memory, *records):
    """Return the findings of some records."""
    return compare(places(*records), official, today=TODAY, memory=memory).findings.to_pylist()


def test_a_confirmed_pair_is_matched_however_unlike(listed):
    """A person's word outweighs names and distance, and is said."""
    official = listed()
    far = CALLED | {"lat": 0.50}
    (plain,), (known,) = found(official, Memory(), far), found(official, ruled(far, official, Answer.SAME), far)
    assert plain["official_id"] != "O08" or plain["needs_review"]
    assert (known["official_id"], known["needs_review"]) == ("O08", False)
    assert known["p_absent"] < 0.01
    assert {"matched", "remembered"} <= set(known["attributes"])
    assert known["reason"].endswith("A reviewer decided on 2026-03-01 that it is “Bumala”.")


def test_a_confirmed_name_weighs_less_than_the_official_one_and_more_than_none(listed):
    """The level `alias` stands between the same name and an unlike one."""
    official = listed()
    memory = ruled(CALLED, official, Answer.SAME)
    bits = {}
    for name, known in (("Bumala", memory), ("Wekhonye", memory), ("WEKHONYE Village", memory), ("Wekhonye", Memory())):
        task = Task.of(places(CALLED | {"id": "s", "names": [name], "r95_m": 90.0}), official, DEFAULTS, known)
        weighed = weigh(task)
        at = [official.index.places.ids[row] for row in weighed.pairs.row.tolist()].index("O08")
        level = weighed.name.feature.labels([at])[0]
        bits[name, bool(known)] = (level, float(weighed.name.feature.bits[at]))
    assert bits["Bumala", True][0] == "exact"
    assert bits["Wekhonye", True] == bits["WEKHONYE Village", True]
    assert bits["Wekhonye", True][0] == "alias"
    assert bits["Bumala", True][1] > bits["Wekhonye", True][1] > 0 > bits["Wekhonye", False][1]


def test_a_confirmed_name_is_found_where_neither_place_nor_spelling_proposes_it(listed):
    """A record without coordinates under that name is compared with the entry."""
    official = listed()
    (finding,) = found(official, ruled(CALLED, official, Answer.SAME), {"id": "s", "names": ["Wekhonye"]})
    assert finding["official_id"] == "O08"
    assert finding["p_absent"] < 0.5


def test_a_name_stays_with_the_entry_until_that_is_another_one(listed):
    """An entry that moved or was renamed keeps its confirmed names; under one identifier with neither the same, not."""
    memory = ruled(CALLED, listed(), Answer.SAME)
    other = CALLED | {"id": "s", "r95_m": 90.0}
    levels = []
    for changed in ({"lat": 0.3601}, {"names": ["Bumala B"]}, {"names": ["Kisoko"], "lat": 0.3601}):
        official = listed([BUMALA | changed | {"id": "X"}], alone=True)
        renamed = dataclasses.replace(
            memory.decisions[0], ruling=dataclasses.replace(memory.decisions[0].ruling, official_id="X")
        )
        weighed = weigh(Task.of(places(other), official, DEFAULTS, Memory((renamed,))))
        levels.append(weighed.name.feature.labels([0])[0])
    assert levels == ["alias", "alias", "unlike"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"names": ["Wekhonye", "Wekhonye Juu"]}, "the record's names"),
        ({"lat": 0.3611}, "the record's location"),
        ({"r95_m": 500.0}, "the record's location"),
        ({"kind": "school"}, "the record's kind"),
        ({"admin": [("county", "Busia")]}, "the record's administrative units"),
        ({"groups": ["Ogiek"]}, "the record's groups"),
        ({"attributes": [("Operator", "Red Cross")]}, "the record's names"),
    ],
)
def test_any_change_of_what_a_decision_rests_on_brings_the_pair_back(listed, change, said):
    """The finding is marked, and the reason names the part that changed."""
    official = listed()
    (finding,) = found(official, ruled(CALLED, official, Answer.DIFFERENT), CALLED | change)
    assert "reopened" in finding["attributes"]
    assert f"is another place; {said} changed since, so it is asked again." in finding["reason"]


@pytest.mark.parametrize(
    "change",
    [
        {"names": [" wekhonye "]},
        {"lat": 0.360500001},
        {"observed": date(2026, 1, 1), "founded": date(1990, 1, 1)},
        {"counts": [{"value": 12.0, "unit": "persons", "status": "observed"}]},
        {"attributes": [("enrolment", "230")]},
    ],
)
def test_what_says_nothing_of_the_place_changes_nothing(listed, change):
    """Counts, dates, capitals, millimetres and other attributes leave a decision standing."""
    official = listed()
    (finding,) = found(official, ruled(CALLED, official, Answer.DIFFERENT), CALLED | change)
    assert "reopened" not in finding["attributes"]
    assert "“Bumala” is another place." in finding["reason"]


def test_several_entries_ruled_out_are_named_in_one_sentence(listed):
    """What was decided on one day is said at once."""
    official = listed()
    rulings = [Ruling("r", entry, Answer.DIFFERENT, DAY) for entry in ("O08", "O09", "O00")]
    memory = Memory.of(decide(rulings, places(CALLED), official.index.places))
    (finding,) = found(official, memory, CALLED)
    assert finding["reason"].endswith(
        "A reviewer decided on 2026-03-01 that “Bumala”, “Nambale” and “Sikoma” are other places."
    )


def test_decisions_about_entries_that_are_gone_are_silent(listed):
    """A list without the entry is compared as if nobody had decided."""
    memory = ruled(CALLED, listed([BUMALA | {"id": "X"}]), Answer.SAME, "X")
    assert found(listed(), memory, CALLED) == found(listed(), Memory(), CALLED)


def test_the_latest_answer_holds_and_a_record_is_one_entry(listed):
    """An answer taken back is forgotten; a second confirmation takes the place of the first."""
    official = listed()
    rulings = [
        Ruling("r", "O00", Answer.SAME, DAY),
        Ruling("r", "O08", Answer.SAME, DAY),
        Ruling("r", "O09", Answer.DIFFERENT, DAY),
        Ruling("r", "O09", Answer.UNSURE, DAY),
    ]
    memory = Memory.of(decide(rulings, places(CALLED), official.index.places))
    assert [(one.ruling.official_id, one.ruling.answer) for one in memory.decisions] == [("O08", Answer.SAME)]


def test_facts_do_not_depend_on_the_order_of_what_is_said():
    """Names, groups, units and the corners of an area may be written in any order."""
    square = [(34.3, 0.3), (34.4, 0.3), (34.4, 0.4), (34.3, 0.4)]
    one = {
        "id": "a",
        "names": ["Bumala", "Wekhonye"],
        "groups": ["Luhya", "Teso"],
        "admin": [("county", "Busia"), ("ward", "Bumala A")],
        "area": shapely.to_wkb(shapely.Polygon(square)),
    }
    other = {
        "id": "b",
        "names": one["names"][::-1],
        "groups": one["groups"][::-1],
        "admin": one["admin"][::-1],
        "area": shapely.to_wkb(shapely.Polygon(square[2:] + square[:2])),
    }
    first, second = facts_of(places(one, other), [0, 1])
    assert first == second


NAMES = ("Nambale", "Bukiri", "Matayos", "Port", "Kisoko", "Angurai", "Nambali", "Bumala B", "Camp 4", "Chakol")


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(
        st.tuples(st.sampled_from(NAMES), st.floats(0.29, 0.75), st.floats(34.29, 34.73)), min_size=1, max_size=6
    ),
    rulings=st.lists(
        st.tuples(st.integers(0, 63), st.sampled_from([Answer.SAME, Answer.DIFFERENT])), min_size=1, max_size=4
    ),
)
def test_memory_never_changes_the_finding_of_a_record_it_does_not_speak_of(listed, rows, rulings):
    """Whatever was decided about one record, others under other names are found as before, each by its own evidence."""
    official = listed()
    asked = [Ruling("r", f"O{entry:02d}", answer, DAY) for entry, answer in rulings]
    memory = Memory.of(decide(asked, places(CALLED), official.index.places))
    for number, (name, lat, lon) in enumerate(rows):
        row = {"id": str(number), "names": [name], "lat": lat, "lon": lon, "r95_m": 100.0}
        plain = compare(places(row), official, today=TODAY)
        known = compare(places(row), official, today=TODAY, memory=memory)
        assert known.findings.equals(plain.findings)
        assert known.candidates.equals(plain.candidates)


@settings(max_examples=30, deadline=None)
@given(order=st.permutations(range(4)))
def test_the_order_of_records_changes_nothing(listed, order):
    """Memory finds its records by what they are, wherever they stand."""
    official = listed()
    rows = [
        CALLED,
        CALLED | {"id": "same account"},
        CALLED | {"id": "same name", "lat": 0.3611},
        {"id": "other", "names": ["Sikoma"], "lat": 0.36, "lon": 34.361},
    ]
    memory = ruled(CALLED, official, Answer.DIFFERENT)
    usual = {finding["record_id"]: finding for finding in found(official, memory, *rows)}
    assert {finding["record_id"]: finding for finding in found(official, memory, *(rows[at] for at in order))} == usual
    assert [usual[one]["attributes"] for one in ("r", "same account")] == [["remembered"]] * 2
    assert "remembered" not in usual["same name"]["attributes"]
