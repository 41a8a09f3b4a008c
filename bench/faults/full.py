"""A full disk: the data lies on a small tmpfs that is filled up under load and emptied again.

While it is full reading goes on, what cannot be kept is refused with 507, and readiness says "reading only"; with room
again everything goes on by itself. Needs the right to mount; without it the run is left out and says so.
"""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.faults import world
from bench.faults.installation import Installation, Serving, asked, install
from bench.faults.kills import finished, judged
from bench.faults.traffic import Traffic
from bench.faults.verdict import Verdict

SIZE_MB, RESERVE_MB = 96, 8
_AGAIN_S = 60.0


@dataclass(frozen=True)
class Filling:
    """How often the disk is filled, for how many seconds, and what the traffic follows from."""

    rounds: int
    seconds: float
    seed: int


def run(filling: Filling) -> Verdict:
    """Fill the disk and empty it again."""
    with TemporaryDirectory(prefix="faults-") as folder, world.source() as source:
        place = Path(folder) / "var"
        place.mkdir()
        try:
            with _small(place):
                told = {"UNCOUNTED_DISK_RESERVE_BYTES": str(RESERVE_MB * 1_000_000)}
                return _filled(replace(install(place, None, source), told=told), filling)
        except (subprocess.CalledProcessError, FileNotFoundError):
            return Verdict("full", "SQLite", "left out: a tmpfs may not be mounted here", ())


def _filled(installation: Installation, filling: Filling) -> Verdict:
    serving = Serving(installation)
    serving.start()
    traffic = Traffic(installation, [serving.port], filling.seed, syncs=False)
    traffic.start()
    ballast, wrong, back = installation.folder / "ballast", [], []
    for _ in range(filling.rounds):
        time.sleep(filling.seconds)
        _fill(ballast)
        wrong += _while_full(serving, installation, filling.seconds)
        ballast.unlink()
        back.append(_back(traffic))
    answers = traffic.ledger.answers
    refused = answers[507]
    checked = finished(installation, [serving], traffic)
    figures = {
        "refused for want of room": f"{refused:,}",
        "kept again after, longest s": f"{max(back):.2f}",
        "answers": f"{sum(answers.values()) - answers[0]:,}",
    }
    done = f"filled {filling.rounds} times for {filling.seconds:.0f} s, seed {filling.seed}"
    verdict = judged(("full", None), done, checked, figures)
    for one in wrong if refused else [*wrong, "nothing was refused while the disk was full"]:
        verdict = verdict.failed(one)
    return verdict


def _while_full(serving: Serving, installation: Installation, seconds: float) -> Iterator[str]:
    """Yield what is not as it should be while nothing can be written."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        _fill(installation.folder / "ballast")  # what the service let go of meanwhile
        status, said, _ = asked(serving.port, "GET", "/readyz")
        if status != 200 or said["status"] != "reading only":
            yield f"readiness was {status} {said.get('status')} on a full disk"
        status, _, _ = asked(serving.port, "GET", "/v1/records?limit=50", secret=installation.secrets["admin"])
        if status != 200:
            yield f"reading was answered {status} on a full disk"
        time.sleep(0.5)


def _back(traffic: Traffic) -> float:
    """Return the seconds until something is acknowledged again. Raises `TimeoutError`."""
    began, before = time.monotonic(), traffic.ledger.acknowledged
    while time.monotonic() - began < _AGAIN_S:
        if traffic.ledger.acknowledged > before:
            return time.monotonic() - began
        time.sleep(0.02)
    message = f"nothing was kept {_AGAIN_S:.0f} s after there was room again"
    raise TimeoutError(message)


def _fill(ballast: Path) -> None:
    """Take all room that is left."""
    with ballast.open("ab", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while shutil.disk_usage(ballast.parent).free >= size:
                    file.write(bytes(size))
            except OSError:
                continue


@contextmanager
def _small(place: Path) -> Iterator[None]:
    command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m", "tmpfs", str(place)]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - a folder of ours
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True, capture_output=True)  # noqa: S603, S607 - as above
