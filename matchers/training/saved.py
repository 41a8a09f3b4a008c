"""Parameters as a file: readable JSON, named by its own content, with where it came from.

A file is whole: it says every number, so that what it was trained to does not change with a later release's defaults.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any

from matchers.parameters import DEFAULTS, Parameters
from matchers.training.levels import with_values

_TRAINED = re.compile(r"trained-[0-9a-f]{6}")
_LARGEST = 1e12  # beyond, nothing is a parameter


def named(parameters: Parameters) -> Parameters:
    """Return the numbers to six significant digits, under the version that names them.

    The version is `trained-` and six digits of their SHA-256.
    """
    rounded = with_values(parameters, {name: float(f"{value:.6g}") for name, value in parameters.flat().items()})
    return replace(rounded, version=_name(json.loads(rounded.to_json())))


def written(parameters: Parameters, provenance: Mapping[str, Any]) -> str:
    """Return the file's text: version, provenance, then every number by section."""
    body = json.loads(parameters.to_json())
    whole = {"version": body.pop("version"), "provenance": dict(provenance), **body}
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def read(text: str) -> Parameters:
    """Return the parameters a file states; what it leaves out keeps its default.

    Raises `ValueError`, naming the entry, where the text is no JSON object, an entry is unknown or is not the number
    (or row of numbers) it should be, or a `trained-` version stands over numbers it does not name.
    """
    try:
        body = json.loads(text)
    except json.JSONDecodeError as error:
        msg = f"it is not JSON (line {error.lineno}, column {error.colno})"
        raise ValueError(msg) from error
    if not isinstance(body, dict):
        msg = "it is not a JSON object of sections"
        raise ValueError(msg)  # noqa: TRY004 - the content is wrong, not the caller's type
    body.pop("provenance", None)
    usual = json.loads(DEFAULTS.to_json())
    for section, entries in body.items():
        if section in usual and section != "version":
            _check(section, entries, usual[section])
    parameters = Parameters.from_json(json.dumps(body))
    if _TRAINED.fullmatch(parameters.version) and _name(body) != parameters.version:
        msg = f"its numbers are not those that {parameters.version} names; give what you change a version of your own"
        raise ValueError(msg)
    return parameters


def _name(body: Mapping[str, Any]) -> str:
    """Return the version of the numbers a file says; what a later release adds does not change it."""
    numbers = {
        f"{section}.{name}": [float(one) for one in (value if isinstance(value, list) else [value])]
        for section, entries in body.items()
        if section != "version"
        for name, value in entries.items()
    }
    return f"trained-{sha256(json.dumps(numbers, sort_keys=True).encode()).hexdigest()[:6]}"


def _check(section: str, entries: Any, usual: Mapping[str, Any]) -> None:
    if not isinstance(entries, dict):
        msg = f"{section} is not a section of names and numbers"
        raise ValueError(msg)  # noqa: TRY004 - the content is wrong, not the caller's type
    for name, value in entries.items():
        if name in usual and not _alike(value, usual[name]):
            msg = f"{section}.{name} must be {_wanted(usual[name])}, and is {json.dumps(value)}"
            raise ValueError(msg)


def _alike(value: Any, usual: Any) -> bool:
    if isinstance(usual, list):
        return isinstance(value, list) and len(value) == len(usual) and all(map(_is_number, value))
    return _is_number(value) and (isinstance(value, int) or not isinstance(usual, int))


def _wanted(usual: Any) -> str:
    if isinstance(usual, list):
        return f"{len(usual)} numbers"
    return "a whole number" if isinstance(usual, int) else "a number"


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value == value and abs(value) < _LARGEST  # noqa: PLR0124 - NaN is unlike itself
