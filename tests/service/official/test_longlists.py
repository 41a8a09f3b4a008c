"""Lists too long for memory: read about the records compared with them, and saying what else cannot be asked."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from matchers.base import OfficialList
from service import submit, verify
from service.callers.caller import Role
from service.coverage.estimating import coverage
from service.coverage.scope import CoverageScope
from service.errors import INVALID, NOT_FOUND, Problem
from service.official import longlists
from service.official.longlists import LongList, at_point, pieces, places_near
from service.releases.comparing import compared
from service.replay import replay

ROOT = Path(__file__).parents[3]


@pytest.fixture
def few(monkeypatch):
    """Let a list of three places be a long one."""
    for name in ("service.official.longlists", "service.official.lists", "service.releases.comparing"):
        monkeypatch.setattr(f"{name}.LONG", 3)


@pytest.fixture
def known(sqlite_context, scene, few):  # noqa: ARG001 - it makes the list a long one
    """Publish the villages but one as a long list, and return it."""
    scene.publish(sqlite_context, scene.official(scene.without("Bondeni")))
    (official,) = sqlite_context.lists.current()
    assert isinstance(official, LongList)
    return official


def sent(context, scene, name, **parts):
    """Send and verify an account of a village."""
    lat, lon = next((lat, lon) for village, lat, lon in scene.villages if village == name)
    account = scene.account(name, **{"lat": lat, "lon": lon + 0.0005} | parts)
    (receipt,) = submit.accept(context, [account], scene.caller(context.store))
    (record,) = verify.verify(context, [receipt.record_id])
    return record


@pytest.mark.usefixtures("few")
def test_a_shorter_list_is_held_whole(sqlite_context, scene):
    """One place fewer, and all of the list is compared with every record, wherever it lies."""
    scene.publish(sqlite_context, scene.official(scene.villages[:2]))
    (official,) = sqlite_context.lists.current()
    assert isinstance(official, OfficialList)
    assert official.whole


def test_a_record_is_compared_with_what_lies_about_it(sqlite_context, scene, known):
    """It is found, missed, or not assessed, as with a list in memory; each finding can be replayed."""
    there, missing = sent(sqlite_context, scene, "Lindi"), sent(sqlite_context, scene, "Bondeni")
    assert (there.verdict, missing.verdict) == ("consistent", "hidden_place")
    assert len(known) == len(scene.villages) - 1
    for record in (there, missing):
        assert replay(sqlite_context, record.findings[0].id).reproduced


@pytest.mark.usefixtures("known")
def test_what_cannot_be_looked_up_says_why(sqlite_context, scene):
    """Without a location, and where nothing is listed far around, nothing is said of absence."""
    unplaced = sent(sqlite_context, scene, "Lindi", lat=None, lon=None)
    lonely = sent(sqlite_context, scene, "Lindi", lat=-40.0, lon=-120.0)
    assert {unplaced.verdict, lonely.verdict} == {"insufficient_evidence"}
    assert "gives no location" in unplaced.findings[0].reason
    assert "no place within about 100 km" in lonely.findings[0].reason


def test_a_piece_is_the_same_in_any_company(scene, known):
    """Which entries a record is held against follows from where it lies, not from what else is asked."""
    near, far = scene.account(lat=0.5, lon=35.0), scene.account(lat=5.5, lon=40.0)
    alone = next(piece for piece, _ in pieces(known, [near]))
    together = [piece for piece, at in pieces(known, [far, near]) if at == [1]]
    assert [piece.index.places.ids for piece in together] == [alone.index.places.ids]
    assert not alone.whole
    assert len(places_near(known, [far])) == 0


def test_pieces_that_were_let_go_are_read_again(known, scene, monkeypatch):
    """Memory holds few pieces at a time; asking for one again gives the same entries."""
    monkeypatch.setattr(longlists, "_ROWS_READ", 5)
    monkeypatch.setattr(longlists, "_ROWS_INDEXED", 5)
    accounts = [scene.account(lat=lat, lon=35.0) for lat in (-0.5, 0.5, 1.5, -0.5)]
    found = [[piece.index.places.ids for piece, _ in pieces(known, accounts)] for _ in range(2)]
    assert found[0] == found[1]
    assert len(found[0]) == 3
    assert len(known._pieces) == 1


def test_only_a_point_can_be_searched(known):
    """A name alone would have to be looked for among millions."""
    with pytest.raises(Problem, match="near a point only") as raised:
        at_point(known, None)
    assert raised.value.kind is INVALID
    found = at_point(known, (0.5, 35.0))
    assert isinstance(found, OfficialList)
    assert found.index.search("Lindi", (0.5, 35.0), None, 1)[0].similarity == 1


@pytest.mark.usefixtures("known")
def test_what_needs_the_whole_list_is_refused(sqlite_context, scene):
    """Estimates of coverage and comparisons of snapshots say that the list is too long, and what to do."""
    reviewer = scene.caller(sqlite_context.store, "knbs", Role.REVIEWER)
    with pytest.raises(Problem, match="too many to count"):
        coverage(sqlite_context, CoverageScope(country="KEN", lists=("citizens", "ke-villages")), reviewer)
    (first,) = sqlite_context.lists.current()
    second = scene.publish(sqlite_context, scene.official(scene.villages, vintage="2020"))
    with pytest.raises(Problem, match="compared only about records"):
        compared(sqlite_context, first.snapshot, second)


def test_a_list_that_is_damaged_says_so(sqlite_context, scene, known):
    """What is read in pieces is held against the checksums of the file's pages."""
    path = Path(sqlite_context.archive._path(known.snapshot, "places.parquet"))
    content = bytearray(path.read_bytes())
    content[len(content) // 4] ^= 0xFF
    path.write_bytes(bytes(content))
    with pytest.raises(Problem, match="damaged") as raised:
        list(pieces(known, [scene.account(lat=0.5, lon=35.0)]))
    assert raised.value.kind is NOT_FOUND


_GROWTH = """
import json, resource, sys
import numpy as np
from connectors.bulk.places_on_disk import PlaceWriter
from geodata.places import Places
from connectors.bulk.nearby import places_in, counted_by_cell
from geodata.degreecells import around, cells_of
random = np.random.default_rng(1)
count, block = int(sys.argv[1]), 50_000
with PlaceWriter() as writer:
    for first in range(0, count, block):
        number = np.arange(first, first + block)
        names = [[{"text": f"Village {one}", "language": None, "script": None}] for one in number]
        writer.write(Places.from_columns({"id": [f"P{one}" for one in number], "names": names,
            "lat": random.uniform(-60, 60, block), "lon": random.uniform(-170, 170, block)}))
    places = writer.places()
with places.file.open("rb") as file:
    cells = around(int(cells_of(np.array([0.5]), np.array([35.5]))[0]))
    listed = int(counted_by_cell(file).sum())
    found = sum(map(len, places_in(file, cells).values()))
print(json.dumps({"listed": listed, "found": found,
    "peak_kib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}))
"""


def test_reading_about_a_point_takes_no_more_memory_of_a_longer_list():
    """Twelve times as many places: less than 64 bytes for each of those added, where an index takes two thousand."""
    said = {}
    for count in (50_000, 600_000):
        done = subprocess.run(  # noqa: S603 - ourselves
            [sys.executable, "-c", _GROWTH, str(count)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
            timeout=300,
        )
        said[count] = json.loads(done.stdout)
        assert said[count]["listed"] == count
        assert 0 < said[count]["found"] < count / 1_000
    grown = (said[600_000]["peak_kib"] - said[50_000]["peak_kib"]) * 1024
    assert grown / 550_000 < 64
