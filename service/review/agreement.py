"""Agreement: how far people who judged the same matters apart from one another said the same, over all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from matchers.evaluation.agreement import Agreement, agreement_on
from matchers.evaluation.agreement import agreement as of_two
from service.context import Context
from service.store import opinions
from service.store.values import JUDGEMENTS

#: Fewer matters than this say little, whatever they come to.
FEW = 30


@dataclass(frozen=True, slots=True)
class Agreed:
    """What second judgements came to: the measured error of people, beside that of the model."""

    share_drawn: float  # of decisions, that are judged a second time
    waiting: int
    overall: Agreement
    by_decision: Mapping[str, Agreement] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """What it comes to, in words."""
        whole = self.overall
        if whole.share is None:
            return "Nothing has been judged twice yet, so nobody can say how far reviewers agree."
        kappa = "kappa cannot be told" if whole.kappa is None else f"kappa {whole.kappa:.2f}{_range(whole)}"
        few = f" These are fewer than {FEW} matters, which say little." if whole.matters < FEW else ""
        return (
            f"Two reviewers who did not know of one another agreed on {whole.agreed} of {whole.matters} matters "
            f"({whole.share:.0%}, 95 % between {whole.share_low:.0%} and {whole.share_high:.0%}; {kappa}).{few}"
        )

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "share_drawn": self.share_drawn,
            "waiting": self.waiting,
            "overall": asdict(self.overall),
            "by_decision": {name: asdict(one) for name, one in self.by_decision.items()},
            "sentence": self.sentence,
        }


def agreement(context: Context) -> Agreed:
    """Return how far reviewers agree, over all matters that were judged twice: overall, and on each decision."""
    with context.store.read() as session:
        pairs, waiting = opinions.pairs(session), opinions.count_waiting(session)
    first, second = [one for one, _ in pairs], [other for _, other in pairs]
    said = {*first, *second}
    return Agreed(
        context.settings.second_review_share,
        waiting,
        of_two(first, second),
        {one.value: agreement_on(one.value, first, second) for one in JUDGEMENTS if one.value in said},
    )


def _range(whole: Agreement) -> str:
    if whole.kappa_low is None:
        return ""
    return f", 95 % between {whole.kappa_low:.2f} and {whole.kappa_high:.2f}"
