"""Context and lists: opened once, shared by threads, and never behind what another process brought up to date."""

from __future__ import annotations

import threading

import pytest

from connectors.archive import SnapshotMissing
from geodata.sensitivity import in_force
from service.configuration.settings import Settings
from service.context import close, open_context
from service.errors import OUT_OF_DATE, Problem
from service.official import lists as lists_module
from service.official.indexes import Indexes
from service.official.lists import OfficialLists
from service.store.migrate import upgrade


def test_opening_makes_the_data_directory_but_migrates_nothing(tmp_path):
    """A new installation is told to migrate; after that the same settings open."""
    settings = Settings(data_dir=tmp_path / "new" / "var", _env_file=None)
    with pytest.raises(Problem) as raised:
        open_context(settings)
    assert raised.value.kind is OUT_OF_DATE
    upgrade(settings.database)
    context = open_context(settings)
    assert context.lists.current() == ()
    close(context)


def test_migrating_makes_the_directory_of_the_database(tmp_path):
    """A first migration needs nothing prepared."""
    settings = Settings(data_dir=tmp_path / "deep" / "var", _env_file=None)
    upgrade(settings.database)
    close(open_context(settings))


def test_a_list_is_read_once_and_shared(context, scene, monkeypatch):
    """Many threads that ask at once get the very same list, which was indexed once."""
    scene.publish(context, scene.official(scene.villages))
    built, build = [], lists_module.PlaceIndex.build
    monkeypatch.setattr(lists_module.PlaceIndex, "build", lambda places: built.append(1) or build(places))
    given = []
    start = threading.Barrier(4)

    def ask():
        start.wait()
        given.append(context.lists.current())

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(given) == 4
    assert len({id(official) for (official,) in given}) == 1
    assert len(built) == 1


def test_a_list_says_what_it_is(context, scene):
    """Source, title, vintage, reference date and coverage come from the snapshot."""
    published = scene.official(scene.villages)
    sha256 = scene.publish(context, published)
    (official,) = context.lists.current()
    assert (official.source, official.snapshot, official.vintage) == ("ke-villages", sha256, "2019")
    assert official.reference_date == published.reference_date
    assert official.coverage == published.snapshot().coverage
    assert official.index.places.primary_names == [name for name, _, _ in scene.villages]


def test_another_process_notices_that_a_source_moved(context, scene):
    """Lists opened elsewhere see the exchange at the next call and keep what did not change."""
    scene.publish(context, scene.official(scene.villages))
    scene.publish(context, scene.official(scene.villages, source="ke-register"))
    elsewhere = OfficialLists(context.store, context.archive, Indexes(context.settings.indexes))
    register, villages = elsewhere.current()
    moved = scene.publish(context, scene.official(scene.without("Soi")))
    after = elsewhere.current()
    assert after[0] is register
    assert (after[1].snapshot, villages.snapshot != moved) == (moved, True)


def test_a_list_that_is_no_longer_present_is_let_go(context, scene):
    """Lists held are those that were present when last asked; nothing is held before the first question."""
    first = scene.publish(context, scene.official(scene.villages))
    assert context.lists.held() == ()
    assert [official.snapshot for official in context.lists.current()] == [first]
    second = scene.publish(context, scene.official(scene.without("Soi")))
    assert [official.snapshot for official in context.lists.held()] == [first]
    assert context.lists.current() == context.lists.held()
    assert [official.snapshot for official in context.lists.held()] == [second]


def test_a_snapshot_missing_from_the_archive_is_said(context, scene, tmp_path):
    """When the catalogue names a snapshot that the archive lost, nothing is compared with half a world."""
    sha256 = scene.publish(context, scene.official(scene.villages))
    (tmp_path / "snapshots" / sha256 / "manifest.json").unlink()
    with pytest.raises(SnapshotMissing, match=sha256):
        context.lists.current()


def test_a_policy_that_would_lower_stops_the_start_with_a_clear_word(tmp_path):
    """The setting, the file, the entry and what it would lower are named, and what was in force stays."""
    path = tmp_path / "ours.toml"
    path.write_text("[classes.S0]\nsmallest_count = 3\n", "utf-8")
    before = in_force()
    with pytest.raises(Problem) as raised:
        open_context(Settings(data_dir=tmp_path / "var", sensitivity_policy=path, _env_file=None))
    assert "UNCOUNTED_SENSITIVITY_POLICY: ours.toml, line 1, [classes.S0]: lowers protection" in raised.value.detail
    assert in_force() is before
