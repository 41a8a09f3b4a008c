"""What can go wrong when a service is asked, as one tree.

::

    UncountedError
    ├── Unreachable        no answer came: the network, or the service is not there
    └── Refused            an answer came, and it is a problem (RFC 9457)
        ├── Invalid        400, 413, 415, 422 …: mend what was sent; `errors` names the places
        ├── NotPermitted   401, 403: the key
        ├── NotFound       404: or you may not see it
        ├── Conflict       409: said differently before, or somebody was quicker
        ├── Gone           410: what you go on from is no longer kept; begin anew
        ├── TooOften       429: after all retries; `retry_after` says when
        └── Unavailable    5xx: after all retries
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import httpx

from service.client.patience import seconds_of


class UncountedError(Exception):
    """Something went wrong when a service was asked."""


class Unreachable(UncountedError):
    """No answer came, however often it was tried. Whether what was sent arrived is not known; sending again is safe."""


class Refused(UncountedError):
    """The service answered with a problem. Its members are attributes; `problem` holds all of them."""

    def __init__(self, status: int, problem: Mapping[str, Any], retry_after: float | None = None) -> None:
        """Take the status, the problem as it came, and the seconds of Retry-After where the answer has it."""
        self.status = status
        self.problem = dict(problem)
        self.code = str(problem.get("code", ""))
        self.title = str(problem.get("title", f"HTTP {status}"))
        self.detail = str(problem.get("detail", ""))
        self.hint = str(problem.get("hint", ""))
        self.errors: Sequence[Mapping[str, Any]] = _places(problem.get("errors"))
        self.request_id = str(problem.get("request_id", ""))
        self.retry_after = retry_after
        places = " ".join(
            f"{one.get('pointer') or 'in all'}: {one.get('message')} {one.get('hint', '')}" for one in self.errors
        )
        said = places or " ".join(part for part in (self.detail or self.title, self.hint) if part)
        super().__init__(f"{status} {self.code}: {said}" if self.code else f"{status}: {said}")


class Invalid(Refused):
    """What was sent cannot be taken; `errors` names each place, what is wrong and how to mend it."""


class NotPermitted(Refused):
    """The key is missing, not known, or may not do this."""


class NotFound(Refused):
    """There is no such thing, or you may not see it."""


class Conflict(Refused):
    """It was said differently before, or somebody else changed it first."""


class Gone(Refused):
    """What you go on from is no longer kept: begin anew."""


class TooOften(Refused):
    """You asked more often than is answered."""


class Unavailable(Refused):
    """The service cannot answer just now."""


_OF_STATUS: dict[int, type[Refused]] = {
    401: NotPermitted,
    403: NotPermitted,
    404: NotFound,
    409: Conflict,
    410: Gone,
    429: TooOften,
}
_SERVER = 500


def refused(response: httpx.Response) -> Refused:
    """Return an answer that is no success as an error; one that is no problem, as of a proxy, by its status."""
    status = response.status_code
    kind = _OF_STATUS.get(status, Unavailable if status >= _SERVER else Invalid)
    try:
        told = response.json()
    except (ValueError, RecursionError):
        told = {}
    problem = told if isinstance(told, dict) else {}
    return kind(status, problem, seconds_of(response.headers.get("retry-after")))


def _places(errors: Any) -> list[Mapping[str, Any]]:
    """Return the places a problem names; services in between name theirs in forms of their own."""
    return [one for one in errors if isinstance(one, dict)] if isinstance(errors, list) else []
