"""An account: what one organisation says about one community, already checked at the border, not yet kept."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import orjson
import shapely
from shapely.geometry import mapping, shape

from geodata.names.scripts import script_of
from geodata.places import Places


class Consent(StrEnum):
    """How far the community agreed to be shown, from least to most."""

    INTERNAL = "internal"
    REVIEWERS = "reviewers"
    PARTNERS = "partners"
    PUBLIC_AGGREGATE = "public_aggregate"
    PUBLIC_MASKED = "public_masked"
    PUBLIC_EXACT = "public_exact"


class Sensitivity(StrEnum):
    """How much harm showing it could do, from least to most."""

    OPEN = "open"
    CAUTION = "caution"
    RESTRICTED = "restricted"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Name:
    """A name as written; language is BCP 47, script ISO 15924."""

    text: str
    language: str | None = None
    script: str | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """A count of people, households or dwellings; either `value`, or a range `low`..`high`, or a reason in `status`."""

    value: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str = "persons"
    group: str | None = None
    method: str | None = None
    date: date | None = None
    status: str = "observed"


@dataclass(frozen=True, slots=True)
class Account:
    """One organisation's account of one community. Coordinates are WGS 84 degrees, `area` a GeoJSON (multi)polygon."""

    names: tuple[Name, ...]
    country: str  # ISO 3166-1 alpha-3
    own_id: str | None = None  # the organisation's own identifier, unique within it
    lat: float | None = None
    lon: float | None = None
    r95_m: float | None = None
    area: dict[str, Any] | None = None
    admin: tuple[
        tuple[str, str], ...
    ] = ()  # (level or scheme, code or name), e.g. ("pcode", "KE047"), ("county", "Nairobi")
    kind: str | None = None
    groups: tuple[str, ...] = ()
    counts: tuple[Count, ...] = ()
    observed: date | None = None
    founded: date | None = None
    drivers: tuple[str, ...] = ()
    sdg: tuple[str, ...] = ()
    consent: str = "internal"
    sensitivity: str = "open"
    evidence: tuple[str, ...] = ()
    collection: str | None = None
    attributes: tuple[tuple[str, str], ...] = ()

    def point(self) -> tuple[float, float] | None:
        """Return latitude and longitude as given, else of a point inside the area; None where nothing says."""
        if self.lat is not None and self.lon is not None:
            return self.lat, self.lon
        if self.area is None:
            return None
        inside = shape(self.area).representative_point()
        return inside.y, inside.x

    def fingerprint(self) -> str:
        """Return the sha256 of the canonical body: same content, same fingerprint."""
        body = {field: getattr(self, field) for field in self.__slots__}
        for several in ("names", "counts"):
            body[several] = [{field: getattr(one, field) for field in one.__slots__} for one in body[several]]
        return hashlib.sha256(orjson.dumps(body, option=orjson.OPT_SORT_KEYS)).hexdigest()

    @classmethod
    def from_body(cls, body: dict[str, Any]) -> Account:
        """Build from a kept body."""
        pairs = {key: tuple((str(a), str(b)) for a, b in body.get(key, ())) for key in ("admin", "attributes")}
        texts = {key: tuple(body.get(key, ())) for key in ("groups", "drivers", "sdg", "evidence")}
        days = {key: date.fromisoformat(body[key]) if body.get(key) else None for key in ("observed", "founded")}
        counts = tuple(
            Count(**{**count, "date": date.fromisoformat(count["date"]) if count.get("date") else None})
            for count in body.get("counts", ())
        )
        names = tuple(Name(**name) for name in body["names"])
        return cls(**{**body, **pairs, **texts, **days, "counts": counts, "names": names})


def written(text: str, language: str | None = None, script: str | None = None) -> Name:
    """Return a name as written; its script is told by its letters unless it is said."""
    return Name(text, language, script or script_of(text))


def as_places(ids: Sequence[str], accounts: Sequence[Account]) -> Places:
    """Return accounts as rows of places, in the same order."""
    return Places.from_rows(_place(place_id, account) for place_id, account in zip(ids, accounts, strict=True))


def from_places(places: Places) -> list[Account]:
    """Return rows of places as accounts: the way from a file to `submit.accept`. The row's id becomes the own id."""
    return [_account(row) for row in places.table.to_pylist()]


def _account(row: dict[str, Any]) -> Account:
    return Account(
        names=tuple(written(**name) for name in row["names"]),
        country=row["country"],
        own_id=row["id"],
        lat=row["lat"],
        lon=row["lon"],
        r95_m=row["r95_m"],
        area=None if row["area"] is None else mapping(shapely.from_wkb(row["area"])),
        admin=tuple(row["admin"] or ()),
        kind=row["kind"],
        groups=tuple(row["groups"] or ()),
        counts=tuple(Count(**count) for count in row["counts"] or ()),
        observed=row["observed"],
        founded=row["founded"],
        attributes=tuple(row["attributes"] or ()),
    )


def _place(place_id: str, account: Account) -> dict[str, Any]:
    lat, lon = account.point() or (None, None)
    drivers = (("drivers", "; ".join(account.drivers)),) if account.drivers else ()
    return {
        "id": place_id,
        "names": [{"text": name.text, "language": name.language, "script": name.script} for name in account.names],
        "country": account.country,
        "admin": list(account.admin),
        "lat": lat,
        "lon": lon,
        "r95_m": account.r95_m,
        "area": None if account.area is None else shapely.to_wkb(shape(account.area)),
        "kind": account.kind,
        "groups": list(account.groups),
        "counts": [asdict(count) for count in account.counts],
        "observed": account.observed,
        "founded": account.founded,
        "attributes": [*account.attributes, *drivers],
    }
