"""What an estimate takes for granted, said with it wherever it goes."""

from __future__ import annotations

from collections.abc import Iterator

from matchers.coverage.hierarchical import WHOLE_UP_TO, models
from matchers.coverage.histories import Histories
from matchers.coverage.refusal import Known

_TWO = 2


def assumptions(histories: Histories, known: Known) -> tuple[str, ...]:
    """Return the assumptions in plain sentences."""
    return tuple(_assumed(len(histories.lists), known))


def _assumed(lists: int, known: Known) -> Iterator[str]:
    unit = known.unit
    yield f"Nothing changed between the lists: no {unit} arose, left or ended, and all lists are within a year or so."
    yield f"All lists were meant to name the same {unit} in the same area, and none names one that does not exist."
    if lists == _TWO:
        yield (
            "Who is on the one list is neither likelier nor less likely to be on the other. Two lists cannot show "
            "whether that holds; the totals for other odds ratios show what it would change."
        )
    else:
        yield "How lists depend on one another is read from their overlaps; that all hang together cannot be seen."
    if lists > WHOLE_UP_TO:
        yield f"Of {lists} lists, the {len(models(lists)):,} models with interactions of two lists are compared."
    yield f"All {unit} of a stratum are equally likely to be on a list; where some are harder to see, there are more."
    yield _linked(lists, known)


def _linked(lists: int, known: Known) -> str:
    links = known.links
    if links is None:
        return (
            "Links between the lists are taken as given."
            if known.given
            else "How good the links between the lists are is not known."
        )
    said = (
        f"Links have a precision of {links.precision:.3f} (of {links.of_links:,} judged) and a recall of "
        f"{links.recall:.3f} (of {links.of_pairs:,})"
    )
    if lists == _TWO:
        return f"{said}; the total is corrected for both."
    return f"{said}; with more than two lists that is not corrected, and shifts totals by {links.inflation - 1:+.1%}."
