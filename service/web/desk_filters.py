"""The filters of the queue's page as they stand in its address; what cannot be read is told, and the rest holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from geodata.countries import UnknownCountry, country_code
from matchers.base import Verdict
from service.desk.queue import Asked
from service.store.filters import FlagFilter
from service.store.queue import Assigned
from service.store.values import FlagStatus

#: What the form asks for, in its order.
FIELDS = (
    "q",
    "country",
    "admin",
    "verdict",
    "status",
    "source",
    "organisation",
    "collection",
    "assigned",
    "min_p",
    "max_p",
)
_LONGEST = 200
_ON_A_PAGE = 25


def read(given: Mapping[str, str]) -> tuple[Asked, dict[str, str], list[str]]:
    """Return what is asked for, the fields as they were filled, and what could not be read."""
    fields = {name: text for name in FIELDS if (text := " ".join(given.get(name, "").split())[:_LONGEST])}
    wrong: list[str] = []
    flags = FlagFilter(
        country=_country(fields.get("country"), wrong),
        verdicts=_one_of(Verdict, fields.get("verdict"), wrong),
        statuses=tuple(map(FlagStatus, _one_of(FlagStatus, fields.get("status"), wrong))),
        q=fields.get("q"),
        admin=fields.get("admin"),
        source=fields.get("source"),
        organisation=fields.get("organisation"),
        collection=fields.get("collection"),
        min_probability=_share(fields.get("min_p"), wrong),
        max_probability=_share(fields.get("max_p"), wrong),
    )
    assigned = next(iter(_one_of(Assigned, fields.get("assigned"), wrong)), None)
    cursor = given.get("cursor") or None
    asked = Asked(flags, Assigned(assigned) if assigned else None, given.get("blind") == "1", cursor, _ON_A_PAGE)
    return asked, fields, wrong


def address(fields: Mapping[str, str], *, blind: bool, cursor: str | None = None) -> str:
    """Return the query of the queue's page with these filters."""
    told = {**fields, **({"blind": "1"} if blind else {}), **({"cursor": cursor} if cursor else {})}
    return f"?{urlencode(told)}" if told else ""


def _country(text: str | None, wrong: list[str]) -> str | None:
    try:
        return country_code(text) if text else None
    except UnknownCountry:
        wrong.append(f"There is no country “{text}”.")
        return None


def _one_of(terms: Any, text: str | None, wrong: list[str]) -> tuple[str, ...]:
    if text is None:
        return ()
    if text in {term.value for term in terms}:
        return (text,)
    wrong.append(f"“{text}” is none of {', '.join(term.value for term in terms)}.")
    return ()


def _share(text: str | None, wrong: list[str]) -> float | None:
    if text is None:
        return None
    try:
        share = float(text.replace(",", ".").rstrip(" %")) / (100 if "%" in text else 1)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        wrong.append(f"“{text}” is no probability: write 0.8 or 80 %.")
        return None
    return share
