"""Personal data sent as JSON: refused with the field and the rule, and never repeated."""

from __future__ import annotations

import pytest

from geodata.personal.rule import rules
from service.api.answers_personal import PersonalRulesShown

SENT = {
    "/name": ({"name": "Lindi, ask 0712 345 678"}, "phone", "0712"),
    "/names/0": ({"names": ["Lindi jane@example.org"]}, "e-mail", "jane"),
    "/aliases/0/text": ({"aliases": [{"text": "+254 712 345 678"}]}, "phone", "712"),
    "/groups/0": ({"groups": ["529.982.247-25"]}, "identity-document", "529"),
    "/drivers/0": ({"drivers": ["evicted; call 0712345678"]}, "phone", "0712"),
    "/counts/0/method": ({"counts": [{"value": 5, "method": "asked jane@example.org"}]}, "e-mail", "jane"),
    "/evidence/0": ({"evidence": ["https://example.org/f.jpg?token=s3cr3t"]}, "link-secret", "s3cr3t"),
    "/id": ({"id": "jane@example.org"}, "e-mail", "jane"),
    "/collection": ({"collection": "Survey of +254712345678"}, "phone", "712"),
    "/admin/county": ({"admin": {"county": "jane@example.org"}}, "e-mail", "jane"),
    "/kind": ({"kind": "village 0712-345-678"}, "phone", "0712"),
}


@pytest.mark.parametrize("pointer", SENT)
def test_a_field_with_personal_data_is_refused_by_name_and_rule(sqlite_api, pointer):
    """The sender learns which field and which rule; what stood there is in no answer, and nothing is kept."""
    parts, rule, secret = SENT[pointer]
    answer = sqlite_api.post("/v1/records", {**sqlite_api.absent, **parts})
    assert answer.status_code == 422
    (mistake,) = [one for one in answer.json()["errors"] if one["pointer"].startswith(pointer)]
    assert f"`{rule}` of /v1/personal-data-rules" in mistake["hint"]
    assert secret not in answer.text
    assert sqlite_api.get("/v1/records", "contributor").json()["items"] == []


def test_one_such_record_does_not_cost_a_batch(sqlite_api):
    """The others of a batch are kept."""
    bad = {**sqlite_api.absent, "drivers": ["call 0712345678"]}
    told = sqlite_api.post("/v1/records/batch", [sqlite_api.absent, bad]).json()
    assert [item["status"] for item in told["items"]] == [201, 422]


def test_codes_and_names_with_numbers_are_no_personal_data(sqlite_api):
    """Own ids of eleven digits, P-codes, plot numbers and map links are taken."""
    parts = {
        "id": "07123456789",
        "pcode": "KE047",
        "admin": {"adm3": "0400100275"},
        "aliases": ["Plot 2375/11", "Kwa Njenga 2"],
        "evidence": ["https://www.openstreetmap.org/node/1234567890"],
    }
    assert sqlite_api.post("/v1/records", {**sqlite_api.absent, **parts}).status_code == 201


def test_everybody_may_read_the_rules(sqlite_api):
    """The rules are public, complete, and say why."""
    answer = sqlite_api.get("/v1/personal-data-rules")
    assert answer.status_code == 200
    told = PersonalRulesShown.model_validate_json(answer.content)
    assert [item.id for item in told.items] == list(rules().rules)
    assert all(item.why.endswith(".") for item in told.items)
