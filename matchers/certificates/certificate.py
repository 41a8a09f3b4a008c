"""The search certificate of a finding: what was searched, how, with what result, so that anybody can repeat it.

A certificate holds everything that the finding rests on beside the account and the list themselves, which it names by
their digests. Its canonical form is one line of JSON, the same bytes wherever and whenever it is made.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any

import numpy as np
import orjson

from geodata import coverage
from matchers.base import OfficialList
from matchers.company.joint import Company, companies_of
from matchers.judging.judge import Judge
from matchers.parameters import Parameters
from matchers.priors import prior_of

#: Version of the form. A reader that does not know it should not guess.
FORM = 1

_BITS = 6  # decimals of evidence told; beyond, sums of floats depend on the order of the list's rows

Plain = dict[str, Any]  # JSON values


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a finding was made from, by name."""

    record: Plain  # its id and the digest of its account, as its keeper makes them
    official: OfficialList
    parameters: str  # sha256 of the set
    today: str  # ISO 8601
    release: str  # of this software
    decisions_until: int | None = None  # mark up to which people's decisions were remembered; None where nobody decided


def searches(judge: Judge) -> Iterator[Plain]:
    """Yield for each record of a block what was searched for it, and what the list had to fulfil."""
    task, weighed = judge.task, judge.weighed
    records, official = task.records, task.official
    size = len(records.places)
    radius = weighed.reach.radius_m(task.parameters.geography)
    located = np.isfinite(records.places.lat) & np.isfinite(records.places.lon)
    holding = np.bincount(weighed.holding.query, minlength=size).tolist()
    company = companies_of(weighed, official.index.places.ids)
    prior = prior_of(official.coverage.completeness, task.profile.list_type, task.parameters.absence)
    names: list[list[str]] = [[] for _ in range(size)]
    for row, which in zip(records.name_rows.tolist(), records.names.which.tolist(), strict=True):
        names[row].append(records.names.texts[which])
    for row in range(size):
        yield {
            "names": names[row],
            "radius_m": round(float(radius[row]), 1) if located[row] else None,
            "units": _units(judge, row),
            "taxonomy": judge.groups_known_by(row),
            "entries": len(official.index.places),
            "boundaries": holding[row],
            "candidates": int(weighed.proposed[row]),
            "prior": prior,
            "preconditions": judge.preconditions(row),
            "company": _company(company[row]),
            "known": judge.known.told(records.places.ids[row]),
        }


def certificate(
    grounds: Grounds, search: Plain, finding: Mapping[str, Any], changes: Sequence[Plain] | None = None
) -> Plain:
    """Return the certificate of a finding as JSON values.

    `finding` has the fields of `matchers.base.FINDINGS`, the model's version, and `candidates`, best first; `changes`
    are its smallest changes (`matchers.certificates.counterfactual`), None where nobody worked them out.
    """
    official = grounds.official
    return {
        "form": FORM,
        "release": grounds.release,
        "record": grounds.record,
        "list": {
            "source": official.source,
            "title": official.title,
            "snapshot": official.snapshot,
            "vintage": official.vintage,
            "reference_date": official.reference_date.isoformat() if official.reference_date else None,
            "coverage": coverage.to_dict(official.coverage),
        },
        "model": {"version": finding["model"], "parameters": grounds.parameters},
        "today": grounds.today,
        "decisions_until": grounds.decisions_until,
        "search": search,
        "finding": {name: _listed(finding[name]) for name in _FINDING},
        "candidates": [_candidate(candidate) for candidate in finding["candidates"]],
        "smallest_changes": None if changes is None else list(changes),
    }


def canonical(value: Any) -> bytes:
    """Return JSON values as one line of UTF-8: keys sorted, no spaces, floats in as few digits as tell them apart."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


@lru_cache(maxsize=16)
def parameters_sha256(parameters: Parameters) -> str:
    """Return the sha256 of the canonical form of all parameters, their version among them."""
    return sha256(canonical(asdict(parameters))).hexdigest()


def account_sha256(row: Mapping[str, Any]) -> str:
    """Return the digest of an account as a row of `geodata.places.SCHEMA`."""
    return sha256(orjson.dumps(row, default=bytes.hex, option=orjson.OPT_SORT_KEYS)).hexdigest()


def differences(stated: Any, found: Any, at: str = "") -> Iterator[str]:
    """Yield where two certificates differ, each as one line: where, what is stated, and what was found."""
    if isinstance(stated, dict) and isinstance(found, dict):
        for key in sorted(stated.keys() | found.keys()):
            yield from differences(stated.get(key), found.get(key), f"{at}.{key}" if at else key)
    elif isinstance(stated, list) and isinstance(found, list) and len(stated) == len(found):
        for number, (one, other) in enumerate(zip(stated, found, strict=True)):
            yield from differences(one, other, f"{at}.{number}")
    elif canonical(stated) != canonical(found):
        yield f"{at}: stated {_short(stated)}, found {_short(found)}"


#: What of a finding its certificate tells; identifiers of its own and of its keeper are not part of it.
_FINDING = (
    "verdict",
    "subtype",
    "p_absent",
    "p_absent_alone",
    "official_id",
    "official_name",
    "p_match",
    "competitor",
    "needs_review",
    "attributes",
    "failed_preconditions",
    "causes",
    "counted",
    "reason",
)


@dataclass(frozen=True)
class Replayed:
    """A certificate as it was stated, and as it was made again."""

    stated: Plain
    found: Plain

    @property
    def reproduced(self) -> bool:
        """Whether both are the same, byte for byte."""
        return canonical(self.stated) == canonical(self.found)

    @property
    def differences(self) -> list[str]:
        """Where they differ, one line each."""
        return list(differences(self.stated, self.found))


def company_from(search: Mapping[str, Any]) -> Company:
    """Return what company came to, as a search states it."""
    said = search["company"]
    return Company(said["free"], tuple(said["rival"]) if said["rival"] else None, said["part_of"])


def _company(company: Company) -> Plain:
    return {
        "free": dict(company.free),
        "rival": list(company.rival) if company.rival else None,
        "part_of": company.part_of,
    }


def _units(judge: Judge, row: int) -> dict[str, bool]:
    """Return the columns of units in which a record could be looked for, and whether the list has its unit."""
    said = zip(judge.task.profile.units, judge.task.said[:, row].tolist(), strict=True)
    return {unit.column: number >= 0 for unit, number in said if number != -1}


def _candidate(candidate: Mapping[str, Any]) -> Plain:
    shown = {name: value for name, value in candidate.items() if name not in {"evidence", "record_row"}}
    return shown | {
        "evidence": [{**part, "bits": round(part["bits"], _BITS)} for part in candidate["evidence"]],
        "bits": round(sum(part["bits"] for part in candidate["evidence"]), _BITS),
    }


def _listed(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _short(value: Any) -> str:
    text = canonical(value).decode()
    return text if len(text) <= 120 else f"{text[:117]}..."  # noqa: PLR2004 - what fits a line of a terminal
