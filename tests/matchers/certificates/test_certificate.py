"""The certificate: the same bytes whatever the company or the order of rows, and readable differences."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import date

import pytest

from geodata.index import PlaceIndex
from geodata.places import Places
from geodata.taxonomy import Taxonomy
from matchers.certificates.certificate import (
    Replayed,
    account_sha256,
    canonical,
    company_from,
    differences,
    parameters_sha256,
)
from matchers.certificates.certifying import Ground, certificates
from matchers.compare import compare
from matchers.memory.decisions import Answer, Memory, Ruling, decide
from matchers.parameters import DEFAULTS, Parameters

DAY = date(2026, 1, 1)
ROWS = [
    {"id": "exact", "names": ["Kolanya"], "lat": 0.42, "lon": 34.66, "r95_m": 500.0},
    {"id": "rival", "names": ["Kolaniya"], "lat": 0.43, "lon": 34.68, "r95_m": 1500.0},
    {"id": "strange", "names": ["Zulufu", "ዙሉፉ"], "lat": 0.45, "lon": 34.45, "r95_m": 300.0},
    {"id": "nameless", "lat": 0.42, "lon": 34.66},
    {"id": "placeless", "names": ["Matayosi"], "country": "KEN"},
    {"id": "empty"},
]


@pytest.fixture
def ground(listed):
    """Return an ordinary list on a day."""
    return Ground(listed(), DAY, "test")


def certified(ground, rows, memory=None):
    """Return the certificates of rows compared together, by record."""
    if memory is not None:
        ground = replace(ground, memory=memory)
    places = Places.from_rows(rows)
    records = [{"id": row["id"], "account": account_sha256(row)} for row in places.table.to_pylist()]
    compared = compare(places, ground.official, today=DAY, memory=ground.memory, certify=True)
    return dict(zip(places.ids, certificates(ground, places, records, compared), strict=True))


def again(ground, row, stated):
    """Return the certificate of one row, made again alone from what the stated one says of its company."""
    places = Places.from_rows([row])
    compared = ground.again(places, {row["id"]: company_from(stated["search"])})
    return next(certificates(ground, places, [stated["record"]], compared))


def test_every_record_is_reproduced_alone(ground):
    """Compared together and made again one by one, with the competition as stated, every certificate is the same."""
    made = certified(ground, ROWS)
    assert made["rival"]["finding"]["competitor"] == "exact"
    for row in ROWS:
        stated = json.loads(canonical(made[row["id"]]))
        assert canonical(again(ground, row, stated)) == canonical(stated)


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_rows_changes_nothing(ground, seed):
    """Records and entries of the list in any order have the same certificates, byte for byte."""
    straight = certified(ground, ROWS)
    mixed = random.Random(seed)  # noqa: S311 - an order, no secret
    rows = mixed.sample(ROWS, len(ROWS))
    entries = ground.official.index.places
    order = mixed.sample(range(len(entries)), len(entries))
    turned = replace(ground, official=replace(ground.official, index=PlaceIndex.build(entries.take(order))))
    for name, one in certified(turned, rows).items():
        assert canonical(one) == canonical(straight[name]), list(differences(straight[name], one))


def test_a_certificate_says_what_was_searched(ground):
    """Names, radius, entries, candidates, prior, preconditions, and every candidate's bits are in it."""
    made = certified(ground, ROWS)["strange"]
    search, best = made["search"], made["candidates"][0]
    assert search["names"] == ["Zulufu", "ዙሉፉ"]
    assert search["entries"] == len(ground.official.index.places)
    assert search["candidates"] >= len(made["candidates"]) > 0
    assert search["radius_m"] > 300
    assert 0 < search["prior"] < 1
    assert list(search["preconditions"]) == ["complete_list", "named", "settled", "covered_ground", "exact_location"]
    assert best["bits"] == pytest.approx(sum(part["bits"] for part in best["evidence"]), abs=1e-5)
    assert all(part["sentence"] for part in best["evidence"])
    assert certified(ground, ROWS)["empty"]["search"]["radius_m"] is None


def test_what_people_decided_is_part_of_the_ground(ground):
    """With a decision remembered, the certificate is another, and is made again only with that memory."""
    row = ROWS[1]
    places = Places.from_rows([row])
    ruling = Ruling("rival", "O22", Answer.DIFFERENT, DAY)
    memory = Memory.of(decide([ruling], places, ground.official.index.places))
    stated = certified(ground, [row], memory)["rival"]
    assert "remembered" in stated["finding"]["attributes"]
    assert canonical(again(replace(ground, memory=memory), row, stated)) == canonical(stated)
    assert canonical(again(ground, row, stated)) != canonical(stated)


def test_the_taxonomy_is_named_where_groups_are_spoken_of(ground):
    """A record that names a group says by its digest which groups were known; one that names none says nothing."""
    row = ROWS[0] | {"id": "grouped", "groups": ["Maasai"]}
    made = certified(ground, [ROWS[0], row])
    assert made["grouped"]["search"]["taxonomy"] == Taxonomy.load().sha256
    assert made["exact"]["search"]["taxonomy"] is None


def test_parameters_have_one_digest():
    """The same numbers have the same digest however they were read, and any other number another."""
    assert parameters_sha256(Parameters.from_json(DEFAULTS.to_json())) == parameters_sha256(DEFAULTS)
    other = replace(DEFAULTS, absence=replace(DEFAULTS.absence, q_places=0.31))
    assert parameters_sha256(other) != parameters_sha256(DEFAULTS)


def test_differences_are_told_by_place():
    """Each difference is one line: where, what is stated, what was found; a number and its text are told apart."""
    stated = {"a": {"b": [1, {"c": 0.5}]}, "gone": 1, "text": "1", "list": [1, 2]}
    found = {"a": {"b": [1, {"c": 0.25}]}, "text": 1, "list": [1], "long": "x" * 500}
    told = list(differences(stated, found))
    assert told[:2] == ["a.b.1.c: stated 0.5, found 0.25", "gone: stated 1, found null"]
    assert 'text: stated "1", found 1' in told
    assert "list: stated [1,2], found [1]" in told
    assert max(map(len, told)) < 200
    assert not Replayed(stated, found).reproduced
    assert Replayed(stated, dict(reversed(stated.items()))).reproduced


def test_what_json_cannot_say_is_refused():
    """A number that is none never gets into a certificate."""
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical({"p": float("nan")})
