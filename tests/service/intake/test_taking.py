"""Taking in a part of a file: what becomes of each row, and what is kept."""

from __future__ import annotations

from datetime import UTC, datetime

import pyarrow as pa
import pytest

from geodata.places import Places
from service.callers.caller import ANONYMOUS, Caller, Role
from service.errors import INVALID, KEY_NEEDED, Problem
from service.intake import Defaults, Intake, take
from service.store import records
from service.store.filters import RecordFilter

OURS = Caller("map-kibera", None, Role.CONTRIBUTOR)


def village(own_id: str, name: str = "Soweto West", **said: object) -> dict:
    """Return a row of a list of villages, no two at one place."""
    number = int(own_id.rpartition("-")[2])
    where = {"lat": -1.3 + number / 1000, "lon": 36.7}
    return {"id": own_id, "names": [name], "country": "KEN", "kind": "village"} | where | said


def part(rows: list[dict], **given: object) -> Intake:
    """Return a part with these rows."""
    known = {"caller": OURS, "collection": "2026", "at": datetime.now(UTC)}
    return Intake(places=Places.from_rows(rows), **known | given)


def kept(context) -> list[records.Record]:
    """Return every record."""
    with context.store.read() as session:
        return list(records.page(session, RecordFilter()).items)


def test_each_row_becomes_a_record_of_the_collection(context):
    """Rows are kept under their own ids in the order of the file, and wait to be verified."""
    taken = take(context, part([village("V-1"), village("V-2")]))
    assert (taken.created, taken.revised, taken.unchanged, taken.set_aside) == (2, 0, 0, 0)
    assert [record.id for record in kept(context)] == taken.rows["record_id"].to_pylist()
    assert [record.account.own_id for record in kept(context)] == ["V-1", "V-2"]
    assert {(record.account.collection, record.state.value) for record in kept(context)} == {("2026", "pending")}


def test_the_same_part_again_changes_nothing(context):
    """Whoever does not know whether a part was kept takes it again."""
    first = take(context, part([village("V-1"), village("V-2")]))
    again = take(context, part([village("V-1"), village("V-2")]))
    assert again.unchanged == 2
    assert again.rows["record_id"] == first.rows["record_id"]
    assert len(kept(context)) == 2


def test_what_changed_is_the_next_revision(context):
    """Of a list that is sent again, only what says something else is touched."""
    take(context, part([village("V-1"), village("V-2")]))
    taken = take(context, part([village("V-1"), village("V-2", "Gatwekera"), village("V-3")]))
    assert taken.rows["outcome"].to_pylist() == ["unchanged", "revised", "created"]
    assert taken.rows["revision"].to_pylist() == [1, 2, 1]


def test_what_a_row_does_not_say_comes_from_the_collection(context):
    """Consent and sensitivity of a row go before those of its collection; drivers, SDGs and evidence are its own."""
    said = pa.table(
        {
            "consent": pa.array(["public_exact", None]),
            "drivers": pa.array([["flood"], None], pa.list_(pa.string())),
            "evidence": pa.array([None, ["https://example.org/1"]], pa.list_(pa.string())),
        }
    )
    take(context, part([village("V-1"), village("V-2")], said=said, defaults=Defaults("partners", "caution")))
    first, second = (record.account for record in kept(context))
    assert (first.consent, first.sensitivity, first.drivers, first.evidence) == (
        "public_exact",
        "caution",
        ("flood",),
        (),
    )
    assert (second.consent, second.drivers, second.evidence) == ("partners", (), ("https://example.org/1",))


def test_copies_of_one_point_are_set_aside(context):
    """What stands out is set aside here as it is where records are posted."""
    taken = take(context, part([village(f"V-{number}", lat=-1.3) for number in range(120)]))
    assert (taken.created, taken.set_aside) == (120, 120)
    assert {record.state.value for record in kept(context)} == {"quarantined"}


def test_a_row_without_a_country_is_refused_with_its_id(context):
    """A part that nobody can keep is refused before anything is kept."""
    with pytest.raises(Problem, match="the first under the id V-2") as raised:
        take(context, part([village("V-1"), village("V-2", country=None)]))
    assert raised.value.kind is INVALID
    assert kept(context) == []


def test_nobody_in_particular_gives_nothing(context):
    """Records are kept under the name of an organisation."""
    with pytest.raises(Problem) as raised:
        take(context, part([village("V-1")], caller=ANONYMOUS))
    assert raised.value.kind is KEY_NEEDED


def test_what_is_noted_besides_stands_or_falls_with_the_part(context):
    """How far an import came is known exactly: its note and its rows are there together or not at all."""
    noted = []

    def fail(_session, taken):
        noted.append(taken.created)
        msg = "the machine went down"
        raise RuntimeError(msg)

    with pytest.raises(RuntimeError, match="went down"):
        take(context, part([village("V-1")]), fail)
    assert (noted, kept(context)) == ([1], [])

    def note(session, taken):
        found = records.page(session, RecordFilter()).items
        noted.append([record.id for record in found] == taken.rows["record_id"].to_pylist())

    take(context, part([village("V-1")]), note)
    assert noted == [1, True]


def test_an_id_that_stands_twice_is_refused_by_name(context):
    """Which of two rows holds is not for the service to guess."""
    with pytest.raises(Problem, match="The id V-1 stands 2 times") as raised:
        take(context, part([village("V-1"), village("V-2"), village("V-1", "Gatwekera")]))
    assert raised.value.kind is INVALID
    assert kept(context) == []


def test_a_part_of_no_rows_is_taken_too(context):
    """The last part of a file may hold nothing that can be kept, and is noted all the same."""
    noted = []
    taken = take(context, part([]), lambda _, taken: noted.append(taken))
    assert noted == [taken]
    assert (taken.created, taken.set_aside, len(taken.rows)) == (0, 0, 0)


def test_identifiers_say_nothing_about_the_order_of_rows(sqlite_context):
    """Records of one part have identifiers that begin alike, and stand in no order."""
    ids = take(sqlite_context, part([village(f"V-{number}") for number in range(200)])).rows["record_id"].to_pylist()
    assert len(set(ids)) == 200
    assert {len(record_id) for record_id in ids} == {32}
    assert ids != sorted(ids)
    assert len({record_id[:12] for record_id in ids}) == 1
