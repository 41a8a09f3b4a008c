"""Issuing: what outsiders were told is kept, told again as it was, and told anew only for a crowd or a withdrawal."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from service.disclosure.registry import Block, Reporting, World, beside, issued, standing, worked_out
from service.disclosure.tables import Dimension
from service.errors import BUSY, Problem
from service.store import editions
from service.store.editions import EDITIONS

WORLD = {("KEN", "hidden"): 33, ("KEN", "undercount"): 4, ("UGA", "hidden"): 27}


def reports(numbers, amounts=None):
    """Return one table with these communities, all sent by one organisation."""
    counted = {cell: {"civil": number} for cell, number in numbers.items()}
    return {"verdicts": Reporting(Block((Dimension(), Dimension())), World(counted, amounts or {}))}


def shaped(table):
    """Return the shape of a table."""
    return Block((Dimension(),) * (2 if table == "verdicts" else 1))


def kept(store):
    """Return how many editions there are."""
    with store.read() as session:
        return session.execute(select(func.count()).select_from(EDITIONS)).scalar_one()


def supersede(store):
    """Say that somebody was withdrawn."""
    return store.write(lambda session: editions.supersede(session, datetime.now(UTC)))


def test_somebody_who_leaves_while_an_edition_is_worked_out_is_not_in_it(store):
    """Nothing of what was read before is kept: it is read again, without who left."""
    issued(store, "communities", reports(WORLD))
    left = []

    def reading(_session):
        return reports({("KEN", "hidden"): 80 - 30 * len(left), ("UGA", "hidden"): 27})

    def somebody_leaves():
        if not left:
            left.append(supersede(store))

    told = worked_out(store, "communities", reading, somebody_leaves).transformed["verdicts"]
    assert left == [1]
    assert abs(told["KEN", "hidden"] - 50) < 5
    assert standing(store, "communities", shaped).transformed["verdicts"] == told


def test_what_stands_is_what_was_issued_until_somebody_leaves(store):
    """Reading works nothing out: it says the same as issuing did, and nothing from the withdrawal on."""
    before = standing(store, "communities", shaped)
    assert before.pending
    told = issued(store, "communities", reports(WORLD))
    assert standing(store, "communities", shaped) == told
    supersede(store)
    found = standing(store, "communities", shaped)
    assert (found.allowed, found.pending, found.transformed) == (False, True, {})


def test_a_table_of_which_nothing_is_left_to_count_is_told_no_more(store):
    """An edition without it follows; it is remembered for when it comes back."""
    both = reports(WORLD) | {"heads": Reporting(Block((Dimension(),)), World({("KEN",): {"civil": 60}}))}
    issued(store, "communities", both)
    issued(store, "communities", reports(WORLD))
    assert set(standing(store, "communities", shaped).transformed) == {"verdicts"}
    issued(store, "communities", both)
    assert set(standing(store, "communities", shaped).transformed) == {"verdicts", "heads"}


def test_telling_again_writes_nothing_and_says_the_same(store):
    """A thousand readings of the same tables are one edition; so are readings one community apart."""
    first = issued(store, "communities", reports(WORLD))
    assert first.allowed
    assert first.release_id
    assert issued(store, "communities", reports(WORLD)) == first
    more = issued(store, "communities", reports({**WORLD, ("KEN", "hidden"): 34}))
    assert more.transformed == first.transformed
    assert kept(store) == 1


def test_numbers_are_rounded_to_five_and_the_small_ones_withheld(store):
    """Each told number lies less than five from the true one, and no table tells of the four."""
    told = issued(store, "communities", reports(WORLD)).transformed["verdicts"]
    assert ("KEN", "undercount") not in told
    assert told
    for cell, number in told.items():
        true = sum(
            n for one, n in WORLD.items() if all(asked in {"", term} for asked, term in zip(cell, one, strict=True))
        )
        assert number % 5 == 0
        assert abs(number - true) < 5


def test_an_unchanged_cell_keeps_its_number_through_every_edition(store):
    """While others move by crowds, it is told as before: who averages editions averages one number."""
    first = issued(store, "communities", reports(WORLD)).transformed["verdicts"]
    for step in range(1, 4):
        grown = reports({**WORLD, ("TZA", "hidden"): 40 * step})
        now = issued(store, "communities", grown).transformed["verdicts"]
        assert now[("UGA", "hidden")] == first[("UGA", "hidden")]
        assert now[("TZA", "hidden")] in {40 * step - 5, 40 * step, 40 * step + 5}
    assert kept(store) == 4


def test_the_same_communities_are_the_same_number_wherever_they_are_told(store):
    """Twenty-seven of one country are twenty-seven of all: rounded once, so that there is nothing to average."""
    many = {f"tag/{number}": Reporting(Block((Dimension(),)), World({("KEN",): {"civil": 27}})) for number in range(20)}
    told = issued(store, "communities", many).transformed
    assert len({number for cells in told.values() for number in cells.values()}) == 1


@pytest.mark.parametrize(("told", "own", "others"), [(15, 12, 0), (10, 14, 0), (10, 0, 10), (30, 12, 18)])
def test_beside_its_own_an_organisation_is_told_of_a_crowd_or_of_nobody(told, own, others):
    """What rounding adds to its own is not three other communities."""
    assert beside(told, own) == others


def test_after_a_withdrawal_the_next_reading_is_a_new_edition_without_who_left(store):
    """The cell that lost one is told no more, nor anything that it could be worked out of; then it stays so."""
    first = issued(store, "communities", reports({("KEN", "hidden"): 33, ("UGA", "hidden"): 27, ("TZA", "hidden"): 40}))
    assert supersede(store) == 1
    left = reports({("KEN", "hidden"): 32, ("UGA", "hidden"): 27, ("TZA", "hidden"): 40})
    after = issued(store, "communities", left)
    assert after.release_id != first.release_id
    assert set(first.transformed["verdicts"]) - set(after.transformed["verdicts"]) >= {
        ("KEN", "hidden"),
        ("", "hidden"),
    }
    assert after.transformed["verdicts"][("UGA", "hidden")] == first.transformed["verdicts"][("UGA", "hidden")]
    assert issued(store, "communities", left) == after
    assert kept(store) == 2


def test_a_withdrawal_in_one_country_leaves_the_numbers_of_others_as_they_are(store):
    """There a few who came still wait; where somebody left, the number goes."""
    before = issued(
        store, "communities", reports({("KEN", "hidden"): 33, ("UGA", "hidden"): 27, ("TZA", "hidden"): 40})
    )
    for country in ("KEN", "KEN"):
        store.write(lambda session, one=country: editions.supersede(session, datetime.now(UTC), [one]))
    left = {("KEN", "hidden"): 32, ("UGA", "hidden"): 30, ("TZA", "hidden"): 40}
    told = issued(store, "communities", reports(left)).transformed["verdicts"]
    assert told["UGA", "hidden"] == before.transformed["verdicts"]["UGA", "hidden"]
    assert not {("KEN", "hidden"), ("", "hidden")} & set(told)


@pytest.mark.parametrize(("countries", "concerned"), [((), 3), (("KEN",), 2), (("UGA",), 2), (("TZA",), 1)])
def test_editions_of_a_country_are_superseded_with_it(store, countries, concerned):
    """Those whose subject is another country stand; those of all countries do not."""
    for subject in ("communities", "coverage/KEN/census", "coverage/UGA/census"):
        issued(store, subject, reports(WORLD))
    assert store.write(lambda session: editions.supersede(session, datetime.now(UTC), countries)) == concerned


def test_amounts_move_only_with_the_crowd_they_are_of(store):
    """Who came alone is not the difference of two editions; a total is the sum of its parts as they were told."""
    numbers = {("KEN", "hidden"): 33, ("UGA", "hidden"): 27}
    heads = {("KEN", "hidden"): {"heads": 8_000}, ("UGA", "hidden"): {"heads": 5_000}}
    first = issued(store, "communities", reports(numbers, heads)).amounts["verdicts"]
    grown = {**heads, ("KEN", "hidden"): {"heads": 8_321}}
    second = issued(store, "communities", reports({**numbers, ("KEN", "hidden"): 34}, grown)).amounts["verdicts"]
    assert first == second
    crowd = issued(store, "communities", reports({**numbers, ("KEN", "hidden"): 50}, grown)).amounts["verdicts"]
    assert abs(crowd["KEN", "hidden"]["heads"] - 8_321) < 5
    assert abs(crowd["", ""]["heads"] - 13_321) < 5


def test_amounts_of_who_left_are_told_no_more(store):
    """One left and another came: as many as before, but no longer the same people."""
    numbers, heads = {("KEN", "hidden"): 33}, {("KEN", "hidden"): {"heads": 8_000}}
    assert issued(store, "communities", reports(numbers, heads)).amounts["verdicts"]
    supersede(store)
    after = issued(store, "communities", reports(numbers, {("KEN", "hidden"): {"heads": 7_500}}))
    assert after.transformed["verdicts"][("KEN", "hidden")]
    assert after.amounts["verdicts"] == {}


@pytest.mark.parametrize("superseded", [False, True])
def test_what_cannot_be_kept_is_not_told(store, monkeypatch, superseded):
    """On a database that only reads, outsiders are told what they were told last, and nothing if that holds no more."""
    first = issued(store, "communities", reports(WORLD))
    if superseded:
        supersede(store)

    def read_only(_work):
        raise Problem(BUSY, "the disk is full")

    monkeypatch.setattr(store, "write", read_only)
    now = issued(store, "communities", reports({**WORLD, ("TZA", "hidden"): 60}))
    if superseded:
        assert (now.allowed, now.transformed) == (False, {})
    else:
        assert now.transformed == first.transformed
    assert not issued(store, "others", reports(WORLD)).allowed


def test_two_processes_keep_one_edition(store, monkeypatch):
    """Who comes second tells what the first has kept, not an edition of its own."""
    write, second = store.write, []

    def late(work):
        monkeypatch.setattr(store, "write", write)
        second.append(issued(store, "communities", reports(WORLD)))
        return write(work)

    monkeypatch.setattr(store, "write", late)
    assert issued(store, "communities", reports(WORLD)) == second[0]
    assert kept(store) == 1


def test_a_table_that_is_not_asked_for_is_remembered(store):
    """What it told holds when it comes back, but for a withdrawal in between."""
    first = issued(store, "communities", reports(WORLD))
    other = {"heads": Reporting(Block((Dimension(),)), World({("KEN",): {"civil": 20}}))}
    issued(store, "communities", other)
    back = issued(store, "communities", {**other, **reports({**WORLD, ("KEN", "hidden"): 34})})
    assert back.transformed["verdicts"] == first.transformed["verdicts"]
    issued(store, "communities", {"heads": Reporting(Block((Dimension(),)), World({("KEN",): {"civil": 60}}))})
    supersede(store)
    issued(store, "communities", {"heads": Reporting(Block((Dimension(),)), World({("KEN",): {"civil": 90}}))})
    afresh = issued(store, "communities", reports({**WORLD, ("KEN", "hidden"): 32}))
    assert ("KEN", "hidden") not in afresh.transformed["verdicts"]
