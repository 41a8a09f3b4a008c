"""Kills: SIGKILL at random moments under load, and all that was acknowledged is there exactly once.

Posts, batches, files, decisions and questions come all the while, and the source is brought up to date by a command of
its own, which is killed too. The moments follow from the seed: most while the service works, every fifth at its start.
"""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from bench.faults import world
from bench.faults.checking import SETTLED_S, Checked, check, settled
from bench.faults.installation import Installation, Serving, install
from bench.faults.traffic import Traffic
from bench.faults.verdict import Verdict

_LONGEST_S = 6.0  # between being ready and being killed
_STARTING = 5  # every so manyth is killed before it is ready
_SPEAKS_EVERY = 10


def run(url: str | None, kills: int, seed: int) -> Verdict:
    """Kill one service so often, on the database at `url`, or on SQLite."""
    with TemporaryDirectory(prefix="faults-") as folder, world.source() as source:
        place = Path(folder) / "var"
        place.mkdir()
        installation = install(place, url, source)
        serving = Serving(installation)
        traffic = Traffic(installation, [serving.port], seed)
        started = _killed(serving, traffic, kills, random.Random(seed))  # noqa: S311 - to be repeatable
        checked = finished(installation, [serving], traffic)
    answers = traffic.ledger.answers
    figures = {
        "ready again, median s": f"{median(started):.1f}",
        "longest s": f"{max(started):.1f}",
        "settled after the last, s": f"{checked.settled_s:.1f}",
        "answers": f"{sum(answers.values()) - answers[0]:,}",
        "connections cut": f"{answers[0]:,}",
    }
    return judged(("kills", url), f"{kills} SIGKILLs, seed {seed}", checked, figures)


def finished(installation: Installation, serving: Sequence[Serving], traffic: Traffic) -> Checked:
    """Let all unfinished work be finished by the services, end everything, and hold the ledger against it."""
    traffic.stop()
    wrong: list[str] = []
    settled_s = SETTLED_S
    try:
        settled_s = settled(installation)
    except TimeoutError as error:
        wrong.append(str(error))
    try:
        ended = [one.stop() for one in serving]
        wrong += [f"ended with status {ended}"] if any(ended) else []
    finally:
        for one in serving:
            one.kill()
    checked = check(installation, traffic.ledger, settled_s)
    return replace(checked, wrong=(*checked.wrong, *wrong))


def judged(run_on: tuple[str, str | None], done: str, checked: Checked, figures: dict[str, str]) -> Verdict:
    """Return what was found as the verdict of a run on a database, given by its URL."""
    name, url = run_on
    return Verdict(
        run=name,
        database="PostgreSQL" if url else "SQLite",
        done=done,
        wrong=checked.wrong,
        figures=figures,
        acknowledged=checked.acknowledged,
        lost=checked.lost,
        doubled=checked.doubled,
        chain=checked.chain,
    )


def _killed(serving: Serving, traffic: Traffic, kills: int, chance: random.Random) -> list[float]:
    """Kill so often and return the seconds each start took; the service runs afterwards."""
    started = [serving.start()]
    traffic.start()
    for number in range(1, kills + 1):
        time.sleep(chance.uniform(0.0, _LONGEST_S))
        serving.kill()
        if number % _STARTING == 0 and number < kills:
            serving.launch()
            time.sleep(chance.uniform(0.1, 1.5 * started[-1]))
        else:
            started.append(serving.start())
        if number % _SPEAKS_EVERY == 0:
            print(f"  {number} of {kills} kills, {traffic.ledger.acknowledged:,} acknowledged", flush=True)
    return started
