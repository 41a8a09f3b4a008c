"""How far several accounts of one community support one another: an effective number of independent sources.

Sources that share an organisation, a survey or a list to start from repeat one another's errors. With weights w and
their correlations R, they are worth n_eff = (sum w)² / (w'Rw) independent sources, and their evidence pools to

    logit P = logit(prior) + n_eff / sum(w) * sum(w_i ln LR_i)

the effective sample size of correlated observations. A source's likelihood ratio is the odds that what its organisation
reports turns out to be so, by what people decided on earlier reports of it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import betaincinv

from matchers.pairs import Floats

PRIOR_CONFIRMED, PRIOR_REFUSED = 3.0, 2.0  # Beta(3, 2): what is thought of an organisation nobody has audited
AUDIT_HALF_LIFE, EXISTENCE_HALF_LIFE = 3.0, 5.0  # in years
SHARED, STRANGERS = 0.8, 0.2  # correlation of errors: of sources that share their origin, and of any two others
LARGEST_SHARE = 0.5  # of the weight of all accounts that one organisation may have beside others
ENOUGH = 1.5  # independent sources that support a publication
_UNDECIDED = 0.5  # prior probability that a community that somebody reports is there as reported


@dataclass(frozen=True, slots=True)
class Source:
    """One account as a witness. `origins` are what it may share with others: its survey, a list, a point, a text."""

    organisation: str
    content: str  # the same for accounts that say the very same, which count once
    reliability: float  # mean probability that what the organisation reports is so, 0..1 exclusive
    age_years: float  # since it was observed
    origins: frozenset[tuple[str, str]] = frozenset()  # (what, which), e.g. ("survey", "census of camps 2024")
    official_copy: bool = False  # repeats an official list and is no evidence of its own


@dataclass(frozen=True, slots=True)
class Corroboration:
    """What all accounts of one community come to."""

    organisations: int
    accounts: int
    effective: float  # independent sources they are worth
    probability: float  # that the community is there as reported
    sentence: str

    @property
    def enough(self) -> bool:
        """Whether they support a publication without another source."""
        return self.effective >= ENOUGH


def reliability(confirmed: float, refused: float) -> tuple[float, float]:
    """Return mean and lower 5 % quantile of the share of reports that turn out to be so.

    From audits, each faded by its age (`faded`), on a prior of Beta(3, 2).
    """
    for_it, against = PRIOR_CONFIRMED + confirmed, PRIOR_REFUSED + refused
    return for_it / (for_it + against), float(betaincinv(for_it, against, 0.05))


def faded(age_years: float, half_life: float) -> float:
    """Return what remains of a piece of evidence at an age; one from the future counts as of today."""
    return float(0.5 ** (max(age_years, 0.0) / half_life))


def effective_sources(weights: Floats, correlation: Floats) -> float:
    """Return (sum w)² / (w'Rw); 0 without any weight."""
    total = float(weights.sum())
    return total**2 / float(weights @ correlation @ weights) if total > 0 else 0.0


def pooled(prior: float, ratios: Floats, weights: Floats, correlation: Floats) -> float:
    """Return the pooled probability; the prior where nothing has any weight."""
    total = float(weights.sum())
    if total <= 0:
        return prior
    share = effective_sources(weights, correlation) / total
    logit = math.log(prior / (1 - prior)) + share * float(weights @ np.log(ratios))
    return 1 / (1 + math.exp(-logit))


def corroborate(sources: Sequence[Source]) -> Corroboration:
    """Return what the accounts of one community come to; copies of official lists are left out."""
    witnesses = _merged([source for source in sources if not source.official_copy])
    weights = capped(
        [source.organisation for source in witnesses],
        np.array([faded(source.age_years, EXISTENCE_HALF_LIFE) for source in witnesses]),
    )
    correlation = correlations(witnesses)
    ratios = np.array([source.reliability / (1 - source.reliability) for source in witnesses])
    effective = effective_sources(weights, correlation)
    organisations = len({source.organisation for source in sources})
    return Corroboration(
        organisations=organisations,
        accounts=len(sources),
        effective=round(effective, 3),
        probability=round(pooled(_UNDECIDED, ratios, weights, correlation), 4),
        sentence=_sentence(organisations, len(sources), effective, _why(sources, witnesses)),
    )


def correlations(sources: Sequence[Source]) -> Floats:
    """Return the correlation of the errors of each pair of sources."""
    size = len(sources)
    matrix = np.eye(size)
    for i in range(size):
        for j in range(i):
            matrix[i, j] = matrix[j, i] = SHARED if _shared(sources[i], sources[j]) else STRANGERS
    return matrix


def capped(organisations: Sequence[str], weights: Floats) -> Floats:
    """Return the weights with no organisation above half of all, where there is more than one."""
    names = np.array(organisations, dtype=object)
    for name in sorted(set(organisations)):
        own = names == name
        others = float(weights[~own].sum())
        mine = float(weights[own].sum())
        most = others * LARGEST_SHARE / (1 - LARGEST_SHARE)
        if mine > most > 0:
            weights = np.where(own, weights * most / mine, weights)
    return weights


def _merged(sources: Sequence[Source]) -> list[Source]:
    """Count a source that stands here twice once: the later report of an organisation that says the very same."""
    freshest: dict[tuple[str, str], Source] = {}
    for source in sorted(sources, key=lambda one: one.age_years):
        freshest.setdefault((source.organisation, source.content), source)
    return list(freshest.values())


def _shared(one: Source, other: Source) -> bool:
    return one.organisation == other.organisation or not one.origins.isdisjoint(other.origins)


def _why(sources: Sequence[Source], witnesses: Sequence[Source]) -> str:
    """Return why the sources are worth less than their number, in a clause; empty where they are not."""
    copies = sum(source.official_copy for source in sources)
    pairs = [(a, b) for i, a in enumerate(witnesses) for b in witnesses[:i] if a.organisation != b.organisation]
    common = sorted({what for a, b in pairs for what, _ in a.origins & b.origins})
    reasons = [f"some share the same {' and '.join(common)}"] if common else []
    if len(witnesses) > len({source.organisation for source in witnesses}):
        reasons.append("accounts of one organisation repeat one another")
    if copies:
        reasons.append(f"{'one only repeats' if copies == 1 else f'{copies} only repeat'} an official list")
    return ", because " + ", and ".join(reasons) if reasons else ""


def _sentence(organisations: int, accounts: int, effective: float, why: str) -> str:
    who = "One organisation" if organisations == 1 else f"{_NUMBERS.get(organisations, organisations)} organisations"
    if accounts == 1:
        return f"{who}, so far alone{why}."
    worth = f"{effective:.1f} independent source{'' if round(effective, 1) == 1 else 's'}"
    return f"{who} in {accounts} accounts, worth {worth}{why}."


_NUMBERS = {2: "Two", 3: "Three", 4: "Four", 5: "Five", 6: "Six", 7: "Seven", 8: "Eight", 9: "Nine", 10: "Ten"}
