"""What of a country's summary the page shows: of each group the areas of which there is something to tell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.plots.named_groups import said_by_any
from service.web.wording import STEPS


def as_shown(summary: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of the page.

    An area is shown where somebody is told to have named the group there, or a list answers otherwise than for the
    country; of its lists those that do. The spreadsheet holds every row.
    """
    steps = {
        step: {group["group"]: said_by_any(group["official"], step) for group in summary["groups"]} for step in STEPS
    }
    return {"shown": {**summary, "groups": list(map(_shortened, summary["groups"]))}, "steps": steps}


def _shortened(group: Mapping[str, Any]) -> dict[str, Any]:
    country = {one["list"]["source"]: _answers(one) for one in group["official"]}
    areas = [
        {**area, "official": [one for one in area["official"] if _answers(one) != country[one["list"]["source"]]]}
        for area in group["areas"]
    ]
    return {
        **group,
        "areas": [area for area in areas if area["official"] or area["respondents"] or area["participants"]],
    }


def _answers(counted: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(counted[step] for step in STEPS)
