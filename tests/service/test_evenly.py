"""Not-founds leave at even moments; everything else leaves at once."""

from __future__ import annotations

import asyncio

import pytest

from service.http import evenly
from service.http.evenly import Evenly


@pytest.fixture
def waited(monkeypatch):
    """Give how long each answer waited, in order; nobody really waits."""
    told = []

    async def sleep(seconds):
        told.append(seconds)

    monkeypatch.setattr(evenly, "sleep", sleep)
    return told


def answered(monkeypatch, status, passed_s, *, named=(("record_id", "x"),), query=b""):
    """Answer a request with this status after so much time, and return what was sent."""
    moments = iter((100.0, 100.0 + passed_s))
    monkeypatch.setattr(evenly, "monotonic", lambda: next(moments))
    sent = []

    async def application(scope, _receive, send):
        scope["path_params"] = dict(named)
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})

    async def send(message):
        sent.append(message["type"])

    asyncio.run(Evenly(application)({"type": "http", "query_string": query}, None, send))
    return sent


@pytest.mark.parametrize("passed", [0.1, 0.5, 0.9, 1.5, 3.2])
def test_a_not_found_waits_for_the_next_even_moment(monkeypatch, waited, passed):
    """However long the finding out took, what passed by then is a multiple of one step."""
    sent = answered(monkeypatch, 404, passed * evenly.EVERY_S)
    assert sent == ["http.response.start", "http.response.body"]
    assert 0 <= waited[0] <= evenly.EVERY_S
    steps = (passed * evenly.EVERY_S + waited[0]) / evenly.EVERY_S
    assert steps == pytest.approx(round(steps))


def test_a_refused_cursor_waits_too(monkeypatch, waited):
    """A cursor may name something hidden; another mistake in a query names nothing."""
    answered(monkeypatch, 422, 0.001, named=(), query=b"limit=2&cursor=0")
    answered(monkeypatch, 422, 0.001, named=(), query=b"limit=x")
    assert len(waited) == 1


@pytest.mark.parametrize(("status", "named"), [(200, {"record_id": "x"}), (403, {"record_id": "x"}), (404, {})])
def test_other_answers_leave_at_once(monkeypatch, waited, status, named):
    """Whoever may see a thing is not kept waiting, and an address that names nothing hides nothing."""
    answered(monkeypatch, status, 0.001, named=named.items())
    assert waited == []
