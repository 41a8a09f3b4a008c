"""The client against a real service: what is sent, read, paged and imported."""

from __future__ import annotations

import asyncio
from itertools import islice

import pytest

from service.client import AsyncClient, Client, Conflict, Invalid, NotFound, NotPermitted, to_geodataframe
from tests.service.client.conftest import QUICK, UNLISTED

GATWEKERA = {"name": "Gatwekera", "country": "KE", "kind": "village", "location": {"lat": -1.3151, "lon": 36.7826}}
SWAPPED = {"name": "Nowhere", "country": "KE", "location": {"lat": 36.79, "lon": -1.31}}


def test_a_record_comes_back_with_its_verdict(uncounted):
    """What was sent is kept, compared and can be read again."""
    record = uncounted.submit(GATWEKERA)
    assert (record.name, record.country, record.lat) == ("Gatwekera", "KEN", -1.3151)
    assert record.verdict == "consistent"
    assert record.reason
    assert uncounted.record(record.id).id == record.id


def test_a_record_sent_again_under_one_key_is_kept_once(uncounted):
    """After a lost answer the same key brings the same record; another content under it is a conflict."""
    first = uncounted.submit(GATWEKERA, idempotency_key="survey-7-row-1")
    assert uncounted.submit(GATWEKERA, idempotency_key="survey-7-row-1").id == first.id
    with pytest.raises(Conflict) as refused:
        uncounted.submit({**GATWEKERA, "name": "Lindi"}, idempotency_key="survey-7-row-1")
    assert refused.value.code == "conflict"


def test_each_record_of_a_batch_is_answered_for_itself(uncounted):
    """Good ones are kept; a bad one says where and why."""
    batch = uncounted.submit_many([GATWEKERA, SWAPPED])
    assert [item.record is not None for item in batch.items] == [True, False]
    (refused,) = batch.refused
    assert refused.index == 1
    assert refused.error.errors[0]["pointer"].startswith("/1/location")
    assert "swapped" in str(refused.error)


def test_problems_are_errors_of_one_tree(uncounted, address):
    """Each kind of refusal is a class; the problem's own members are attributes."""
    with pytest.raises(Invalid) as invalid:
        uncounted.submit(SWAPPED)
    assert invalid.value.status == 422
    assert invalid.value.errors[0]["hint"]
    with pytest.raises(NotFound):
        uncounted.flag("0" * 32)
    with pytest.raises(Invalid, match="Did you mean `country`"):
        list(uncounted.flags(countri="KE"))
    for key in (None, "unc_wrong"):
        with Client(address, key, patience=QUICK) as stranger, pytest.raises(NotPermitted):
            stranger.submit(GATWEKERA)


def test_pages_are_followed_to_the_end(address, keys, scene):
    """Every flag comes once, whatever the size of a page; an iterator that is left early asks for no more."""
    with Client(address, keys["reviewer"], patience=QUICK) as reviewer:
        unlisted = [one for one in scene.villages if one[0] in UNLISTED]
        sent = [{**GATWEKERA, "name": name, "location": {"lat": lat, "lon": lon}} for name, lat, lon in unlisted]
        reviewer.submit_many(sent)
        whole = [flag.id for flag in reviewer.flags()]
        assert [flag.id for flag in reviewer.flags(limit=2)] == whole
        assert len(whole) == len(set(whole)) > 4
        assert [flag.id for flag in islice(reviewer.flags(limit=2), 3)] == whole[:3]
        some = {flag.verdict for flag in reviewer.flags()}
        assert {flag.verdict for flag in reviewer.flags(verdict=sorted(some)[:1])} == set(sorted(some)[:1])
        assert len({record.id for record in reviewer.records(limit=3)}) >= len(whole)


def test_changes_are_followed_from_where_one_stopped(address, keys, scene):
    """A new flag is news once; from the last cursor on there is nothing until something happens."""
    name, lat, lon = next(one for one in scene.villages if one[0] in UNLISTED)
    with Client(address, keys["reviewer"], patience=QUICK) as reviewer:
        cursor = list(reviewer.change_pages(limit=1))[-1].cursor
        sent = reviewer.submit({**GATWEKERA, "name": name, "location": {"lat": lat, "lon": lon}})
        *_, last = pages = list(reviewer.change_pages(cursor))
        news = {change.flag_id: change.flag for page in pages for change in page.items}
        assert news[sent.flag_id].verdict == sent.verdict
        assert list(reviewer.changes(last.cursor)) == []


def test_flags_become_a_layer_of_points(address, keys):
    """One row for each flag in order; places that are withheld have no geometry; everything stays in `data`."""
    with Client(address, keys["reviewer"], patience=QUICK) as reviewer:
        flags = list(reviewer.flags())
    frame = to_geodataframe(flags)
    assert list(frame["id"]) == [flag.id for flag in flags]
    assert frame.crs.to_authority() == ("OGC", "CRS84")
    point = frame.geometry.iloc[0]
    assert (point.y, point.x) == (flags[0].lat, flags[0].lon)
    assert frame["data"].iloc[0]["version"] == flags[0].version
    assert len(to_geodataframe([])) == 0


def test_a_file_is_imported_and_waited_for(uncounted, tmp_path):
    """The rows that can be kept are kept, the others counted."""
    path = tmp_path / "villages.csv"
    path.write_text("id,name,country,lat,lon\n1,Gatwekera,KE,-1.3151,36.7826\n2,Nowhere,KE,36.79,-1.31\n", "utf-8")
    job = uncounted.finished(uncounted.import_file(path, "Villages of 2026: all?"), every=0.1, within=60)
    assert (job.state, job.rows_read, job.kept, job.set_aside) == ("done", 2, 1, 1)
    again = uncounted.finished(uncounted.import_file(path, "Villages of 2026: all?"), every=0.1, within=60)
    assert again.data["unchanged"] == 1
    with pytest.raises(FileNotFoundError):
        uncounted.import_file(tmp_path / "nothing.csv", "villages")


def test_many_things_are_waited_for_at_once(address, keys):
    """The asynchronous client says and does the same."""

    async def everything():
        async with AsyncClient(address, keys["reviewer"], patience=QUICK) as reviewer:
            sent = [reviewer.submit({**GATWEKERA, "id": str(n)}) for n in range(3)]
            records = await asyncio.gather(*sent)
            flags = [flag.id async for flag in reviewer.flags(limit=2)]
            with pytest.raises(NotFound):
                await reviewer.flag("0" * 32)
            return records, flags, await reviewer.record(records[0].id)

    records, flags, read = asyncio.run(everything())
    assert [record.own_id for record in records] == ["0", "1", "2"]
    assert read.id == records[0].id
    with Client(address, keys["reviewer"], patience=QUICK) as reviewer:
        assert flags == [flag.id for flag in reviewer.flags()]
