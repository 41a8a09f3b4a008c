"""The margins of one survey: age and gender, overall and by country."""

from __future__ import annotations

from typing import Any

from geodata.countries import country_name
from service.accounts.statement import Form
from service.callers.caller import Caller, Right
from service.consultations.demography import age_order, gender_order
from service.consultations.summary import part_margins
from service.context import Context
from service.disclosure.consultations import free, redact_margins
from service.errors import NOT_FOUND, Problem
from service.store import statements
from service.store.statements import Key


def survey_margins(context: Context, key: Key, caller: Caller) -> dict[str, Any]:
    """Return the margins of a survey as this caller may read them, as plain values.

    Raises `Problem` (not found) for a survey that does not exist, or of which this caller reads nothing.
    """
    exact = caller.may(Right.READ) or caller.organisation == key[0]
    with context.store.read() as session:
        own = free(statements.of_consultation(session, key, Form.RESPONSE), caller)
        countries = {one.statement.country for one in own}
        asked = own if exact else free(statements.of_countries(session, countries), caller)
        told = redact_margins(asked, key, exact=exact)
    if told is None:
        detail = f"There is no survey {key[1]} of {key[0]}."
        raise Problem(NOT_FOUND, detail)
    overall = told.overall
    crossed = sorted((overall.crossed or {}).items(), key=lambda one: (age_order(one[0][0]), gender_order(one[0][1])))
    return {
        "organisation": key[0],
        "collection": key[1],
        "edition": "exact" if told.exact else "public",
        "respondents": overall.people,
        **part_margins(overall),
        "ages_by_gender": [{"band": age, "gender": gender, "people": number} for (age, gender), number in crossed],
        "countries": [
            {
                "country": country,
                "name": country_name(country),
                "respondents": part.people if part else None,
                **(part_margins(part) if part else {"ages": [], "genders": []}),
            }
            for country, part in told.countries.items()
        ],
    }
