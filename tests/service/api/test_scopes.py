"""What a caller must hold stands in one table, which holds for every operation of the OpenAPI document."""

from __future__ import annotations

import re
from typing import Any

import pytest

from service.api.openapi import document
from service.callers.caller import Role
from service.http.scopes import OPERATIONS, PUBLIC
from service.store import keys

ASKED = {
    operation["operationId"]: (method.upper(), path, operation)
    for path, item in document()["paths"].items()
    for method, operation in item.items()
}
#: Opened by a token that is no key.
METRICS, ACCEPTING = "getMetrics", "acceptInvitation"


@pytest.fixture
def everybody(sqlite_api):
    """Give the API with a key for each role."""
    with sqlite_api.context.store.begin() as session:
        sqlite_api.keys |= {role.value: keys.create(session, f"of {role}", role, "test") for role in Role}
    return sqlite_api


def ask(api: Any, operation_id: str, who: str | None) -> Any:
    """Ask for an operation with whatever path fits, and a body that says nothing."""
    method, template, operation = ASKED[operation_id]
    path = re.sub(r"\{\w+\}", "none", template)
    headers = api.key(who)
    if "requestBody" not in operation:
        return api.client.request(method, path, headers=headers)
    kind = "application/json" if "application/json" in operation["requestBody"]["content"] else "text/csv"
    return api.client.request(method, path, content=b"{}", headers=headers | {"Content-Type": kind})


def test_every_operation_has_one_line_and_no_line_is_for_nothing():
    """The table and the document name the same operations."""
    assert set(OPERATIONS) == set(ASKED)


@pytest.mark.parametrize("operation_id", sorted(OPERATIONS))
def test_the_document_says_what_the_table_says(operation_id):
    """What an integrator reads is what is enforced: the scope, and whether it goes without a key."""
    scope, operation = OPERATIONS[operation_id].scope, ASKED[operation_id][2]
    assert operation["x-scope"] == scope
    assert ({} in operation.get("security", [{}])) == (scope == PUBLIC)
    assert ("401" in operation["responses"]) == ("security" in operation or operation_id in {METRICS, ACCEPTING})
    assert scope == PUBLIC or "403" in operation["responses"]


def test_each_operation_is_refused_to_every_role_without_its_right(everybody):
    """Whoever lacks the right is told what is needed, before anything is read of what they sent; others are not."""
    for operation_id, operation in OPERATIONS.items():
        right = operation.right
        if right is None:
            continue
        assert ask(everybody, operation_id, None).json()["code"] == "key-needed", operation_id
        for role in Role:
            answer = ask(everybody, operation_id, role.value)
            if right in role.rights:
                assert answer.status_code not in {401, 403}, (operation_id, role, answer.text)
            else:
                told = answer.json()
                assert told["code"] == "not-permitted", (operation_id, role)
                assert f"role {role}" in told["detail"]
                assert f"right to {right}" in told["detail"]


def test_an_operation_without_a_line_is_for_nobody(sqlite_api, monkeypatch):
    """A route that somebody adds and forgets to lay down is closed, not open."""
    operations = [one for one in OPERATIONS if "security" in ASKED[one][2]]
    for operation_id in operations:
        monkeypatch.delitem(OPERATIONS, operation_id)
    told = {operation_id: ask(sqlite_api, operation_id, "admin").status_code for operation_id in operations}
    assert told == dict.fromkeys(operations, 403)


def test_only_what_says_nothing_is_without_the_question_who_asks():
    """Every operation asks who is calling, but what tells whether and how the service lives."""
    assert {one for one, (_, _, told) in ASKED.items() if "security" not in told} == {
        "isAlive",
        "isReady",
        METRICS,
        ACCEPTING,
    }
