"""The error that each version of the parameters was measured to have, shipped with it.

`measured.json` is written by `python -m bench accuracy holdout`; parameters that somebody trained are not in it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from matchers.evaluation.bootstrap import Figure
from matchers.evaluation.outcomes import Outcomes

#: Where the figures stand and how they were come by.
SEE = "docs/measured-error.md"
LABELLED, HOLD_OUT = "labelled", "hold-out"
#: The figures kept of each set.
KEPT = ("precision", "recall", "average_precision", "calibration_error", "false_hidden", "first_choice", "review")
_FILE = "measured.json"
#: Numbers of the file that are not figures.
_FACTS = ("sort", "name", "records", "hidden")


@dataclass(frozen=True, slots=True)
class MeasuredSet:
    """One set the matcher was measured on."""

    sort: str  # LABELLED: people said what is true; HOLD_OUT: part of a real list was hidden
    name: str
    records: int
    hidden: int
    figures: Mapping[str, Figure]

    @classmethod
    def of(cls, sort: str, name: str, outcomes: Outcomes, figures: Mapping[str, Figure]) -> MeasuredSet:
        """Keep what was measured on a set."""
        told = {key: figures[key] for key in KEPT}
        return cls(sort, name, len(outcomes), int(outcomes.hidden.sum()), told)

    def as_dict(self) -> dict[str, Any]:
        """Return plain values."""
        facts: dict[str, Any] = {key: getattr(self, key) for key in _FACTS}
        return facts | {"figures": {key: figure.as_dict() for key, figure in self.figures.items()}}


@dataclass(frozen=True, slots=True)
class Measured:
    """What one version of the parameters was measured to be worth; no sets where nobody measured it."""

    version: str
    sets: tuple[MeasuredSet, ...] = ()

    def sentence(self) -> str:
        """Say it in one or two sentences."""
        if not self.sets:
            return (
                f"The error of parameters {self.version} is not measured here: hold findings against known truth "
                "with `uncounted evaluate`."
            )
        sorts = [one.sort for one in self.sets]
        numbers = f"{_counted(sorts.count(LABELLED), 'labelled set')} and {_counted(sorts.count(HOLD_OUT), 'hold-out')}"
        told = (
            self._range("precision", "of hidden verdicts right"),
            self._range("recall", "of hidden places found"),
            self._range("false_hidden", "of listed places wrongly flagged"),
            self._range("review", "left to a person"),
        )
        return f"Parameters {self.version}, measured on {numbers}: {'; '.join(filter(None, told))}. See {SEE}."

    def as_dict(self) -> dict[str, Any]:
        """Return plain values, for a report."""
        return {"parameters": self.version, "sentence": self.sentence(), "sets": [one.as_dict() for one in self.sets]}

    def _range(self, name: str, meaning: str) -> str:
        values = [value for one in self.sets if (value := one.figures[name].value) is not None]
        if not values:
            return ""
        low, high = _percent(min(values)), _percent(max(values))
        return f"{low} % {meaning}" if low == high else f"{low} to {high} % {meaning}"


def measured(model: str) -> Measured:
    """Return what is known of a model by its name in a finding ("open-set/defaults-1") or its parameters' version."""
    version = model.rpartition("/")[2]
    return Measured(version, tuple(map(_set, _kept().get(version, ()))))


def keep(version: str, sort: str, sets: list[MeasuredSet]) -> None:
    """Write what was measured of a version on one sort of sets, in place of what was known of that sort.

    Other versions are dropped: they are no longer shipped.
    """
    others = [one for one in measured(version).sets if one.sort != sort]
    ordered = sorted([*others, *sets], key=lambda one: (one.sort != LABELLED, one.name))
    body = {version: [one.as_dict() for one in ordered]}
    Path(__file__).with_name(_FILE).write_text(json.dumps(body, indent=1) + "\n", encoding="utf-8")
    _kept.cache_clear()


@cache
def _kept() -> dict[str, list[dict[str, Any]]]:
    body: dict[str, list[dict[str, Any]]] = json.loads(files(__package__).joinpath(_FILE).read_text(encoding="utf-8"))
    return body


def _set(kept: Mapping[str, Any]) -> MeasuredSet:
    figures = {name: Figure(**figure) for name, figure in kept["figures"].items()}
    return MeasuredSet(kept["sort"], kept["name"], kept["records"], kept["hidden"], figures)


def _percent(share: float) -> str:
    return f"{100 * share:.1f}".removesuffix(".0")


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
