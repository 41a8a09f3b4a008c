"""The fault runs in short: what was acknowledged is there once, and the checks see it when it is not."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from bench.arrivals import arrive
from bench.faults import full, halves, kills, restarts, world
from bench.faults.checking import check
from bench.faults.installation import Installation, Serving, install
from bench.faults.ledger import Fate, Ledger
from bench.memory import resident
from bench.mixed import SHARES, Mixed

SEED = 8


def test_names_and_points_tell_records_apart():
    """What the ledger goes by is never given to two: names differ, and no two records stand on one spot."""
    names = [world.name(number) for number in range(50_000)]
    points = [world.point(number) for number in range(50_000)]
    assert len(set(names)) == len(names)
    assert len(set(points)) == len(points)


def test_kills_lose_and_double_nothing():
    """Killed twice under load, the service has everything it acknowledged, and finishes what it had begun."""
    verdict = kills.run(None, 2, SEED)
    assert verdict.wrong == ()
    assert verdict.acknowledged > 20


def test_restarts_of_postgresql_lose_and_double_nothing():
    """Stopped in each way and read-only for a while, PostgreSQL is found again, and nothing acknowledged is lost."""
    verdict = restarts.run(3, SEED)
    assert verdict.wrong == ()
    assert verdict.acknowledged > 20


def test_a_full_disk_is_told_and_survived():
    """Filled once, the disk refuses writers and serves readers; with room again everything goes on."""
    verdict = full.run(full.Filling(1, 4.0, SEED))
    if verdict.done.startswith("left out"):
        pytest.skip(verdict.done)
    assert verdict.wrong == ()


def test_half_written_files_never_answer_wrongly():
    """Cut short or changed in one bit, snapshots and indexes are refused; uploads that break off become nothing."""
    verdict = halves.run(8, SEED)
    assert verdict.wrong == []


@pytest.fixture
def installation(tmp_path):
    """Give an installation on SQLite with its list."""
    place = tmp_path / "var"
    place.mkdir()
    with world.source() as source:
        yield install(place, None, source)


def test_what_is_lost_doubled_or_strange_is_seen(installation: Installation):
    """A ledger that speaks of more than is there, or of refusals that should not be, does not pass."""
    ledger = Ledger()
    ledger.note(ledger.owned, "never-kept", Fate.ACKNOWLEDGED)
    ledger.note(ledger.owned, "not-sure", Fate.UNKNOWN)
    ledger.answered(500, "a mistake")
    found = check(installation, ledger, 0.0)
    assert (found.lost, found.doubled) == (1, 0)
    assert Counter(one.partition(":")[0] for one in found.wrong) == {"lost": 1, "answered": 1}


def test_mixed_traffic_is_answered(installation: Installation):
    """A few seconds of every kind of request, at their own moments: all are answered, none is refused."""
    serving = Serving(installation)
    try:
        serving.start()
        assert resident(serving.pid) > 0
        came = asyncio.run(arrive(serving.port, Mixed(installation.secrets, SEED), 6.0, 12.0))
    finally:
        serving.kill()
    assert came.taken.keys() >= SHARES.keys() - {"review"}
    assert {status for one in came.statuses.values() for status in one} <= {200, 201, 202}
