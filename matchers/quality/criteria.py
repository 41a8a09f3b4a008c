"""The five criteria, each scored 0 to 3: half by what is declared, half by what the records show.

Every score comes with its reason, and with what would raise it. Weights and bars stand in `policy.toml`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from matchers.counting.methods import UNKNOWN, method_of
from matchers.quality.computed import HEAPED, Facts
from matchers.quality.passport import Part, Passport

MOST = 3

_YEAR = 365.25
_AGES = ((1, 3), (3, 2), (5, 1))  # years, and what so old a collection scores at least (methods.md, 5)
_SIGMAS = ((0.10, 3), (0.20, 2), (0.40, 1))  # usual error of the method on the log scale, likewise
_SHARES = ((0.85, 3), (0.60, 2), (0.35, 1))  # share of the fields filled, likewise
_TOLERATED = 0.10  # share of records with one defect that costs nothing
_FEW_AUDITS = 5  # below which decisions about an organisation's records say little


@dataclass(frozen=True, slots=True)
class Criterion:
    """How far a collection meets one of the five."""

    name: str
    score: int
    reason: str
    improve: tuple[str, ...]  # what would raise the score, most important first


@dataclass(frozen=True, slots=True)
class Audited:
    """How reports of the organisation fared when people looked at them."""

    confirmed: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """What is graded: a collection, or one record of it where it says its own method and day."""

    passport: Passport
    facts: Facts | None  # None: it holds no records yet
    today: date
    audited: Audited = Audited()
    method: str | None = None  # of the record's own count
    day: date | None = None  # of the record's own count

    @property
    def code(self) -> str | None:
        """How it was counted: the record's own word before the collection's."""
        return self.method or self.passport.method.code

    @property
    def dated(self) -> date | None:
        """The day it describes: the record's own before the newest of the records, before what is declared."""
        stated = self.passport.dated
        return self.day or (self.facts.newest if self.facts else None) or (stated.day if stated else None)


def criteria(asked: Asked) -> tuple[Criterion, ...]:
    """Return all five, in the order of the policy."""
    return tuple(score(asked) for score in _SCORED)


def _relevance(asked: Asked) -> Criterion:
    passport, role = asked.passport, asked.passport.citizen_role
    took_part = any(stage in {Part.LEAD, Part.SHARE} for stage in (role.design, role.collect))
    scope = passport.scope
    points = {
        "what it was made for": bool(passport.purpose),
        "whom and where it covers (area, population and universe)": bool(
            scope.area and scope.population and scope.universe
        ),
        "citizens' part in its design or collection": took_part,
    }
    return _counted("relevance", points, MOST)


def _credibility(asked: Asked) -> Criterion:
    passport, audited = asked.passport, asked.audited
    organisation, funding = passport.organisation, passport.funding
    looked_at = audited.confirmed + audited.refused
    points = {
        "who answers for it (registered id and contact)": bool(organisation.registered_id and organisation.contact),
        "who paid and what they gain": bool(funding.funders is not None and funding.interest),
        "that it starts from no other list (seed_lists = [])": passport.seed_lists == (),
        "records that reviewers confirmed": looked_at >= _FEW_AUDITS and audited.confirmed >= audited.refused,
    }
    most = 1 if funding.undisclosed or (looked_at >= _FEW_AUDITS and audited.confirmed < audited.refused) else MOST
    found = _counted("credibility", points, most)
    if most == MOST:
        return found
    capped = "It is not said who paid" if funding.undisclosed else "Reviewers refused most of its records"
    return Criterion(found.name, found.score, f"{capped}, so this counts for at most 1. {found.reason}", found.improve)


def _timeliness(asked: Asked) -> Criterion:
    day = asked.dated
    if day is None:
        return Criterion("timeliness", 0, "No date is known.", ("the reference dates",))
    years = max((asked.today - day).days / _YEAR, 0.0)
    score = next((points for most, points in _AGES if years <= most), 0)
    rounds = asked.facts.rounds if asked.facts else 0
    often = f", in {rounds} different years" if rounds > 1 else ""
    said = asked.passport.reference.frequency
    promised = f"; said to be collected {said}" if said else ""
    improve = () if score == MOST else (f"a round of collection from the last {_next_age(score)}",)
    return Criterion("timeliness", score, f"It describes {day:%Y-%m}, {years:.1f} years ago{often}{promised}.", improve)


def _documentation(asked: Asked) -> Criterion:
    declared = _documented(asked.passport)
    missing = [name for name, there in declared.items() if not there]
    share, told = 1 - len(missing) / len(declared), f"{len(declared) - len(missing)} of {len(declared)} fields declared"
    if asked.facts is not None:
        complete = _completeness(asked.passport, asked.facts)
        lacking = [name for name, part in complete.items() if part < 1 - _TOLERATED]
        filled = sum(complete.values()) / len(complete)
        share, told = (share + filled) / 2, f"{told}; records are {filled:.0%} complete"
        missing += [f"{name} in every record" for name in lacking]
    else:
        told += "; there are no records yet"
    score = next((points for least, points in _SHARES if share >= least), 0)
    return Criterion("documentation", score, f"{told}.", tuple(missing) if score < MOST else ())


def _accuracy(asked: Asked) -> Criterion:
    method = method_of(asked.code)
    if asked.code is None or method.code == UNKNOWN.code:
        reason = "Nobody knows how the numbers were made." if asked.code else "No method is declared."
        return Criterion("accuracy", 0, reason, ("how it was counted (method.code)",))
    if method.lower_bound:
        score, told = 1, "It counts some of the people only, which bounds their number from below"
    else:
        score = next((points for most, points in _SIGMAS if method.sigma <= most), 0)
        told = f"Counts by {method.code.replace('_', ' ')} are usually off by {method.sigma:.0%}"
    defects = _defects(asked.facts) if asked.facts else {}
    heaped = asked.facts.sigma_floor if asked.facts else None
    if heaped is not None:
        score = min(score, 1)
    score = max(score - len(defects), 0)
    better = ["a method with a smaller error, such as full_enumeration"] if score < MOST and not defects else []
    reason = ". ".join([told, *defects, *([_digits(asked.facts)] if heaped and asked.facts else [])])
    digits = ["numbers as counted, not rounded"] if heaped else []
    return Criterion("accuracy", score, f"{reason}.", (*defects.values(), *digits, *better))


def _digits(facts: Facts) -> str:
    return f"{facts.heaped:.0%} of its numbers end in 0 or 5 (more than {HEAPED:.0%}), so they were rounded or guessed"


def _defects(facts: Facts) -> dict[str, str]:
    """Return what is wrong with more records than may be, each with what would mend it."""
    found = (
        (facts.duplicates, "records repeat another", "every community once"),
        (facts.coarse, "locations are known to a kilometre only", "coordinates with five decimals"),
        (facts.identical, "records share their point with another", "the point of each community itself"),
    )
    return {f"{share:.0%} of {told}": mend for share, told, mend in found if share > _TOLERATED}


def _documented(passport: Passport) -> dict[str, bool]:
    """Return the declared fields that document how it was made, and whether each is filled."""
    method, scope, ethics = passport.method, passport.scope, passport.ethics
    values = {
        "method.code": method.code,
        "method.description": method.description,
        "method.frame": method.frame,
        "method.design": method.design,
        "method.n": method.n,
        "method.non_response": method.non_response,
        "method.training": method.training,
        "method.questionnaire": method.questionnaire,
        "method.quality_assurance": method.quality_assurance,
        "method.limits": method.limits,
        "scope.universe": scope.universe,
        "reference.start": passport.reference.start,
        "licence": passport.licence,
        "version": passport.version,
        "ethics.consent_basis": ethics.consent_basis,
        "ethics.sensitive_categories": ethics.sensitive_categories,
        "ethics.governance": ethics.governance,
        "seed_lists": passport.seed_lists,
    }
    return {name: value is not None for name, value in values.items()}


def _completeness(passport: Passport, facts: Facts) -> dict[str, float]:
    """Return the share of records that have each part; what the passport says of all of them is not lacking."""
    inherited = {"method of the count": passport.method.code, "date": passport.dated}
    return {name: 1.0 if inherited.get(name) else 1 - missing for name, missing in facts.gaps}


def _counted(name: str, points: dict[str, bool], most: int) -> Criterion:
    there, missing = [one for one, said in points.items() if said], [one for one, said in points.items() if not said]
    score = min(len(there), most)
    told = f"Known: {'; '.join(there)}." if there else "Nothing of what it asks for is known."
    return Criterion(name, score, told, tuple(missing) if score < MOST else ())


def _next_age(score: int) -> str:
    years = max(most for most, points in _AGES if points > score)
    return "year" if years == 1 else f"{years} years"


_SCORED: tuple[Callable[[Asked], Criterion], ...] = (
    _relevance,
    _credibility,
    _timeliness,
    _documentation,
    _accuracy,
)
