"""Hold-out hiding on three whole official lists: are the hidden found, and the kept left alone? With defaults.

A fifth of each list is hidden, in units half of whose entries stay listed; accounts of all entries are made with noise
in spelling, location and units (`matchers.evaluation`), and compared with what is left. A second table shows what
accounts twice as careless come to. Run: python -m bench holdout (2,000 accounts a list, in whole units), or
python -m bench holdout --all for a table of whole lists, which takes minutes.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from bench.registers import REGISTERS, Register
from bench.table import RESULTS, Table, told
from geodata.index import PlaceIndex
from geodata.places import SCHEMA, Places
from matchers.base import OfficialList
from matchers.evaluation.accounts import Noise, UnitNoise
from matchers.evaluation.bootstrap import Figure
from matchers.evaluation.figures import figures
from matchers.evaluation.location_noise import LocationNoise
from matchers.evaluation.measured import HOLD_OUT, MeasuredSet, keep
from matchers.evaluation.outcomes import Outcomes
from matchers.evaluation.spelling_noise import SpellingNoise
from matchers.evaluation.trial import Trial, Tried, hold_out
from matchers.parameters import DEFAULTS
from service.plots.reliability import plot

SAMPLE = 2_000
TODAY = date(2026, 1, 1)
HARSH = Noise(
    spelling=SpellingNoise(alternate=0.5, exact=0.2, twice=0.6),
    location=LocationNoise(tail=0.2, gross=0.01, unstated=0.4, unlocated=0.3),
    units=UnitNoise(unsaid=0.16, neighbour=0.04, respelled=0.04),
    kind_unsaid=0.5,
)
SHOWN = ("precision", "recall", "false_hidden", "review", "hidden_swallowed", "right_if_matched")
SHOWN += ("average_precision", "calibration_error")
COLUMNS = ("list", "entries", "accounts", "hidden", "hidden verdicts", "their precision", "their recall")
COLUMNS += ("listed, wrongly flagged", "for review", "hidden, wrongly matched", "right entry when matched")
COLUMNS += ("average precision", "calibration error", "seconds")
TITLE = "Hold-out hiding, with defaults, and 95 % intervals"
WHOLE_TITLE = "Hold-out hiding with an account of every entry"
HARSH_TITLE = "The same with accounts twice as careless"


@dataclass(frozen=True)
class Run:
    """One trial and what it came to."""

    register: Register
    tried: Tried
    figures: dict[str, Figure]
    seconds: float


def run() -> list[Table]:
    """Try every list, keep the figures with the parameters, draw how far probabilities can be believed."""
    registers = [read() for read in REGISTERS.values()]
    if "--all" in sys.argv:
        return [Table("holdout-whole", WHOLE_TITLE, COLUMNS, tuple(_row(_tried(one, Trial())) for one in registers))]
    runs = [_tried(one, Trial(sample=SAMPLE)) for one in registers]
    sets = [MeasuredSet.of(HOLD_OUT, one.register.title, one.tried.outcomes, one.figures) for one in runs]
    keep(DEFAULTS.version, HOLD_OUT, sets)
    whole = Outcomes.concat([one.tried.outcomes for one in runs])
    plot(whole, f"Hold-out hiding on {len(runs)} lists, {len(whole):,} accounts", RESULTS / "holdout.svg")
    usual = Table("holdout", TITLE, COLUMNS, tuple(map(_row, runs)))
    harsh = (_row(_tried(one, Trial(sample=SAMPLE, noise=HARSH))) for one in registers)
    return [usual, Table("holdout-harsh", HARSH_TITLE, COLUMNS, tuple(harsh))]


def trial(register: Register, settings: Trial) -> Tried:
    """Run one trial on a register as its publisher shows it."""
    return hold_out(register.places, listed(register), settings, today=TODAY)


def listed(register: Register) -> OfficialList:
    """Return a register as its publisher shows it, indexed."""
    return OfficialList(
        source=register.package,
        title=register.title,
        snapshot="0" * 64,
        vintage=register.package,
        reference_date=None,
        coverage=register.coverage,
        index=PlaceIndex.build(_shown(register)),
    )


def _tried(register: Register, settings: Trial) -> Run:
    started = time.perf_counter()
    tried = trial(register, settings)
    seconds = time.perf_counter() - started
    return Run(register, tried, figures(tried.outcomes, tried.unit), seconds)


def _row(one: Run) -> tuple[str, ...]:
    found = one.tried.outcomes
    counts = (len(one.register.places), len(found), int(found.hidden.sum()), int(found.flagged.sum()))
    cells = (told(one.figures[key]) for key in SHOWN)
    return (one.register.title, *(f"{count:,}" for count in counts), *cells, f"{one.seconds:.1f}")


def _shown(register: Register) -> Places:
    """Return the entries under the names the list itself shows."""
    if register.shown is None:
        return register.places
    field = SCHEMA.field("names")
    names = [row[: register.shown] for row in register.places.column("names").to_pylist()]
    table = register.places.table
    return Places(table.set_column(table.schema.get_field_index("names"), field, pa.array(names, field.type)))
