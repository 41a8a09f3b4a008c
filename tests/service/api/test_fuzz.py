"""The API under generated requests: whatever is sent, by whomever, the answer is one that was declared.

`make fuzz ONLY=api RUNS=200` runs the same with so many requests to each operation, and counts what was answered.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core.failures import Failure
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from tests.specimens import formats

load_all_checks()
formats.known()

#: What a body that fits the schema may be refused for. No schema states it; each is told in words, with a hint.
BEYOND = tuple(
    re.compile(message)
    for message in (
        # What several fields say together.
        r"A record needs a name",
        r"Nothing says where this is",
        r"A count needs a value",
        r"low is greater than high",
        r"The value lies outside low and high",
        r"Nothing was asked for",
        r"A radius needs a point",
        r"adds up to more people",
        r"are named, and said not to be",
        r"is left out but is none of",
        r"Nothing was decided about",
        r"Say what is decided",
        r"^expected one of",
        r"Only the latest decision that holds",
        r"no decision to appeal against|could be appealed against until|needs new evidence",
        r"goes with the decision",
        r"by `filter` or by `flags`",
        r"Nothing is done that was not previewed",
        r"A locale is whose Excel",
        r"has to name either a collection",
        r"names nothing to hold",
        r"goes with no (territory|collection)",
        r"something to speak for",
        r"names a collection or a record",
        r"waits 30 days at most",
        r"narrows nothing",
        r"is your own organisation",
        r"There is no record .* of that organisation",
        r"A unit needs its country",
        r"neither a moment",
        r"is not the address of a receiver|Nothing is sent there|is not found from here|sent by https",
        r"holds a name, a password or a fragment",
        r"There is no message",
        # What there is: kinds, methods, groups, lists and columns are looked up, and operators add to them.
        r"[Tt]here is no (country|kind of place|list|column|profile)",
        r"is no (kind of place|method)",
        r"no such reason|This reason is not for|^The reason \w+ needs",
        r"This (is no age band|gender is not known)",
        r"does not say wh",
        r"cannot show what is on no list",
        # Where things are on the ground, and when: a border, a ring that closes, a day that has come.
        r"The location cannot be right",
        r"This point cannot be right",
        r"\b[Rr]ings?\b|\boutline\b|\barea\b",
        r"has not come yet",
        r"says until when|to a day that is ahead",
        r"moment is over",
        r"two years",
        r"^This lies before the start",
        r"not a day, month or year of the calendar",
        # What is about one person: patterns of many countries' numbers.
        r"what is about one person",
        # What is in a file, and how survey tools write a submission.
        r"^The file|^The workbook|^The JSON|^The Parquet|^The KML|^The archive|holds no|cannot be (opened|read)",
        r"^This is no submission|^The submission",
        r"cursor is not one",
        r"nothing about it waits for a decision",  # to claim what is settled
        r"not the ETag of a flag",  # a header that may be left out is sent as the word null
        # What a database to reconcile with knows; JSON in a field of a form.
        r"There is no (property|type) .* here",
        r"is no JSON: it breaks at|^Nothing was asked\.",
        # The protocol of reconciliation: any JSON may be a property's value, and few are values of one.
        r"no value of a property",
        # An address that nobody could open.
        r"not the address of a page",
    )
)

#: Where a field holds JSON, the schema says that it is a text; of what kind the JSON is, no schema states.
HOLDING_JSON = {"/reconcile/{database}": re.compile(r"^This has to be ")}

ROLES = (None, "contributor", "reviewer", "admin")

#: Requests of each operation, for each of the modes, roles and databases; a thorough run has more.
EXAMPLES = int(os.environ.get("UNCOUNTED_FUZZ_RUNS", "0"))

#: Who is refused is no matter of the database: outside a thorough run, PostgreSQL is asked by whoever may do most.
CALLERS = [("sqlite", who) for who in ROLES] + [("postgresql", who) for who in (ROLES if EXAMPLES else ROLES[-1:])]
FIGURES = os.environ.get("UNCOUNTED_FUZZ_FIGURES")

#: A batch answers 207 whatever its items are: each is refused for itself.
BATCHES = ("/batch", "/responses", "/meetings")


def bounded(examples: int, steps: int = 1) -> settings:
    """Return settings of a run that makes the same requests every time."""
    return settings(
        max_examples=EXAMPLES or examples,
        stateful_step_count=steps,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


@schemathesis.check
def taken_if_it_fits(ctx: Any, response: Any, case: Any) -> None:  # noqa: ARG001 - the form of a check
    """Require that a request that fits the schema is refused only for what no schema states, and told so.

    In the place of `positive_data_acceptance`, which lets any refusal be a failure.
    """
    if case.meta is None or not case.meta.generation.mode.is_positive or response.status_code not in {400, 422}:
        return
    body = response.json()
    told = [one["message"] for one in body.get("errors", ())] or [body["detail"]]
    beyond = [*BEYOND, *filter(None, [HOLDING_JSON.get(case.operation.path)])]
    unknown = [message for message in told if not any(rule.search(message) for rule in beyond)]
    if unknown:
        raise Failure(operation=case.operation.label, title="Refused, though it fits", message="\n".join(unknown))


def checks(*left_out: Any) -> list[Any]:
    """Return all checks, ours among them, but those whose rule is stated more exactly by ours."""
    without = {positive_data_acceptance.__name__, *(check.__name__ for check in left_out)}
    return [check for check in CHECKS.get_all() if check.__name__ not in without]


@pytest.fixture(scope="module")
def answered() -> Iterator[Counter[tuple[str, int]]]:
    """Count answers by operation and status; a thorough run keeps the figures."""
    counted: Counter[tuple[str, int]] = Counter()
    yield counted
    if FIGURES:
        rows = [{"operation": label, "status": status, "answers": n} for (label, status), n in sorted(counted.items())]
        Path(FIGURES).write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


@pytest.fixture
def peopled(api: Any) -> Any:
    """Give the application with records of every state: listed, absent, published, waiting for a person."""
    api.published()
    api.post("/v1/records", api.listed)
    api.post("/v1/records", api.absent | {"id": "own-1", "collection": "survey"}, "stranger")
    return api


def described(peopled: Any) -> Any:
    """Return the schema; what is too long, in its address, head or body, is refused with a status of its own."""
    schema = schemathesis.openapi.from_asgi("/openapi.json", peopled.client.app)
    rule = schema.config.checks.negative_data_rejection
    rule.expected_statuses = [*rule.expected_statuses, "413", "414", "431"]
    return schema


@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize(("databases", "who"), CALLERS, indirect=["databases"])
def test_no_request_gets_an_undeclared_answer(peopled, answered, mode, who):
    """Valid and invalid requests from everybody: no 5xx, no undeclared status, type or shape; what fits is taken."""
    schema = described(peopled)
    headers = peopled.key(who)
    sent = 0
    for result in schema.get_all_operations():

        @bounded(6 if who == "admin" else 3)
        @given(case=result.ok().as_strategy(generation_mode=mode))
        def ask(case):
            nonlocal sent
            sent += 1
            if mode is GenerationMode.POSITIVE:
                in_kenya(case.body)
            response = case.call(headers=headers)
            answered[case.operation.label, response.status_code] += 1
            left_out = [negative_data_rejection] if case.path.endswith(BATCHES) else []
            case.validate_response(response, headers=headers, checks=checks(*left_out))

        try:
            ask()
        except Unsatisfiable:  # where any text is a fitting identifier, and nothing else is taken, nothing is wrong
            assert mode is GenerationMode.NEGATIVE
            assert {one.definition["in"] for one in result.ok().iter_parameters()} <= {"path"}
    assert sent >= sum(1 for _ in schema.get_all_operations())


@pytest.mark.parametrize("who", ["contributor", "admin"])
def test_what_was_answered_can_be_asked_for(peopled, answered, who):
    """Chains of requests along the identifiers in answers: what was made is there, and nothing breaks on the way."""
    schema = described(peopled)
    schema.config.generation.update(modes=[GenerationMode.POSITIVE])
    headers = peopled.key(who)
    followed: Counter[str] = Counter()

    class Chains(schema.as_state_machine()):  # type: ignore[misc]  # made at run time
        def before_call(self, case):
            in_kenya(case.body)

        def get_call_kwargs(self, case):  # noqa: ARG002 - the form of a state machine
            return {"headers": headers}

        def after_call(self, response, case):
            answered[case.operation.label, response.status_code] += 1
            followed[case.operation.label] += "{" in case.operation.label and response.status_code < 400

        def validate_response(self, response, case, additional_checks=(), **_):
            case.validate_response(response, headers=headers, checks=[*checks(), *additional_checks])

    Chains.run(settings=bounded(15, steps=8))
    assert followed.total() > 0


def in_kenya(body):
    """Give generated records a country and a point that exist, so that they get past the border and are compared."""
    for record in body if isinstance(body, list) else [body]:
        if isinstance(record, dict) and "country" in record:
            record["country"] = "KEN"
            if isinstance(record.get("location"), dict):
                record["location"] |= {"lat": 0.53, "lon": 35.0}
