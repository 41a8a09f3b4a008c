"""Records and flags: found by what is asked, page by page, each once."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from service import submit, verify
from service.accounts.account import Name
from service.errors import INVALID, NOT_FOUND, Problem
from service.store import flags, records
from service.store.filters import FlagFilter, RecordFilter, Worked, cursor_at, position
from service.store.values import FlagStatus, RecordState


@pytest.fixture
def several(context, scene):
    """Keep accounts that differ in everything one may ask for."""
    accounts = {
        "map-kibera": [
            scene.account("Gatwekera", own_id="a", admin=(("county", "Nairobi"), ("pcode", "KE047")), collection="r1"),
            scene.account("Ĝüneş 100% Köyü", own_id="b", country="TUR", lat=39.0, lon=35.0),
            scene.account("Taveuni", own_id="c", country="FJI", lat=-16.8, lon=-179.97),
        ],
        "shelter-forum": [
            scene.account("سلطان", own_id="a", country="SDN", lat=None, lon=None, admin=(("state", "Kassala"),)),
            scene.account(
                "Suva", own_id="b", names=(Name("Suva"), Name("Нижний Лес")), country="FJI", lat=-18.1, lon=178.4
            ),
        ],
    }
    for organisation, given in accounts.items():
        submit.accept(context, given, scene.caller(context.store, organisation))
    return context


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (RecordFilter(), ["Gatwekera", "Ĝüneş 100% Köyü", "Taveuni", "سلطان", "Suva"]),
        (RecordFilter(organisation="shelter-forum"), ["سلطان", "Suva"]),
        (RecordFilter(country="FJI"), ["Taveuni", "Suva"]),
        (RecordFilter(own_id="a"), ["Gatwekera", "سلطان"]),
        (RecordFilter(collection="r1"), ["Gatwekera"]),
        (RecordFilter(state=RecordState.VERIFIED), []),
        (RecordFilter(q="GATWEK"), ["Gatwekera"]),
        (RecordFilter(q="gunes koyu"), ["Ĝüneş 100% Köyü"]),
        (RecordFilter(q="سلطان"), ["سلطان"]),
        (RecordFilter(q="nizhniy"), ["Suva"]),
        (RecordFilter(q="%"), []),
        (RecordFilter(q="gat kera"), ["Gatwekera"]),
        (RecordFilter(q="gat lindi"), []),
        (RecordFilter(admin="nairobi"), ["Gatwekera"]),
        (RecordFilter(admin="pcode=ke047"), ["Gatwekera"]),
        (RecordFilter(admin="county=KE047"), []),
        (RecordFilter(bbox=(30.0, -5.0, 40.0, 45.0)), ["Gatwekera", "Ĝüneş 100% Köyü"]),
        (RecordFilter(bbox=(175.0, -20.0, -179.0, -15.0)), ["Taveuni", "Suva"]),
        (RecordFilter(bbox=(-180.0, -90.0, 180.0, 90.0)), ["Gatwekera", "Ĝüneş 100% Köyü", "Taveuni", "Suva"]),
    ],
)
def test_records_are_found_by_what_is_asked(several, wanted, names):
    """Each filter finds its records, in order of arrival, in any script and across the antimeridian."""
    with several.store.read() as session:
        found = records.page(session, wanted).items
        assert records.count(session, wanted) == len(names)
    assert [record.account.names[0].text for record in found] == names


def test_what_changed_since_a_moment_is_found(several):
    """The moment of the last change includes the change itself."""
    with several.store.read() as session:
        last = records.page(session, RecordFilter()).items[-1].updated_at
        assert len(records.page(session, RecordFilter(updated_since=last)).items) == 2
        assert records.page(session, RecordFilter(updated_since=last + timedelta(seconds=1))).items == ()


def test_pages_show_every_record_once_while_others_post(several, scene):
    """Walking through pages sees each record once, also those that arrive on the way."""
    sender = scene.caller(several.store)
    seen, cursor = [], None
    for turn in range(10):
        with several.store.read() as session:
            page = records.page(session, RecordFilter(), cursor, limit=2)
        seen += [record.id for record in page.items]
        if turn < 2:
            submit.accept(several, [scene.account(f"New {turn}")], sender)
        cursor = page.next_cursor
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 7


@pytest.mark.parametrize("cursor", ["", "x", "YWZ0ZXI6", "YWZ0ZXI6eA", "é", "YmVmb3JlOjE"])
def test_a_foreign_cursor_is_refused(several, cursor):
    """A cursor we never gave out is a problem, not a page."""
    with pytest.raises(Problem) as raised, several.store.read() as session:
        records.page(session, RecordFilter(), cursor)
    assert raised.value.kind is INVALID


def test_a_cursor_names_its_position():
    """A cursor leads back to the row it was made from."""
    assert [position(cursor_at(number)) for number in (0, 1, 10**18)] == [0, 1, 10**18]


def test_what_is_not_there_is_not_found(store):
    """Unknown records and flags are problems that say so."""
    for get in (records.get, flags.get):
        with pytest.raises(Problem) as raised, store.read() as session:
            get(session, "none")
        assert raised.value.kind is NOT_FOUND


@pytest.fixture
def flagged(context, scene):
    """Flag two villages that a list leaves out, sent by two organisations."""
    left_out = {"Bondeni": "map-kibera", "Ziwa": "shelter-forum"}
    scene.publish(context, scene.official([one for one in scene.villages if one[0] not in left_out]))
    for name, organisation in left_out.items():
        lat, lon = next((lat, lon) for known, lat, lon in scene.villages if known == name)
        account = scene.account(name, lat=lat, lon=lon + 0.0005)
        (receipt,) = submit.accept(context, [account], scene.caller(context.store, organisation))
        verify.verify(context, [receipt.record_id])
    return context


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (FlagFilter(), ["Bondeni", "Ziwa"]),
        (FlagFilter(country="UGA"), []),
        (FlagFilter(verdicts=("hidden_place", "undercount")), ["Bondeni", "Ziwa"]),
        (FlagFilter(verdicts=("undercount",)), []),
        (FlagFilter(statuses=(FlagStatus.OPEN, FlagStatus.DEFERRED)), ["Bondeni", "Ziwa"]),
        (FlagFilter(statuses=(FlagStatus.DEFERRED,)), []),
        (FlagFilter(organisation="shelter-forum"), ["Ziwa"]),
        (FlagFilter(source="ke-villages"), ["Bondeni", "Ziwa"]),
        (FlagFilter(source="other"), []),
        (FlagFilter(q="zi"), ["Ziwa"]),
        (FlagFilter(bbox=(34.0, 0.53, 36.0, 0.54)), ["Bondeni"]),
        (FlagFilter(min_probability=0.95), ["Bondeni", "Ziwa"]),
        (FlagFilter(min_probability=1.0), []),
        (FlagFilter(published_only=True), []),
        (FlagFilter(published_or_of=Worked("map-kibera")), ["Bondeni"]),
    ],
)
def test_flags_are_found_by_what_is_asked(flagged, wanted, names):
    """Each filter finds its flags, in order of arrival."""
    with flagged.store.read() as session:
        found = flags.page(session, wanted)
    assert ([flag.record.account.names[0].text for flag in found.items], found.next_cursor) == (names, None)


def test_flags_come_with_record_findings_and_reviews(flagged, monkeypatch):
    """However they are asked for, flags are whole, and all of them come when all are wanted."""
    monkeypatch.setattr(flags, "CHUNK", 1)
    with flagged.store.read() as session:
        walked = list(flags.iterate(session, FlagFilter()))
        assert walked == list(flags.page(session, FlagFilter()).items)
        assert walked == [flags.get(session, flag.id) for flag in walked]
    assert all(flag.record.findings and flag.record.flag_id == flag.id for flag in walked)


def test_readers_do_not_wait_for_a_writer(flagged):
    """While one thread holds a write transaction open, another still reads."""
    read = []

    def look():
        with flagged.store.read() as session:
            read.append(len(flags.page(session, FlagFilter()).items))

    with flagged.store.begin() as session:
        records.set_pending(session)
        reader = threading.Thread(target=look)
        reader.start()
        reader.join(10)
    assert read == [2]
