"""The application lets nothing out beside its answers and its own logs."""

from __future__ import annotations

import pytest
from fastapi import FastAPI
from opentelemetry import trace
from starlette.testclient import TestClient

from service.app import create_app
from service.context import Context


class Listening(trace.TracerProvider):
    """An exporter as an operator's environment may set one up: it notes what it is told."""

    def __init__(self) -> None:
        """Nothing was told yet."""
        self.told: list[str] = []

    def get_tracer(self, *_names: object, **_more: object) -> trace.Tracer:
        """Give a tracer that notes the names of spans."""
        told = self.told

        class Noting(trace.NoOpTracer):
            def start_span(self, name: str, *parts: object, **more: object) -> trace.Span:
                told.append(name)
                return super().start_span(name, *parts, **more)  # type: ignore[arg-type]

        return Noting()


@pytest.fixture
def listening(monkeypatch: pytest.MonkeyPatch) -> Listening:
    """Put an exporter where the framework looks for one."""
    provider = Listening()
    monkeypatch.setattr(trace, "_TRACER_PROVIDER", provider)
    return provider


def test_no_query_reaches_an_exporter_of_the_environment(sqlite_context: Context, listening: Listening) -> None:
    """The framework would tell every request to a global tracer; here it is told nothing."""
    with TestClient(FastAPI()) as plain:
        plain.get("/nowhere")
    assert listening.told, "the framework no longer traces by itself, so this test shows nothing"
    listening.told.clear()
    with TestClient(create_app(sqlite_context)) as client:
        client.get("/v1/places", params={"near": "-1.31,36.79"})
    assert listening.told == []
