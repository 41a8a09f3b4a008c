"""What wrong and missed links do to two lists: a missed link makes one community two, and so invents missing ones."""

from __future__ import annotations

import math
from dataclasses import dataclass

from matchers.coverage.histories import Impossible
from matchers.coverage.total import Total
from matchers.coverage.two_lists import lincoln_petersen

#: Pairs that people must have judged before a share of right links is relied on.
LEAST_SAMPLE = 100


@dataclass(frozen=True, slots=True)
class LinkQuality:
    """How good links are, as people found on a sample.

    `precision` is the share of links that are right, `recall` the share of pairs that are one community which were
    linked; both above 0 and at most 1. Raises `Impossible` for others, and for samples that are not positive.
    """

    precision: float
    recall: float
    of_links: int  # links judged
    of_pairs: int  # pairs judged that are one community, linked or not

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        for name, share in (("precision", self.precision), ("recall", self.recall)):
            if not 0 < share <= 1:
                message = f"a {name} of {share:g} cannot be"
                raise Impossible(message, f"give the {name} of links as a share above 0 and at most 1")
        if min(self.of_links, self.of_pairs) < 1:
            message = "precision and recall of links must come from pairs that people judged"
            raise Impossible(message, "give how many were judged")

    @property
    def variance(self) -> float:
        """Variance that the sample adds to the logarithm of a total."""
        missed, wrong = 1 - self.recall, 1 - self.precision
        return wrong / (self.precision * self.of_links) + missed / (self.recall * self.of_pairs)

    @property
    def inflation(self) -> float:
        """Factor by which an overlap of two lists falls short, and a total comes out too high, uncorrected."""
        return self.precision / self.recall


def corrected_overlap(links: int, quality: LinkQuality) -> float:
    """Return how many stand on both lists, given how many were linked."""
    return links * quality.precision / quality.recall


def corrected(sizes: tuple[int, int], links: int, quality: LinkQuality) -> Total:
    """Return the total from two lists with errors of linkage corrected, in its Lincoln-Petersen form.

    The idea of Ding and Fienberg (1994) and of Di Consiglio and Tuoto (2015), parametrised by what a clerical sample
    tells. Raises `Impossible` where more would stand on both lists than on the smaller one.
    """
    first, second = sizes
    both = corrected_overlap(links, quality)
    if both > min(sizes):
        message = f"{links:,} links of this precision and recall mean {both:,.0f} on both, more than the smaller list"
        raise Impossible(message, "judge a larger sample of pairs; these shares cannot both be right")
    value = lincoln_petersen(first, second, both)
    variance = (first - both) * (second - both) / (first * second * both) + quality.variance
    seen = first + second - both
    return Total.of(seen, value - seen, value * math.sqrt(variance))
