"""The problem catalogue: every failure a user can see, once, with its status, title and the way to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class ProblemType:
    """One kind of failure. `code` is stable and part of the API."""

    code: str
    status: int
    title: str
    hint: str


INVALID = ProblemType(
    "invalid", 422, "The content is not valid", "Mend the fields named under `errors` and send it again."
)
MALFORMED = ProblemType(
    "malformed", 400, "The body cannot be read", "Send UTF-8 JSON (or NDJSON to the batch address)."
)
UNKNOWN_PARAMETER = ProblemType(
    "unknown-parameter",
    422,
    "A parameter is not known",
    "A misspelt filter would return everything, so nothing was returned; see /docs for the names.",
)
NOT_FOUND = ProblemType("not-found", 404, "There is no such thing here", "Check the identifier.")
NOT_ALLOWED_METHOD = ProblemType("method-not-allowed", 405, "This address does not take that method", "See /docs.")
KEY_NEEDED = ProblemType("key-needed", 401, "A key is needed", "Send your key as `Authorization: Bearer KEY`.")
KEY_UNKNOWN = ProblemType("key-unknown", 401, "This key is not known", "Check the key, or ask an admin for a new one.")
NOT_PERMITTED = ProblemType(
    "not-permitted", 403, "Your key may not do this", "Ask an admin for a key with another role."
)
FORGED = ProblemType(
    "not-from-here",
    403,
    "This did not come from a page of this service",
    "Open the page again and repeat it there; a script sends a key instead.",
)
CONFLICT = ProblemType(
    "conflict", 409, "This was already said differently", "Use a new Idempotency-Key or your own id."
)
STALE_STATE = ProblemType("stale-state", 409, "Somebody else changed it first", "Read it again, then decide.")
CURSOR_TOO_OLD = ProblemType(
    "cursor-too-old",
    410,
    "Nothing can be told from here on",
    "Ask again without `since`, put what comes in the place of your copy, and go on from there.",
)
CLAIMED = ProblemType(
    "claimed", 409, "Somebody else is at work on it", "Take another one, or wait until their claim runs out."
)
WITHDRAWN = ProblemType(
    "withdrawn", 409, "This was withdrawn", "Leave it out. Where the community agrees again, admit the record first."
)
TOO_LARGE = ProblemType("too-large", 413, "The body is too large", "Split it, or use the batch address.")
TOO_LONG = ProblemType(
    "uri-too-long", 414, "The address is too long", "Ask for less at once; send what is long as a body."
)
HEADERS_TOO_LARGE = ProblemType(
    "headers-too-large", 431, "The headers are too large", "Send fewer and shorter headers; leave cookies out."
)
RATE_LIMITED = ProblemType(
    "rate-limited", 429, "That is too often", "Wait as long as Retry-After says; send many records in one batch."
)
WRONG_HOST = ProblemType(
    "wrong-host", 421, "This is another service", "Use the address that the operator gave you; see /docs."
)
NOT_ACCEPTABLE = ProblemType(
    "not-acceptable", 406, "This cannot be given in that format", "Ask for json, geojson or csv."
)
UNSUPPORTED = ProblemType("unsupported-media-type", 415, "This kind of body is not read", "Send application/json.")
BUSY = ProblemType("busy", 503, "The service is busy", "Try again after the time named in Retry-After.")
TOO_SLOW = ProblemType(
    "too-slow", 408, "The body came too slowly", "Send it again over a better line, or in smaller parts."
)
STORAGE_FULL = ProblemType(
    "storage-full",
    507,
    "There is no room left on the disk of the service",
    "Nothing of this was kept, and nothing kept before was lost. Send it again later; tell the operator.",
)
READ_ONLY = ProblemType(
    "read-only",
    503,
    "The service can only be read just now",
    "Nothing of this was kept. Send it again later; if it stays so, tell the operator.",
)
STORAGE_FAILED = ProblemType(
    "storage-failed",
    503,
    "The disk or the database of the service fails",
    "Nothing of this was kept. Tell the operator: the disk may be broken, or the database may need its backup.",
)
OUT_OF_DATE = ProblemType(
    "out-of-date", 503, "The database is of another version", "Run `uncounted migrate`, then start the service again."
)
NOT_READY = ProblemType(
    "not-ready", 503, "The service is not ready", "Try again shortly; if it stays so, tell the operator."
)
INTERNAL = ProblemType(
    "internal", 500, "Something went wrong here", "Nothing of yours was lost; tell the operator the request id."
)


#: Kinds that pass by themselves or when the operator mends something: the same work, done again, may succeed.
PASSING = frozenset({BUSY, STORAGE_FULL, READ_ONLY, STORAGE_FAILED})

#: Every kind by its code, in the order of the catalogue.
CATALOGUE: dict[str, ProblemType] = {
    kind.code: kind
    for kind in (
        MALFORMED,
        INVALID,
        UNKNOWN_PARAMETER,
        KEY_NEEDED,
        KEY_UNKNOWN,
        NOT_PERMITTED,
        FORGED,
        NOT_FOUND,
        NOT_ALLOWED_METHOD,
        NOT_ACCEPTABLE,
        CONFLICT,
        STALE_STATE,
        CLAIMED,
        WITHDRAWN,
        CURSOR_TOO_OLD,
        TOO_LARGE,
        TOO_LONG,
        HEADERS_TOO_LARGE,
        UNSUPPORTED,
        TOO_SLOW,
        WRONG_HOST,
        RATE_LIMITED,
        BUSY,
        STORAGE_FULL,
        READ_ONLY,
        STORAGE_FAILED,
        OUT_OF_DATE,
        NOT_READY,
        INTERNAL,
    )
}


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing wrong in one place of a body or a query. `pointer` is a JSON pointer, or `?name` for a parameter."""

    pointer: str
    message: str
    hint: str
    value: str | None = None  # what stood there, shortened

    def members(self) -> dict[str, str]:
        """Return the mistake as members of a problem's `errors`."""
        told = {"pointer": self.pointer, "message": self.message, "hint": self.hint}
        return told if self.value is None else {**told, "value": self.value}


class Problem(Exception):
    """A failure the caller is told about, as RFC 9457 tells it."""

    def __init__(self, kind: ProblemType, detail: str, **extra: Any) -> None:
        """Name the kind, say what happened in this case, and add members such as `errors` or `conflicting_id`."""
        super().__init__(detail)
        self.kind = kind
        self.detail = detail
        self.extra = extra
