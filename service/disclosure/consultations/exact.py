"""Exact numbers, for those who work with the answers."""

from __future__ import annotations

from service.accounts.statement import Form, Question
from service.disclosure.consultations.tally import COUNTRY, Area, Tally
from service.disclosure.consultations.told import Margin, Named, Part, Told, share_of


def exactly(responses: Tally, meetings: Tally, left_out: set[str]) -> Told:
    """Return every number as it is, but for the groups to be left out."""
    areas = sorted({*responses.people, *meetings.people} - {COUNTRY})
    named: dict[Question, dict[str, dict[Area, Named]]] = {question: {} for question in Question}
    for question, known in sorted({*responses.named, *meetings.named}):
        if known in left_out and question is Question.GROUPS:
            continue
        cells = {}
        for area in (COUNTRY, *areas):
            asked, number = responses.people[area].people, responses.named[question, known][area].people
            times = meetings.naming[question, known][area]
            if number or times:
                taking_part = meetings.named[question, known][area].people
                cells[area] = Named(number, share_of(number, asked), times, taking_part)
        named[question][known] = cells
    unknown = {
        question: Named(number, share_of(number, responses.people[COUNTRY].people))
        for question in Question
        if (number := responses.unknown[question].people) or meetings.unknown[question]
    }
    return Told(
        exact=True,
        surveys=exact_part(responses, Form.RESPONSE),
        dialogues=exact_part(meetings, Form.MEETING),
        areas={area: (responses.people[area].people, meetings.people[area].people) for area in areas},
        written={**meetings.written, **responses.written},
        named=named,
        unknown=unknown,
    )


def exact_part(tally: Tally, form: Form) -> Part:
    """Return who took part, in exact numbers."""
    whole = tally.people[COUNTRY].people
    ages, genders = (
        tuple(Margin(term, count.people, share_of(count.people, whole)) for term, count in counts.items())
        for counts in (tally.ages, tally.genders)
    )
    survey = form is Form.RESPONSE
    return Part(
        consultations=len(tally.consultations),
        meetings=0 if survey else tally.statements,
        people=whole,
        ages=ages,
        genders=genders,
        crossed=dict(tally.crossed) if survey else None,
    )
