"""What the shipped parameters rest on: for every set, the figures with parameters learned from all the other sets.

The sets are the labelled ones of `shared/data` beside the checkout and hold-out splits of whole official lists. A set
that is learned from gives at most `MOST` records, so that no one list sets the numbers for all. Run:
python -m bench defaults
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from bench.accuracy import DATA, TODAY
from bench.holdout import SAMPLE, listed
from bench.registers import REGISTERS, Register
from bench.table import Table, told
from geodata.coverage import CoverageManifest
from geodata.files.columns import read_places
from geodata.files.tables import read_table
from geodata.index import PlaceIndex
from matchers.base import OfficialList
from matchers.compare import compare
from matchers.evaluation.figures import figures
from matchers.evaluation.outcomes import Outcomes
from matchers.evaluation.trial import Trial, split
from matchers.parameters import DEFAULTS, Calibration, Parameters
from matchers.training.learn import from_truth
from matchers.training.tally import Labelled
from service.offline.truth import read_truth

MOST = 500
SEED = 20260102  # accounts learned from are drawn otherwise than those of the hold-out benchmark
SHOWN = ("average_precision", "calibration_error", "precision", "recall", "false_hidden", "review")
COLUMNS = ("set", "parameters", "average precision", "calibration error", "hidden verdicts: precision", "their recall")
COLUMNS += ("listed, wrongly flagged", "for review")
TITLE = "Parameters learned from all other sets, and 95 % intervals"
NUMBERS = "What the sets teach of each parameter"


@dataclass(frozen=True)
class _Set:
    """A labelled set: all of it to measure on, part of it to learn from."""

    whole: Labelled
    part: Labelled


def run() -> list[Table]:
    """Learn from all sets but one, measure on that one, in turn; and learn from all."""
    sets = {folder.name: _folder(folder) for folder in sorted(truth.parent for truth in DATA.glob("*/truth.csv"))}
    sets |= {name: _hold_out(read()) for name, read in REGISTERS.items()}
    rows, taught = [], []
    for name, one in sets.items():
        learned = from_truth([other.part for key, other in sets.items() if key != name], DEFAULTS, TODAY).parameters
        taught.append(learned)
        plain = replace(learned, calibration=Calibration())
        variants = {"defaults": DEFAULTS, "learned": plain, "learned and calibrated": learned}
        rows += [(name, said, *_measured(one.whole, parameters)) for said, parameters in variants.items()]
        print(*rows[-3:], sep="\n", flush=True)
    everything = from_truth([one.part for one in sets.values()], DEFAULTS, TODAY).parameters
    numbers = Table("defaults-numbers", NUMBERS, _NUMBERS, _numbers(everything, taught))
    return [Table("defaults", TITLE, COLUMNS, tuple(rows)), numbers]


_NUMBERS = ("parameter", "default", "learned from all", "least without one set", "most without one set")


def _numbers(everything: Parameters, taught: list[Parameters]) -> tuple[tuple[str, ...], ...]:
    flat = [one.flat() for one in taught]
    return tuple(
        (name, *(f"{value:.4g}" for value in (before, everything.flat()[name], *_range(name, flat))))
        for name, before in DEFAULTS.flat().items()
        if _range(name, [DEFAULTS.flat(), *flat])[0] != _range(name, [DEFAULTS.flat(), *flat])[1]
    )


def _range(name: str, flat: list[Mapping[str, float]]) -> tuple[float, float]:
    values = [one[name] for one in flat]
    return min(values), max(values)


def _measured(known: Labelled, parameters: Parameters) -> tuple[str, ...]:
    found = compare(known.citizen, known.official, parameters, today=TODAY).findings.to_pylist()
    told_of = [(row, one) for row, one in zip(found, known.known, strict=True) if one is not None]
    measured = figures(Outcomes.of([row for row, _ in told_of], [one for _, one in told_of]))
    return tuple(told(measured[name]) for name in SHOWN)


def _folder(folder: Path) -> _Set:
    citizen = read_places(read_table(folder / "citizen.csv")).places
    index = PlaceIndex.build(read_places(read_table(folder / "official.csv")).places)
    official = OfficialList(folder.name, folder.name, "0" * 64, "unknown", None, CoverageManifest(), index)
    truth = read_truth(folder / "truth.csv")
    whole = Labelled(citizen, official, tuple(truth.get(record) for record in citizen.ids))
    rows = np.sort(np.random.default_rng(SEED).permutation(len(citizen))[:MOST])
    return _Set(whole, replace(whole, citizen=citizen.take(rows), known=tuple(whole.known[row] for row in rows)))


def _hold_out(register: Register) -> _Set:
    official = listed(register)
    whole, part = (
        split(register.places, official, trial) for trial in (Trial(sample=SAMPLE), Trial(seed=SEED, sample=MOST))
    )
    return _Set(*(Labelled(one.accounts, one.left, one.known) for one in (whole, part)))
