"""What a passport looks like when it comes in: its JSON schema, read off the declared fields, and one that works."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from matchers.quality.dates import Stated
from matchers.quality.declared import Declared, declared
from matchers.quality.passport import Passport
from matchers.quality.reading import LINE, LISTED, LONG
from service.api.fields import SEEN

SMALL: dict[str, Any] = {
    "title": "Household roster of Kambi Moto",
    "organisation": {"contact": "data@example.org"},
    "reference": {"start": "2025"},
    "method": {"code": "full_enumeration"},
    "ethics": {"consent_basis": "spoken consent of each household"},
}

WHOLE: dict[str, Any] = {
    **SMALL,
    "version": "2025-2",
    "purpose": "To have every household of the settlement counted before it is upgraded.",
    "licence": "CC-BY-4.0",
    "seed_lists": [],
    "organisation": {
        "name": "Residents' association",
        "registered_id": "NGO register 2011/1234",
        "contact": "data@example.org",
        "type": "community",
    },
    "citizen_role": {"design": "lead", "collect": "lead", "process": "share", "analyse": "share", "use": "lead"},
    "scope": {
        "countries": ["KEN"],
        "area": "Huruma, Nairobi",
        "population": "everybody who lives in the settlement",
        "universe": "usual residents, children and lodgers among them",
    },
    "reference": {"start": "2025-10", "end": "2025-11", "frequency": "yearly"},
    "method": {
        "code": "full_enumeration",
        "description": "Door to door, two enumerators a lane.",
        "frame": "the residents' map of structures",
        "design": "everybody",
        "n": 270,
        "non_response": 0.02,
        "training": "two days",
        "questionnaire": "https://example.org/roster.pdf",
        "quality_assurance": ["one household in ten was visited twice"],
        "limits": "lodgers who came after October",
    },
    "funding": {"funders": [], "interest": "More people counted means a larger budget for upgrading."},
    "ethics": {
        "consent_basis": "spoken consent of each household",
        "sensitive_categories": [],
        "governance": "the residents' assembly, which elects two stewards of the data",
    },
}

EXAMPLES = {
    "small": {"summary": "What must not be missing", "value": SMALL},
    "whole": {"summary": "Everything declared", "value": WHOLE},
}


def body() -> dict[str, Any]:
    """Return the OpenAPI entry of a body that holds a passport."""
    content = {"application/json": {"schema": schema(Passport), "examples": EXAMPLES}}
    return {"requestBody": {"required": True, "content": content}}


def schema(kind: type[Any]) -> dict[str, Any]:
    """Return the JSON schema of a passport, or of a table in it."""
    properties = {name: _property(each) for name, each in declared(kind).items()}
    required = ["title"] if kind is Passport else []
    told = {"type": "object", "title": kind.__name__, "properties": properties, "additionalProperties": False}
    return told | ({"required": required} if required else {})


def _property(each: Declared) -> dict[str, Any]:
    if each.table:
        return schema(each.kind) | {"description": each.about.text}
    single = _single(each)
    held = {"type": "array", "items": single, "maxItems": LISTED} if each.several else single
    kinds = {"anyOf": [held, {"type": "null"}]} if each.optional else held
    return kinds | {"description": each.about.text}


def _single(each: Declared) -> dict[str, Any]:
    if each.kind is Stated:
        return {"type": "string", "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$", "maxLength": 10}
    if issubclass(each.kind, StrEnum):
        return {"type": "string", "enum": [term.value for term in each.kind]}
    if each.kind is bool:
        return {"type": "boolean"}
    if each.kind in {int, float}:
        kind = "integer" if each.kind is int else "number"
        return {"type": kind, "minimum": each.about.least, "maximum": each.about.most}
    return {"type": "string", "minLength": 1, "maxLength": LONG if each.about.long else LINE, **SEEN}
