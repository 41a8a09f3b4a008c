"""An index kept in a folder: opened it answers as it was built, damage is noticed, and processes share its memory."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geodata import saved
from geodata.index import PlaceIndex
from geodata.index.admin import AdminKey
from geodata.names import forms
from geodata.places import Places
from geodata.saved import SavedDamaged

WRITTEN = ("Lindi", "Kianda Two", "Upper Kianda", "Gatwikira (Kenya)", "Camp 4", "جباليا", "São Tomé", "")
NAMES = st.sampled_from(WRITTEN)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "names": st.lists(NAMES, max_size=3),
            "country": st.sampled_from([None, "KEN", "TZA"]),
            "admin": st.sampled_from([None, [("County", "Nairobi county")], [("Ward", "Ward 5"), ("County", "Kwale")]]),
            "lat": st.one_of(st.none(), st.floats(-90, 90)),
            "lon": st.one_of(st.none(), st.floats(-180, 180)),
        }
    ),
    max_size=12,
)
KEYS = [AdminKey("county", "nairobi||"), AdminKey("ward", "||5"), AdminKey("country", "ken"), AdminKey("ward", "")]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS)
def test_an_opened_index_answers_as_the_built_one(rows, tmp_path):
    """Names, units, points and the places themselves come back as they were, whatever they say."""
    places = Places.from_rows({"id": f"p{at}", **row} for at, row in enumerate(rows))
    built = PlaceIndex.build(places)
    built.save(tmp_path / "index")
    opened = PlaceIndex.open(tmp_path / "index")
    wanted = forms(["Lindy", "Kianda", "Gatuikira", "jabalia", "Ward 5", None])
    here = np.array([-1.3, 80.0]), np.array([36.8, 179.0]), np.array([500_000.0, 20_000_000.0])
    assert opened.places.table.equals(built.places.table)
    assert list(opened.names.parts) == list(built.names.parts)
    for answer in (
        lambda index: index.called(wanted, 5),
        lambda index: index.points.within(*here),
        lambda index: index.points.around(*here[:2], 3),
        lambda index: index.admin.rows_of(index.admin.numbers(KEYS)),
        lambda index: (index.names.named, index.core_numbers, index.names.marks.which),
    ):
        for mine, theirs in zip(answer(opened), answer(built), strict=True):
            np.testing.assert_array_equal(mine, theirs)
    assert opened.search("Lindy", None, None, 3) == built.search("Lindy", None, None, 3)


@pytest.fixture
def folder(tmp_path):
    """Keep the index of three places, and return its folder."""
    places = Places.from_rows([{"id": str(at), "names": [name]} for at, name in enumerate(("Lindi", "Soweto", "Soi"))])
    PlaceIndex.build(places).save(tmp_path / "index")
    return tmp_path / "index"


def turn_a_bit(path):
    """Turn the last bit of a file, which every reader would take for another value."""
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize(
    "harm",
    [
        lambda folder: (folder / "content.json").unlink(),
        lambda folder: (folder / "content.json").write_text("{"),
        lambda folder: next(folder.glob("*.npy")).unlink(),
        lambda folder: os.truncate(next(folder.glob("*.arrow")), 100),
        lambda folder: next(folder.glob("*postings.npy")).write_bytes(b""),
        lambda folder: turn_a_bit(next(folder.glob("*postings.npy"))),
        lambda folder: turn_a_bit(folder / "content.json"),
    ],
    ids=[
        "no content",
        "half a content",
        "a file missing",
        "a table cut short",
        "an empty array",
        "a bit of an array",
        "a bit of the content",
    ],
)
def test_damage_is_noticed_and_mended_by_saving_again(folder, harm):
    """What is no longer whole is not opened; saving anew takes its place."""
    harm(folder)
    with pytest.raises(SavedDamaged, match="index"):
        PlaceIndex.open(folder)
    PlaceIndex.build(Places.from_rows([{"id": "a", "names": ["Lindi"]}])).save(folder)
    assert PlaceIndex.open(folder).places.ids == ["a"]
    assert list(folder.parent.iterdir()) == [folder]


def test_saving_that_breaks_off_leaves_what_was_there(folder, monkeypatch):
    """A disk that is full in the middle of writing leaves the old index, and no half of a new one."""

    def full(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(saved.np, "save", full)
    with pytest.raises(OSError, match="No space"):
        PlaceIndex.build(Places.from_rows([{"id": "a", "names": ["Lindi"]}])).save(folder)
    assert PlaceIndex.open(folder).places.ids == ["0", "1", "2"]
    assert list(folder.parent.iterdir()) == [folder]


def test_who_has_opened_an_index_keeps_it_when_a_new_one_takes_its_place(folder):
    """Replacing and removing the folder changes nothing for those who read in it."""
    opened = PlaceIndex.open(folder)
    PlaceIndex.build(Places.from_rows([{"id": "a", "names": ["Else"]}])).save(folder)
    saved.remove(folder)
    assert [opened.places.ids[hit.row] for hit in opened.search("Soweto", None, None, 1)] == ["1"]


_READER = """
import sys
from pathlib import Path
from geodata.index import PlaceIndex

index = PlaceIndex.open(Path(sys.argv[1]))
for texts in (index.names.texts, index.names.letters, index.cores.number.texts):
    texts.data.sum(), texts.offsets.sum()
index.spellings.postings.sum(), index.names.which.sum()
print("ready", flush=True)
sys.stdin.readline()
lines, ours = open("/proc/self/smaps").read().splitlines(), False
sizes = {"Rss": 0, "Pss": 0, "Private_Dirty": 0}
for line in lines:
    name = line.split(":")[0]
    if "-" in line.split(" ")[0]:
        ours = sys.argv[1] in line
    elif ours and name in sizes:
        sizes[name] += int(line.split()[1])
print(*sizes.values(), flush=True)
sys.stdin.readline()
"""


@pytest.mark.skipif(not Path("/proc/self/smaps").exists(), reason="this system does not say what processes share")
def test_processes_share_the_memory_of_an_index(tmp_path):
    """Two processes that read one index hold its pages once, and none of their own."""
    names = [f"Place {at:05d} {'abcdefghij'[at % 10] * 4}" for at in range(20_000)]
    index = PlaceIndex.build(Places.from_rows({"id": name, "names": [name]} for name in names))
    index.save(tmp_path / "index")
    command = [sys.executable, "-c", _READER, str(tmp_path / "index")]
    readers = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own
        for _ in range(2)
    ]
    try:
        assert [reader.stdout.readline() for reader in readers] == ["ready\n", "ready\n"]
        told = []
        for reader in readers:
            reader.stdin.write("\n")
            reader.stdin.flush()
            told.append([int(size) for size in reader.stdout.readline().split()])
    finally:
        for reader in readers:
            reader.communicate("\n", timeout=30)
    for resident, proportional, own in told:
        assert resident > 1_000  # kilobytes
        assert proportional <= 0.6 * resident
        assert own == 0
