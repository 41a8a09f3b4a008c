"""Two services on one database, which both post the same and different things, import, decide and keep a schedule."""

from __future__ import annotations

import time
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.faults import world
from bench.faults.installation import Serving, install
from bench.faults.kills import finished, judged
from bench.faults.traffic import Traffic
from bench.faults.verdict import Verdict
from service.context import close
from service.syncing.schedule import set_schedule


def run(url: str | None, seconds: float, seed: int) -> Verdict:
    """Let both run under load for so long."""
    with TemporaryDirectory(prefix="faults-") as folder, world.source() as source:
        place = Path(folder) / "var"
        place.mkdir()
        installation = install(place, url, source)
        context = installation.open()
        set_schedule(context, "places", "* * * * *")
        close(context)
        serving = [Serving(installation), Serving(installation)]
        for one in serving:
            one.start()
        traffic = Traffic(installation, [one.port for one in serving], seed, twins=True)
        traffic.start()
        time.sleep(seconds)
        checked = finished(installation, serving, traffic)
    answers = traffic.ledger.answers
    figures = {
        "answers": f"{sum(answers.values()) - answers[0]:,}",
        "busy": f"{answers[503]:,}",
        "conflicts": f"{answers[409]:,}",
        "settled after, s": f"{checked.settled_s:.1f}",
    }
    return judged(("two", url), f"two services for {seconds:.0f} s, seed {seed}", checked, figures)
