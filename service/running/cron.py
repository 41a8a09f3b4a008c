"""When a cron expression next comes true: five fields, UTC, read as Debian's cron reads them."""

from __future__ import annotations

from datetime import UTC, datetime

from cronsim import CronSim, CronSimError

from service.errors import INVALID, Problem

_FIELDS = 5
_HINT = "Write minute, hour, day, month and weekday in UTC as cron does, e.g. '0 3 * * 1' for Mondays at 03:00."


def following(expression: str, after: datetime) -> datetime:
    """Return the next moment of a cron expression after another, both in UTC.

    Raises `Problem` (invalid) when it is none, or names a day that never comes.
    """
    fields = len(expression.split())
    if fields != _FIELDS:
        detail = f"{expression!r} is no schedule: it has {fields} fields. {_HINT}"
        raise Problem(INVALID, detail)
    try:
        return next(CronSim(expression.upper(), after.astimezone(UTC)))
    except CronSimError as error:
        detail = f"{expression!r} is no schedule: {str(error).lower()}. {_HINT}"
        raise Problem(INVALID, detail) from error
    except StopIteration as error:
        detail = f"{expression!r} names a day that never comes. {_HINT}"
        raise Problem(INVALID, detail) from error
