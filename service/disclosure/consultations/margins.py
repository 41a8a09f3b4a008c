"""The margins of one survey, age and gender, overall and by country, as one caller may read them.

Outsiders read the margins of a country where no other survey is part of its summary: they are the same there. What the
countries tell is known already, so an overall number that would give a withheld one away is withheld itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from service.accounts.statement import Form
from service.disclosure.consultations.editions import present, public_edition
from service.disclosure.consultations.exact import exact_part
from service.disclosure.consultations.protected import protected_margin, protected_part
from service.disclosure.consultations.small_counts import Table
from service.disclosure.consultations.tally import COUNTRY, Count, Tally, tallied
from service.disclosure.consultations.told import Margin, Part, share_of
from service.disclosure.tables import Sum
from service.store.statements import Kept, Key

Margins = Mapping[str, tuple[Margin, ...]]  # by country


@dataclass(frozen=True, slots=True)
class MarginsTold:
    """The margins of a survey. A country is None where several surveys are in its summary together."""

    exact: bool
    overall: Part
    countries: Mapping[str, Part | None]


def redact_margins(versions: Sequence[Kept], key: Key, *, exact: bool) -> MarginsTold | None:
    """Return the margins of one survey; None where this caller reads of nobody who answered.

    `versions` are all statements of the countries it asked in.
    """
    if exact:
        own = [one for one in present(versions) if one.key == key]
        parts = {country: exact_part(tally, Form.RESPONSE) for country, tally in _by_country(own).items()}
        return MarginsTold(True, exact_part(tallied(own, Form.RESPONSE), Form.RESPONSE), parts) if parts else None  # noqa: FBT003 - a field of a value
    shown = [one for one in public_edition(versions) if one.statement.form is Form.RESPONSE]
    own = [one for one in shown if one.key == key]
    if not own:
        return None
    alone = {one.statement.country for one in own} - {one.statement.country for one in shown if one.key != key}
    tallies = _by_country(own)
    told = {
        country: protected_part(tally, Form.RESPONSE) if country in alone else None
        for country, tally in tallies.items()
    }
    whole = tallied(own, Form.RESPONSE)
    overall = replace(
        protected_part(whole, Form.RESPONSE),
        ages=_overall(whole.ages, {name: tally.ages for name, tally in tallies.items()}, _told(told, "ages"), tallies),
        genders=_overall(
            whole.genders, {name: tally.genders for name, tally in tallies.items()}, _told(told, "genders"), tallies
        ),
    )
    return MarginsTold(exact=False, overall=overall, countries=told)


def _told(parts: Mapping[str, Part | None], name: str) -> Margins:
    return {country: getattr(part, name) if part else () for country, part in parts.items()}


def _by_country(own: Sequence[Kept]) -> dict[str, Tally]:
    together: dict[str, list[Kept]] = defaultdict(list)
    for one in own:
        together[one.statement.country].append(one)
    return {country: tallied(together[country], Form.RESPONSE) for country in sorted(together)}


def _overall(
    whole: Mapping[str, Count],
    by_country: Mapping[str, Mapping[str, Count]],
    told: Margins,
    tallies: Mapping[str, Tally],
) -> tuple[Margin, ...]:
    """Return an overall margin beside which no cell of a country's margin can be worked out."""
    terms = list(whole)
    everybody = sum(tally.people[COUNTRY].people for tally in tallies.values())
    values = [whole[term].people for term in terms]
    alone = {margin.term for margin in protected_margin(whole, everybody)}
    sensitive = {at for at, term in enumerate(terms) if term not in alone}
    pinned: set[int] = set()
    fixed: set[int] = set()
    sums: list[Sum] = []
    parts: dict[str, list[int]] = defaultdict(list)
    for country, counts in by_country.items():
        shown = {margin.term for margin in told[country]}
        cells = []
        for term, count in counts.items():
            cells.append(len(values))
            parts[term].append(len(values))
            (pinned if term in shown else sensitive).add(len(values))
            values.append(count.people)
        asked = tallies[country].people[COUNTRY].people
        fixed |= {len(values), len(values) + 1}
        sums.append(Sum(len(values) + 1, (*cells, len(values))))
        values += [max(0, asked - sum(count.people for count in counts.values())), asked]
    sums += [Sum(at, tuple(parts[term])) for at, term in enumerate(terms)]
    table = Table(values, sums, frozenset(sensitive), frozenset(fixed), pinned=frozenset(pinned))
    numbers = zip(terms, table.told(), strict=False)
    return tuple(Margin(term, number, share_of(number, everybody)) for term, number in numbers if number is not None)
