"""Traces, where somebody asks for them: how long each step of a piece of work took, and nothing of what it was about.

Off unless `UNCOUNTED_TELEMETRY` is on; then OpenTelemetry (the extra `telemetry`) sends spans to where its own
`OTEL_EXPORTER_OTLP_ENDPOINT` says. A span bears a name of ours and members that a log line may bear too
(`service.running.logs.ALLOWED`); of a failure its type, never its message. The framework's own instrumentation, which
would carry addresses with their queries and statements with their values, stays off.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

from service.running.logs import ALLOWED

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SpanExporter
    from opentelemetry.trace import Span

SERVICE = "uncounted"

_provider: TracerProvider | None = None
_NOTHING: AbstractContextManager[None] = nullcontext()


class TelemetryMissing(Exception):
    """Spans were asked for and the packages for them are not installed."""

    hint = 'Install them: pip install "uncounted[telemetry]", or take UNCOUNTED_TELEMETRY away.'


def start(exporter: SpanExporter | None = None) -> None:
    """Begin to send spans; to `exporter`, or by OTLP over HTTP to where the environment says.

    Raises `TelemetryMissing` where OpenTelemetry is not installed. Beginning twice changes nothing.
    """
    global _provider  # noqa: PLW0603 - one per process, like the logs
    if _provider is not None:
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415 - an extra
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415 - as above
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415 - as above
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415 - as above
    except ModuleNotFoundError as error:
        msg = "UNCOUNTED_TELEMETRY is on, and OpenTelemetry is not installed."
        raise TelemetryMissing(msg) from error
    provider = TracerProvider(resource=Resource.create({"service.name": SERVICE}), shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(exporter or OTLPSpanExporter()))
    _provider = provider


def stop() -> None:
    """Send what is left, and send nothing more."""
    global _provider  # noqa: PLW0603 - as above
    if _provider is not None:
        _provider.shutdown()
        _provider = None


def span(name: str, /, **members: Any) -> AbstractContextManager[Any]:
    """Return a context that times a step under a name of ours; nothing happens where nobody asked for spans."""
    return _NOTHING if _provider is None else _timed(name, members)


def add(**members: Any) -> None:
    """Say more of the step that is under way."""
    if _provider is not None:
        from opentelemetry import trace  # noqa: PLC0415 - an extra

        _describe(trace.get_current_span(), members)


@contextmanager
def _timed(name: str, members: dict[str, Any]) -> Iterator[None]:
    from opentelemetry.trace import Status, StatusCode  # noqa: PLC0415 - an extra

    assert _provider is not None  # noqa: S101 - for mypy: `span` asked
    tracer = _provider.get_tracer(SERVICE)
    with tracer.start_as_current_span(name, record_exception=False, set_status_on_exception=False) as current:
        _describe(current, members)
        try:
            yield
        except BaseException as error:
            current.set_status(Status(StatusCode.ERROR, type(error).__name__))
            raise


def _describe(current: Span, members: dict[str, Any]) -> None:
    for name in members.keys() & ALLOWED:
        current.set_attribute(f"{SERVICE}.{name}", members[name])
