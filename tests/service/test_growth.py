"""Growth rates of the present World Bank snapshot carry counts from the list's date to the record's."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from connectors.observations import Observation, observation_table
from geodata.cells import Cell, CellStatus
from geodata.places import Places
from service import submit, verify
from service.accounts.account import Count
from service.errors import Problem
from service.replay import replay
from service.store import snapshots, sources

AT = datetime(2026, 2, 1, 8, tzinfo=UTC)
DAY = date(2024, 8, 24)


def counted_list(scene):
    """Return the villages with 400 persons each, counted in 2019."""
    snapshot = scene.official(scene.villages).snapshot()
    count = {"value": 400.0, "unit": "persons", "method": "census", "status": "observed"}
    rows = [{**row, "counts": [count]} for row in snapshot.places.table.to_pylist()]
    return replace(snapshot, places=Places.from_rows(rows))


def rates(scene, per_cent):
    """Return a snapshot of yearly growth rates of Kenya's countryside."""
    said = {"area": "KEN", "area_scheme": "iso3166-1-a3", "area_name": "Kenya", "indicator": "SP.RUR.TOTL.ZG"}
    cell = Cell(Decimal(per_cent), CellStatus.OBSERVED, per_cent)
    observations = observation_table([Observation(**said, period=str(year), cell=cell) for year in range(2019, 2026)])
    return replace(scene.official(scene.villages).snapshot(), places=None, observations=observations)


def put(context, scene, snapshot, source):
    """Make a snapshot the present one of a source."""
    connector = "register" if snapshot.places else source
    sha256 = context.archive.put(snapshot)
    row = scene.entry(sha256, scene.official(scene.villages), len(snapshot.places or ()))
    seen = snapshot.observations.num_rows if snapshot.observations is not None else 0
    with context.store.begin() as session:
        sources.configure(session, source, sources.Configuration(connector, source, {}), AT)
        snapshots.make_current(session, replace(row, source=source, connector=connector, observations=seen), AT)
    return sha256


@pytest.fixture
def lindi(context, scene):
    """Publish the list, and return how to find out about a village of 500 people, counted five years later."""
    put(context, scene, counted_list(scene), "ke-villages")
    lat, lon = next((lat, lon) for name, lat, lon in scene.villages if name == "Lindi")
    account = scene.account(
        "Lindi", lat=lat, lon=lon, own_id="l", counts=(Count(500.0, method="full enumeration", date=DAY),)
    )
    caller = scene.caller(context.store)

    def find(**changed):
        (receipt,) = submit.accept(context, [replace(account, **changed)], caller)
        return verify.verify(context, [receipt.record_id])[0].findings[0]

    return find


def test_the_rates_of_the_present_snapshot_are_applied(context, scene, lindi):
    """Without rates nothing grows; once they are there, the next verification applies them and says so."""
    before = lindi()
    assert before.counted["growth"] == 0
    assert "no growth rate being known" in before.reason
    put(context, scene, rates(scene, "2.2"), "worldbank")
    after = lindi(evidence=("https://example.org/1",))
    assert after.counted["growth"] == pytest.approx(0.11, abs=1e-3)
    assert "growing by 2.2 % a year over 5 years (the countryside, World Bank)" in after.reason


def test_a_finding_replays_with_the_rates_it_was_made_with(context, scene, lindi):
    """The certificate names the snapshot of the rates; newer rates change nothing about it, missing ones are told."""
    old = put(context, scene, rates(scene, "2.2"), "worldbank")
    finding = lindi()
    assert finding.certificate["search"]["known"]["growth"] == old
    put(context, scene, rates(scene, "3.3"), "worldbank")
    assert replay(context, finding.id).reproduced
    assert lindi(evidence=("https://example.org/1",)).counted["growth"] == pytest.approx(0.165, abs=1e-3)
    again = replay(context, finding.id)
    assert again.reproduced, again.differences


def test_rates_that_are_gone_are_told(context):
    """Where the archive no longer holds them, a replay says so instead of going on without."""
    with pytest.raises(Problem, match="growth rates cannot be read again"):
        context.lists.growth_at("0" * 64)
    assert context.lists.growth_at(None).rates == {}
