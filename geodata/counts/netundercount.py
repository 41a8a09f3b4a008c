"""Published estimates of coverage: whether a net undercount that an office states is more than chance.

After a census an office may count again in a sample and publish by how much the census missed, with a standard error.
A large figure with a larger error is no finding: native Hawaiians in 2000 were published as short by 4.6 %, with a
standard error of 2.8, and nobody may call that an undercount.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

_SIGNIFICANT = 1.959963984540054  # two-sided, five per cent


@dataclass(frozen=True, slots=True)
class NetUndercount:
    """A published net undercount: the share of the true number that was missed; negative where too many were counted.

    Both are shares, e.g. 0.0499 and 0.0082. Raises `ValueError` where they cannot be.
    """

    share: float
    standard_error: float
    group: str | None = None  # of people; None: everybody
    source: str = ""

    def __post_init__(self) -> None:
        """Refuse what is no share, or has no error."""
        if not math.isfinite(self.share) or not -1 < self.share < 1:
            msg = f"a net undercount is a share between -1 and 1, not {self.share}"
            raise ValueError(msg)
        if not math.isfinite(self.standard_error) or self.standard_error <= 0:
            msg = f"a published coverage estimate needs its standard error, not {self.standard_error}"
            raise ValueError(msg)

    @property
    def z(self) -> float:
        """The estimate in standard errors."""
        return self.share / self.standard_error

    @property
    def significant(self) -> bool:
        """Whether chance alone would show so large a figure less than once in twenty times."""
        return abs(self.z) >= _SIGNIFICANT

    @property
    def clause(self) -> str:
        """What it says, as a clause: how many were missed or counted too often, and if by chance."""
        of = f" of {self.group}" if self.group else ""
        what = "missed" if self.share >= 0 else "counted too often"
        source = f" ({self.source})" if self.source else ""
        found = f"counting again in a sample, the office found {abs(self.share):.1%}{of} {what}{source}"
        error = f"with a standard error of {self.standard_error:.1%}"
        return f"{found}, {error}: {'more than chance' if self.significant else 'which chance alone may show'}"


def net_undercount(census: float, true: float, standard_error: float) -> NetUndercount:
    """Return the net undercount of a census that counted `census` where `true` people lived.

    `standard_error` is that of the share. Raises `ValueError` where either number is not positive.
    """
    if not (census > 0 and true > 0):
        msg = f"a coverage estimate needs positive counts, not {census:g} and {true:g}"
        raise ValueError(msg)
    return NetUndercount(round((true - census) / true, 12), standard_error)
