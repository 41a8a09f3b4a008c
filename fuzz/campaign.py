"""Run campaigns, one target after another, each in a child process; say what came of each."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from fuzz.status import Status
from fuzz.target import Target

ROOT = Path(__file__).resolve().parents[1]
WORK = ROOT / "var" / "fuzz"

#: Per input.
HANG_S = 20
MOST_MB = 2_048
#: Megabytes by which a campaign may end above what it held after its first tenth: caches of bounded size fill up, and
#: the fuzzer's own collection of inputs grows.
GROWTH_MB = 150

_OUTCOMES = {0: "nothing wrong", 70: "hang", 71: "too much memory", 77: "crash"}
_SLOWEST = re.compile(r"slowest_unit_time_sec:\s*(\d+)")


@dataclass(frozen=True, slots=True)
class Came:
    """What came of one campaign."""

    name: str
    what: str
    inputs: int
    seconds: float
    slowest_s: int
    settled_mb: float
    ended_mb: float
    outcome: str

    @property
    def sound(self) -> bool:
        """Whether nothing was found."""
        return self.outcome == _OUTCOMES[0]


def campaign(kind: str, target: Target, runs: int, seconds: int) -> Came:
    """Fuzz one target for so many inputs, or so many seconds if that is sooner."""
    home = WORK / target.name
    corpus = home / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for content in (*target.seeds(), *(path.read_bytes() for path in sorted(target.found.glob("*")))):
        (corpus / sha256(content).hexdigest()[:16]).write_bytes(content)
    status = home / "status.json"
    status.unlink(missing_ok=True)
    options = (f"-runs={runs}", f"-max_total_time={seconds}", f"-timeout={HANG_S}", f"-rss_limit_mb={MOST_MB}")
    options += (f"-max_len={target.longest}", "-print_final_stats=1", f"-artifact_prefix={home}/", str(corpus))
    command = ["nice", "-n", "19", sys.executable, "-m", "fuzz.child", kind, target.name, str(status), *options]
    began = time.perf_counter()
    with (home / "log").open("wb") as log:
        ended = subprocess.run(command, cwd=ROOT, stderr=log, stdout=log, check=False)  # noqa: S603 - this package
    took = time.perf_counter() - began
    told = Status.read(status)
    slowest = _SLOWEST.search((home / "log").read_text(encoding="utf-8", errors="replace"))
    outcome = _outcome(ended.returncode)
    if outcome == _OUTCOMES[0] and told.resident_mb - told.settled_mb > GROWTH_MB:
        outcome = "memory grew"
    return Came(
        name=target.name,
        what=target.what,
        inputs=told.inputs,
        seconds=round(took, 1),
        slowest_s=int(slowest[1]) if slowest else 0,
        settled_mb=round(told.settled_mb),
        ended_mb=round(told.resident_mb),
        outcome=outcome,
    )


def _outcome(code: int) -> str:
    return _OUTCOMES.get(code) or (f"killed by signal {-code}" if code < 0 else f"ended with {code}")
