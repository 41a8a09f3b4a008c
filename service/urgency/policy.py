"""The queue policy: what is lost by a wrong verdict and by waiting, in one file that an operator may replace."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib import resources
from pathlib import Path
from typing import Any

_TABLES: dict[str, tuple[str, ...]] = {
    "costs": ("false_absence", "missed", "waiting"),
    "doubt": ("hidden_group", "undercount", "stale_official", "unknown", "least"),
    "people": ("unknown",),
    "time": ("doubling_days",),
    "status": ("appealed", "regressed"),
}


class InvalidQueuePolicy(ValueError):
    """A queue policy cannot be used; the message names the file, the place, and how to mend it."""


@dataclass(frozen=True, slots=True)
class QueuePolicy:
    """The weights of `service.urgency.loss`. All are positive; probabilities lie between 0 and 1."""

    version: str
    digest: str  # of everything below: what was ranked by another one is ranked anew
    false_absence: float
    missed: float
    waiting: float
    doubt: Mapping[str, float]  # by verdict
    least_doubt: float
    people_unknown: float
    doubling_days: float
    status: Mapping[str, float]


def policy_from(text: str, name: str) -> QueuePolicy:
    """Return the policy that a TOML text says; `name` stands in complaints. Raises `InvalidQueuePolicy`."""
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        msg = f"{name} is not TOML: {error}"
        raise InvalidQueuePolicy(msg) from error
    try:
        return _policy(told)
    except ValueError as error:
        msg = f"{name}: {error}"
        raise InvalidQueuePolicy(msg) from error


def read_policy(path: Path) -> QueuePolicy:
    """Return the policy of a file. Raises `InvalidQueuePolicy`."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        msg = f"{path} cannot be read; give the path of a TOML file like service/urgency/policy.toml"
        raise InvalidQueuePolicy(msg) from error
    return policy_from(text, str(path))


@cache
def shipped() -> QueuePolicy:
    """Return the policy that comes with the service."""
    return policy_from(resources.files(__package__).joinpath("policy.toml").read_text("utf-8"), "policy.toml")


class _InForce:
    policy: QueuePolicy | None = None


def install(path: Path | None = None) -> None:
    """Put a policy in force for this process; without a path the shipped one. Raises `InvalidQueuePolicy`."""
    _InForce.policy = None if path is None else read_policy(path)


def in_force() -> QueuePolicy:
    """Return the policy by which flags are ranked now."""
    return _InForce.policy or shipped()


def _policy(told: Mapping[str, Any]) -> QueuePolicy:
    unknown = sorted(told.keys() - {"version", *_TABLES})
    if unknown:
        msg = f"{unknown[0]} is not known here; write [{'], ['.join(_TABLES)}] and version"
        raise ValueError(msg)
    numbers = {table: _numbers(table, told.get(table)) for table in _TABLES}
    for name, share in numbers["doubt"].items():
        if share > 1:
            msg = f"[doubt] {name} is a probability and cannot be {share:g}"
            raise ValueError(msg)
    doubt = numbers["doubt"]
    return QueuePolicy(
        version=str(told.get("version", "")),
        digest=sha256(
            repr(sorted((table, sorted(values.items())) for table, values in numbers.items())).encode()
        ).hexdigest()[:16],
        **numbers["costs"],
        doubt={name: share for name, share in doubt.items() if name != "least"},
        least_doubt=doubt["least"],
        people_unknown=numbers["people"]["unknown"],
        doubling_days=numbers["time"]["doubling_days"],
        status=numbers["status"],
    )


def _numbers(table: str, told: object) -> dict[str, float]:
    if not isinstance(told, Mapping):
        msg = f"[{table}] is missing"
        raise ValueError(msg)  # noqa: TRY004 - what is wrong is the file, not a call
    unknown = sorted(told.keys() - set(_TABLES[table]))
    if unknown:
        msg = f"[{table}] {unknown[0]} is not known; it takes {', '.join(_TABLES[table])}"
        raise ValueError(msg)
    found = {}
    for name in _TABLES[table]:
        value = told.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
            msg = f"[{table}] {name} has to be a number above 0"
            raise ValueError(msg)
        found[name] = float(value)
    return found
