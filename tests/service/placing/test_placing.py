"""Placing: a published community is shown at one place, drawn once, however often it is read or compared again."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import to_wkb
from shapely.geometry import box

from geodata.hexagons import Settlements, cell_at, resolution_of
from geodata.sensitivity import LocationMethod, shipped
from geodata.taxonomy import SensitivityClass
from service import review, submit, verify
from service.accounts.account import Account, Name, Sensitivity
from service.callers.caller import ANONYMOUS, Role
from service.disclosure import redact_flag, redact_record
from service.placing import place, place_waiting
from service.placing.drawing import Asked, draw
from service.placing.surroundings import District, Surroundings, surroundings
from service.store import flags, placed
from service.store.values import FlagStatus

MASKED = {"consent": "public_masked"}
CLASSES = dict(zip(Sensitivity, SensitivityClass, strict=True))
POINT = (0.536, 35.0)


def asked(scene, sensitivity=Sensitivity.OPEN, lat=POINT[0], **changes):
    """Return what is asked about a village, with a handling changed as said."""
    handling = replace(shipped().handlings[CLASSES[sensitivity]], **changes)
    return Asked(scene.account(lat=lat, lon=POINT[1]), sensitivity, handling)


def peopled(each=1_000.0, step=0.009, many=15):
    """Return surroundings of villages in a square about the point."""
    offsets = [(row - many // 2) * step for row in range(many)]
    rows = [(POINT[0] + north, POINT[1] + east, each) for north in offsets for east in offsets]
    return Surroundings((Settlements.of(rows),))


DISTRICT = District("Kwale", 0.5, 35.1, 40_000.0)
BORDER = box(34.5, 0.0, 35.5, 1.0)


def test_a_class_is_shown_by_its_method_or_the_next_coarser_one(scene):
    """A cell where people are known to live, else the district, else nothing; a higher class never finer."""
    full = replace(peopled(), district=DISTRICT, border=BORDER)
    opened, caution = draw(asked(scene), full), draw(asked(scene, Sensitivity.CAUTION), full)
    assert (opened.method, caution.method) == ("h3", "h3")
    assert resolution_of(opened.cell) >= resolution_of(caution.cell)
    assert draw(asked(scene, Sensitivity.RESTRICTED), full).method == "admin"
    assert draw(asked(scene, Sensitivity.CLOSED), full).method == "hold"
    assert draw(asked(scene), Surroundings(district=DISTRICT)).method == "admin"
    held = draw(asked(scene), Surroundings())
    assert (held.method, held.lat, held.lon, held.radius_m) == ("hold", None, None, None)


def test_a_donut_lies_in_its_ring_and_border_and_needs_both_people_and_border(scene):
    """Moved among some dozens of people, inside the unit; without residents or a border the cell is shown instead."""
    donut = asked(scene, location=LocationMethod.DONUT)
    drawn = draw(donut, replace(peopled(), border=BORDER))
    assert drawn.method == "donut"
    assert drawn.cell is None
    assert drawn.radius_m > 100
    assert (drawn.lat, drawn.lon) != POINT
    assert draw(donut, peopled()).method == "h3"
    assert draw(donut, Surroundings(border=BORDER)).method == "hold"


def test_a_point_that_was_drawn_stands_while_it_holds_the_place(scene):
    """A small correction keeps the point, a large one or a higher class brings another; a hundred draws are one."""
    donut = asked(scene, location=LocationMethod.DONUT)
    around = replace(peopled(), border=BORDER)
    first = draw(donut, around)
    again = {draw(asked(scene, lat=POINT[0] + 0.0001, location=LocationMethod.DONUT), around, first) for _ in range(99)}
    assert again == {first}
    far = draw(asked(scene, lat=0.9, location=LocationMethod.DONUT), around, first)
    assert far != first
    higher = draw(asked(scene, Sensitivity.CAUTION, location=LocationMethod.DONUT), around, first)
    assert higher.sensitivity == "caution"


@given(
    st.floats(1, 5_000),
    st.floats(0.002, 0.08),
    st.tuples(st.integers(1, 20_000), st.integers(1, 20), st.integers(4, 9)),
    st.tuples(st.integers(1, 20_000), st.integers(1, 20), st.integers(4, 9)),
)
def test_a_stricter_handling_never_shows_a_place_more_exactly(each, step, one, other):
    """Whatever is raised, of residents, settlements or the finest cell, the stated radius does not shrink."""
    looser, stricter = one, (max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]))
    radius = [_radius(each, step, need) for need in (looser, stricter)]
    assert radius == sorted(radius)


def _radius(each, step, need):
    account = Account((Name("Bondeni"),), "KEN", lat=POINT[0], lon=POINT[1])
    named = dict(zip(("least_population", "least_settlements", "finest_cell"), need, strict=True))
    handling = replace(shipped().handlings[SensitivityClass.S0], **named)
    drawn = draw(Asked(account, Sensitivity.OPEN, handling), peopled(each, step))
    assert (drawn.lat, drawn.lon) != POINT
    return float("inf") if drawn.radius_m is None else drawn.radius_m


@pytest.fixture
def published(context, scene):
    """Give a function that publishes an absent community, among villages of which a list says who lives there."""
    scene.publish(context, scene.official(scene.without("Bondeni"), residents=1_000))
    own = scene.caller(context.store)
    desks = [scene.caller(context.store, desk, Role.PUBLISHER) for desk in ("desk-1", "desk-2")]

    def publish(**parts):
        account = scene.account("Bondeni", **{"lat": POINT[0], "lon": POINT[1], **MASKED, **parts})
        receipt = submit.accept(context, [account], own)[0]
        flag_id = verify.verify(context, [receipt.record_id])[0].flag_id
        decide(context, flag_id, desks)
        return flag_id

    publish.own, publish.desks = own, desks
    return publish


def decide(context, flag_id, desks):
    """Let two people confirm and publish a flag."""
    for status, desk in zip((FlagStatus.CONFIRMED, FlagStatus.PUBLISHED), desks, strict=True):
        review.decide(context, flag_id, review.Decision(status, "field_visit"), desk)


def read(context, flag_id):
    """Return a flag as it is kept."""
    with context.store.read() as session:
        return flags.get(session, flag_id)


def shown(context, flag_id):
    """Return where the public is shown a flag's community."""
    return redact_flag(read(context, flag_id), ANONYMOUS, {})["community"]["location"]


def test_publishing_places_a_community_and_every_answer_says_the_same(context, published):
    """Flag, record and a thousand readings show one cell; nothing of the true point is in it."""
    flag_id = published()
    location = shown(context, flag_id)
    cell = cell_at(*POINT, 6)
    assert (location["cell"], location["precision"], location["label"]) == (cell.id, "h3_6", "approximate")
    record = read(context, flag_id).record
    assert redact_record(record, ANONYMOUS, {}, published=True)["location"] == location
    for _ in range(20):
        verify.verify(context, [record.id])
        place(context, [flag_id])
    assert shown(context, flag_id) == location


def test_many_corrections_give_one_point(context, published, scene):
    """Confirmed and published again after each small correction, the community stays where it was shown first."""
    flag_id = published(own_id="b-1")
    seen = {str(shown(context, flag_id))}
    for number in range(5):
        account = scene.account("Bondeni", lat=POINT[0] + number * 2e-5, lon=POINT[1], own_id="b-1", **MASKED)
        receipt = submit.accept(context, [account], published.own)[0]
        verify.verify(context, [receipt.record_id])
        if read(context, flag_id).status is not FlagStatus.PUBLISHED:
            decide(context, flag_id, published.desks)
        seen.add(str(shown(context, flag_id)))
    assert len(seen) == 1


def test_a_second_record_of_a_community_gets_no_second_draw(context, published, scene):
    """Another organisation that reports the same village is shown at the very same place."""
    flag_id = published()
    other = scene.caller(context.store, "another-group")
    account = scene.account("Bondeni", lat=POINT[0] + 0.0004, lon=POINT[1] + 0.0004, **MASKED)
    record = verify.verify(context, [submit.accept(context, [account], other)[0].record_id])[0]
    assert record.flag_id == flag_id
    with context.store.read() as session:
        kept = placed.of(session, [record.community_id])
    assert list(kept) == [record.community_id]
    assert shown(context, flag_id)["cell"] == kept[record.community_id].cell


def test_a_class_that_rises_takes_the_finer_place_back_at_once(context, published, scene):
    """A correction that makes the class higher hides the place drawn for the lower one, and draws a coarser one."""
    flag_id = published(own_id="b-1")
    before = shown(context, flag_id)
    account = scene.account("Bondeni", lat=POINT[0], lon=POINT[1], own_id="b-1", sensitivity="caution", **MASKED)
    receipt = submit.accept(context, [account], published.own)[0]
    with context.store.read() as session:
        waiting = flags.get(session, flag_id)
    assert redact_flag(waiting, ANONYMOUS, {})["community"]["location"] is None
    verify.verify(context, [receipt.record_id])
    if read(context, flag_id).status is not FlagStatus.PUBLISHED:
        decide(context, flag_id, published.desks)
    after = read(context, flag_id).record.placed
    assert after.sensitivity == "caution"
    assert shown(context, flag_id)["uncertainty_m"] >= before["uncertainty_m"]


def test_what_is_held_back_is_placed_when_a_list_comes(context, scene):
    """Without residents the place is held back; a list that says who lives there lets it be shown, after a start."""
    scene.publish(context, scene.official(scene.without("Bondeni")))
    own = scene.caller(context.store)
    desks = [scene.caller(context.store, desk, Role.PUBLISHER) for desk in ("desk-1", "desk-2")]
    account = scene.account("Bondeni", lat=POINT[0], lon=POINT[1], **MASKED)
    flag_id = verify.verify(context, [submit.accept(context, [account], own)[0].record_id])[0].flag_id
    decide(context, flag_id, desks)
    assert shown(context, flag_id) is None
    scene.publish(context, scene.official(scene.without("Bondeni"), source="ke-census", residents=1_000))
    assert place_waiting(context, held=True) == 1
    location = shown(context, flag_id)
    assert location["precision"] == "h3_6"
    assert place_waiting(context, held=True) == 0


def test_nothing_is_placed_that_is_not_published(context, scene):
    """A flag that is open has no place to be shown at."""
    scene.publish(context, scene.official(scene.without("Bondeni"), residents=1_000))
    own = scene.caller(context.store)
    account = scene.account("Bondeni", lat=POINT[0], lon=POINT[1], **MASKED)
    record = verify.verify(context, [submit.accept(context, [account], own)[0].record_id])[0]
    assert place(context, [record.flag_id]) == 0
    assert read(context, record.flag_id).record.placed is None


def test_a_district_is_the_middle_of_its_official_places(sqlite_context, scene):
    """The unit an account states, by the places a list names in it; too few, or none, and there is no district.

    The outermost lies 4,505 m away, and the list's points are good to 100 m.
    """
    listed = scene.official(scene.villages, admin={"county": "Uasin Gishu County"})
    scene.publish(sqlite_context, listed)
    lists = sqlite_context.lists.current()
    account = scene.account(lat=POINT[0], lon=POINT[1], admin=(("county", "Uasin Gishu"), ("ward", "Moi's Bridge")))
    district = surroundings(account, lists, 5).district
    assert (district.name, district.lat, district.lon) == ("Uasin Gishu", pytest.approx(0.5405, abs=1e-3), 35.0)
    assert district.radius_m == pytest.approx(4_605, abs=50)
    assert surroundings(account, lists, 50).district is None
    assert surroundings(replace(account, admin=(("county", "Nandi"),)), lists, 5).district is None
    assert surroundings(replace(account, admin=(("ward", "Moi's Bridge"),)), lists, 5).district is None
    assert surroundings(replace(account, lat=None, lon=None), lists, 5).district == district


def test_a_border_is_that_of_the_smallest_unit_around(sqlite_context, scene):
    """Of official boundaries that hold the point, the smallest; a village's own outline is none."""
    listed = scene.official(
        scene.villages,
        areas={"Lindi": ("county", to_wkb(BORDER)), "Soi": ("ward", to_wkb(box(34.9, 0.5, 35.1, 0.6)))},
    )
    scene.publish(sqlite_context, listed)
    account = scene.account(lat=POINT[0], lon=POINT[1])
    border = surroundings(account, sqlite_context.lists.current(), 5).border
    assert border.equals(box(34.9, 0.5, 35.1, 0.6))
