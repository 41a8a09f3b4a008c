"""New growth rates concern the records whose counts they carry, and no others."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from connectors.observations import Observation, observation_table
from geodata.cells import Cell, CellStatus
from service.accounts.account import Count
from service.releases.growing import growing
from service.store import snapshots, sources

AT = datetime(2026, 2, 1, 8, tzinfo=UTC)


@pytest.fixture
def rates(context, scene):
    """Give a function that puts growth rates of Kenya and Uganda into the archive and returns their catalogue row."""

    def put(kenya, uganda, *, present):
        said = [
            Observation(
                area=area,
                area_scheme="iso3166-1-a3",
                area_name=area,
                indicator="SP.POP.GROW",
                period="2020",
                cell=Cell(Decimal(rate), CellStatus.OBSERVED, rate),
            )
            for area, rate in (("KEN", kenya), ("UGA", uganda))
        ]
        snapshot = replace(scene.official(scene.villages).snapshot(), places=None, observations=observation_table(said))
        sha256 = context.archive.put(snapshot)
        entry = scene.entry(sha256, scene.official(scene.villages), 0)
        entry = replace(entry, source="worldbank", connector="worldbank", observations=2)
        if present:
            with context.store.begin() as session:
                sources.configure(session, "worldbank", sources.Configuration("worldbank", "Rates", {}), AT)
                snapshots.make_current(session, entry, AT)
        return entry

    return put


def test_only_matched_records_with_counts_of_that_country_wait(context, register, without, rates):
    """A village on the list that was counted is concerned; one without counts, and one not on the list, are not."""
    register.publish(without("V20"), "2019-08-24")
    counts = (Count(500.0, method="full enumeration", date=date(2024, 8, 24)),)
    counted = register.send("V01", counts=counts)
    register.send("V02")
    register.send("V20", counts=counts)
    rates("2.2", "3.0", present=True)
    assert growing(context, rates("2.5", "3.0", present=False)).records == (counted,)
    assert growing(context, rates("2.2", "3.1", present=False)).records == ()
    assert growing(context, rates("2.2", "3.0", present=False)).records == ()


def test_a_snapshot_that_holds_no_rates_concerns_nobody(context, rates):
    """Figures of other connectors, or none at all, are no growth rates."""
    entry = rates("2.2", "3.0", present=False)
    assert growing(context, replace(entry, connector="census")).until is None
    assert growing(context, replace(entry, observations=0)).until is None
