"""Mixed traffic: what people ask of the service, in the shares in which they do, each request as bytes to be sent.

70 % read (flags, one record, the public gap report, pages of records), 20 % post a record, 5 % send a batch or a file,
and 5 % decide about a flag. What is read and decided about follows from what was answered before.
"""

from __future__ import annotations

import json
import random
import re
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from bench.faults import world
from bench.load import request

READ, POST, BULK, REVIEW = "read", "post", "batch or file", "review"
SHARES = {READ: 70, POST: 20, BULK: 5, REVIEW: 5}
BATCH, ROWS = 20, 50
CONFLICT = 409
_TOO_LATE = re.compile(rb"A flag that is (withdrawn|resolved_by_release) cannot become")
_REMEMBERED = 2_000
_REPORTS = 0.1  # of what is read
_FILE_EVERY = 2  # of what is sent in bulk


@dataclass(frozen=True)
class Asked:
    """One request, and of which kind it is."""

    kind: str
    content: bytes


@dataclass
class Mixed:
    """Makes one request after another. `secrets` are those of a contributor and a reviewer."""

    secrets: Mapping[str, str]
    seed: int
    records: deque[str] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))
    flags: deque[str] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))
    _numbers: Any = field(default_factory=lambda: count(1))
    _chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        """Begin at the seed."""
        self._chance = random.Random(self.seed)  # noqa: S311 - to be repeatable

    def next(self) -> Asked:
        """Return what is asked next."""
        (kind,) = self._chance.choices(list(SHARES), list(SHARES.values()))
        if kind == REVIEW and not self.flags:
            kind = READ
        return Asked(kind, getattr(self, f"_{kind.split()[0]}")())

    def heard(self, asked: Asked, status: int, body: bytes) -> int:
        """Learn from an answer what there is to be read and decided about, and return the status that counts.

        Whoever decides about a flag that was withdrawn since, because its community turned out to be part of another
        one, comes too late, as with any other conflict.
        """
        if asked.kind == POST and status == 201:
            said = json.loads(body)
            self.records.append(said["id"])
            if said.get("flag_id"):
                self.flags.append(said["flag_id"])
        return CONFLICT if asked.kind == REVIEW and _TOO_LATE.search(body) else status

    def _read(self) -> bytes:
        who = self.secrets["reviewer"]
        if self._chance.random() < _REPORTS:
            return request("GET", "/v1/gap-reports", None, None)
        paths = ["/v1/flags?limit=50", "/v1/records?limit=50", "/v1/flags?status=open&country=USA&limit=20"]
        paths += [f"/v1/records/{self._chance.choice(self.records)}"] * 4 if self.records else []
        paths += [f"/v1/flags/{self._chance.choice(self.flags)}"] * 2 if self.flags else []
        return request("GET", self._chance.choice(paths), None, who)

    def _post(self) -> bytes:
        number = next(self._numbers)
        return request("POST", "/v1/records", world.record(number) | {"id": f"m{number}"}, self.secrets["first"])

    def _batch(self) -> bytes:
        number = next(self._numbers)
        if number % _FILE_EVERY:
            numbers = range(number * 100, number * 100 + BATCH)
            given = [world.record(one) | {"id": f"n{one}"} for one in numbers]
            return request("POST", "/v1/records/batch", given, self.secrets["second"])
        rows = world.rows(range(9_000_000 + number * ROWS, 9_000_000 + (number + 1) * ROWS))
        head = [
            "POST /v1/collections/files/imports?name=part.csv HTTP/1.1",
            "Host: 127.0.0.1",
            "Content-Type: text/csv",
        ]
        head += [f"Authorization: Bearer {self.secrets['second']}", f"Content-Length: {len(rows)}", "", ""]
        return "\r\n".join(head).encode() + rows

    def _review(self) -> bytes:
        decision = self._chance.choice(["confirmed", "rejected", "needs_field_check"])
        given = {"decision": decision, "reason_code": "field_visit"}
        return request("POST", f"/v1/flags/{self.flags.popleft()}/reviews", given, self.secrets["reviewer"])
