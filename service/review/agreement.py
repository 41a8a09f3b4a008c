"""Agreement: how far people who judged the same matters apart from one another said the same, over all of them.

The second always judges blind; whether the first did is told apart, since who has seen what the machine says may follow
it. Whatever is closed, held or withdrawn by now is in no figure, whatever it was when it was judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from matchers.evaluation.agreement import Agreement, agreement_on
from matchers.evaluation.agreement import agreement as of_two
from service.context import Context
from service.review.beside import told_of
from service.store import flags, opinions
from service.store.engine import Session
from service.store.opinions import Pair
from service.store.values import JUDGEMENTS

#: Fewer matters than this say little, whatever they come to.
FEW = 30


@dataclass(frozen=True, slots=True)
class Agreed:
    """What second judgements came to: the measured error of people, beside that of the model."""

    share_drawn: float  # of decisions, that are judged a second time
    waiting: int
    overall: Agreement
    both_blind: Agreement  # the first judged without seeing what the machine says, too
    second_blind: Agreement  # the first saw it, or nobody knows
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
            f"({whole.share:.0%}, 95 % between {whole.share_low:.0%} and {whole.share_high:.0%}; {kappa})."
            f"{self._apart}{few}"
        )

    @property
    def _apart(self) -> str:
        blind, seeing = self.both_blind, self.second_blind
        if not blind.matters:
            return " Of none of them is it known that the first judged blind, too."
        return (
            f" Where both judged blind they agreed on {blind.agreed} of {blind.matters}, "
            f"of the others on {seeing.agreed} of {seeing.matters}."
        )

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "share_drawn": self.share_drawn,
            "waiting": self.waiting,
            "overall": asdict(self.overall),
            "both_blind": asdict(self.both_blind),
            "second_blind": asdict(self.second_blind),
            "by_decision": {name: asdict(one) for name, one in self.by_decision.items()},
            "sentence": self.sentence,
        }


def agreement(context: Context) -> Agreed:
    """Return how far reviewers agree, over all matters that were judged twice: overall, and on each decision."""
    with context.store.read() as session:
        judged, waiting = opinions.pairs(session), opinions.not_given(session)
        told = _told(session, {*(pair.flag_id for pair in judged), *waiting})
    pairs = [pair for pair in judged if pair.flag_id in told]
    first, second = [pair.first for pair in pairs], [pair.second for pair in pairs]
    said = {*first, *second}
    return Agreed(
        context.settings.second_review_share,
        sum(flag_id in told for flag_id in waiting),
        of_two(first, second),
        _of([pair for pair in pairs if pair.blind]),
        _of([pair for pair in pairs if not pair.blind]),
        {one.value: agreement_on(one.value, first, second) for one in JUDGEMENTS if one.value in said},
    )


def _of(pairs: Sequence[Pair]) -> Agreement:
    return of_two([pair.first for pair in pairs], [pair.second for pair in pairs])


def _told(session: Session, flag_ids: Iterable[str]) -> frozenset[str]:
    """Return those of the flags that reviewers of other organisations may know of now."""
    listed = sorted(flag_ids)
    parts = (flags.many(session, listed[at : at + flags.CHUNK]) for at in range(0, len(listed), flags.CHUNK))
    return frozenset(flag.id for part in parts for flag in part if told_of(flag))


def _range(whole: Agreement) -> str:
    if whole.kappa_low is None:
        return ""
    return f", 95 % between {whole.kappa_low:.2f} and {whole.kappa_high:.2f}"
