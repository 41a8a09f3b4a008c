"""Who waits for what: nobody for what the service can make ready by itself, no single record for a batch."""

from __future__ import annotations

import threading
from datetime import date

import pytest

from matchers.compare import compare
from service.api import batches

SECONDS = 20  # far more than any of this takes; only a failing test waits so long


def test_starting_makes_ready_what_the_first_request_needs(api):
    """The description and the official lists are there without anybody having asked for them."""
    assert api.client.app.state.contract.methods("/v1/records") == ["GET", "HEAD", "POST"]
    assert [official.source for official in api.context.lists.held()] == ["ke-villages"]


def test_no_request_works_out_what_its_route_takes(api, monkeypatch):
    """What the framework has to make for serving a route is there before anything is served, for every application."""

    def too_late(*_):
        pytest.fail("a request waited for its route to be worked out")

    monkeypatch.setattr("fastapi.dependencies.utils.get_typed_signature", too_late)
    assert api.get("/v1/flags", "reviewer").status_code == 200
    assert api.get("/readyz").status_code == 200


def test_a_list_is_loaded_with_all_that_a_comparison_works_out(sqlite_context, scene):
    """The first comparison with a list finds nothing left to be worked out once for all."""
    scene.publish(sqlite_context, scene.official(scene.villages))
    (official,) = sqlite_context.lists.current()
    before = {type(part).__name__: set(vars(part)) for part in _parts(official.index)}
    compare(official.index.places.take([3]), official, today=date(2026, 1, 1))
    assert {type(part).__name__: set(vars(part)) for part in _parts(official.index)} == before


def _parts(index):
    return (index, *(part for part in vars(index).values() if hasattr(part, "__dict__")))


def test_a_single_record_does_not_wait_for_a_batch(api, monkeypatch):
    """While a batch is being worked on, a record sent by itself is answered."""
    begun, go_on = threading.Event(), threading.Event()
    keep = batches.keep

    def slow(*given):
        begun.set()
        assert go_on.wait(SECONDS)
        return keep(*given)

    monkeypatch.setattr(batches, "keep", slow)
    answers = []
    batch = threading.Thread(target=lambda: answers.append(api.post("/v1/records/batch", [api.listed])))
    batch.start()
    assert begun.wait(SECONDS)
    single = api.post("/v1/records", api.absent)
    assert (single.status_code, answers) == (201, [])
    go_on.set()
    batch.join(SECONDS)
    assert [answer.status_code for answer in answers] == [200]
