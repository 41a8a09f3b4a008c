"""Certifying: records compared with a list, each finding with its whole certificate, the smallest changes too."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from geodata.places import Places
from matchers.base import Comparison, OfficialList
from matchers.certificates.certificate import Grounds, Plain, certificate, company_from, parameters_sha256
from matchers.certificates.counterfactual import Case
from matchers.circumstances import NOTHING_KNOWN, Circumstances
from matchers.company.joint import Company
from matchers.compare import compare
from matchers.counting.frame import Setting
from matchers.memory.decisions import NOTHING, Memory
from matchers.parameters import DEFAULTS, Parameters
from matchers.quality.standing import inherited


@dataclass(frozen=True)
class Ground:
    """What records are compared with, and how."""

    official: OfficialList
    today: date
    release: str  # of this software
    parameters: Parameters = DEFAULTS
    memory: Memory = NOTHING
    decisions_until: int | None = None  # the mark of that memory
    known: Circumstances = NOTHING_KNOWN

    @property
    def setting(self) -> Setting:
        """What of this the counts are compared in."""
        return Setting(self.official, self.parameters.counting, self.today, self.known)

    def again(self, places: Places, company: Mapping[str, Company]) -> Comparison:
        """Compare records as their company left them, by record, keeping how each was searched."""
        return compare(
            places,
            self.official,
            self.parameters,
            today=self.today,
            memory=self.memory,
            company=company,
            certify=True,
            known=self.known,
        )

    def alike(self, places: Places, company: Company) -> Comparison:
        """Compare records that all had one company."""
        return self.again(places, dict.fromkeys(places.ids, company))

    def named(self, record: Plain) -> Grounds:
        """Return the grounds of one record's finding by name."""
        parameters, today = parameters_sha256(self.parameters), self.today.isoformat()
        return Grounds(record, self.official, parameters, today, self.release, self.decisions_until)


def certificates(ground: Ground, places: Places, records: Sequence[Plain], comparison: Comparison) -> Iterator[Plain]:
    """Yield the certificate of every row of a comparison, in order.

    `records` name each row and the digest of its account, as their keeper does.
    """
    candidates: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for candidate in comparison.best.rows():
        candidates[candidate.pop("record_row")].append(candidate)
    told = inherited(places, ground.known.quality).table.to_pylist()
    rows = zip(told, records, comparison.found.rows(), comparison.searches, strict=True)
    for number, (row, record, finding, search) in enumerate(rows):
        whole = finding | {"model": comparison.model, "candidates": candidates[number]}
        company = company_from(search)
        case = Case(row, ground.setting, whole, candidates[number], company, ground.alike)
        yield certificate(ground.named(record), search, whole, case.smallest_changes())
