"""What the tests of the verbs and of the store begin with: callers with real keys, accounts, official lists."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest

from connectors.snapshot import Exchange, Provenance, Snapshot
from geodata.coverage import Completeness, CoverageManifest
from geodata.places import Places
from service.accounts.account import Account, Name
from service.callers.caller import Caller, Role
from service.context import Context
from service.store import keys, snapshots, sources
from service.store.engine import Store
from service.store.values import SnapshotEntry

#: Villages of a made-up district in a row, a kilometre apart, so that one that is missing is plainly missing.
VILLAGES = tuple(
    (name, 0.5 + 0.009 * number, 35.0)
    for number, name in enumerate(
        ("Kapchorwa", "Mashimoni", "Lindi", "Turbo", "Bondeni", "Gatwekera", "Soi", "Ziwa", "Nyaru", "Olare")
    )
)

RETRIEVED = datetime(2026, 2, 1, 8, tzinfo=UTC)


def account(name: str = "Gatwekera", **parts: object) -> Account:
    """Return an account of a village in Kibera, changed as asked."""
    given = {
        "names": (Name(name),),
        "country": "KEN",
        "lat": -1.3151,
        "lon": 36.7826,
        "r95_m": 100.0,
        "kind": "village",
    }
    return Account(**{**given, **parts})


def caller(store: Store, organisation: str = "map-kibera", role: Role = Role.CONTRIBUTOR) -> Caller:
    """Return a caller with a new key."""
    with store.begin() as session:
        secret = keys.create(session, organisation, role, "test")
    with store.read() as session:
        found = keys.find(session, secret)
    assert found is not None
    return found


@dataclass(frozen=True)
class Official:
    """An official list to publish: names with points, and what the list says it covers."""

    places: Sequence[tuple[str, float, float]]
    source: str = "ke-villages"
    vintage: str = "2019"
    reference_date: date | None = date(2019, 8, 24)
    countries: frozenset[str] = frozenset({"KEN"})
    completeness: Completeness = Completeness.EXHAUSTIVE
    residents: int | None = None  # of each place, where the list says
    admin: Mapping[str, str] | None = None  # units of each place
    areas: Mapping[str, tuple[str, bytes]] | None = None  # kind and outline (WKB) of some, by name

    def snapshot(self) -> Snapshot:
        """Return it as a connector would bring it."""
        provenance = Provenance(
            source=self.source,
            title=f"List {self.source}",
            endpoint=f"file:{self.source}.csv",
            vintage=self.vintage,
            vintage_kind="reference date",
            licence="CC0-1.0",
            licence_url=None,
            attribution="Written for a test",
        )
        coverage = CoverageManifest(
            completeness=self.completeness,
            lowest_level="village",
            countries=self.countries,
            reference_date=self.reference_date,
            location_r95_m=100.0,
        )
        said = {"value": float(self.residents), "unit": "persons", "status": "observed"} if self.residents else None
        counts = {"counts": [said]} if said else {}
        village = {"country": "KEN", "kind": "village", "admin": list((self.admin or {}).items()), **counts}
        outlines = {name: {"kind": kind, "area": area} for name, (kind, area) in (self.areas or {}).items()}
        rows = [
            {"id": f"V{number:03}", "names": [name], "lat": lat, "lon": lon, **village, **outlines.get(name, {})}
            for number, (name, lat, lon) in enumerate(self.places)
        ]
        body = repr((self.places, self.residents, self.admin, self.areas)).encode()
        exchange = Exchange(provenance.endpoint, 200, hashlib.sha256(body).hexdigest(), len(body), RETRIEVED)
        return Snapshot(provenance, coverage, (exchange,), Places.from_rows(rows))


def entry(sha256: str, official: Official, places: int) -> SnapshotEntry:
    """Return the catalogue's row of a list."""
    provenance = official.snapshot().provenance
    return SnapshotEntry(
        sha256=sha256,
        source=official.source,
        connector="register",
        title=provenance.title,
        vintage=official.vintage,
        vintage_kind=provenance.vintage_kind,
        licence=provenance.licence,
        licence_url=None,
        attribution=provenance.attribution,
        endpoint=provenance.endpoint,
        retrieved_at=RETRIEVED,
        places=places,
        observations=0,
        problems=0,
        coverage={"countries": sorted(official.countries)},
        current=True,
    )


def publish(context: Context, official: Official) -> str:
    """Make a list the present one of its source, as a sync does, without a connector; return its sha256."""
    sha256 = context.archive.put(official.snapshot())
    with context.store.begin() as session:
        wanted = sources.Configuration("register", f"List {official.source}", {})
        sources.configure(session, official.source, wanted, RETRIEVED)
        snapshots.make_current(session, entry(sha256, official, len(official.places)), RETRIEVED)
    return sha256


class Scene:
    """The helpers above as one fixture, because tests do not import one another."""

    account = staticmethod(account)
    caller = staticmethod(caller)
    official = Official
    publish = staticmethod(publish)
    entry = staticmethod(entry)
    villages = VILLAGES

    @staticmethod
    def without(name: str) -> tuple[tuple[str, float, float], ...]:
        """Return the villages but one."""
        return tuple(village for village in VILLAGES if village[0] != name)


@pytest.fixture
def scene() -> Scene:
    """Give the helpers to set a scene with."""
    return Scene()
