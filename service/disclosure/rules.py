"""The policy of disclosure in words, for everybody: by what a community is of which class, and what that means."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from geodata import sensitivity
from geodata.countries import country_name
from geodata.sensitivity import Handling, LocationMethod, Policy, Rule
from geodata.taxonomy import in_force as groups_in_force
from service.disclosure.policy import Sensitivity, handling_of

_OTHERS = {
    Sensitivity.OPEN: "whoever reads what people published, as far as the community agreed",
    Sensitivity.CAUTION: "whoever reads what people published, as far as the community agreed; without its name",
    Sensitivity.RESTRICTED: "its organisation and reviewers; others only in totals",
    Sensitivity.CLOSED: "its organisation alone; to others it does not exist",
}


def redact_policy() -> dict[str, Any]:
    """Return the policy in force: its classes, its rules and who signed off what. It holds nothing to withhold."""
    policy = sensitivity.in_force()
    return {
        "version": policy.version,
        "digest": policy.digest,
        "classes": [_class(one) for one in Sensitivity],
        "rules": [_rule(rule) for rule in sorted(policy.rules, key=_order)],
        "boards": [asdict(board) for board in policy.boards],
        "note": _note(policy),
    }


def _class(one: Sensitivity) -> dict[str, Any]:
    handling = handling_of(one)
    return {
        "id": one.value,
        "seen_by": _OTHERS[one],
        **asdict(handling),
        "location": handling.location.value,
        "place_in_words": _place(handling),
    }


def _place(handling: Handling) -> str:
    """Return in words how a place is shown."""
    cell = (
        f"the finest cell of H3, resolution {handling.finest_cell} at most, in which official lists know "
        f"{handling.least_population:,} residents and {handling.least_settlements} settlements"
    )
    words = {
        LocationMethod.DONUT: f"a point moved once, among {handling.least_around} to {handling.most_around:,} people",
        LocationMethod.H3: cell,
        LocationMethod.ADMIN: "the middle of its district, by official places",
        LocationMethod.HOLD: "held back",
    }
    methods = tuple(LocationMethod)
    return "; else ".join(words[method] for method in methods[methods.index(handling.location) :])


def _rule(rule: Rule) -> dict[str, Any]:
    known = groups_in_force()
    names = {name: getattr(rule, name) for name in ("groups", "countries", "kinds", "drivers")}
    return {
        "id": rule.id,
        "label": rule.label,
        "class": tuple(Sensitivity)[int(rule.sensitivity[1])].value,
        "why": rule.why,
        "groups": sorted(known[one].label for one in names["groups"]),
        "countries": sorted(map(country_name, names["countries"])),
        "kinds": sorted(one.replace("_", " ") for one in names["kinds"]),
        "drivers": sorted(names["drivers"]),
    }


def _order(rule: Rule) -> tuple[int, str]:
    return -int(rule.sensitivity[1]), rule.id


def _note(policy: Policy) -> str:
    lowered = " Something was lowered, by the boards named here." if policy.boards else ""
    return (
        "A community is of the highest class that its organisation, its collection, any of its groups in its country, "
        "any of these rules, or a name that tells who lives there calls for. What a rule names has to hold together."
        + lowered
    )
