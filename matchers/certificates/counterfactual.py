"""The smallest change that would have made another verdict: computed by comparing the changed account, never guessed.

For a record that was not matched, each of its best candidates is tried with one feature changed to what the entry says:
its name, its unit, its kind, or a location nearer to it. For a matched one, each feature is taken away, or the location
moved off. What is told is what the model itself then says of the changed account, so it counts everything a change
brings about: other candidates, other neighbours, other doubts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from geodata.places import Places
from matchers.base import Comparison
from matchers.certificates.changes import Candidate, Change, Changes, Row
from matchers.certificates.turning import turns
from matchers.company.joint import ALONE, Company
from matchers.counting.frame import Setting
from matchers.judging.wording import spoken

TRIED = 3  # candidates tried, best first
TOLD = 3  # changes told, smallest first
_STEPS = 12  # places tried along a line at once; done twice, so a distance is told to a hundredth of the line
_FARTHEST_M = 200_000.0  # farther from its entry no account is moved
_NEAREST_M = 10.0

#: Compares accounts with the list, parameters and day of the finding, each in the company the record had, or alone.
Compare = Callable[[Places, Company], Comparison]


@dataclass(frozen=True, slots=True)
class _Outcome:
    """A changed account, and what the comparison says of it."""

    change: Change
    finding: Mapping[str, Any]  # of `matchers.base.FINDINGS`
    bits: float  # all evidence for the candidate concerned; 0 where it is no longer one
    matched: bool  # with that candidate


@dataclass(frozen=True)
class Case:
    """One finding, and what is needed to ask how it would have been otherwise."""

    row: Row  # the account
    setting: Setting
    finding: Mapping[str, Any]  # of `matchers.base.FINDINGS`
    candidates: Sequence[Candidate]  # best first
    company: Company
    compare: Compare

    def smallest_changes(self) -> list[dict[str, Any]]:
        """Return at most `TOLD` changes of a single feature as JSON values, the one of least evidence first.

        For a record not matched, those that would have matched it; for a matched one, those that would have undone it,
        after the counts at which a verdict about counts would turn. First comes the absence of a competitor, where that
        alone would have made another verdict. Empty where no change of one feature would have.
        """
        if not self.candidates or self.finding["p_absent"] is None:
            return []
        found = self._undone() if self._is_match else self._made()
        found.sort(key=lambda one: (abs(self._gained(one)), one.change.candidate, one.change.feature))
        counts = self._turns() if self._is_match else []
        return [*self._alone(), *counts, *(self._told(one) for one in found[:TOLD])]

    @property
    def _is_match(self) -> bool:
        return "matched" in self.finding["attributes"]

    @cached_property
    def _changes(self) -> Changes:
        return Changes(self.row, self.setting.official, self.candidates)

    def _made(self) -> list[_Outcome]:
        likened = [change for at in range(len(self.candidates[:TRIED])) for change in self._changes.likened(at)]
        made = [found for found in self._tried(likened) if found.matched]
        return [self._farthest(found) if found.change.feature == "place" else found for found in made]

    def _undone(self) -> list[_Outcome]:
        undone = [found for found in self._tried(list(self._changes.without(0))) if not found.matched]
        return [*undone, *self._nearest()]

    def _farthest(self, found: _Outcome) -> _Outcome:
        """Return the match farthest from the entry, on the way to where the record says it is."""
        at, low, high = found.change.candidate, 0.0, 1.0
        if self._changes.apart_m(at) is None:
            return found
        for _ in range(2):
            parts = np.linspace(low, high, _STEPS).tolist()[1:-1]
            for part, outcome in zip(
                parts, self._tried([self._changes.nearer(at, part) for part in parts]), strict=True
            ):
                if not outcome.matched:
                    high = part
                    break
                found, low = outcome, part
        return found

    def _nearest(self) -> list[_Outcome]:
        """Return where the match is first undone when the record is moved away from its entry, if anywhere."""
        apart, found = self._changes.apart_m(0), None
        if apart is None:
            return []
        low, high = max(apart, _NEAREST_M), _FARTHEST_M
        for _ in range(2):
            metres = np.geomspace(low, high, _STEPS).tolist()[1:]
            for far, outcome in zip(metres, self._tried([self._changes.off(0, far) for far in metres]), strict=True):
                if not outcome.matched:
                    found, high = outcome, far
                    break
                low = far
        return [found] if found else []

    def _tried(self, changes: Sequence[Change]) -> list[_Outcome]:
        if not changes:
            return []
        compared = self.compare(Places.from_rows(change.row for change in changes), self.company)
        bits = {
            (candidate["record_row"], candidate["official_id"]): _bits(candidate) for candidate in compared.best.rows()
        }
        return [
            _Outcome(
                change,
                finding,
                bits.get((row, self._id(change)), 0.0),
                "matched" in finding["attributes"] and finding["official_id"] == self._id(change),
            )
            for row, (change, finding) in enumerate(zip(changes, compared.found.rows(), strict=True))
        ]

    def _id(self, change: Change) -> str:
        return str(self.candidates[change.candidate]["official_id"])

    def _gained(self, found: _Outcome) -> float:
        """Return by how many bits the evidence for the candidate changed; rounded, so that equals are equal."""
        return round(found.bits - _bits(self.candidates[found.change.candidate]), 6)

    def _alone(self) -> list[dict[str, Any]]:
        rival = self.company.rival
        if rival is None:
            return []
        finding = self.compare(Places.from_rows([self.row]), ALONE).found.rows()[0]
        if finding["verdict"] == self.finding["verdict"]:
            return []
        record, entry = rival
        places = self.setting.official.index.places
        name = places.primary_names[places.ids.index(entry)]
        return [_plain("company", entry, f"Had record {record} not competed for “{name}”", finding)]

    def _turns(self) -> list[dict[str, Any]]:
        entry = str(self.candidates[0]["official_id"])
        return [
            _plain(
                "count",
                entry,
                f"Had the record counted {turn.count:,} {turn.unit} instead of {turn.own:,.0f}",
                {"verdict": turn.verdict, "p_absent": self.finding["p_absent"]},
            )
            | {"count": turn.count}
            for turn in turns(self.row, self._changes.entries[0], self.setting)
        ]

    def _told(self, found: _Outcome) -> dict[str, Any]:
        change = found.change
        told = _plain(change.feature, self._id(change), f"Had the record {change.said}", found.finding)
        return told | {"bits": self._gained(found), "distance_m": change.distance_m}


def _plain(feature: str, entry: str, had: str, then: Mapping[str, Any]) -> dict[str, Any]:
    """Return a change as JSON values; `then` is the finding it would have led to."""
    p_absent, verdict = then["p_absent"], str(then["verdict"])
    chance = "" if p_absent is None else f", with a probability of absence of {p_absent:.2f}"
    return {
        "feature": feature,
        "official_id": entry,
        "bits": 0.0,  # by how much the evidence for the entry would have changed
        "distance_m": None,
        "count": None,
        "verdict": verdict,
        "p_absent": p_absent,
        "sentence": f"{had}, the verdict would be {spoken(verdict)}{chance}.",
    }


def _bits(candidate: Candidate) -> float:
    return float(sum(part["bits"] for part in candidate["evidence"]))
