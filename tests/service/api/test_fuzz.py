"""The API under generated requests: whatever is sent, the answer is one that was declared."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.specs.openapi.checks import negative_data_rejection

load_all_checks()

#: Not held against us: rules that a schema cannot state (a country that exists, a day that has come) refuse bodies that
#: fit the schema; whether a key is needed is tested by name.
LEFT_OUT = {"positive_data_acceptance", "ignored_auth", "use_after_free", "ensure_resource_availability"}

#: Seeded: the same requests in every run.
BOUNDED = settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_no_request_gets_an_undeclared_answer(api, mode):
    """Hundreds of valid and invalid requests per run: no 5xx, no undeclared status, type or shape."""
    schema = schemathesis.openapi.from_asgi("/openapi.json", api.client.app)
    checks = [check for check in CHECKS.get_all() if check.__name__ not in LEFT_OUT]
    sent = 0
    for result in schema.get_all_operations():

        @BOUNDED
        @given(case=result.ok().as_strategy(generation_mode=mode))
        def ask(case):
            nonlocal sent
            sent += 1
            if mode is GenerationMode.POSITIVE:
                in_kenya(case.body)
            # A batch answers 207 whatever its items are: each is refused for itself.
            batches = ("/batch", "/responses", "/meetings")
            left_out = [negative_data_rejection] if case.path.endswith(batches) else []
            case.call_and_validate(headers=api.key("admin"), checks=checks, excluded_checks=left_out)

        try:
            ask()
        except Unsatisfiable:  # where any text is a fitting identifier, and nothing else is taken, nothing is wrong
            assert mode is GenerationMode.NEGATIVE
            assert {one.definition["in"] for one in result.ok().iter_parameters()} <= {"path"}
    assert sent >= 100


def in_kenya(body):
    """Give generated records a country and a point that exist, so that they get past the border and are compared."""
    for record in body if isinstance(body, list) else [body]:
        if isinstance(record, dict) and "country" in record:
            record["country"] = "KEN"
            if isinstance(record.get("location"), dict):
                record["location"] |= {"lat": 0.53, "lon": 35.0}
