"""Where the time of each hot path goes: py-spy watches it, and the functions seen most often become tables.

Compiled code is counted with the Python function that calls it. Run: python -m bench profiling
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.table import Table

SECONDS = 20
SHOWN = 12  # functions of each table
RATE = 200  # samples a second
PATHS = {
    "verifying": "Verification in bulk: 20,000 records a time against 1,000,000 places, one thread",
    "one": "One record alone against 1,000,000 places, with its reasons",
    "searching": "The candidate kernel: 100,000 records against 1,000,000 places",
    "indexing": "Indexing a list of 100,000 places",
    "taking-in": "Importing a CSV file of 50,000 rows into SQLite",
    "answering": "POST /v1/records, four connections, a list of 100,000 places",
}
HOUSE = {"service", "matchers", "connectors", "geodata", "bench"}
COLUMNS = ("function", "in", "itself", "with what it calls")
#: Innermost functions of threads that wait for work, or run no Python at all; py-spy cannot always tell that they idle.
_WAITING = {
    "",
    "_worker",
    "_PollLikeSelector.select",
    "Condition.wait",
    "Event.wait",
    "wait",
    "select",
    "EpollSelector.select",
    "Runner.run",
}
_FRAME = re.compile(r"(?P<function>.+?) \((?P<file>[^()]*?)(?::\d+)?\)$")
_ROOT = str(Path(__file__).resolve().parents[1]) + "/"


@dataclass(frozen=True)
class Profile:
    """Samples of one path, by function."""

    samples: int
    itself: Counter[tuple[str, str]]  # (function, file)
    below: Counter[tuple[str, str]]  # with what it calls

    @classmethod
    def of(cls, raw: str) -> Profile:
        """Count the stacks that py-spy wrote, one a line: frames from outside in, and a number."""
        itself: Counter[tuple[str, str]] = Counter()
        below: Counter[tuple[str, str]] = Counter()
        samples = 0
        for line in raw.splitlines():
            stack, _, number = line.rpartition(" ")
            frames = list(_hot([_frame(one) for one in stack.split(";")]))
            if frames and frames[-1][0] not in _WAITING:
                samples += int(number)
                itself[frames[-1]] += int(number)
                below.update(dict.fromkeys(frames, int(number)))
        return cls(samples, itself, below)

    def rows(self) -> Iterator[tuple[str, ...]]:
        """Yield the functions in which most was seen."""
        for frame, number in self.itself.most_common(SHOWN):
            shares = number / self.samples, self.below[frame] / self.samples
            yield f"`{frame[0]}`", frame[1], *(f"{share:.1%}" for share in shares)


def run() -> list[Table]:
    """Watch every path for some seconds."""
    watcher = shutil.which("py-spy", path=str(Path(sys.executable).parent))
    if watcher is None:
        print("profiling: py-spy is not installed; `make bench` installs it")
        return []
    tables = []
    for path, title in PATHS.items():
        print(f"  {title}", flush=True)
        profile = Profile.of(_watched(watcher, path))
        said = f"{title}: {profile.samples:,} samples in {SECONDS} s"
        tables.append(Table(f"profile-{path}", said, COLUMNS, tuple(profile.rows())))
    return tables


def _watched(watcher: str, path: str) -> str:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "raw"
        watching = [
            watcher,
            "record",
            "--format",
            "raw",
            "--full-filenames",
            "--rate",
            str(RATE),
            "--output",
            str(out),
            "--",
        ]
        walked = [sys.executable, "-m", "bench.profiled", path, str(SECONDS)]
        subprocess.run([*watching, *walked], check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own
        return out.read_text(encoding="utf-8")


def _frame(text: str) -> tuple[str, str]:
    found = _FRAME.match(text)
    return (found["function"], _place(found["file"])) if found else (text, "")


def _place(file: str) -> str:
    """Return where a file stands in this house, else the package that it belongs to; never a path of this machine."""
    file = file.removeprefix(_ROOT).rpartition("site-packages/")[2]
    room = file.partition("/")[0].removesuffix(".py")
    if room in HOUSE:
        return file
    return "Python" if file.startswith(("/", "<")) or room in sys.stdlib_module_names else room


def _hot(frames: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the frames below `bench.profiled.walk`, or all of another thread; none of what only makes ready."""
    here = [at for at, frame in enumerate(frames) if frame[1] == "bench/profiled.py"]
    names = {frames[at][0] for at in here}
    if "prepare" in names or (here and "walk" not in names):
        return []
    return frames[here[-1] + 1 :] if here else frames
