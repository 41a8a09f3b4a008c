"""The quality of each record of a collection: graded by its own method and day where it states them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

from geodata.places import Places
from matchers.counting.methods import method_of
from matchers.quality.computed import Facts
from matchers.quality.criteria import Asked, Audited
from matchers.quality.dates import Middle
from matchers.quality.grade import Grade, grade
from matchers.quality.passport import Passport
from matchers.quality.policy import Policy
from matchers.quality.standing import Quality, graded


@dataclass(frozen=True)
class Collection:
    """What is known of a collection of records: what it declares, what its records show, how they fared."""

    passport: Passport
    facts: Facts | None
    today: date
    policy: Policy
    audited: Audited = field(default_factory=Audited)

    @cached_property
    def asked(self) -> Asked:
        """What is graded where the whole collection is."""
        return Asked(self.passport, self.facts, self.today, self.audited)

    @property
    def country(self) -> str | None:
        """The country whose rules hold for the whole: the only one it declares."""
        countries = self.passport.scope.countries or ()
        return countries[0] if len(countries) == 1 else None

    @property
    def stated(self) -> Middle | None:
        """The middle of the stated period; today, where that has not come yet because the period is the present year."""
        stated = self.passport.dated
        return stated._replace(day=min(stated.day, self.today)) if stated else None

    def grade(self) -> Grade:
        """Return what the whole collection is worth."""
        return grade(self.asked, self.policy.of(self.country))

    def qualities(self, places: Places) -> dict[str, Quality]:
        """Return the quality of each of its records, by identifier."""
        worked_out: dict[tuple[Any, ...], Quality] = {}
        rows = zip(
            places.ids,
            places.texts("country"),
            places.column("counts").to_pylist(),
            places.column("observed").to_pylist(),
            strict=True,
        )
        found = {}
        for record, country, counts, observed in rows:
            own = _Own.of(counts or [], observed)
            key = (country, own)
            if key not in worked_out:
                worked_out[key] = self._quality(country, own)
            found[record] = worked_out[key]
        return found

    def _quality(self, country: str | None, own: _Own) -> Quality:
        policy, stated = self.policy.of(country), self.stated
        found = graded(grade(replace(self.asked, method=own.method, day=own.day), policy), policy)
        # A day that is the middle of the stated period was made of it: a year in a file is its first of July.
        inherits = stated is not None and own.day in {None, stated.day}
        return replace(
            found,
            method=self.passport.method.code if own.unstated else None,
            day=stated.day.isoformat() if stated and own.day is None else None,
            spread_years=stated.spread_years if stated and inherits else 0.0,
            sigma_floor=self.facts.sigma_floor if self.facts else None,
        )


@dataclass(frozen=True, slots=True)
class _Own:
    """What a record states itself: of several methods the one that errs least, of several days the latest."""

    method: str | None
    day: date | None
    unstated: bool  # some count of it states no method

    @classmethod
    def of(cls, counts: list[dict[str, Any]], observed: date | None) -> _Own:
        methods = [count["method"] for count in counts if count["method"]]
        days = [day for day in (observed, *(count["date"] for count in counts)) if day]
        best = min(methods, key=lambda text: method_of(text).sigma, default=None)
        return cls(best, max(days, default=None), any(not count["method"] for count in counts))
