"""A slow disk: every flush and every commit takes 0.1 to 0.6 s (`bench.faults.slowly`). Nothing is lost or doubled.

The process stays alive and ready all the while, and its memory stays bounded, because what waits does.
"""

from __future__ import annotations

import time
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.faults import world
from bench.faults.installation import Serving, install
from bench.faults.kills import finished, judged
from bench.faults.slowly import LEAST_S, MOST_S
from bench.faults.traffic import Traffic
from bench.faults.verdict import Verdict
from bench.memory import resident

_LOOK_S = 1.0


def run(url: str | None, seconds: float, seed: int) -> Verdict:
    """Let it run under load for so long."""
    with TemporaryDirectory(prefix="faults-") as folder, world.source() as source:
        place = Path(folder) / "var"
        place.mkdir()
        installation = install(place, url, source)
        serving = Serving(installation, module="bench.faults.slowly")
        serving.start()
        traffic = Traffic(installation, [serving.port], seed)
        traffic.start()
        until, ready, looked, memory = time.monotonic() + seconds, 0, 0, [resident(serving.pid)]
        while time.monotonic() < until:
            time.sleep(_LOOK_S)
            ready, looked = ready + serving.is_ready(), looked + 1
            memory.append(resident(serving.pid))
        checked = finished(installation, [serving], traffic)
    answers = traffic.ledger.answers
    figures = {
        "ready": f"{ready} of {looked} looks",
        "answers": f"{sum(answers.values()) - answers[0]:,}",
        "busy": f"{answers[503]:,}",
        "memory MB": f"{memory[0] / 1e6:.0f} to {max(memory) / 1e6:.0f}",
        "settled after, s": f"{checked.settled_s:.1f}",
    }
    done = f"{LEAST_S} to {MOST_S} s for each flush and commit, for {seconds:.0f} s, seed {seed}"
    return judged(("slow", url), done, checked, figures)
