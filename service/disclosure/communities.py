"""What is said about a community itself: its names, where it is, who and how many live there."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from shapely.geometry import shape

from geodata.cells import CellStatus
from geodata.distance import haversine_m
from geodata.precision import coarsen, coarsened_radius
from service.account import Account, Count
from service.disclosure.groups import fairly_named
from service.disclosure.policy import GRID_M, ROUNDED_TO, SMALLEST_COUNT, Sensitivity, View, sensitivity_of
from service.disclosure.tags import shown_tags
from service.store.values import Record

Withheld = dict[str, str]  # what was left out or blurred, and why


def community(record: Record, view: View) -> tuple[dict[str, Any], Withheld]:
    """Return what this view shows of a community, and what it leaves out."""
    account, sensitivity = fairly_named(record.account), sensitivity_of(record.account)
    if view.inside:
        shown, withheld = _whole(account, evidence=view is View.FULL)
    else:
        shown, withheld = _published(account, sensitivity, exact=view is View.EXACT)
    return shown | {"sensitivity": sensitivity.value, "tags": shown_tags(record, view)}, withheld


def _whole(account: Account, *, evidence: bool) -> tuple[dict[str, Any], Withheld]:
    shown = {
        **_names(account),
        "country": account.country,
        "location": _location(account),
        "area": account.area,
        "admin": dict(account.admin),
        "kind": account.kind,
        "groups": list(account.groups),
        "counts": [asdict(count) for count in account.counts],
        "observed": account.observed,
        "founded": account.founded,
        "drivers": list(account.drivers),
        "sdg": list(account.sdg),
        "consent": account.consent,
        "evidence": list(account.evidence) if evidence else [],
    }
    kept_back = bool(account.evidence) and not evidence
    return shown, {"evidence": "the consent is internal to the organisation"} if kept_back else {}


def _published(account: Account, sensitivity: Sensitivity, *, exact: bool) -> tuple[dict[str, Any], Withheld]:
    named = exact or sensitivity is Sensitivity.OPEN
    withheld: Withheld = {"evidence": "not published", "organisation": "not published"}
    if not exact:
        if _point(account) is not None:
            withheld["location"] = f"moved to the centre of a cell of {GRID_M[sensitivity] / 1000:g} km"
        withheld |= {"area": "not published", "admin": "not published"}
    if not named:
        withheld |= {"names": "a name alone could tell where this is", "groups": "could tell who lives there"}
    counts = [_published_count(count, sensitivity, named=named) for count in account.counts]
    if any(count["status"] == CellStatus.SUPPRESSED for count in counts):
        withheld["counts"] = f"numbers under {SMALLEST_COUNT} are not published"
    return {
        **(_names(account) if named else {"name": None, "names": []}),
        "country": account.country,
        "location": _location(account) if exact else _blurred(account, GRID_M[sensitivity]),
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
        "names": [asdict(name) for name in account.names],
    }


def _published_count(count: Count, sensitivity: Sensitivity, *, named: bool) -> dict[str, Any]:
    told = asdict(count)
    numbers = {part: told[part] for part in ("value", "low", "high")}
    given = [number for number in numbers.values() if number is not None]
    if given and min(given) < SMALLEST_COUNT:
        numbers = dict.fromkeys(numbers)
        told["status"] = CellStatus.SUPPRESSED.value
    elif sensitivity is not Sensitivity.OPEN:
        numbers = {
            part: None if n is None else float(round(n / ROUNDED_TO) * ROUNDED_TO) for part, n in numbers.items()
        }
    return {**told, **numbers, "group": count.group if named else None}


def _point(account: Account) -> tuple[float, float, float | None] | None:
    """Return latitude, longitude and the radius that holds it; of an area, a point inside and half its extent."""
    if account.lat is not None and account.lon is not None:
        return account.lat, account.lon, account.r95_m
    if account.area is None:
        return None
    geometry = shape(account.area)
    point = geometry.representative_point()
    west, south, east, north = geometry.bounds
    return point.y, point.x, float(round(float(haversine_m(south, west, north, east)) / 2))


def _location(account: Account) -> dict[str, Any] | None:
    point = _point(account)
    if point is None:
        return None
    lat, lon, radius = point
    precision = "area" if account.lat is None else "as_given"
    return {"lat": lat, "lon": lon, "uncertainty_m": radius, "precision": precision}


def _blurred(account: Account, cell_m: float) -> dict[str, Any] | None:
    point = _point(account)
    if point is None:
        return None
    lat, lon, radius = point
    coarse = coarsen(lat, lon, cell_m)
    return {
        "lat": coarse.lat,
        "lon": coarse.lon,
        "uncertainty_m": coarsened_radius(coarse, radius),
        "precision": f"grid_{cell_m:.0f}m",
    }
