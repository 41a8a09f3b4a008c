"""What an estimate says, in sentences that can stand in a report."""

from __future__ import annotations

from collections.abc import Iterator

from matchers.coverage.estimate import Estimate


def sentences(found: Estimate) -> list[str]:
    """Return the estimate in plain sentences, the most certain first."""
    return list(_said(found))


def _said(found: Estimate) -> Iterator[str]:
    unit, lists = found.unit.value, len(found.histories.lists)
    yield f"At least {found.histories.distinct:,} {unit} are on one or more of the {lists} lists."
    total, span = found.total, found.span
    if total is not None:
        interval = f"95 % interval {total.low:,.0f} to {total.high:,.0f}"
        if span is not None and len(found.near) > 1:
            yield (
                f"Altogether there are between {span[0]:,.0f} and {span[1]:,.0f}, by the {len(found.near)} models that "
                f"fit about as well; the best of them tells {total.value:,.0f} ({interval})."
            )
        else:
            yield f"Altogether there are about {total.value:,.0f} ({interval})."
    elif span is not None:
        yield f"Models that fit about as well tell {span[0]:,.0f} to {span[1]:,.0f}; no single number is reported."
    else:
        yield "No total is reported."
    if found.bound is not None:
        bound = found.bound.total
        yield (
            f"If some {unit} are harder to see for every list, there are at least {bound.value:,.0f} "
            f"({bound.low:,.0f} to {bound.high:,.0f})."
        )
    if found.dependence:
        told = "; ".join(f"{one.total.value:,.0f} with {one.odds_ratio:g}" for one in found.dependence)
        yield f"By the odds ratio between the two lists, which nobody can tell from two: {told}."
