"""Logs: one line per request and per event, as JSON for machines or in colour for a terminal.

A line carries identifiers, route templates, counts and durations; never a name, a coordinate, a query string, a body
or a key. `without_personal_data` is the last processor before writing and drops whatever is not on its list.
"""

from __future__ import annotations

import logging
import sys
from traceback import extract_tb
from types import TracebackType

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

#: The only members a line may carry. A member somebody adds elsewhere is dropped until it is named here.
ALLOWED = frozenset(
    {
        "event",
        "level",
        "timestamp",
        "logger",
        "request_id",
        "method",
        "route",
        "status",
        "milliseconds",
        "seconds",
        "bytes",
        "role",
        "error",
        "where",
        "source",
        "snapshot",
        "connector",
        "record",
        "records",
        "flags",
        "count",
        "problems",
        "version",
        "model",
        "outcome",
        "concerned",
        "verified",
        "resolved",
        "regressed",
        "visible",
        "link",
        "setting",
        "edition",
        "task",
        "check",
        "port",
        "pid",
    }
)

_INNERMOST_FRAMES = 6


def configure(level: str = "info", *, as_json: bool | None = None) -> None:
    """Send logs to standard error at this level; JSON unless standard error is a terminal.

    Raises `ValueError` for a level that is not debug, info, warning or error.
    """
    numbers = {"debug": 10, "info": 20, "warning": 30, "error": 40}
    if level not in numbers:
        msg = f"log level {level!r} is not one of {', '.join(numbers)}"
        raise ValueError(msg)
    machine = not sys.stderr.isatty() if as_json is None else as_json
    writer: Processor = structlog.processors.JSONRenderer() if machine else structlog.dev.ConsoleRenderer()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            without_personal_data,
            writer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(numbers[level]),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),  # whatever standard error is at that moment
        cache_logger_on_first_use=False,
    )
    # httpx writes every URL, with its query, at INFO; uvicorn's access log does the same. Ours says enough.
    for chatty in ("httpx", "httpcore", "uvicorn.access"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


def without_personal_data(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Drop every member that is not in `ALLOWED`, naming the dropped ones so that their absence is seen."""
    dropped = sorted(set(event) - ALLOWED)
    kept = {name: value for name, value in event.items() if name in ALLOWED}
    return {**kept, "withheld": dropped} if dropped else kept


def told_safely(error: BaseException) -> dict[str, object]:
    """Return an exception as its type and the code it came through.

    Its message is left out: a database error repeats the row it could not write, with its names and coordinates.
    """
    return {"error": type(error).__name__, "where": _frames(error.__traceback__)}


def _frames(traceback: TracebackType | None) -> list[str]:
    frames = extract_tb(traceback)[-_INNERMOST_FRAMES:]
    return [f"{'/'.join(frame.filename.split('/')[-2:])}:{frame.lineno} {frame.name}" for frame in frames]
