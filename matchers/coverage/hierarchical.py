"""All hierarchical models of which lists depend on one another: with a term, they hold every term within it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import chain, combinations

Term = tuple[int, ...]  # positions of the lists that depend on one another
Model = frozenset[Term]  # every term, single lists included

#: So many lists are taken with every interaction but that of all at once; more with interactions of two only.
WHOLE_UP_TO = 4
_PAIRS = 2


@cache
def models(lists: int) -> tuple[Model, ...]:
    """Return every hierarchical model of so many lists without the interaction of all: 1 for 2, 8 for 3, 113 for 4.

    Of five lists, the 1,024 models with interactions of two.
    """
    highest = lists - 1 if lists <= WHOLE_UP_TO else _PAIRS
    found: list[Model] = [frozenset((one,) for one in range(lists))]
    for size in range(2, highest + 1):
        found = [model | set(more) for model in found for more in _subsets(_possible(model, lists, size))]
    return tuple(found)


def terms(model: Model) -> list[Term]:
    """Return the terms in the order of the columns of a design, smaller ones first."""
    return sorted(model, key=lambda term: (len(term), term))


def written(model: Model, names: Sequence[str]) -> str:
    """Return the model by its largest terms: "[A·B, C]" has A and B depend on each other, and neither on C."""
    largest = [term for term in model if not any(set(term) < set(other) for other in model)]
    return "[" + ", ".join("·".join(names[one] for one in term) for term in sorted(largest)) + "]"


def _possible(model: Model, lists: int, size: int) -> list[Term]:
    return [
        term for term in combinations(range(lists), size) if all(part in model for part in combinations(term, size - 1))
    ]


def _subsets(found: list[Term]) -> Iterator[tuple[Term, ...]]:
    return chain.from_iterable(combinations(found, size) for size in range(len(found) + 1))
