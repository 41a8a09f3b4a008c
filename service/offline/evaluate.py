"""Evaluate: measure how often findings are right, against known truth or against a list part of which is hidden."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from connectors.register import official_file
from geodata.names.scripts import script_of
from geodata.places import Places
from matchers.evaluation.bootstrap import Bootstrap, Figure
from matchers.evaluation.figures import figures
from matchers.evaluation.hiding import Hiding
from matchers.evaluation.outcomes import Outcomes
from matchers.evaluation.slices import Slice, slices
from matchers.evaluation.trial import Trial, hold_out
from service.errors import INVALID, Problem
from service.offline.inputs import listed
from service.offline.labelled import Files, Values, read_labelled
from service.offline.parameters import read_parameters

#: Draws and trials start from this number; the same number gives the same figures.
SEED = Bootstrap().seed


@dataclass(frozen=True, slots=True)
class HideRequest:
    """A list, how much of it to hide, and what to draw by."""

    official: Path
    share: float
    sample: int | None = None  # accounts compared; None for one of every entry
    parameters: Path | None = None


@dataclass(frozen=True)
class Evaluation:
    """What a measurement came to."""

    title: str
    outcomes: Outcomes
    figures: dict[str, Figure]
    slices: list[Slice]
    seed: int
    notes: tuple[str, ...] = field(default=())

    def as_dict(self) -> dict[str, Any]:
        """Return everything as plain values for JSON."""
        return {
            "title": self.title,
            "records": len(self.outcomes),
            "hidden": int(self.outcomes.hidden.sum()),
            "seed": self.seed,
            "figures": {name: figure.as_dict() for name, figure in self.figures.items()},
            "slices": [
                {"by": one.by, "value": one.value, "records": one.records, "hidden": one.hidden}
                | {"figures": {name: figure.as_dict() for name, figure in one.figures.items()}}
                for one in self.slices
            ],
            "notes": list(self.notes),
        }


def evaluate_findings(files: Files, seed: int = SEED) -> Evaluation:
    """Measure findings against truth. Records that only one of the files has are left out and told in the notes.

    Raises `UnreadableTable` when a file cannot be read, `Problem` (invalid) when columns are missing, a label is not
    known, or the files have no record in common.
    """
    labelled = read_labelled(files)
    notes = (*labelled.notes, *_unmeasurable(labelled.outcomes))
    measured = _measured(labelled.outcomes, labelled.parts, labelled.cluster, seed)
    return Evaluation(f"{files.findings.name} against {files.truth.name}", labelled.outcomes, *measured, seed, notes)


def evaluate_hiding(request: HideRequest, seed: int = SEED, *, today: date) -> Evaluation:
    """Hide part of a list and measure whether the hidden are found and the kept are left alone.

    Raises `UnreadableFile` when the list cannot be read, `Problem` (invalid) when so much of it cannot be hidden.
    """
    parameters = read_parameters(request.parameters)
    official = official_file(request.official)
    trial = Trial(Hiding(share=request.share), seed=seed, sample=request.sample, parameters=parameters)
    try:
        tried = hold_out(official.reading.places, listed(official), trial, today=today)
    except ValueError as error:
        detail = f"{request.official.name}: {error}."
        raise Problem(INVALID, detail) from error
    title = f"{official.provenance.title}, {request.share:.0%} of {len(official.reading.places):,} entries hidden"
    measured = _measured(tried.outcomes, _said(tried.accounts), tried.unit, seed)
    return Evaluation(title, tried.outcomes, *measured, seed, tuple(_unmeasurable(tried.outcomes)))


def _measured(
    outcomes: Outcomes, parts: dict[str, Values], cluster: NDArray[np.int64], seed: int
) -> tuple[dict[str, Figure], list[Slice]]:
    how = Bootstrap(seed=seed)
    return figures(outcomes, cluster, how), slices(outcomes, parts, cluster, how)


def _unmeasurable(outcomes: Outcomes) -> list[str]:
    notes = []
    if not outcomes.hidden.any():
        notes.append("The truth names no hidden record, so recall, ranking and precision cannot be measured.")
    if outcomes.hidden.all():
        notes.append("The truth names no listed record, so false flags and first choices cannot be measured.")
    if not outcomes.flagged.any():
        notes.append("No record has a hidden verdict, so there is no precision of them.")
    silent = int(np.isnan(outcomes.p_absent).sum())
    if silent:
        notes.append(f"{silent:,} records could not be searched for; the probabilities are measured on the others.")
    return notes


def _said(accounts: Places) -> dict[str, Values]:
    return {
        "script": [script_of(name) for name in accounts.primary_names],
        "country": accounts.texts("country"),
        "kind": accounts.texts("kind"),
    }
