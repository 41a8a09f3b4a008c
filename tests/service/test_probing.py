"""What a source says of its state spares fetching it, and only where that is sure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from connectors.archive import content_sha256
from connectors.errors import SourceUnavailable
from connectors.gazetteer import GazetteerConnector
from connectors.kept.shelf import Shelf
from connectors.offline.routes import FromFolder, Online, SavedTo
from connectors.probing import holds
from service import sync
from service.sources import fetching
from service.sources.fetching import How
from service.store import sources, states
from service.sync import Outcome

EARLIER = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass
class Office:
    """A connector whose source tells its state."""

    snapshot: Callable[[], object]
    says: object = "release 1"
    name: str = "office"
    title: str = "An office"
    needs: dict[str, str] = field(default_factory=dict)
    fetched: int = 0

    def fetch(self, _client, _request):
        """Bring what there is."""
        self.fetched += 1
        return self.snapshot()

    def state(self, _client, _request):
        """Tell the state, or fail."""
        if isinstance(self.says, Exception):
            raise self.says
        return self.says


@pytest.fixture
def office(context, scene, monkeypatch):
    """Follow an office and sync it once."""
    found = Office(scene.official(scene.villages, source="office").snapshot)
    monkeypatch.setattr(fetching.catalogue, "connector", lambda _: found)
    sync.configure(context, "office", "office", {"areas": "all"})
    assert sync.sync(context, "office").outcome is Outcome.UPDATED
    assert found.fetched == 1
    return found


def test_a_source_that_says_nothing_changed_is_not_fetched(context, office):
    """The answer names the present snapshot and what the source said; it was looked at, and a last error is gone."""
    with context.store.begin() as session:
        sources.set_checked(session, "office", EARLIER, "it stumbled")
    again = sync.sync(context, "office")
    assert (again.outcome, again.state, office.fetched) == (Outcome.UNCHANGED, "release 1", 1)
    assert sync.check(context, "office") is Outcome.UNCHANGED
    assert office.fetched == 1
    with context.store.read() as session:
        source = sources.get(session, "office")
    assert source.last_error is None
    assert source.last_checked_at > EARLIER
    assert source.current.sha256 == again.snapshot == content_sha256(office.snapshot())


def test_another_state_is_fetched_and_remembered(context, scene, office):
    """Also when it turns out to say the same: then that is known under the new state."""
    office.says = "release 2"
    assert sync.sync(context, "office").state is None
    assert sync.sync(context, "office").state == "release 2"
    office.says, office.snapshot = "release 3", scene.official(scene.without("Lindi")).snapshot
    assert sync.check(context, "office") is Outcome.UPDATED
    assert sync.sync(context, "office").outcome is Outcome.UPDATED
    assert sync.sync(context, "office").state == "release 3"
    assert office.fetched == 4


@pytest.mark.parametrize(
    "says",
    [None, "", "  ", 5, SourceUnavailable("busy", source="office", hint="wait"), KeyError("release")],
    ids=["nothing", "empty", "blank", "number", "unavailable", "stumble"],
)
def test_a_probe_that_fails_means_fetching(context, office, says):
    """Whatever goes wrong in asking for the state, the source is brought as if there were no such question."""
    office.says = says
    again = sync.sync(context, "office")
    assert (again.outcome, again.state, office.fetched) == (Outcome.UNCHANGED, None, 2)


def test_anew_fetches_whatever_is_said(context, office):
    """And what is said then is remembered."""
    assert sync.sync(context, "office", how=How(anew=True)).outcome is Outcome.UNCHANGED
    assert office.fetched == 2
    assert sync.sync(context, "office").state == "release 1"


def test_other_options_are_another_source(context, office):
    """A state holds for what was asked for with exactly the same options."""
    sync.configure(context, "office", "office", {"areas": "KEN"})
    sync.sync(context, "office")
    assert office.fetched == 2


def test_another_version_of_a_connector_is_not_trusted(context, office, monkeypatch):
    """A newer connector may read more out of the same state."""
    monkeypatch.setattr(fetching.catalogue, "version_of", lambda _: "uncounted 99")
    sync.sync(context, "office")
    assert office.fetched == 2


def test_a_snapshot_that_the_archive_lost_is_fetched(context, office):
    """There is nothing to leave as it is."""
    with context.store.read() as session:
        context.archive.remove(sources.get(session, "office").current.sha256)
    assert sync.sync(context, "office").outcome is Outcome.UPDATED
    assert office.fetched == 2


def test_a_state_is_trusted_for_a_month(context, office):
    """After that everything is fetched once more, in case the source forgot to say something."""
    with context.store.begin() as session:
        told = states.get(session, "office")
        states.put(session, "office", replace(told, fetched_at=told.fetched_at - timedelta(days=31)))
    sync.sync(context, "office")
    assert office.fetched == 2


@pytest.mark.parametrize(
    ("state", "fetched_at", "sure"),
    [
        ("release 1", EARLIER, True),
        ("2026-02-27", EARLIER, True),
        ("2026-02-28", EARLIER, False),
        ("2026-03-01", EARLIER, False),
        ("2026-03-01T00:00:00", EARLIER, False),
        ("2026-03-01T08:30", EARLIER, True),
        ("A 2026-01-01, B 2026-03-01", EARLIER, False),
        ("2026-99-99", EARLIER, True),
        ("release 1", EARLIER - timedelta(days=31), False),
        ("release 1", EARLIER + timedelta(days=3), False),
    ],
)
def test_a_day_holds_once_it_is_over(state: str, fetched_at: datetime, sure: bool):  # noqa: FBT001 - a table of cases
    """What came later on the day a source was fetched has the same day; a clock that was set back proves nothing."""
    assert holds(state, fetched_at, EARLIER + timedelta(days=1)) is sure


def test_without_internet_nobody_is_asked(context, office, tmp_path):
    """A folder is read whatever its state was; and one that is filled is filled with everything."""
    (tmp_path / "office").mkdir()
    for route in (FromFolder(tmp_path), SavedTo(tmp_path)):
        assert sync.sync(context, "office", how=How(route=route)).state is None
    assert office.fetched == 3


def test_a_file_is_fetched_once_for_two_syncs(context, monkeypatch):
    """What is kept of a source lies below the data, is thrown away with --anew, and goes when nothing asks for it."""
    sent = []

    def answer(request: httpx.Request) -> httpx.Response:
        known = request.headers.get("If-None-Match") == '"v1"'
        sent.append(304 if known else 200)
        row = "USPS|GEOID|GEOIDFQ|ANSICODE|NAME|LSAD|FUNCSTAT|ALAND|AWATER|ALAND_SQMI|AWATER_SQMI|INTPTLAT|INTPTLONG"
        body = f"{row}\nME|2300001|1600000US2300001|1|Sample city|25|A|1|0|1|0|44.9|-68.8\n"
        return httpx.Response(sent[-1], text="" if known else body, headers={"ETag": '"v1"'})

    monkeypatch.setattr(fetching.catalogue, "connector", lambda _: GazetteerConnector())
    monkeypatch.setattr("connectors.offline.routes.Network", lambda: httpx.MockTransport(answer))
    sync.configure(context, "us", "gazetteer", {"year": "2025"})
    assert [sync.sync(context, "us", how=How(route=Online(), anew=anew)).outcome for anew in (False, False, True)] == [
        Outcome.UPDATED,
        Outcome.UNCHANGED,
        Outcome.UNCHANGED,
    ]
    assert sent == [200, 304, 200]
    assert Shelf(context.settings.kept / "us").size
