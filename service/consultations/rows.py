"""A summary as flat rows, for spreadsheets: one row per group, area and official list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

SUMMARY_COLUMNS = (
    "country",
    "edition",
    "group",
    "label",
    "dimension",
    "level",
    "province",
    "municipality",
    "respondents",
    "share",
    "meetings",
    "participants",
    "at_least",
    "list",
    "vintage",
    "collected",
    "category",
    "published",
    "because",
    "reason",
    "goals",
    "factors",
    "note",
)
_NAMED = ("respondents", "share", "meetings", "participants", "at_least")
_COUNTED = ("collected", "category", "published", "because", "reason")


def summary_rows(summary: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the rows of a summary; where no list covers the country, a group still has its row."""
    note = summary["limits"][0]
    for group in summary["groups"]:
        about = {name: group[name] for name in ("group", "label", "dimension", "goals", "factors")}
        about |= {"country": summary["country"]["code"], "edition": summary["edition"], "note": note}
        whole = {"level": "country", "province": None, "municipality": None}
        for area in ({**group, **whole}, *group["areas"]):
            place = {name: area[name] for name in ("level", "province", "municipality", *_NAMED)}
            for counted in area["official"] or [None]:
                yield about | place | _counted(counted)


def _counted(counted: Mapping[str, Any] | None) -> dict[str, Any]:
    if counted is None:
        return dict.fromkeys(("list", "vintage", *_COUNTED))
    told = {name: counted[name] for name in _COUNTED}
    return {"list": counted["list"]["title"], "vintage": counted["list"]["vintage"], **told}
