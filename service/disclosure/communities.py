"""What is said about a community itself: its names, where it is, who and how many live there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from geodata.cells import CellStatus
from geodata.countries import country_name
from geodata.kinds import kind_of, lineage
from service.accounts.account import Account, Count, Name
from service.disclosure.groups import fairly_named
from service.disclosure.locations import as_given, published_location
from service.disclosure.policy import Sensitivity, View, handling_of, sensitivity_of
from service.disclosure.tags import shown_tags
from service.store.values import Record

Withheld = dict[str, str]  # what was left out or blurred, and why


def community(record: Record, view: View) -> tuple[dict[str, Any], Withheld]:
    """Return what this view shows of a community, and what it leaves out."""
    account = fairly_named(record.account)
    if view.inside:
        shown, withheld = _whole(account, evidence=view is View.FULL)
    else:
        shown, withheld = _published(record, account, exact=view is View.EXACT)
    return shown | {"sensitivity": sensitivity_of(record.account).value, "tags": shown_tags(record, view)}, withheld


def _whole(account: Account, *, evidence: bool) -> tuple[dict[str, Any], Withheld]:
    shown = {
        **_names(account),
        "country": account.country,
        "location": as_given(account),
        "area": account.area,
        "admin": dict(account.admin),
        "kind": account.kind,
        "groups": list(account.groups),
        "counts": [_plain(count) for count in account.counts],
        "observed": account.observed,
        "founded": account.founded,
        "drivers": list(account.drivers),
        "sdg": list(account.sdg),
        "consent": account.consent,
        "evidence": list(account.evidence) if evidence else [],
    }
    kept_back = bool(account.evidence) and not evidence
    return shown, {"evidence": "the consent is internal to the organisation"} if kept_back else {}


def _published(record: Record, account: Account, *, exact: bool) -> tuple[dict[str, Any], Withheld]:
    sensitivity = sensitivity_of(record.account)
    named = exact or sensitivity is Sensitivity.OPEN
    withheld: Withheld = {"evidence": "not published", "organisation": "not published"}
    location = as_given(account)
    if not exact:
        location, why = published_location(record, sensitivity)
        withheld |= {"area": "not published", "admin": "not published"} | ({"location": why} if why else {})
    if not named:
        withheld |= {"names": "a name alone could tell where this is", "groups": "could tell who lives there"}
    counts = [_published_count(count, sensitivity, named=named) for count in account.counts]
    if any(count["status"] == CellStatus.SUPPRESSED for count in counts):
        withheld["counts"] = f"numbers under {handling_of(sensitivity).smallest_count} are not published"
    return {
        **(_names(account) if named else {"name": _in_general(account, location), "names": []}),
        "country": account.country,
        "location": location,
        "area": account.area if exact else None,
        "admin": dict(account.admin) if exact else {},
        "kind": account.kind,
        "groups": list(account.groups) if named else [],
        "counts": counts,
        "observed": account.observed,
        "founded": account.founded,
        "drivers": list(account.drivers) if named else [],
        "sdg": list(account.sdg),
        "consent": account.consent,
        "evidence": [],
    }, withheld


def _names(account: Account) -> dict[str, Any]:
    return {
        "name": account.names[0].text if account.names else None,
        "names": [_plain(name) for name in account.names],
    }


def _plain(part: Name | Count) -> dict[str, Any]:
    """Return the members of a name or count, of which none has members of its own."""
    return {member: getattr(part, member) for member in part.__slots__}


def _in_general(account: Account, location: Mapping[str, Any] | None) -> str:
    """Return what a community is called whose name is withheld; of where it is no more than its place shows."""
    kind = kind_of(account.kind)
    what = next((_WORDS[term] for term in lineage(kind) if term in _WORDS), "A community") if kind else "A community"
    country = country_name(account.country)
    unit = location["unit"] if location else None
    return f"{what} in {unit}, {country}" if unit else f"{what} in {country}"


_WORDS = {"settlement": "A settlement", "facility": "A facility", "group": "A group of people"}


def _published_count(count: Count, sensitivity: Sensitivity, *, named: bool) -> dict[str, Any]:
    told, handling = _plain(count), handling_of(sensitivity)
    numbers = {part: told[part] for part in ("value", "low", "high")}
    given = [number for number in numbers.values() if number is not None]
    if given and min(given) < handling.smallest_count:
        numbers = dict.fromkeys(numbers)
        told["status"] = CellStatus.SUPPRESSED.value
    elif handling.round_to > 1:
        to = handling.round_to
        numbers = {part: None if n is None else float(round(n / to) * to) for part, n in numbers.items()}
    return {**told, **numbers, "group": count.group if named else None}
