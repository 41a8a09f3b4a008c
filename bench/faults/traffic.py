"""Traffic: senders that behave as good clients do, and write down what they were told.

What has an identifier or an idempotency key is sent again until it is acknowledged; what has none is sent once.
"""

from __future__ import annotations

import http.client
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from bench.faults import world
from bench.faults.installation import ROOT, Installation, asked
from bench.faults.ledger import Fate, Ledger

_AGAIN = frozenset({408, 429, 503, 507})
_LONGEST_S = 1.0  # before trying again
BATCH, ROWS, TWINS = 8, 30, 7_000_000


@dataclass
class Traffic:
    """Senders of every kind against one or more ports of an installation."""

    installation: Installation
    ports: Sequence[int]
    seed: int
    ledger: Ledger = field(default_factory=Ledger)
    ended: threading.Event = field(default_factory=threading.Event)
    syncs: bool = True
    twins: bool = False  # the same records are sent to every port at once
    pause_s: float = 0.02
    _threads: list[threading.Thread] = field(default_factory=list)
    _numbers: Any = field(default_factory=lambda: count(1))

    def start(self) -> None:
        """Begin: for each port two senders of records, and one each of batches, files, decisions and questions."""
        for port in self.ports:
            for work in (self._post, self._post, self._once, self._batch, self._file, self._review, self._read):
                self._run(work, port)
        if self.twins:
            for port in self.ports:
                self._run(self._twin(), port)
        if self.syncs:
            self._run(self._sync, self.ports[0])

    def stop(self) -> None:
        """End; what is not acknowledged by then stays unknown."""
        self.ended.set()
        for thread in self._threads:
            thread.join(120)

    def _run(self, work: Callable[[int, random.Random], None], port: int) -> None:
        chance = random.Random(f"{self.seed} {len(self._threads)}")  # noqa: S311 - to be repeatable

        def loop() -> None:
            while not self.ended.wait(self.pause_s):
                work(port, chance)

        thread = threading.Thread(target=loop, daemon=True, name=work.__name__)
        self._threads.append(thread)
        thread.start()

    def _ask(self, port: int, method: str, path: str, **sent: Any) -> tuple[int, Any]:
        """Ask once; status 0 where no whole answer came."""
        try:
            status, said, _ = asked(port, method, path, **sent)
        except (OSError, http.client.HTTPException):
            self.ledger.answered(0)
            return 0, None
        self.ledger.answered(status, f"{method} {path} {said if status >= 400 else ''}")
        return status, said

    def _until_told(self, port: int, path: str, **sent: Any) -> tuple[int, Any]:
        """Send the same again until it is answered for good, or the run ends."""
        while True:
            status, said = self._ask(port, "POST", path, **sent)
            if status and status not in _AGAIN:
                return status, said
            if self.ended.wait(_LONGEST_S / 4):
                return 0, None

    def _post(self, port: int, chance: random.Random) -> None:
        number = next(self._numbers)
        own, who = f"r{number}", chance.choice(["first", "second"])
        self.ledger.note(self.ledger.owned, own, Fate.UNKNOWN)
        key = f"key-{number}" if chance.random() < 0.3 else None
        given = world.record(number) | {"id": own}
        status, _ = self._until_told(port, "/v1/records", body=given, secret=self.installation.secrets[who], key=key)
        if status in {200, 201}:
            self.ledger.note(self.ledger.owned, own, Fate.ACKNOWLEDGED)

    def _twin(self) -> Callable[[int, random.Random], None]:
        numbers = count(TWINS)

        def send(port: int, _chance: random.Random) -> None:
            number = next(numbers)
            own = f"t{number}"
            self.ledger.note(self.ledger.owned, own, Fate.UNKNOWN)
            sent = {"body": world.record(number) | {"id": own}, "secret": self.installation.secrets["first"]}
            status, _ = self._until_told(port, "/v1/records", key=f"twin-{number}", **sent)
            if status in {200, 201}:
                self.ledger.note(self.ledger.owned, own, Fate.ACKNOWLEDGED)

        return send

    def _once(self, port: int, _chance: random.Random) -> None:
        number = next(self._numbers)
        given = world.record(number * 3 + 1)  # of the names that are used once
        said = f"Once {world.name(number)}"
        given["names"] = [{"text": said}]
        self.ledger.note(self.ledger.nameless, said, Fate.UNKNOWN)
        status, _ = self._ask(port, "POST", "/v1/records", body=given, secret=self.installation.secrets["first"])
        if status == 201:
            self.ledger.note(self.ledger.nameless, said, Fate.ACKNOWLEDGED)
        elif status:  # refused: it must not be there
            self.ledger.nameless.pop(said)

    def _batch(self, port: int, _chance: random.Random) -> None:
        numbers = [next(self._numbers) for _ in range(BATCH)]
        given = [world.record(number) | {"id": f"b{number}"} for number in numbers]
        for one in given:
            self.ledger.note(self.ledger.owned, one["id"], Fate.UNKNOWN)
        secret = self.installation.secrets["second"]
        status, _ = self._until_told(port, "/v1/records/batch", body=given, secret=secret, key=f"batch-{numbers[0]}")
        if status in {200, 201}:
            for one in given:
                self.ledger.note(self.ledger.owned, one["id"], Fate.ACKNOWLEDGED)
        self.ended.wait(0.3)

    def _file(self, port: int, _chance: random.Random) -> None:
        start = 1_000_000 + next(self._numbers) * ROWS
        numbers = range(start, start + ROWS)
        own = tuple(f"i{number}" for number in numbers)
        path = f"/v1/collections/files/imports?name=part-{start}.csv"
        sent = {"body": world.rows(numbers), "kind": "text/csv", "secret": self.installation.secrets["first"]}
        for one in own:
            self.ledger.note(self.ledger.owned, one, Fate.UNKNOWN)
        status, said = self._until_told(port, path, **sent)
        if status in {201, 202}:
            self.ledger.imported(said["id"], own)
        self.ended.wait(1.0)

    def _review(self, port: int, chance: random.Random) -> None:
        secret = self.installation.secrets["reviewer"]
        status, page = self._ask(port, "GET", "/v1/flags?status=open&limit=20", secret=secret)
        if status != 200 or not page["items"]:
            self.ended.wait(0.5)
            return
        flag = chance.choice(page["items"])
        note = f"note {next(self._numbers)}"
        given = {"decision": chance.choice(["confirmed", "rejected"]), "reason_code": "field_visit", "note": note}
        self.ledger.note(self.ledger.reviews, note, Fate.UNKNOWN)
        status, _ = self._ask(port, "POST", f"/v1/flags/{flag['id']}/reviews", body=given, secret=secret)
        if status == 201:
            self.ledger.note(self.ledger.reviews, note, Fate.ACKNOWLEDGED)
        elif status:
            self.ledger.reviews.pop(note)

    def _read(self, port: int, chance: random.Random) -> None:
        path = chance.choice(["/v1/flags?limit=20", "/v1/records?limit=20", "/v1/sources", "/"])
        self._ask(port, "GET", path, secret=self.installation.secrets["admin"])
        self.ended.wait(0.1)

    def _sync(self, _port: int, chance: random.Random) -> None:
        command = [sys.executable, "-m", "service", "sync", "places"]
        quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": ROOT}
        process = subprocess.Popen(command, env=self.installation.environment, **quiet)  # noqa: S603 - ours
        until = time.monotonic() + chance.uniform(3, 40)  # some are killed on their way
        while process.poll() is None and time.monotonic() < until and not self.ended.is_set():
            time.sleep(0.1)
        process.kill()
        process.wait()
        self.ended.wait(chance.uniform(2, 10))
