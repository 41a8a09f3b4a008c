"""Every source in turn: one that fails is told, and stops nothing."""

from __future__ import annotations

import pytest

from connectors.errors import ConnectorError, SourceUnavailable
from service import sync
from service.sources import fetching, turns
from service.store import sources
from service.syncing.every import every


@pytest.fixture
def followed(context, scene, monkeypatch):
    """Follow four sources: good, away, broken in its own code, and good again."""

    class Mixed:
        name, title, needs = "mixed", "Mixed", {}

        def fetch(self, client, request):
            client.progress(1, 2, "rows read")
            if request["source"] == "b-away":
                msg = "it did not answer"
                raise SourceUnavailable(msg, source="b-away", hint="try again later")
            if request["source"] == "c-broken":
                return {}["somebody's secret"]
            return scene.official(scene.villages, source=request["source"]).snapshot()

    monkeypatch.setattr(fetching.catalogue, "connector", lambda _name: Mixed())
    names = ["a-good", "b-away", "c-broken", "d-good"]
    for name in names:
        sync.configure(context, name, "mixed")
    return names


def test_one_that_fails_does_not_stop_the_others(context, followed, caplog):
    """Each comes with its result or with why not; a connector's own mistake is told without what it held."""
    attempts = list(every(context, followed))
    assert [(one.source, one.result is not None, one.stopped) for one in attempts] == [
        ("a-good", True, ""),
        ("b-away", False, "it did not answer"),
        ("c-broken", False, "c-broken stumbled over its own code: KeyError"),
        ("d-good", True, ""),
    ]
    assert attempts[1].hint == "try again later"
    assert "somebody's secret" not in caplog.text
    with context.store.read() as session:
        errors = {one.id: one.last_error for one in sources.all(session)}
        assert turns.under_way(session) == {}
    assert errors["a-good"] is None
    assert "KeyError" in errors["c-broken"]


def test_what_comes_is_told_while_it_comes(context, followed):
    """Results are yielded one by one, and each source has a progress of its own."""
    shown, heard = [], []

    class Showing:
        def __init__(self, source):
            shown.append(source)

        def __enter__(self):
            return lambda *told: heard.append(told)

        def __exit__(self, *_ended):
            return None

    attempts = every(context, followed, Showing)
    assert next(attempts).source == "a-good"
    assert shown == ["a-good"]
    assert (1, 2, "rows read") in heard
    attempts.close()


def test_one_that_somebody_else_is_at_work_on_is_told(context, followed):
    """A source in another process's turn is left to it."""
    with turns.turn(context, "a-good"):
        first, *_ = every(context, followed)
    assert "at work on a-good" in first.stopped


def test_a_sync_after_one_that_died_says_so(context, followed):
    """The result names when the one before began; the next one knows nothing of it."""
    assert issubclass(SourceUnavailable, ConnectorError)
    with context.store.begin() as session:
        died = turns.take(session, followed[0]).lease
        turns.leases.renew(session, died, died.since)
    (attempt,) = every(context, followed[:1])
    assert attempt.result.broken_off == died.since
    (attempt,) = every(context, followed[:1])
    assert attempt.result.broken_off is None
