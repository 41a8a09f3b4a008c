"""How a count was made, and how far off such counts usually are."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace

from geodata.names.folding import fold


@dataclass(frozen=True, slots=True)
class Method:
    """A way of counting people. `sigma` is the usual error's standard deviation on the log scale."""

    code: str
    sigma: float
    conclusive: bool = True  # may show an undercount
    lower_bound: bool = False  # counts some of the people only

    @property
    def spoken(self) -> str:
        """The method as words."""
        return self.code.replace("_", " ")


FULL_ENUMERATION = Method("full_enumeration", 0.05)
HOUSEHOLD_LISTING = Method("household_listing", 0.10)
STRUCTURES = Method("structures", 0.15)
T_SQUARE = Method("t_square", 0.15)
QUADRAT = Method("quadrat", 0.20)
EXTRAPOLATION = Method("extrapolation", 0.20)
KEY_INFORMANT = Method("key_informant", 0.40)
UNKNOWN = Method("unknown", 0.70, conclusive=False)
#: Lists of members hold people who left, and hold some twice.
MEMBERSHIP = Method("membership", 0.40, lower_bound=True)

#: The first pattern that occurs decides: an extrapolation from a door-to-door survey is an extrapolation. Errors from
#: field trials where two methods met one census (quadrat -19 %, T-square +0.5 %; Grais et al., Disasters 30(3), 2006).
_PATTERNS = (
    (r"unknown|widely quoted|quoted|media|press|rumou?r|hearsay|guess", UNKNOWN),
    (r"member|registration|registered|sign ?up|app users|beneficiar", MEMBERSHIP),
    (r"extrapolat|projection|projected", EXTRAPOLATION),
    (r"imagery|satellite|structures?|roof|footprint|drone", STRUCTURES),
    (r"t square|spatial sampl", T_SQUARE),
    (r"quadrat|area sampl|sample survey|sampling", QUADRAT),
    (r"informant|committee|leaders?|elders?|estimat|chief|focus group", KEY_INFORMANT),
    (r"household list|households? count|listing", HOUSEHOLD_LISTING),
    (r"full enumeration|door to door|enumerat|roster|census|head ?count", FULL_ENUMERATION),
    (r"survey", QUADRAT),
)

#: Units that are some of the people who live somewhere: there are at least as many persons.
LOWER_BOUNDS = frozenset(
    {
        *(
            "pupils",
            "students",
            "learners",
            "school children",
            "schoolchildren",
            "children",
            "members",
            "registrations",
        ),
        *("registered persons", "beneficiaries", "voters", "registered voters", "adults", "workers"),
    }
)

_WIDTH = 2 * 1.959964  # of a 95 % interval, in standard deviations


def method_of(text: str | None) -> Method:
    """Return the method a description stands for; `UNKNOWN` when it says nothing known."""
    words = fold(text or "")
    for method in _CODES.values():
        if words == method.code.replace("_", " "):
            return method
    return next((method for pattern, method in _PATTERNS if re.search(pattern, words)), UNKNOWN)


def as_lower_bound(method: Method) -> Method:
    """Return a method whose numbers are some of the people only: pupils of a place, voters of a ward."""
    if not method.conclusive:
        return method
    return replace(method, sigma=max(method.sigma, MEMBERSHIP.sigma), lower_bound=True)


def error_of(method: Method, bounds: tuple[float | None, float | None], floor: float = 0.0) -> float:
    """Return the standard deviation of a count on the log scale.

    The record's own range, read as a 95 % interval, may raise the method's usual error and never lowers it; so may
    `floor`, what is known of the collection it comes from (heaped digits, for one).
    """
    low, high = bounds
    own = math.log(high / low) / _WIDTH if low and high and high > low > 0 else 0.0
    return max(method.sigma, own, floor)


_CODES = {method.code: method for _, method in _PATTERNS}
