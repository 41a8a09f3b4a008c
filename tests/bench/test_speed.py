"""The speed benchmark: what it makes up, how it takes turns, what it claims and what it shows of profiles."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from random import Random

import numpy as np
import pytest

import bench.profiling
from bench.profiling import Profile
from bench.speed.chain import Chain
from bench.speed.claims import CLAIMS, Claim, Ratio
from bench.speed.contest import Entrant, contest
from bench.speed.filler import filler
from bench.speed.records import ABSENT, sent
from bench.speed.sketch import Sketch, joined
from bench.speed.summary import PARTS, summarised
from bench.table import Table

KNOWN = Sketch(
    ids=[f"K{number}" for number in range(40)],
    names=[[f"Kijiji {number}", f"Mji {number}"] for number in range(40)],
    country=["KEN"] * 40,
    admin=["KE.01"] * 39 + [""],
    points=np.column_stack((np.linspace(-4, 4, 40), np.linspace(34, 41, 40))),
    kind=["town"] * 40,
    persons=np.array([100.0] * 39 + [np.nan]),
)
CLAIM = Claim("work", "peer", "kept", {"system": "peer"}, "faster by", 15.0)


def _keep(folder: Path, *rows: tuple[str, ...]) -> None:
    table = Table("kept", "Kept", ("system", "faster by"), rows)
    (folder / "kept.json").write_text(json.dumps(asdict(table)), encoding="utf-8")


def test_a_made_up_list_is_the_same_for_the_same_seed():
    """Two runs hold the same places, another seed holds others, and no identifier twice."""
    first, again, other = (joined((KNOWN, filler(seed, KNOWN, 200))).places() for seed in (1, 1, 2))
    assert first.table.equals(again.table)
    assert not first.table.equals(other.table)
    assert len(set(first.ids)) == len(first) == 240


def test_what_is_unknown_stays_null():
    """No unit and no count is made up for a place that has none."""
    last = KNOWN.places().table.slice(39, 1).to_pylist()[0]
    assert last["admin"] == []
    assert last["counts"] == []


def test_records_lie_about_as_far_off_as_they_say_and_some_are_of_no_entry():
    """Nineteen in twenty lie within the radius they state, and one in ten has no entry."""
    listed = joined((KNOWN, filler(3, KNOWN, 5_000))).places()
    made = sent(4, listed, 2_000)
    of = made.entry[made.entry >= 0]
    places = made.places.take(np.flatnonzero(made.entry >= 0))
    north = (places.lat - listed.lat[of]) * 111_195
    east = (places.lon - listed.lon[of]) * 111_195 * np.cos(np.radians(listed.lat[of]))
    assert np.mean(np.hypot(north, east) <= places.r95_m) == pytest.approx(0.95, abs=0.02)
    assert np.mean(made.entry < 0) == pytest.approx(ABSENT, abs=0.03)


def test_a_chain_draws_only_letters_it_learned():
    """Names come to an end, and each three letters in a row were seen before."""
    chain = Chain.of(["Kisumu", "Kisii", "Kitale"])
    random = Random(1)  # noqa: S311 - no secret
    names = {chain.draw(random) for _ in range(50)}
    assert {name[:3] for name in names} <= {"Kis", "Kit"}
    assert all(1 < len(name) <= 24 for name in names)


def test_guests_take_turns_with_the_home_side(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Both sides do the rounds that count; the first of each warms up."""
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    (tmp_path / "waiting.py").write_text(
        "import sys, time\n"
        "from bench.speed.contest import enter\n"
        "enter(lambda: lambda: time.sleep(float(sys.argv[1])) or (lambda: {'pairs': 3}))\n"
    )
    home, guest = (Entrant(title, "waiting", (pause,)) for title, pause in (("a", "0"), ("b", "0.05")))
    ((met, duel),) = contest(home, [guest], 2)
    assert met == guest
    assert len(duel.home.seconds) == len(duel.guest.seconds) == 2
    assert duel.guest.told["pairs"] == 3
    assert duel.times > 1


def test_an_entrant_that_fails_is_named():
    """Whoever ends before the first line is said to have ended."""
    with pytest.raises(RuntimeError, match="nobody ended with status"):
        list(contest(Entrant("nobody", "no_such_module_at_all"), [], 1))


@pytest.mark.parametrize(("cell", "met"), [("15.0", True), ("1,500", True), ("14.9", False)])
def test_a_claim_is_met_by_what_was_measured(tmp_path: Path, cell: str, met: bool):  # noqa: FBT001 - the expected answer
    """The cell of the row that the claim names decides."""
    _keep(tmp_path, ("ours", "99"), ("peer, some kind", cell))
    assert Ratio.of(CLAIM, tmp_path).met is met


def test_what_was_not_measured_is_said(tmp_path: Path):
    """Without its table, or without its row, a claim is neither met nor missed."""
    assert Ratio.of(CLAIM, tmp_path).value is None
    _keep(tmp_path, ("ours", "99"))
    assert Ratio.of(CLAIM, tmp_path).met is None
    assert {row[2] for row in summarised(tmp_path).rows} == {"not measured"}
    assert (tmp_path / "speed.svg").exists()


def test_every_claim_is_measured_by_a_part():
    """No claim names a table that no benchmark of the group makes."""
    assert {claim.table.partition("-")[0] for claim in CLAIMS} <= set(PARTS)


def test_a_profile_counts_what_is_below_the_walk_and_in_other_threads():
    """What only makes ready or waits is left out, and no path of the machine is shown."""
    house = Path(bench.profiling.__file__).parents[1]
    profile = Profile.of(
        f"run (<frozen runpy>:1);prepare ({house}/bench/profiled.py:90);of ({house}/matchers/model.py:3) 50\n"
        f"run (<frozen runpy>:1);<module> ({house}/bench/profiled.py:9);load (<frozen importlib>:3) 70\n"
        f"walk ({house}/bench/profiled.py:80);weigh ({house}/matchers/model.py:3);"
        "sum (/home/her/site-packages/numpy/core.py:9) 6\n"
        f"run (/usr/lib/python3/threading.py:2);weigh ({house}/matchers/model.py:7) 4\n"
        "run (/usr/lib/python3/threading.py:2);_worker (/usr/lib/python3/concurrent/futures/thread.py:81) 30\n"
    )
    assert profile.samples == 10
    assert list(profile.rows()) == [
        ("`sum`", "numpy", "60.0%", "60.0%"),
        ("`weigh`", "matchers/model.py", "40.0%", "100.0%"),
    ]
