"""Our matcher and its peers on the same records and lists in one run: who finds the entry, and who sees there is none.

Lists: hold-out splits of the four registers (`bench.registers`) and the labelled sets of `shared/data` beside the
checkout. Every system gets the same two tables and the answers of none are used to set up another. Peers run in an
environment of their own, because their pins and ours exclude one another. Run: python -m bench matching
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.accuracy import DATA, TODAY
from bench.holdout import SAMPLE, listed
from bench.matching_page import publish
from bench.matching_plot import plot
from bench.peers.roster import OURS, PEERS, Peer
from bench.peers.task import Answers, Task, Timed
from bench.peers.timing import timed
from bench.registers import REGISTERS
from bench.scores import COLUMNS, Score
from bench.table import RESULTS, Table
from geodata.coverage import CoverageManifest
from geodata.files.columns import read_places
from geodata.files.tables import read_table
from geodata.index import PlaceIndex
from geodata.places import Places
from matchers.base import OfficialList
from matchers.compare import compare
from matchers.evaluation.outcomes import Known, Outcomes
from matchers.evaluation.trial import Trial, split
from matchers.parameters import DEFAULTS
from service.offline.truth import read_truth

ROOT = Path(__file__).resolve().parents[1]
#: The peers' interpreter, in an environment within ours.
INTERPRETER = Path(sys.prefix) / "peers" / "bin" / "python"
PATIENCE_S = 600
TITLE = "Uncounted and its peers on the same records and lists"


@dataclass(frozen=True)
class Question:
    """A table of records, the list they are held against, and what is true of each."""

    title: str
    citizen: Places
    official: OfficialList
    known: tuple[Known, ...]
    cluster: NDArray[np.int64]  # of each record: what errs together


def run() -> list[Table]:
    """Ask every system every question; keep the table, the plot, and the page that shows them."""
    if not INTERPRETER.exists():
        print("matching: the peers are not installed in .venv/peers; `make bench` installs them")
        return []
    scores = [score for question in questions() for score in answered(question)]
    plot(scores, RESULTS / "matching.svg")
    publish(scores)
    return [Table("matching", TITLE, COLUMNS, tuple(score.row() for score in scores))]


def questions() -> Iterator[Question]:
    """Yield the labelled sets beside the checkout, then a split of each register, at most `SAMPLE` records of each."""
    for truth in sorted(DATA.glob("*/truth.csv")):
        citizen, official = (read_places(read_table(truth.parent / f"{side}.csv")).places for side in _SIDES)
        drawn = np.sort(np.random.default_rng(Trial().seed).permutation(len(citizen))[:SAMPLE])
        citizen, known, name = citizen.take(drawn), read_truth(truth), truth.parent.name
        index = PlaceIndex.build(official)
        against = OfficialList(name, name, "0" * 64, "unknown", None, CoverageManifest(), index)
        yield Question(name, citizen, against, tuple(known[record] for record in citizen.ids), drawn)
    for read in REGISTERS.values():
        register = read()
        parts = split(register.places, listed(register), Trial(sample=SAMPLE))
        yield Question(register.title, parts.accounts, parts.left, parts.known, parts.unit)


_SIDES = ("citizen", "official")


def answered(question: Question) -> Iterator[Score]:
    """Yield what each system's answers are worth, ours first."""
    task = Task(question.citizen.table, question.official.index.places.table)
    yield _score(question, OURS, timed(lambda: _ours(question), f"parameters {DEFAULTS.version}"))
    with tempfile.TemporaryDirectory() as folder:
        task.write(Path(folder))
        for name, peer in PEERS.items():
            if not peer.by_unit or _has_units(question):
                yield _score(question, peer, ask(name, Path(folder)))


def ask(name: str, folder: Path) -> Timed:
    """Let a peer answer the task of a folder. Raises `RuntimeError` with its last words where it fails."""
    command = [str(INTERPRETER), "-m", "bench.peers", name, str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE_S, check=False)  # noqa: S603 - our own module
    if done.returncode:
        msg = f"{PEERS[name].title} gave no answer: {done.stderr.strip()[-500:]}"
        raise RuntimeError(msg)
    return Timed.read(folder)


def _ours(question: Question) -> Answers:
    """Index the list and compare, as for two files that were never seen before."""
    official = replace(question.official, index=PlaceIndex.build(question.official.index.places))
    found = compare(question.citizen, official, today=TODAY).findings
    absent = np.nan_to_num(found["p_absent"].to_numpy(zero_copy_only=False), nan=0.0)  # not searched: not said absent
    hidden = [verdict.startswith("hidden_") for verdict in found["verdict"].to_pylist()]
    return Answers(found["official_id"].to_pylist(), absent.tolist(), hidden)


def _score(question: Question, system: Peer, one: Timed) -> Score:
    said = zip(one.answers.entry, one.answers.absent, one.answers.hidden, strict=True)
    rows = [
        {"verdict": "hidden_place" if hidden else "consistent", "p_absent": absent, "official_id": entry}
        | {"attributes": ()}
        for entry, absent, hidden in said
    ]
    print(f"  {question.title}: {system.title}, {float(np.median(one.seconds)):.1f} s", flush=True)
    return Score.of(question.title, system, Outcomes.of(rows, question.known), question.cluster, one)


def _has_units(question: Question) -> bool:
    sides = (question.citizen, question.official.index.places)
    columns = [{column for row in side.column("admin").to_pylist() for column, _ in row or ()} for side in sides]
    return bool(columns[0] & columns[1])
