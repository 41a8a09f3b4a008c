"""What an estimate says, in sentences that can stand in a report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def sentences(told: Mapping[str, Any]) -> list[str]:
    """Return an estimate as plain values (`Estimate.as_dict`) in plain sentences, the most certain first.

    Values that are withheld are null, and nothing is said of them.
    """
    return list(_said(told))


def _said(told: Mapping[str, Any]) -> Iterator[str]:
    unit, total, span, bound = told["unit"], told["total"], told["range"], told["lower_bound"]
    if told["at_least"] is None:
        yield f"Too few {unit} are on some combination of these lists for a number to be told."
        return
    yield f"At least {told['at_least']:,} {unit} are on one or more of the {len(told['lists'])} lists."
    if total is not None:
        interval = f"95 % interval {total['low']:,.0f} to {total['high']:,.0f}"
        if span is not None and span["models"] > 1:
            yield (
                f"Altogether there are between {span['low']:,.0f} and {span['high']:,.0f}, by the {span['models']} "
                f"models that fit about as well; the best of them tells {total['value']:,.0f} ({interval})."
            )
        else:
            yield f"Altogether there are about {total['value']:,.0f} ({interval})."
    elif span is not None:
        yield f"Models that fit about as well tell {span['low']:,.0f} to {span['high']:,.0f}; none can be preferred."
    else:
        yield "No total is reported."
    if bound is not None:
        yield (
            f"If some {unit} are harder to see for every list, there are at least {bound['value']:,.0f} "
            f"({bound['low']:,.0f} to {bound['high']:,.0f})."
        )
    if told["dependence"]:
        of = "; ".join(f"{one['value']:,.0f} with {one['odds_ratio']:g}" for one in told["dependence"])
        yield f"By the odds ratio between the two lists, which nobody can tell from two: {of}."
