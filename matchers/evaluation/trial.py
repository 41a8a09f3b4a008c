"""A hold-out trial: hide part of a list, make accounts of all of it, compare them with what is left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geodata.index import PlaceIndex
from geodata.places import Places
from matchers.base import Comparison, OfficialList
from matchers.compare import compare
from matchers.evaluation.accounts import Noise, accounts
from matchers.evaluation.hiding import Hiding, hide
from matchers.evaluation.outcomes import Known, Outcomes
from matchers.parameters import DEFAULTS, Parameters


@dataclass(frozen=True, slots=True)
class Trial:
    """How a trial is run. The same values give the same figures."""

    hiding: Hiding = field(default_factory=Hiding)
    noise: Noise = field(default_factory=Noise)
    seed: int = 20260101
    sample: int | None = None  # accounts compared, drawn as whole units; None for one of every entry
    parameters: Parameters = DEFAULTS


@dataclass(frozen=True)
class Tried:
    """What a trial came to; columns by account."""

    outcomes: Outcomes
    unit: NDArray[np.int64]  # the cluster each account belongs to
    accounts: Places
    comparison: Comparison


@dataclass(frozen=True)
class Split:
    """A list part of which is hidden, and accounts of all of it; columns by account."""

    accounts: Places
    left: OfficialList
    known: tuple[Known, ...]
    unit: NDArray[np.int64]


def split(known: Places, listed: OfficialList, trial: Trial) -> Split:
    """Hide part of a list whose entries are the rows of `known`, in the same order, and make the accounts.

    `known` may carry names that the list itself does not show; accounts use any of them. Raises `ValueError` where so
    short a list cannot be split.
    """
    random = np.random.default_rng(trial.seed)
    entries = listed.index.places
    hidden = hide(known, trial.hiding, random)
    rows = _drawn(hidden.unit, trial.sample, random)
    citizen = accounts(known.take(rows), trial.noise, random)
    left = replace(listed, index=PlaceIndex.build(entries.take(np.flatnonzero(~hidden.hidden))))
    truth = _truth(entries.ids, hidden.hidden, hidden.twins)
    return Split(citizen, left, tuple(truth[row] for row in rows.tolist()), hidden.unit[rows])


def hold_out(known: Places, listed: OfficialList, trial: Trial, *, today: date) -> Tried:
    """Split a list as `split` does, and compare the accounts with what is left of it."""
    parts = split(known, listed, trial)
    comparison = compare(parts.accounts, parts.left, trial.parameters, today=today)
    return Tried(Outcomes.of(_findings(comparison), parts.known), parts.unit, parts.accounts, comparison)


def _drawn(unit: NDArray[np.int64], sample: int | None, random: np.random.Generator) -> NDArray[np.int64]:
    """Draw whole units until the sample is full: volunteers map an area, not a scatter of places."""
    if sample is None or sample >= len(unit):
        return np.arange(len(unit))
    order = random.permutation(int(unit.max()) + 1)
    place = np.argsort(order)[unit]  # the position of each row's unit in the order drawn
    return np.sort(np.argsort(place, kind="stable")[:sample])


def _truth(ids: Sequence[str], hidden: NDArray[np.bool_], twins: NDArray[np.int64]) -> list[Known]:
    alike: dict[int, set[str]] = {}
    for row, group in enumerate(twins.tolist()):
        alike.setdefault(group, set()).add(ids[row])
    return [
        Known(hidden=True) if gone else Known(hidden=False, entries=frozenset(alike[group]))
        for gone, group in zip(hidden.tolist(), twins.tolist(), strict=True)
    ]


def _findings(comparison: Comparison) -> list[dict[str, Any]]:
    wanted = ["verdict", "p_absent", "official_id", "attributes"]
    rows: list[dict[str, Any]] = comparison.findings.select(wanted).to_pylist()
    return rows
