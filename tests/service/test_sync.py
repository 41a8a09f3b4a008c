"""Sync: a source is brought up to date whole or not at all, and what it touches is verified again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from connectors.cod import CodConnector
from connectors.errors import ConnectorError, NothingThere, UnreadableFile
from connectors.gnis import GnisConnector
from connectors.register import RegisterConnector
from service import submit, sync, verify
from service.errors import INVALID, NOT_FOUND, Problem
from service.sources import fetching
from service.store import events, records, snapshots, sources
from service.store.filters import RecordFilter
from service.store.values import RecordState
from service.sync import How, Outcome
from service.verifying import judging

SPECIMENS = Path(__file__).parents[1] / "specimens"

MANIFEST = """
[source]
title = "Villages of a district"
vintage = "{vintage}"
vintage_kind = "reference date"
licence = "CC0-1.0"
attribution = "Written for a test"

[coverage]
completeness = "exhaustive"
lowest_level = "village"
kinds = ["village"]
countries = ["KEN"]
location_r95_m = 100

[defaults]
country = "KEN"
kind = "village"
"""


@pytest.fixture
def register(tmp_path):
    """Give a function that writes a register file with its manifest and returns its path."""

    def write(places, vintage="2019-08-24"):
        path = tmp_path / "villages.csv"
        rows = (f"V{number},{name},{lat:.4f},{lon:.4f}\n" for number, (name, lat, lon) in enumerate(places))
        path.write_text("id,name,lat,lon\n" + "".join(rows))
        path.with_name("villages.csv.toml").write_text(MANIFEST.format(vintage=vintage))
        return path

    return write


@pytest.fixture
def followed(context, scene, register):
    """Follow a register that leaves Bondeni out, and sync it."""
    sync.configure(context, "ke-villages", "register", {"path": str(register(scene.without("Bondeni")))})
    return sync.sync(context, "ke-villages")


def sent(context, scene, name, **parts):
    """Accept and verify an account of one of the villages; return its identifier."""
    lat, lon = next((lat, lon) for known, lat, lon in scene.villages if known == name)
    account = scene.account(name, own_id=name, **{"lat": lat, "lon": lon + 0.0005} | parts)
    (receipt,) = submit.accept(context, [account], scene.caller(context.store))
    verify.verify(context, [receipt.record_id])
    return receipt.record_id


def test_a_first_sync_makes_a_present_snapshot(context, followed):
    """The catalogue names vintage, licence and sizes, and the archive holds the content under the same name."""
    assert (followed.outcome, followed.places, followed.problems) == (Outcome.UPDATED, 9, 0)
    with context.store.read() as session:
        source = sources.get(session, "ke-villages")
        (event,) = events.about(session, "snapshot", followed.snapshot)
    assert source.current.sha256 == followed.snapshot
    assert (source.current.vintage, source.current.licence, source.current.current) == ("2019-08-24", "CC0-1.0", True)
    assert (source.last_error, source.last_checked_at is not None) == (None, True)
    assert event.data == {"source": "ke-villages", "before": None}
    assert len(context.archive.get(followed.snapshot).places) == 9


def test_the_same_content_is_unchanged(context, scene, followed):
    """A second sync keeps the snapshot, verifies nothing, and only says that it looked."""
    record_id = sent(context, scene, "Lindi")
    with context.store.read() as session:
        before, checked = records.get(session, record_id), sources.get(session, "ke-villages").last_checked_at
    again = sync.sync(context, "ke-villages")
    assert (again.outcome, again.snapshot, again.places) == (Outcome.UNCHANGED, followed.snapshot, 9)
    with context.store.read() as session:
        assert records.get(session, record_id) == before
        assert sources.get(session, "ke-villages").last_checked_at > checked
        assert len(snapshots.page(session).items) == 1


def test_new_content_becomes_present_and_touches_what_it_may_concern(context, scene, followed, register):
    """The records of the list's country are verified again, others are left alone, and the old snapshot stays."""
    hidden, elsewhere = sent(context, scene, "Bondeni"), sent(context, scene, "Lindi", country="UGA")
    with context.store.read() as session:
        assert records.get(session, hidden).verdict == "hidden_place"
        untouched = records.get(session, elsewhere)
    register(scene.villages, vintage="2026-01-01")
    steps = []
    newer = sync.sync(context, "ke-villages", lambda done, total=None: steps.append((done, total)))
    assert (newer.outcome, steps) == (Outcome.UPDATED, [(1, 1)])
    with context.store.read() as session:
        found = records.get(session, hidden)
        assert records.get(session, elsewhere) == untouched
        history = snapshots.page(session, source="ke-villages").items
    assert (found.verdict, found.findings[0].snapshot) == ("consistent", newer.snapshot)
    assert [(one.sha256, one.current) for one in history] == [(newer.snapshot, True), (followed.snapshot, False)]
    assert context.archive.exists(followed.snapshot)


def test_a_release_that_was_taken_back_is_present_again(context, scene, followed, register):
    """A source that returns to what it said before gets its old snapshot back, not a copy."""
    register(scene.villages, vintage="2026-01-01")
    sync.sync(context, "ke-villages")
    register(scene.without("Bondeni"))
    back = sync.sync(context, "ke-villages")
    assert (back.outcome, back.snapshot) == (Outcome.UPDATED, followed.snapshot)
    with context.store.read() as session:
        assert len(snapshots.page(session).items) == 2
        assert snapshots.current(session, "ke-villages").sha256 == followed.snapshot


@pytest.mark.usefixtures("followed")
def test_a_crash_after_the_exchange_loses_no_verification(context, scene, register, monkeypatch):
    """Between the exchange of the snapshot and the verification the records are marked, so that pending finds them."""
    record_id = sent(context, scene, "Bondeni")
    register(scene.villages, vintage="2026-01-01")

    def killed(*_arguments, **_options):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(judging, "compare", killed)
        with pytest.raises(KeyboardInterrupt):
            sync.sync(context, "ke-villages")
    with context.store.read() as session:
        waiting = records.get(session, record_id)
    assert (waiting.state, waiting.verdict) == (RecordState.PENDING, "hidden_place")
    assert sync.sync(context, "ke-villages").outcome is Outcome.UNCHANGED
    assert verify.pending(context) == 1
    with context.store.read() as session:
        assert records.get(session, record_id).verdict == "consistent"


def test_a_source_that_fails_keeps_its_snapshot_and_says_why(context, scene, followed, register):
    """An unreadable file changes nothing but the source's last error, which the next success takes away."""
    path = register(scene.villages)
    path.write_text("")
    with pytest.raises(UnreadableFile):
        sync.sync(context, "ke-villages")
    with context.store.read() as session:
        source = sources.get(session, "ke-villages")
    assert source.current.sha256 == followed.snapshot
    assert "villages.csv" in source.last_error
    register(scene.villages)
    sync.sync(context, "ke-villages")
    with context.store.read() as session:
        assert sources.get(session, "ke-villages").last_error is None


def test_an_empty_answer_never_takes_the_place_of_a_list(followed, context, monkeypatch):
    """A source that answers with nothing, e.g. for a mistyped code, is an error that leaves the snapshot present."""
    fetch = RegisterConnector.fetch
    monkeypatch.setattr(RegisterConnector, "fetch", lambda *asked: replace(fetch(*asked), places=None))
    with pytest.raises(NothingThere, match="holds nothing"):
        sync.sync(context, "ke-villages")
    with context.store.read() as session:
        source = sources.get(session, "ke-villages")
    assert source.current.sha256 == followed.snapshot
    assert "holds nothing" in source.last_error


@pytest.mark.usefixtures("followed")
def test_checking_keeps_nothing(context, scene, register):
    """A check says whether there is something new, and leaves catalogue and archive as they are."""
    assert sync.check(context, "ke-villages") is Outcome.UNCHANGED
    register(scene.villages)
    assert sync.check(context, "ke-villages") is Outcome.UPDATED
    with context.store.read() as session:
        assert len(snapshots.page(session).items) == 1


def test_configuring_twice_changes_nothing(context, scene, register):
    """The same configuration again is no event, and a later sync may leave out connector and options."""
    path = register(scene.villages)
    first = sync.configure(context, "ke-villages", "register", {"path": str(path)})
    assert sync.configure(context, "ke-villages", "register", {"path": str(path)}) == first
    assert sync.configure(context, "ke-villages") == first
    with context.store.read() as session:
        assert [event.kind for event in events.about(session, "source", "ke-villages")] == ["source.configured"]


def test_a_path_is_kept_whole(context, scene, register, monkeypatch):
    """A relative path still leads to the file when the next sync starts from another directory."""
    path = register(scene.villages)
    monkeypatch.chdir(path.parent)
    sync.configure(context, "ke-villages", "register", {"path": path.name})
    monkeypatch.chdir(Path(path.anchor))
    assert sync.sync(context, "ke-villages").places == len(scene.villages)


def test_every_file_an_option_names_is_found_again(context, monkeypatch):
    """The table, its saved terms and the list it is held against are all named from where the source was configured."""
    monkeypatch.setattr(fetching.catalogue, "connector", lambda _name: CodConnector())
    monkeypatch.chdir(SPECIMENS / "cod")
    named = {"path": "units_2026.csv", "metadata": "package_show.json", "reference": "units_2026.csv", "level": "2"}
    sync.configure(context, "cod-xyz", "cod", named)
    with context.store.read() as session:
        kept = sources.configuration(session, "cod-xyz").options
    assert kept == {
        "path": str(SPECIMENS / "cod" / "units_2026.csv"),
        "metadata": str(SPECIMENS / "cod" / "package_show.json"),
        "reference": str(SPECIMENS / "cod" / "units_2026.csv"),
        "level": "2",
    }


def test_a_fetch_tells_how_far_it_is(context, monkeypatch):
    """Whoever waits for a source hears what is read of it before a record is verified."""
    monkeypatch.setattr(fetching.catalogue, "connector", lambda _name: GnisConnector())
    sync.configure(context, "gnis-me", "gnis", {"path": str(SPECIMENS / "gnis" / "DomesticNames_ME.txt")})
    heard = []
    fetched = sync.sync(context, "gnis-me", how=How(lambda done, total, what: heard.append((done, total, what))))
    assert fetched.places > 0
    assert heard[-1] == (6, None, "rows read")
    assert sync.check(context, "gnis-me", How(lambda *told: heard.append(told))) is Outcome.UNCHANGED
    assert len(heard) > 1


@pytest.mark.parametrize(
    ("source", "connector", "options"),
    [
        ("Ke Villages", "register", {}),
        ("ke-villages", "nonesuch", {}),
        ("us-places", "census", {"key": "secret-key"}),
    ],
)
def test_what_cannot_be_configured_says_why(context, source, connector, options):
    """A name that is none, a connector that is not installed and a secret among the options are refused."""
    with pytest.raises(Problem) as raised:
        sync.configure(context, source, connector, options)
    assert raised.value.kind is INVALID
    assert "secret-key" not in raised.value.detail
    with context.store.read() as session:
        assert sources.all(session) == ()


def test_an_unknown_source_is_not_found(context):
    """There is nothing to bring up to date under a name nobody configured."""
    with pytest.raises(Problem) as raised:
        sync.sync(context, "nowhere")
    assert raised.value.kind is NOT_FOUND


def test_a_key_comes_from_the_settings_and_is_kept_nowhere(context, monkeypatch):
    """A connector is given the key of the settings; neither options nor errors hold it."""
    asked = {}

    class Keyed:
        name, title, needs = "census", "Keyed", {"key": "a key"}

        def fetch(self, _client, request):
            asked.update(request)
            msg = "refused"
            raise ConnectorError(msg, source=request["source"], hint="check the key")

    monkeypatch.setattr(fetching.catalogue, "connector", lambda _name: Keyed())
    settings = context.settings.model_copy(update={"census_key": "hush-hush"})
    keyed = type(context)(settings, context.store, context.archive, context.lists)
    sync.configure(keyed, "us-places", "census", {"year": "2024"})
    with pytest.raises(ConnectorError):
        sync.sync(keyed, "us-places")
    assert asked == {"key": "hush-hush", "year": "2024", "source": "us-places"}
    with context.store.read() as session:
        source, options = sources.get(session, "us-places"), sources.configuration(session, "us-places").options
    assert (source.last_error, options) == ("refused; check the key", {"year": "2024"})


@pytest.mark.usefixtures("followed")
def test_every_record_waits_for_a_list_that_declares_no_country(context, scene):
    """A list that may hold places of any country touches every record."""
    record_id = sent(context, scene, "Lindi", country="UGA")
    scene.publish(context, scene.official(scene.villages, source="world", countries=frozenset()))
    with context.store.begin() as session:
        assert records.set_pending(session) == 1
    assert verify.pending(context) == 1
    with context.store.read() as session:
        assert [finding.source for finding in records.get(session, record_id).findings] == ["world"]
        assert records.count(session, RecordFilter(state=RecordState.PENDING)) == 0
