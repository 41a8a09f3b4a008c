"""The page about peers shows what was measured: one table per figure, and every place where a peer is ahead."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from bench.page import fill
from bench.peers.roster import OURS, PEERS
from bench.scores import SHOWN, Score
from bench.table import Table

PAGE = Path(__file__).resolve().parents[1] / "docs" / "peers.md"
_LESS_IS_BETTER = {"calibration_error"}
#: What each system calls hidden is precise or complete as its cut lies; neither alone says who is ahead.
_BY_ITS_CUT = {"precision", "recall"}


def publish(scores: Sequence[Score], page: Path = PAGE) -> None:
    """Write all tables where the page has room for them."""
    for table in (*by_figure(scores), ahead(scores)):
        fill(table, page)


def by_figure(scores: Sequence[Score]) -> Iterator[Table]:
    """Yield a table of lists by systems for each figure and for speed, best values in bold."""
    for name, title in SHOWN.items():
        best = min if name in _LESS_IS_BETTER else max
        yield _table(f"peers-{name}", title, {_key(one): one.figures[name].value for one in scores}, best)
    yield _table("peers-speed", "records a second", {_key(one): one.a_second for one in scores}, max)


def ahead(scores: Sequence[Score]) -> Table:
    """Return every figure in which a peer is better than ours whatever the cut, and if that may be chance."""
    ours = {one.question: one for one in scores if one.system == OURS.title}
    rows = []
    for name, title in SHOWN.items():
        if name in _BY_ITS_CUT:
            continue
        sign = -1 if name in _LESS_IS_BETTER else 1
        for one in scores:
            mine, theirs = ours[one.question].figures[name], one.figures[name]
            if mine.value is None or theirs.value is None or round(sign * (theirs.value - mine.value), 3) <= 0:
                continue
            within = mine.low is not None and mine.high is not None and mine.low <= theirs.value <= mine.high
            values = f"{theirs.value:.3f}", f"{mine.value:.3f}"
            rows.append((title, one.question, one.system, *values, "yes" if within else "no"))
    columns = ("figure", "list", "peer", "theirs", "ours", "within our interval")
    return Table("peers-ahead", "Where a peer is ahead", columns, tuple(rows))


def _key(one: Score) -> tuple[str, str]:
    return one.question, one.system


def _table(
    name: str, title: str, values: dict[tuple[str, str], float | None], best: Callable[[list[float]], float]
) -> Table:
    known = {key: value for key, value in values.items() if value is not None}
    answered = {system for _, system in known}
    systems = [system for system in (OURS.title, *(peer.title for peer in PEERS.values())) if system in answered]
    rows = []
    for question in dict.fromkeys(question for question, _ in values):
        told = {system: known[question, system] for system in systems if (question, system) in known}
        top = _said(best(list(told.values()))) if told else ""
        cells = (_said(told[system]) if system in told else "none" for system in systems)
        rows.append((question, *(f"**{cell}**" if cell == top else cell for cell in cells)))
    return Table(name, title, ("list", *systems), tuple(rows))


def _said(value: float) -> str:
    return f"{value:,.0f}" if value > 1 else f"{value:.3f}"
