"""Official lists for the crawl: two releases of one exhaustive list of villages, none of which is a canary."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime

from connectors.snapshot import Exchange, Provenance, Snapshot
from geodata.coverage import Completeness, CoverageManifest
from geodata.places import Places
from service.context import Context
from service.store import snapshots, sources
from service.store.values import SnapshotEntry

SOURCE = "ke-villages"
_VILLAGES = ("Kapchorwa", "Mashimoni", "Lindi", "Turbo", "Bondeni", "Gatwekera", "Soi", "Ziwa", "Nyaru", "Olare")
_AT = datetime(2026, 2, 1, 8, tzinfo=UTC)


def publish(context: Context) -> None:
    """Keep both releases; the later one is the present one."""
    with context.store.begin() as session:
        sources.configure(session, SOURCE, sources.Configuration("register", "Villages", {}), _AT)
    for vintage, villages in (("2009", _VILLAGES[:-1]), ("2019", _VILLAGES)):
        snapshot = _snapshot(vintage, villages)
        sha256 = context.archive.put(snapshot)
        with context.store.begin() as session:
            snapshots.make_current(session, _entry(sha256, snapshot.provenance, len(villages)), _AT)


def _snapshot(vintage: str, villages: tuple[str, ...]) -> Snapshot:
    provenance = Provenance(
        source=SOURCE,
        title="Villages",
        endpoint="file:villages.csv",
        vintage=vintage,
        vintage_kind="reference date",
        licence="CC0-1.0",
        licence_url=None,
        attribution="Written for a test",
    )
    coverage = CoverageManifest(
        completeness=Completeness.EXHAUSTIVE,
        lowest_level="village",
        countries=frozenset({"KEN"}),
        reference_date=date(int(vintage), 8, 24),
        location_r95_m=100.0,
    )
    rows = [
        {"id": f"V{at:03}", "names": [name], "country": "KEN", "lat": 0.5 + 0.009 * at, "lon": 35.0, "kind": "village"}
        for at, name in enumerate(villages)
    ]
    body = repr(rows).encode()
    exchange = Exchange(provenance.endpoint, 200, hashlib.sha256(body).hexdigest(), len(body), _AT)
    return Snapshot(provenance, coverage, (exchange,), Places.from_rows(rows))


def _entry(sha256: str, told: Provenance, places: int) -> SnapshotEntry:
    return SnapshotEntry(
        sha256=sha256,
        source=told.source,
        connector="register",
        title=told.title,
        vintage=told.vintage,
        vintage_kind=told.vintage_kind,
        licence=told.licence,
        licence_url=None,
        attribution=told.attribution,
        endpoint=told.endpoint,
        retrieved_at=_AT,
        places=places,
        observations=0,
        problems=0,
        coverage={"countries": ["KEN"]},
        current=True,
    )
