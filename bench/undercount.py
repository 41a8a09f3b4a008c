"""The undercount test measured: whether its probabilities are worth what they say, and how fast a hundred thousand are.

Calibration is by simulation with a seed, in the world the test assumes and in worlds that break an assumption each
(`bench.worlds`). Speed is on one core, as a ratio to the plain way: a loop over the tests, 4,001 grid points each.
Results go into docs/undercount.md as well. Run: python -m bench undercount
"""

from __future__ import annotations

import time
import tracemalloc
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from bench.lists import SEED
from bench.page import fill
from bench.table import RESULTS, Table
from bench.worlds import MECHANISMS, WORLDS, Drawn, World, drawn
from matchers.counting.discovery import publishable
from matchers.counting.mechanisms import Kind
from matchers.counting.pairs import CODE, CountPairs
from matchers.counting.posterior import Coverages, coverages
from matchers.counting.power import Bar, detectables
from matchers.counting.prior import PRIOR
from matchers.evaluation.bootstrap import exact
from service.plots import calibration, power
from service.plots.figure import Caption

Floats = NDArray[np.float64]

PAGE = Path(__file__).resolve().parents[1] / "docs" / "undercount.md"
SIZE = 60_000
TESTS = 100_000
PEER_TESTS = 100
BAR = 0.95
_EDGES = np.array([0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0])


def run() -> list[Table]:
    """Measure everything, put it on its page, draw the pictures."""
    random = np.random.default_rng(SEED)
    worlds = {world: drawn(world, SIZE, random) for world in WORLDS}
    found = {world: coverages(sample.pairs) for world, sample in worlds.items()}
    tables = [_calibrated(worlds, found), _by_mechanism(worlds, found), _powers(), _speed(random)]
    for table in tables:
        fill(table, PAGE)
    points = {world.title: reliability(found[world].p_under, sample.under) for world, sample in worlds.items()}
    caption = Caption(
        "Are probabilities of an undercount worth what they say?",
        "; ".join(f"{row[0]}: {row[2]} of those published are true" for row in tables[0].rows) + ".",
        f"{SIZE:,} simulated pairs of counts in each world (python -m bench undercount)",
    )
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "undercount.svg").write_bytes(calibration.plot(points, caption))
    (RESULTS / "undercount-power.svg").write_bytes(power.plot())
    return tables


def reliability(p: Floats, under: NDArray[np.bool_]) -> list[tuple[float, float]]:
    """Return of each bin of stated probabilities its mean and the share that was true."""
    bins = np.clip(np.searchsorted(_EDGES, p, side="right") - 1, 0, len(_EDGES) - 2)
    held = [bins == at for at in range(len(_EDGES) - 1)]
    return [(float(p[rows].mean()), float(under[rows].mean())) for rows in held if rows.sum() >= 50]


def expected_error(p: Floats, under: NDArray[np.bool_]) -> float:
    """Return the expected calibration error over twenty bins of equal size."""
    parts = np.array_split(np.argsort(p, kind="stable"), 20)
    return float(sum(len(rows) * abs(p[rows].mean() - under[rows].mean()) for rows in parts) / len(p))


def _share(true: NDArray[np.bool_]) -> str:
    if not len(true):
        return "none"
    low, high = exact(int(true.sum()), len(true), 0.95)
    return f"{true.mean():.3f} ({low:.3f} to {high:.3f})"


def _calibrated(worlds: dict[World, Drawn], found: dict[World, Coverages]) -> Table:
    rows = []
    for world, sample in worlds.items():
        p, under = found[world].p_under, sample.under
        likely, listed = p >= BAR, publishable(p)
        rows.append(
            (
                world.title,
                f"{likely.sum():,}",
                _share(under[likely]),
                f"{under[likely].sum() / under.sum():.2f}",
                f"{listed.sum():,}",
                _share(under[listed]),
                f"{expected_error(p, under):.3f}",
                _worst(sample, likely),
            )
        )
    columns = ("world", f"at {BAR} or more", "of these true", "of all undercounts", "false discoveries held to 0.05",
               "of these true", "calibration error", "lists of one organisation under 0.90 true")  # fmt: skip
    return Table("undercount-calibration", f"Undercounts in {SIZE:,} simulated pairs of counts", columns, tuple(rows))


def _worst(sample: Drawn, likely: NDArray[np.bool_]) -> str:
    """Return how many organisations with five published undercounts or more have a list that is not worth its bar."""
    size = np.bincount(sample.organisation[likely], minlength=sample.organisation[-1] + 1)
    true = np.bincount(sample.organisation[likely], sample.under[likely], minlength=len(size))
    large = size >= 5
    return f"{(true[large] < 0.9 * size[large]).sum():,} of {large.sum():,}"


def _by_mechanism(worlds: dict[World, Drawn], found: dict[World, Coverages]) -> Table:
    world = WORLDS[0]
    sample, p = worlds[world], found[world].p_under
    rows = []
    for at, mechanism in enumerate(MECHANISMS):
        own = sample.mechanism == at
        likely = own & (p >= BAR)
        name = mechanism.kind.value.replace("_", " ")
        bounds = f", {mechanism.low:g} to {mechanism.high:g}" if mechanism.kind is Kind.SUPPRESSED else ""
        scale = f", {mechanism.scale:g}" if mechanism.scale else ""
        error = expected_error(p[own], sample.under[own])
        rows.append((f"{name}{scale}{bounds}", f"{likely.sum():,}", _share(sample.under[likely]), f"{error:.3f}"))
    columns = ("published", f"at {BAR} or more", "of these true", "calibration error")
    return Table("undercount-mechanisms", "The same by what the publisher does, as assumed", columns, tuple(rows))


def _powers() -> Table:
    sizes = (1000, 200, 50)
    rows = []
    for s in (0.05, 0.10, 0.15, 0.20, 0.30, 0.40, 0.70):
        both = zip(detectables(sizes, s), detectables(sizes, s, Bar(p=0.80)), strict=True)
        rows.append((f"{s:.2f}", *(f"{_ratio(likely)} ({_ratio(possible)})" for likely, possible in both)))
    columns = ("error", *(f"{size:,} people" for size in sizes))
    title = "The greatest official share that shows an undercount, at 0.95 (at 0.80)"
    return Table("undercount-power", title, columns, tuple(rows))


def _ratio(value: float) -> str:
    return "none" if np.isnan(value) else f"{value:.2f}"


def _speed(random: np.random.Generator) -> Table:
    pairs = drawn(WORLDS[0], TESTS, random).pairs
    started = time.process_time()
    found = coverages(pairs)
    ours = time.process_time() - started
    plain = np.flatnonzero((pairs.kind == CODE[Kind.NONE]) & (pairs.high < 1000))[:PEER_TESTS]
    started = time.process_time()
    theirs = np.array(
        [_by_loop(*(float(getattr(pairs, name)[row]) for name in ("citizen", "low", "s"))) for row in plain]
    )
    peer = (time.process_time() - started) / len(plain)
    started = time.process_time()
    alone = coverages(pairs.take(plain)).p_under
    same = (time.process_time() - started) / len(plain)
    few, many = (_working_memory(pairs.take(slice(0, size))) for size in (TESTS // 10, TESTS))
    rows = (
        (f"{TESTS:,} mixed tests on one core", f"{ours:.1f} s"),
        ("tests a second", f"{TESTS / ours:,.0f}"),
        ("a loop in NumPy and SciPy, 4,001 points, undisturbed counts: each", f"{1000 * peer:.2f} ms"),
        ("the same tests in columns: each", f"{1000 * same:.3f} ms"),
        ("ratio", f"{peer / same:,.0f}"),
        ("greatest difference of the two in probability", f"{np.abs(theirs - alone).max():.4f}"),
        (f"working memory of {TESTS // 10:,} tests, of {TESTS:,}", f"{few:.0f} MB, {many:.0f} MB"),
        ("refused", f"{sum(said is not None for said in found.refused)}"),
    )
    return Table("undercount-speed", "Speed of the undercount test", ("what", "measured"), rows)


def _by_loop(citizen: float, official: float, s: float) -> float:
    """Return the probability of an undercount the plain way: one test, one grid, one convolution."""
    grid = np.linspace(np.log(0.005), np.log(5), 4001)
    step = grid[1] - grid[0]
    reach = int(np.ceil(6 * s / step))
    wide = grid[0] + step * np.arange(-reach, len(grid) + reach)
    sharp = np.exp(stats.poisson.logpmf(official, citizen * np.exp(wide)))
    kernel = stats.norm.pdf(step * np.arange(-reach, reach + 1), 0, s)
    posterior = PRIOR.density(grid) * np.convolve(sharp, kernel, "valid")
    return float(posterior[grid < np.log(0.9)].sum() / posterior.sum())


def _working_memory(pairs: CountPairs) -> float:
    """Return megabytes used beyond what was given and is returned."""
    tracemalloc.start()
    found = coverages(pairs)
    kept, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(found.p_under) == len(pairs)
    return (peak - kept) / 1e6
