"""Words for people at the desk: distances, counts and what happened, as they are read aloud."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

_KM = 1_000.0
_FAR = 10 * _KM

#: What happened to a flag -> in words; `{…}` are members of the event's data.
_HAPPENED = {
    "flag.raised": "raised: {why}",
    "flag.updated": "compared again",
    "flag.reopened": "opened again: {why}",
    "flag.closed": "closed: {why}",
    "flag.reviewed": "{from} → {to}",
    "flag.claimed": "claimed",
    "flag.released": "let go",
}


def distance_words(metres: float) -> str:
    """Return a distance in metres under a kilometre, else in kilometres."""
    if metres < _KM:
        return f"{metres:.0f} m"
    return f"{metres / _KM:.1f} km" if metres < _FAR else f"{metres / _KM:,.0f} km"


def count_words(count: Mapping[str, Any]) -> str:
    """Return a count with its unit, group, method and date; empty where it says nothing."""
    value, low, high = count["value"], count["low"], count["high"]
    if value is None and low is None and high is None:
        return "" if count["status"] in {"", "observed"} else str(count["status"]).replace("_", " ")
    number = f"{value:,.0f}" if value is not None else f"{low or 0:,.0f} to {high or 0:,.0f}"
    told = f"{number} {count['unit']}" + (f" ({count['group']})" if count["group"] else "")
    beside = [str(one).replace("_", " ") for one in (count["method"], count["date"]) if one]
    return f"{told}, {', '.join(beside)}" if beside else told


def happened(kind: str, data: Mapping[str, Any]) -> str:
    """Return what happened to a flag in words."""
    words = _HAPPENED.get(kind, kind.partition(".")[2].replace("_", " "))
    told = {name: str(value).replace("_", " ") for name, value in data.items()}
    try:
        return words.format(**told)
    except KeyError:  # an event of before its data said that
        return words.partition(":")[0].partition("{")[0].strip() or "decided"


def joined(words: Sequence[str]) -> str:
    """Return words as a list that is read, such as "a, b and c"."""
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)
