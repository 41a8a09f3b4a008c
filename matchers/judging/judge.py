"""From verdicts to findings: says why each was reached, in words, of what the verdicts' columns hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from geodata.cells import CellStatus
from geodata.names.scripts import script_of
from matchers.base import Verdict
from matchers.circumstances import Circumstances
from matchers.judging.causes import OF_ENTRY, Surrounding, causes_of, causes_sentence
from matchers.judging.doubts import NAMELESS
from matchers.judging.placing import Placement, rivalled
from matchers.judging.preconditions import preconditions
from matchers.judging.reasons import Best, Situation, company_reason, matched_reason, placement_reason
from matchers.judging.scope import outside
from matchers.judging.sentences import Speaker
from matchers.judging.verdicts import Verdicts
from matchers.model import Task, Weighed
from matchers.quality.standing import carried
from matchers.tabling import Columns

_MISSING = frozenset({Verdict.HIDDEN_PLACE, Verdict.STALE_OFFICIAL, Verdict.NOT_ASSESSABLE})
_RIVAL = "two entries are about equally likely"


@dataclass(frozen=True)
class Judge:
    """Findings of one block of records."""

    verdicts: Verdicts

    @property
    def task(self) -> Task:
        """What is compared with what."""
        return self.verdicts.task

    @property
    def weighed(self) -> Weighed:
        """The candidates and what speaks for them."""
        return self.verdicts.weighed

    @property
    def known(self) -> Circumstances:
        """What is known beyond the two tables."""
        return self.verdicts.known

    @cached_property
    def speaker(self) -> Speaker:
        """Words for the candidates."""
        return Speaker(self.task, self.weighed, self.verdicts.accounts.units)

    def findings(self) -> Columns:
        """Return the findings as columns of `matchers.base.FINDINGS`, as far as the records' quality carries them."""
        verdicts = self.verdicts
        columns: dict[str, Sequence[Any]] = {**verdicts.columns, **self._words()}
        counts = verdicts.accounts.column("counts") if self.known.quality else ()
        columns = carried(columns, self.known.quality, counts)
        return {**columns, "counted": verdicts.counted}

    def groups_known_by(self, row: int) -> str | None:
        """Return the digest of the taxonomy that a record's groups were read by; None where it speaks of none."""
        return self.verdicts.groups.known_by(row)

    def preconditions(self, row: int) -> dict[str, str | None]:
        """Return what must hold before a record is called absent, each with what speaks against it."""
        return preconditions(row, self.verdicts.around, self.verdicts.unmet)

    def _words(self) -> dict[str, list[Any]]:
        """Return the columns of findings that tell why."""
        if self.verdicts.groups.of_groups:
            named = ("official_name", "causes", "failed_preconditions", "reason")
            return {name: [finding[name] for finding in self.verdicts.of_groups] for name in named}
        rows = range(len(self.verdicts))
        causes = list(map(self._causes, rows))
        return {
            "official_name": self._official_names,
            "causes": causes,
            "failed_preconditions": [
                list(filter(None, self.preconditions(row).values())) if failed else ()
                for row, failed in enumerate(self.verdicts.columns["failed_preconditions"])
            ],
            "reason": [self._reason(row, causes[row]) for row in rows],
        }

    @cached_property
    def _official_names(self) -> list[str | None]:
        rows = self.verdicts.leading.row
        found = np.flatnonzero(rows >= 0)
        said: list[str | None] = [None] * len(rows)
        names = self.task.official.index.first_names(rows[found])
        for row, name in zip(found.tolist(), names, strict=True):
            said[row] = name
        return said

    def _reason(self, row: int, causes: tuple[str, ...]) -> str:
        placed, position = self.verdicts.placements[row], int(self.verdicts.position[row])
        best = self._best(row)
        if position >= 0 and best is not None:
            reason = matched_reason(self.task.official, best, self.verdicts.counts.reason(position))
        else:
            verdict = placed.verdict or Verdict.INSUFFICIENT_EVIDENCE
            told = Placement(verdict, placed.subtype)
            reason = placement_reason(self._situation(row), told, self.task.official, best)
        decided = self.verdicts.decided[row].sentences
        return " ".join((reason.strip(), *decided, *self._company(row), *causes_sentence(causes)))

    def _best(self, row: int) -> Best | None:
        at, name = int(self.verdicts.leading.at[row]), self._official_names[row]
        levels = self.verdicts.leading.levels[row]
        if name is None or levels is None:
            return None
        return Best(name, self.speaker.first(at), like=levels.name not in NAMELESS)

    def _situation(self, row: int) -> Situation:
        verdicts, parameters = self.verdicts, self.task.parameters
        leading = verdicts.leading
        rival = (_RIVAL,) if rivalled(leading.second[row], parameters.absence) else ()
        return Situation(
            missing=self._missing(row) if verdicts.missing[row] else None,
            outside=outside(verdicts.accounts.subject(row), self.task.official.coverage),
            doubts=(*leading.doubts[row], *rival),
            failed=tuple(filter(None, self.preconditions(row).values())),
            likely=bool(leading.p[row] >= verdicts.p_absent[row]),
        )

    def _missing(self, row: int) -> str:
        if len(self.task.official.index.places):
            return "the record gives neither a name nor a location"
        if self.task.official.whole:
            return "the list holds no place"
        if not self.verdicts.accounts.located[row]:
            return "the record gives no location, and a list as long as this one is searched near a location only"
        return "the list holds no place within about 100 km"

    def _company(self, row: int) -> Iterator[str]:
        rival = self.weighed.rival[row]
        if rival is not None:
            name = self.task.official.index.first_names(np.array([rival.row]))[0]
            alone, joint = self.weighed.alone[row], self.weighed.posterior.absent[row]
            yield company_reason(rival.record, name, float(alone), float(joint))

    def _causes(self, row: int) -> tuple[str, ...]:
        verdicts = self.verdicts
        verdict, subtype = verdicts.columns["verdict"][row], verdicts.placements[row].subtype
        if verdict not in _MISSING and subtype not in {"possibly_absent", "possible_match"}:
            return ()
        at, levels = int(verdicts.leading.at[row]), verdicts.leading.levels[row]
        texts = self.speaker.written(at) if levels is not None else None
        found = causes_of(
            Surrounding(
                subject=verdicts.accounts.subject(row),
                levels=levels._asdict() if levels is not None else {},
                scripts=(None, None) if texts is None else (script_of(texts[0]), script_of(texts[1])),
                enclosed=bool(verdicts.around.enclosed[row]),
                founded_after=bool(verdicts.founded_after[row]),
                suppressed=levels is not None and self._suppressed(int(verdicts.leading.row[row])),
                mobile=bool(verdicts.accounts.mobile[row]),
            ),
            self.task.official.coverage,
        )
        return tuple(cause for cause in found if cause in OF_ENTRY) if subtype == "possible_match" else found

    def _suppressed(self, entry: int) -> bool:
        counts: list[Mapping[str, Any]] | None = self.task.official.index.places.column("counts")[entry].as_py()
        return any(count["status"] == CellStatus.SUPPRESSED for count in counts or ())
