"""When no number is reported, why, and how to mend it. A number that must be defended is refused by default."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from enum import StrEnum

from matchers.coverage.histories import Histories, Impossible
from matchers.coverage.linkage import LEAST_SAMPLE, LinkQuality
from matchers.coverage.total import Total

_TWO = 2
_LEAST_ON_BOTH = 7  # of two lists: Chapman's estimate is nearly unbiased from here
_LEAST_OVERLAP = 5  # of any two among more lists
_LOOSEST = 0.5  # standard error over total
_SMALLEST_TOTAL = 20  # fewer could be told apart
_MOST_INFLATION = 0.05  # by errors of linkage, where three or more lists leave them uncorrected
_MOST_UNKNOWN = 0.05  # share of communities of which a list leaves open whether it names them


class Unit(StrEnum):
    """What is counted. Communities and persons are separate questions and never mixed."""

    COMMUNITIES = "communities"
    PERSONS = "persons"


class Code(StrEnum):
    """Reasons for which no number is reported."""

    EMPTY_LIST = "empty_list"
    SHARED_SOURCE = "shared_source"
    CONTAINED = "contained"
    LINKS_UNMEASURED = "links_unmeasured"
    LINKS_SAMPLE = "links_sample"
    LINKS_POOR = "links_poor"
    UNKNOWN_MEMBERSHIP = "unknown_membership"
    THIN_OVERLAP = "thin_overlap"
    NO_MODEL = "no_model"
    TOO_UNCERTAIN = "too_uncertain"
    TOO_SMALL = "too_small"
    MODELS_DISAGREE = "models_disagree"
    STRATA = "strata"


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason for which no number is reported."""

    code: Code
    reason: str  # a plain sentence
    remedy: str  # what would mend it

    def as_dict(self) -> dict[str, str]:
        """Return the refusal for JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Shared:
    """Two lists that cannot be independent, and why: "seeded from it", "the same enumerators"."""

    one: str
    other: str
    why: str


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of lists besides who is on them."""

    unit: Unit = Unit.COMMUNITIES
    links: LinkQuality | None = None  # as people judged a sample of them; None: nobody did
    given: bool = False  # the histories were counted by whoever asks, who answers for the links
    shared: tuple[Shared, ...] = field(default=())


def of_lists(histories: Histories, known: Known) -> tuple[Refusal, ...]:
    """Return the reasons that lie in the lists themselves; with any of these no estimate means anything."""
    empty = tuple(_empty(histories))
    return empty or (
        *_shared(histories, known.shared),
        *_contained(histories),
        *_links(histories, known),
        *_unknown(histories, known),
        *_thin(histories),
    )


def of_total(total: Total, unit: Unit) -> Iterator[Refusal]:
    """Return the reasons that lie in a total: too wide to be of use, or so small that people could be told apart."""
    if total.se > _LOOSEST * total.value:
        reason = f"The standard error is {total.se / total.value:.0%} of the estimate."
        remedy = "Lists that overlap more, or a further one, would narrow it."
        yield Refusal(Code.TOO_UNCERTAIN, reason, remedy)
    if total.value < _SMALLEST_TOTAL:
        reason = f"The estimate is below {_SMALLEST_TOTAL} {unit}, few enough to be told apart."
        yield Refusal(Code.TOO_SMALL, reason, "Join this part with others like it.")


def _empty(histories: Histories) -> Iterator[Refusal]:
    for name, size in zip(histories.lists, histories.sizes.tolist(), strict=True):
        if size == 0:
            yield Refusal(
                Code.EMPTY_LIST, f"{name} names nothing here.", "Leave that list out, or widen what is asked."
            )


def _shared(histories: Histories, shared: Iterable[Shared]) -> Iterator[Refusal]:
    remedy = "Leave one of them out, or join both into one list."
    for pair in shared:
        if missing := [name for name in (pair.one, pair.other) if name not in histories.lists]:
            message = f"there is no list {missing[0]}"
            raise Impossible(message, f"name two of {', '.join(histories.lists)}")
        reason = f"{pair.one} and {pair.other} are not independent: {pair.why}."
        yield Refusal(Code.SHARED_SOURCE, reason, remedy)


def _contained(histories: Histories) -> Iterator[Refusal]:
    sizes, names = histories.sizes.tolist(), histories.lists
    for (one, other), both in histories.overlaps.items():
        if both == min(sizes[one], sizes[other]):
            inner, outer = (one, other) if sizes[one] <= sizes[other] else (other, one)
            reason = f"Everything on {names[inner]} is also on {names[outer]}: the one seems to be made from the other."
            remedy = f"Leave {names[inner]} out; only lists made without each other show what both miss."
            yield Refusal(Code.CONTAINED, reason, remedy)


def _links(histories: Histories, known: Known) -> Iterator[Refusal]:
    links = known.links
    if links is None:
        if not known.given:
            reason = "Nobody measured how good the links between the lists are; every missed link invents a community."
            remedy = (
                f"Have people judge {LEAST_SAMPLE} links and {LEAST_SAMPLE} pairs that are one community: by reviews "
                "in the service, or by hand with `uncounted coverage A.csv B.csv --labels pairs.csv`."
            )
            yield Refusal(Code.LINKS_UNMEASURED, reason, remedy)
        return
    if min(links.of_links, links.of_pairs) < LEAST_SAMPLE:
        reason = f"People judged {links.of_links:,} links and {links.of_pairs:,} pairs that are one community."
        yield Refusal(Code.LINKS_SAMPLE, reason, f"Have {LEAST_SAMPLE} of each judged, drawn at random.")
    if len(histories.lists) > _TWO and abs(links.inflation - 1) > _MOST_INFLATION:
        reason = (
            f"Links of precision {links.precision:.2f} and recall {links.recall:.2f} would shift a total by "
            f"{abs(links.inflation - 1):.0%}, which is corrected for two lists only."
        )
        yield Refusal(Code.LINKS_POOR, reason, "Mend the links by hand, or estimate from two lists.")


def _unknown(histories: Histories, known: Known) -> Iterator[Refusal]:
    if histories.unknown > _MOST_UNKNOWN * (histories.distinct + histories.unknown):
        reason = f"Of {histories.unknown:,} {known.unit} it is open whether a list names them."
        yield Refusal(Code.UNKNOWN_MEMBERSHIP, reason, "Decide their matches in the review queue first.")


def _thin(histories: Histories) -> Iterator[Refusal]:
    least = _LEAST_ON_BOTH if len(histories.lists) == _TWO else _LEAST_OVERLAP
    for (one, other), both in histories.overlaps.items():
        if both < least:
            reason = f"{histories.lists[one]} and {histories.lists[other]} have {both} in common; {least} are needed."
            yield Refusal(Code.THIN_OVERLAP, reason, "Join strata or widen the area, or use larger lists.")
