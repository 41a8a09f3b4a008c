"""What was found about a community, in numbers and in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

from service.disclosure.groups import fairly_told
from service.disclosure.policy import View
from service.store.values import Finding, Record, RecordState


class Listing(Protocol):
    """An official list by its name: its entry in the catalogue, or the list itself."""

    @property
    def title(self) -> str:
        """The name it is published under."""

    @property
    def vintage(self) -> str:
        """The state of the list, as its publisher names it."""


Lists = Mapping[str, Listing]  # the lists that verdicts name, by the sha256 of their snapshots

#: What may be said to everybody; the full reason names places and distances from which the community could be found.
_PUBLIC_REASONS = {
    "hidden_place": "Not found in {list}.",
    "hidden_group": "A group of this community is not counted by itself in {list}.",
    "undercount": "Found in {list}, with fewer people than were counted there.",
    "consistent": "Found in {list}.",
    "stale_official": "{list} is too old to answer for this community.",
    "needs_review": "It could not be decided whether {list} names this community; a person has to look.",
    "not_assessable": "{list} would not name a community of this kind, so its silence says nothing.",
    "insufficient_evidence": "Too little is known to say whether {list} names this community.",
}


_SET_ASIDE = "It is kept, and set aside until a person has looked at it."

_WITHDRAWN = "Its organisation withdrew it: the list that replaced the one it came with no longer has it."

#: Where there is no finding to give a reason.
_NOT_COMPARED = {
    None: "It is kept, and waits to be compared with the official lists.",
    "insufficient_evidence": "No official list in use here covers this country, so nothing could be compared.",
}


class Instead(NamedTuple):
    """The verdict of a community where that is another than the record's own: by people, or by several counts."""

    verdict: str
    by_people: bool


def verification(record: Record, view: View, lists: Lists, instead: Instead | None = None) -> dict[str, Any]:
    """Return the verdict on a record with what this view shows of its grounds; outsiders are told `instead`."""
    record = fairly_told(record)
    primary = record.findings[0] if record.findings else None
    return {
        "verdict": record.verdict,
        "subtype": primary.subtype if primary else None,
        "probability": record.p_absent,
        "needs_review": primary.needs_review if primary else False,
        **(_inside(record, lists) if view.inside else _outside(primary, lists, instead)),
        **({} if primary else _unfounded(record)),
    }


def _unfounded(record: Record) -> dict[str, Any]:
    if record.quarantine:
        told = [ground.sentence for ground in record.quarantine]
        return {"reason": " ".join([_SET_ASIDE, *told]), "reasons": told}
    reason = _WITHDRAWN if record.state is RecordState.WITHDRAWN else _NOT_COMPARED.get(record.verdict)
    return {"reason": reason, "reasons": [reason] if reason else []}


def _inside(record: Record, lists: Lists) -> dict[str, Any]:
    primary = record.findings[0] if record.findings else None
    candidates = [_candidate(candidate) for candidate in primary.candidates] if primary else []
    sentences = [part["sentence"] for candidate in candidates[:1] for part in candidate["evidence"]]
    return {
        "reason": primary.reason if primary else None,
        "reasons": [text for text in ([primary.reason] if primary else []) + sentences if text],
        "list": _list(primary, lists) if primary else None,
        "official": _official(primary) if primary else None,
        "candidates": candidates,
        "findings": [_finding(finding, lists) for finding in record.findings],
    }


def _outside(primary: Finding | None, lists: Lists, instead: Instead | None) -> dict[str, Any]:
    reason = None
    if primary is not None and primary.verdict in _PUBLIC_REASONS:
        entry = lists.get(primary.snapshot)
        name = f"{entry.title}, vintage {entry.vintage}" if entry else primary.source
        later = lists.get(primary.holds_at) if primary.holds_at else None
        still = f" Nothing about it changed up to vintage {later.vintage}." if later else ""
        checked = f" Checked on {primary.created_at:%Y-%m-%d}."
        confirmed = " Confirmed by people." if instead and instead.by_people else ""
        verdict = instead.verdict if instead else primary.verdict
        reason = _PUBLIC_REASONS[verdict].format(list=name) + confirmed + still + checked
    return {
        "reason": reason,
        "reasons": [reason] if reason else [],
        "list": _list(primary, lists) if primary else None,
        "official": None,
        "candidates": [],
        "findings": [],
    }


def _list(finding: Finding, lists: Lists) -> dict[str, Any]:
    entry, later = lists.get(finding.snapshot), lists.get(finding.holds_at or "")
    return {
        "source": finding.source,
        "title": entry.title if entry else finding.source,
        "vintage": entry.vintage if entry else None,
        "snapshot": finding.snapshot,
        "holds_at": finding.holds_at,
        "holds_at_vintage": later.vintage if later else None,
    }


def _official(finding: Finding) -> dict[str, Any] | None:
    if finding.official_id is None:
        return None
    return {"id": finding.official_id, "name": finding.official_name, "probability": finding.p_match}


def _finding(finding: Finding, lists: Lists) -> dict[str, Any]:
    return {
        "id": finding.id,
        "list": _list(finding, lists),
        "model": finding.model,
        "verdict": finding.verdict,
        "subtype": finding.subtype,
        "probability": finding.p_absent,
        "probability_alone": finding.p_absent_alone,
        "official": _official(finding),
        "competitor": finding.competitor,
        "causes": list(finding.causes),
        "counted": finding.counted,
        "needs_review": finding.needs_review,
        "attributes": list(finding.attributes),
        "failed_preconditions": list(finding.failed_preconditions),
        "reason": finding.reason,
        "parameters": finding.parameters,
        "search": _search(finding.certificate["search"]) if finding.certificate else None,
        "created_at": finding.created_at,
    }


def _search(search: Mapping[str, Any]) -> dict[str, Any]:
    parts = ("names", "radius_m", "units", "entries", "boundaries", "candidates", "prior", "preconditions")
    return {name: search.get(name) for name in parts}


def _candidate(candidate: Mapping[str, Any]) -> dict[str, Any]:
    shown = {
        name: candidate.get(name)
        for name in ("rank", "official_id", "official_name", "probability", "distance_m", "similarity")
    }
    parts = ("feature", "level", "bits", "citizen", "official", "sentence")
    evidence = [{name: part.get(name) for name in parts} for part in candidate.get("evidence") or ()]
    return {**shown, "evidence": evidence}
