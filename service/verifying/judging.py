"""Judging: the findings about records, against every official list that may concern them.

Calls the matchers and keeps nothing. One broken record or list never takes the others down.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from operator import itemgetter
from typing import Any

import structlog

from geodata.kinds import fineness
from matchers.base import Comparison, OfficialList, Verdict
from matchers.certificates.certificate import parameters_sha256
from matchers.circumstances import NOTHING_KNOWN, Circumstances
from matchers.company.claims import NOBODY
from matchers.compare import compare
from matchers.judging.verdict import Standing, primary
from matchers.memory.decisions import NOTHING, Memory
from matchers.parameters import DEFAULTS
from service.accounts.account import as_places
from service.disclosure.policy import may_be_named, sensitivity_of
from service.official.longlists import Listed, pieces
from service.running import tracing
from service.running.logs import told_safely
from service.running.release import release
from service.store.identifiers import new_id
from service.store.memory import Remembered
from service.store.values import Finding, Record
from service.verifying.rivals import Rivals

log = structlog.get_logger(__name__)

#: What every record is judged with; each finding names it.
PARAMETERS = DEFAULTS
_KEPT = {field.name for field in fields(Finding)}

_NOTHING = Remembered()


@dataclass(frozen=True, slots=True)
class _Now:
    """When records are judged, and what people had decided by then."""

    at: datetime
    remembered: Remembered
    rivals: Rivals
    known: Circumstances

    def memory(self, official: OfficialList) -> Memory:
        return self.remembered.by_source.get(official.source, NOTHING)


def judge(  # noqa: PLR0913 - what is judged by position, the rest by keyword
    found: Sequence[Record],
    lists: Sequence[Listed],
    remembered: Remembered = _NOTHING,
    rivals: Rivals = lambda _found, _official: lambda _entries: NOBODY,
    *,
    known: Circumstances = NOTHING_KNOWN,
) -> dict[str, tuple[Finding, ...]]:
    """Return the findings about each record, the primary one first. `remembered` is what people decided about them.

    `rivals` finds the records verified before that claim the same entries of a list. `known` is what else is known,
    such as the quality of the collections they come from.

    A record that no list concerns has none. A record whose comparison with any list failed is left out altogether:
    half an answer would be taken for a whole one.
    """
    now = _Now(datetime.now(UTC), remembered, rivals, known)
    judged: dict[str, list[Finding]] = {record.id: [] for record in found}
    for official in lists:
        concerned = [record for record in found if record.id in judged and concerns(official, record.account.country)]
        compared = {
            finding.record_id: finding
            for near, rows in pieces(official, [record.account for record in concerned])
            for company in _companies([concerned[row] for row in rows])
            for finding in _findings(company, near, now)
        }
        for record in concerned:
            if record.id in compared:
                judged[record.id].append(compared[record.id])
            else:
                del judged[record.id]
    by_snapshot = {official.snapshot: official for official in lists}
    return {record_id: ordered(findings, by_snapshot) for record_id, findings in judged.items()}


def concerns(official: Listed, country: str) -> bool:
    """Return whether a list may hold places of a country; one that declares no country may hold any."""
    return not official.coverage.countries or country in official.coverage.countries


def ordered(findings: Sequence[Finding], lists: Mapping[str, Listed]) -> tuple[Finding, ...]:
    """Return the findings, the primary one first, marked where official lists contradict one another."""
    if not findings:
        return ()
    standings = [_standing(finding, lists[finding.snapshot]) for finding in findings]
    absent = any(standing.verdict == Verdict.HIDDEN_PLACE for standing in standings)
    if absent and any(standing.matched for standing in standings):
        findings = [replace(finding, attributes=(*finding.attributes, "conflicting_sources")) for finding in findings]
    first = primary(standings)
    return (findings[first], *findings[:first], *findings[first + 1 :])


def _standing(finding: Finding, official: Listed) -> Standing:
    return Standing(
        verdict=Verdict(finding.verdict),
        matched="matched" in finding.attributes,
        fineness=fineness(official.coverage.lowest_level),
        reference_date=official.reference_date,
    )


def _companies(records: Sequence[Record]) -> list[list[Record]]:
    """Return the records that may compete, together: whom others may not be told of competes among its own only."""
    companies: dict[tuple[str, str], list[Record]] = defaultdict(list)
    for record in records:
        alone = not may_be_named(record.account)
        key = (sensitivity_of(record.account).value, record.organisation) if alone else ("", "")
        companies[key].append(record)
    return list(companies.values())


def _findings(concerned: Sequence[Record], official: OfficialList, now: _Now) -> Iterator[Finding]:
    """Compare records with one list; where that fails, look for the record that is to blame and leave out only it."""
    if not concerned:
        return
    ids, accounts = [record.id for record in concerned], [record.account for record in concerned]
    try:
        places = as_places(ids, accounts)
        with tracing.span("compared", source=official.source, records=len(concerned)):
            comparison = compare(
                places,
                official,
                parameters=PARAMETERS,
                today=now.at.date(),
                memory=now.memory(official),
                certify=True,
                others=now.rivals(concerned, official),
                known=now.known,
            )
        found = list(_compared(concerned, comparison, now))
    except Exception as error:  # noqa: BLE001  # whatever a matcher stumbles over: this record waits, the rest goes on
        if len(concerned) == 1:
            told = told_safely(error) | {"record": ids[0], "source": official.source, "snapshot": official.snapshot}
            log.error("verify.failed", **told)  # noqa: TRY400  # a traceback would repeat the record's names
            return
        half = len(concerned) // 2
        yield from _findings(concerned[:half], official, now)
        yield from _findings(concerned[half:], official, now)
    else:
        yield from found


def _compared(concerned: Sequence[Record], comparison: Comparison, now: _Now) -> Iterator[Finding]:
    candidates: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for candidate in comparison.best.rows():
        candidates[candidate.pop("record_row")].append(candidate)
    rows = zip(concerned, comparison.found.rows(), comparison.searches, strict=True)
    for row, (record, values, search) in enumerate(rows):
        kept = {name: value for name, value in values.items() if name in _KEPT}
        kept |= {name: tuple(values[name]) for name in ("attributes", "failed_preconditions", "causes")}
        best_first = sorted(candidates[row], key=itemgetter("rank"))
        yield Finding(
            **kept,
            id=new_id(),
            revision=record.revision,
            source=comparison.source,
            snapshot=comparison.snapshot,
            model=comparison.model,
            candidates=tuple(best_first),
            created_at=now.at,
            parameters=parameters_sha256(PARAMETERS),
            certificate={"search": search, "release": release(), "decisions_until": now.remembered.mark},
        )
