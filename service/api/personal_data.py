"""The rules about personal data, for everybody to read: what is never kept, how it is told, and why."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from geodata.personal.rule import rules
from geodata.personal.tables import kinds_of_cells, marks_of
from service.api.answers_personal import PersonalRulesShown
from service.api.responses import READING, problems
from service.http.answers import Answer, reply
from service.http.bodies import Route
from service.http.callers import Calling
from service.writing.formats import json_text

router = APIRouter(prefix="/v1/personal-data-rules", tags=["records"], route_class=Route)


@router.get(
    "",
    operation_id="listPersonalDataRules",
    summary="What is never kept, because it is about one person",
    response_model=PersonalRulesShown,
    responses=problems(READING),
)
def list_rules(request: Request, calling: Calling) -> Response:
    """Return the rules by which columns are dropped, and words blotted out or refused, before anything is kept.

    In files such columns are dropped and such words blotted out, with a notice; a record sent as JSON is refused with
    the field and the rule, because its sender can mend it and knows best what was meant.
    """
    by = rules()
    items = [
        {
            "id": rule.id,
            "label": rule.label,
            "why": rule.why,
            "headers": list(rule.headers),
            "cells": kinds_of_cells(rule),
            "marks": marks_of(rule, by),
        }
        for rule in by.rules.values()
    ]
    return reply(request, calling, Answer(json_text({"items": items})))
