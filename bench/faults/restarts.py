"""PostgreSQL restarted under load: fast, immediately, and with one of its processes killed; then read-only for a while.

After each the service must answer by itself again. What was acknowledged is there once, whatever was under way.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import psycopg

from bench.faults import world
from bench.faults.cluster import MODES, Cluster, cluster
from bench.faults.installation import Serving, install
from bench.faults.kills import finished, judged
from bench.faults.traffic import Traffic
from bench.faults.verdict import Verdict

_BACKEND = "backend killed"
_READ_ONLY_S = 10.0
_AGAIN_S = 60.0


def run(restarts: int, seed: int) -> Verdict:
    """Restart it so often."""
    chance = random.Random(seed)  # noqa: S311 - to be repeatable
    with TemporaryDirectory(prefix="faults-") as folder, world.source() as source, cluster() as server:
        place = Path(folder) / "var"
        place.mkdir()
        url = server.fresh()
        installation = install(place, url, source)
        serving = Serving(installation)
        serving.start()
        traffic = Traffic(installation, [serving.port], seed)
        traffic.start()
        back = []
        for number in range(restarts):
            time.sleep(chance.uniform(1.0, 4.0))
            _disturb(server, [*MODES, _BACKEND][number % 3], chance)
            back.append(_back(serving))
        before = Counter(traffic.ledger.answers)
        _read_only(server, on=True)
        time.sleep(_READ_ONLY_S)
        meanwhile = traffic.ledger.answers - before
        _read_only(server, on=False)
        back.append(_back(serving))
        checked = finished(installation, [serving], traffic)
    answers = traffic.ledger.answers
    figures = {
        "answers again after, median s": f"{median(back):.2f}",
        "longest s": f"{max(back):.2f}",
        "refused while it restarted": f"{before[503]:,}",
        "refused while read-only": f"{meanwhile[503]:,}",
        "read meanwhile": f"{meanwhile[200]:,}",
        "answers": f"{sum(answers.values()) - answers[0]:,}",
    }
    verdict = judged(("restarts", url), f"{restarts} restarts, then read-only, seed {seed}", checked, figures)
    return verdict if meanwhile[503] else verdict.failed("nothing was refused while the database was read-only")


def _disturb(server: Cluster, how: str, chance: random.Random) -> None:
    if how in MODES:
        server.stop(how)
        time.sleep(chance.uniform(0.0, 1.0))
        server.start()
        return
    backends = server.backends()
    if backends:
        with suppress(ProcessLookupError):  # of our own server; the others are restarted by it
            os.kill(chance.choice(backends), signal.SIGKILL)


def _back(serving: Serving) -> float:
    """Return the seconds until the service is ready again. Raises `TimeoutError`."""
    began = time.monotonic()
    while time.monotonic() - began < _AGAIN_S:
        if serving.is_ready():
            return time.monotonic() - began
        time.sleep(0.02)
    message = f"the service was not ready {_AGAIN_S:.0f} s after its database was"
    raise TimeoutError(message)


def _read_only(server: Cluster, *, on: bool) -> None:
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute("SET default_transaction_read_only = off")
        connection.execute(f"ALTER SYSTEM SET default_transaction_read_only = {'on' if on else 'off'}")
        connection.execute("SELECT pg_reload_conf()")
