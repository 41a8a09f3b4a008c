"""Indexes on the disk: built once for all processes of a machine, and again where they are missing or damaged."""

from __future__ import annotations

import multiprocessing
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from geodata.index import PlaceIndex
from geodata.places import Places
from geodata.saved import SavedDamaged
from matchers.profile import profile_of
from service import submit, verify
from service.official import indexes as module
from service.official.indexes import Indexes
from service.official.lists import OfficialLists
from service.syncing import pruning

PLACES = Places.from_rows([{"id": "a", "names": ["Lindi"], "lat": -1.3, "lon": 36.8}, {"id": "b", "names": ["Soi"]}])


@pytest.fixture
def shared(monkeypatch):
    """Let lists of any length be kept."""
    for name in ("service.official.indexes", "service.official.lists"):
        monkeypatch.setattr(f"{name}.SHARED", 0)


def read() -> Places:
    """Return the places of a list, and leave a mark in the folder that says that they were read."""
    Path(f"read-{os.getpid()}").touch()
    return PLACES


def build(folder: Path, begin: multiprocessing.synchronize.Event) -> None:
    """Ask for an index as soon as all are ready; what it finds is its exit code."""
    os.chdir(folder)
    begin.wait(60)
    index = Indexes(folder / "indexes").of("s" * 64, read)
    sys.exit(len(index.search("Lindi", None, None, 5)))


@pytest.mark.usefixtures("shared")
def test_an_index_is_built_once_and_opened_by_others(sqlite_context, scene):
    """Another process finds the index, and the statistics of the list, and says the same of a record."""
    scene.publish(sqlite_context, scene.official(scene.without("Bondeni")))
    (official,) = sqlite_context.lists.current()
    (folder,) = (sqlite_context.settings.indexes).glob("*-*")
    assert sorted(path.name.split("-")[0] for path in folder.iterdir() if path.is_dir()) == ["profile"]
    elsewhere = OfficialLists(sqlite_context.store, sqlite_context.archive, Indexes(sqlite_context.settings.indexes))
    (again,) = elsewhere.current()
    assert again.index is not official.index
    assert not again.index.names.which.flags.writeable  # it is the file's memory, not the process's own
    assert profile_of(again, module.DEFAULTS).rarity.same == profile_of(official, module.DEFAULTS).rarity.same
    account = scene.account("Bondeni", lat=scene.villages[0][1], lon=scene.villages[0][2])
    (receipt,) = submit.accept(sqlite_context, [account], scene.caller(sqlite_context.store))
    (record,) = verify.verify(sqlite_context, [receipt.record_id])
    assert record.verdict is not None


def test_of_processes_that_want_an_index_at_once_one_builds_it(tmp_path):
    """All get it, the list is read once, and nothing half-made is left."""
    spawned = multiprocessing.get_context("spawn")
    begin = spawned.Event()
    processes = [spawned.Process(target=build, args=(tmp_path, begin)) for _ in range(2)]
    for process in processes:
        process.start()
    begin.set()
    for process in processes:
        process.join(120)
    assert [process.exitcode for process in processes] == [1, 1]
    assert len(list(tmp_path.glob("read-*"))) == 1
    assert len([path for path in (tmp_path / "indexes").iterdir() if path.is_dir()]) == 1


def test_a_damaged_index_is_built_again(tmp_path):
    """Whoever finds a file of it cut short builds it from the list, once."""
    indexes, reads = Indexes(tmp_path), []
    indexes.of("s" * 64, lambda: reads.append(1) or PLACES)
    (folder,) = tmp_path.glob("*-*")
    os.truncate(folder / "content.json", 10)
    with pytest.raises(SavedDamaged):
        PlaceIndex.open(folder)
    for _ in range(2):
        assert len(indexes.of("s" * 64, lambda: reads.append(1) or PLACES).places) == 2
    assert len(reads) == 2


def test_where_nothing_can_be_written_each_process_has_its_own(tmp_path):
    """A folder that cannot be made is no reason not to compare."""
    (tmp_path / "file").touch()
    index = Indexes(tmp_path / "file" / "indexes").of("s" * 64, lambda: PLACES)
    assert index.places.ids == ["a", "b"]


@pytest.mark.usefixtures("shared")
def test_pruning_removes_indexes_of_lists_that_are_not_present(sqlite_context, scene):
    """The index of the present list stays; those of an older one and of another version go, and their size is said."""
    scene.publish(sqlite_context, scene.official(scene.villages))
    sqlite_context.lists.current()
    (old,) = sqlite_context.settings.indexes.glob("*-*")
    scene.publish(sqlite_context, scene.official(scene.without("Soi"), vintage="2020"))
    sqlite_context.lists.current()
    (new,) = set(sqlite_context.settings.indexes.glob("*-*")) - {old}
    version = new.with_name(f"{new.name[:64]}-0123456789abcdef")
    version.mkdir()
    planned = pruning.plan(sqlite_context, 1)
    assert planned.files >= module.weight(old) > 0
    assert pruning.prune(sqlite_context, 1).files == planned.files
    assert list(sqlite_context.settings.indexes.glob("*-*")) == [new]


def test_what_is_being_written_is_left_alone(tmp_path):
    """Half an index is rubbish only when it is older than any writing could take."""
    half = tmp_path / ".partial-0"
    half.mkdir()
    now = datetime.now(UTC)
    assert Indexes(tmp_path).spare((), now - timedelta(days=1)) == []
    assert Indexes(tmp_path).spare((), now + timedelta(days=1)) == [half]
