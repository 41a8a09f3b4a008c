"""From tallies to parameters: shares of levels, errors of location, priors of absence, and at last calibration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from geodata.places import Places
from matchers.base import OfficialList
from matchers.compare import compare
from matchers.pairs import Flags, Floats
from matchers.parameters import Calibration, Parameters
from matchers.priors import prior_of
from matchers.profile import profile_of
from matchers.training import calibration, prior
from matchers.training.levels import PSEUDO_MATCHES, SCALES, with_values
from matchers.training.locations import Separations, located
from matchers.training.tally import Labelled, Tally, from_labels
from matchers.training.unlabelled import RECORDS, from_pairs, sampled

ENOUGH_MATCHES = 200  # EM needs about so many true pairs; with fewer the defaults stand, or weigh as much as labels
_SHOWN = 5e-5  # a smaller change is none


@dataclass(frozen=True, slots=True)
class Change:
    """One number that training moved, and how many pairs (or records) spoke for it."""

    parameter: str  # dotted name
    before: float
    after: float
    pairs: float


@dataclass(frozen=True)
class Learned:
    """New parameters, still under the version of those they started from, and what led to them."""

    parameters: Parameters
    matches: float  # true pairs, known or expected
    changes: tuple[Change, ...]


def from_truth(sets: Sequence[Labelled], base: Parameters, today: date) -> Learned:
    """Learn from labelled records of one list or several, calibration last. Without a label the base comes back."""
    learned = without_calibration(sets, base)
    stated = [stated_absence(known, learned.parameters, today) for known in sets]
    p, absent = (np.concatenate(columns) for columns in zip(*stated, strict=True))
    fitted = replace(learned.parameters, calibration=calibrated_by(learned.parameters, p, absent))
    spoken = dict.fromkeys(("calibration.slope", "calibration.intercept"), float(len(p)))
    return Learned(fitted, learned.matches, (*learned.changes, *changes_of(learned.parameters, fitted, spoken)))


def without_calibration(sets: Sequence[Labelled], base: Parameters) -> Learned:
    """Learn everything but calibration, which stays as it is."""
    tally = Tally.total([from_labels(known, base) for known in sets])
    moved, spoken = _moved(tally, base)
    return Learned(moved, tally.matches, changes_of(base, moved, spoken))


def from_unlabelled(sides: tuple[Places, OfficialList], base: Parameters, today: date) -> Learned:
    """Learn from pairs alone. Where fewer than `ENOUGH_MATCHES` are expected to match, the base comes back."""
    citizen, official = sides
    tally = from_pairs(citizen, official, base)
    if tally.matches < ENOUGH_MATCHES:
        return Learned(base, tally.matches, ())
    moved, spoken = _moved(tally, base)
    claimed, listed = official.coverage.completeness, profile_of(official, base).list_type
    plain = replace(moved, calibration=Calibration())
    found = compare(sampled(citizen, RECORDS), official, plain, today=today).findings
    p = np.array(found.column("p_absent_alone").to_pylist(), np.float64)
    p = p[np.isfinite(p)]
    q = prior.estimate(p, prior_of(claimed, listed, base.absence), PSEUDO_MATCHES)
    paths = prior.paths(claimed, listed)
    moved = with_values(moved, dict.fromkeys(paths, q))
    spoken |= dict.fromkeys(paths, float(len(p)))
    return Learned(moved, tally.matches, changes_of(base, moved, spoken))


def stated_absence(known: Labelled, parameters: Parameters, today: date) -> tuple[Floats, Flags]:
    """Return the stated probability of absence of the labelled records that have one, and whether they are absent."""
    found = compare(known.citizen, known.official, parameters, today=today).findings
    p = np.array(found.column("p_absent").to_pylist(), np.float64)
    told = known.labelled & np.isfinite(p)
    return p[told], known.absent[told]


def calibrated_by(parameters: Parameters, p: Floats, absent: Flags) -> Calibration:
    """Return the calibration after which probabilities stated under these parameters hold.

    With fewer than `ENOUGH_MATCHES` labels of either kind only the slope moves, so that a small set does not set the
    base rate.
    """
    if min(int(absent.sum()), int((~absent).sum())) >= ENOUGH_MATCHES:
        slope, intercept = calibration.fit(p, absent, PSEUDO_MATCHES)
    else:
        slope, intercept = calibration.temperature(p, absent, PSEUDO_MATCHES), 0.0
    before = parameters.calibration
    return Calibration(slope=slope * before.slope, intercept=slope * before.intercept + intercept)


def _moved(tally: Tally, base: Parameters) -> tuple[Parameters, dict[str, float]]:
    """Return moved parameters, and by dotted name how many pairs spoke for each."""
    parameters, spoken = base, dict[str, float]()
    for scale in SCALES:
        counts = tally.levels.get(scale.feature, {})
        if scale.counted(counts):
            parameters = scale.moved(parameters, counts, PSEUDO_MATCHES)
            spoken |= dict.fromkeys(scale.paths, scale.counted(counts))
    apart = Separations.concat(list(tally.apart))
    geography = located(apart, parameters.geography, PSEUDO_MATCHES)
    spoken |= {"geography.r95_citizen_m": float(apart.unsaid.sum())}
    spoken |= dict.fromkeys(("geography.tail_share", "geography.gross_error"), float(len(apart.metres)))
    values: dict[str, float] = {}
    for (claimed, listed), (hidden, records) in tally.absent.items():
        q = prior.counted(hidden, records, (prior_of(claimed, listed, base.absence), PSEUDO_MATCHES))
        paths = prior.paths(claimed, listed)
        values |= dict.fromkeys(paths, q)
        spoken |= dict.fromkeys(paths, records)
    return with_values(replace(parameters, geography=geography), values), spoken


def changes_of(base: Parameters, new: Parameters, spoken: dict[str, float]) -> tuple[Change, ...]:
    """Return the numbers that differ, with how many pairs spoke for each."""
    before, after = base.flat(), new.flat()
    moved = (name for name in after if abs(after[name] - before[name]) > _SHOWN)
    return tuple(Change(name, before[name], after[name], spoken.get(name, 0.0)) for name in moved)
