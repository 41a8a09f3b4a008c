"""Receive webhooks of Uncounted and keep a copy of the flags they tell of. Needs nothing but Python.

    python webhook_receiver.py flags.sqlite --port 9000

The secret of the webhook is read from UNCOUNTED_WEBHOOK_SECRET. Messages come signed as Standard Webhooks lays down,
may come twice, and may come in another order than they were sent. So each signature is checked over the bytes that
came, what is too old is refused, an id counts once, and a message about a flag counts only when none with a higher
sequence came before it. Put a proxy with TLS in front of it.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import hashlib
import hmac
import json
import os
import re
import sqlite3
import time
from collections.abc import Mapping
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

WINDOW_S = 300  # how old or how far ahead a message may be
LARGEST = 1_000_000  # bytes
WHOLE = re.compile(r"[0-9]{1,12}")  # a number as headers write it; int() takes more than that
TABLES = """
CREATE TABLE IF NOT EXISTS messages (id TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS flags (id TEXT PRIMARY KEY, sequence INTEGER NOT NULL, flag TEXT);
"""


class Refused(Exception):
    """A message that is not taken, with the status that says so."""

    def __init__(self, status: int, why: str) -> None:
        """Take both."""
        super().__init__(why)
        self.status = status


def verify(headers: Mapping[str, str], body: bytes, secret: str) -> str:
    """Return the id of a message whose signature is right and whose time is now. Raises `Refused`."""
    message, moment = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not WHOLE.fullmatch(moment) or abs(time.time() - int(moment)) > WINDOW_S:
        raise Refused(400, "the time is missing, or too far from now")
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except binascii.Error:
        raise Refused(500, "the secret of the webhook is not as it was given out") from None
    digest = hmac.new(key, f"{message}.{moment}.".encode() + body, hashlib.sha256).digest()
    expected = f"v1,{base64.b64encode(digest).decode()}"
    # Several signatures stand beside one another while a secret is being replaced.
    given = headers.get("webhook-signature", "").split()
    if not message or not any(hmac.compare_digest(one.encode(), expected.encode()) for one in given):
        raise Refused(401, "the signature is not ours")
    return message


def keep(path: str, message: str, event: Mapping[str, object]) -> bool:
    """Keep what a message tells, once, in one transaction; return whether it was news."""
    data, sequence = event["data"], event["sequence"]
    with closing(sqlite3.connect(path, timeout=30)) as database, database:
        if not database.execute("INSERT OR IGNORE INTO messages VALUES (?)", (message,)).rowcount:
            return False
        if not isinstance(data, dict) or "flag_id" not in data:
            return True  # a trial
        # A flag that is gone keeps its row, so that an older message about it does not bring it back.
        flag = None if data["flag"] is None else json.dumps(data["flag"])
        database.execute(
            "INSERT INTO flags VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET sequence = excluded.sequence, "
            "flag = excluded.flag WHERE excluded.sequence > flags.sequence",
            (data["flag_id"], sequence, flag),
        )
        return True


class Receiver(BaseHTTPRequestHandler):
    """Answers 204 to what was taken: only then is it not sent again."""

    database = ""
    secret = ""

    def do_POST(self) -> None:
        """Check and keep one message."""
        try:
            body = self.body()
            message = verify(self.headers, body, self.secret)
            news = keep(self.database, message, json.loads(body))
            print(f"{message}\t{'kept' if news else 'known'}", flush=True)
            self.send_response(204)
        except Refused as refused:
            print(f"refused\t{refused}", flush=True)
            self.send_response(refused.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def body(self) -> bytes:
        """Return what came. Raises `Refused`."""
        length = self.headers.get("Content-Length", "0")
        if not WHOLE.fullmatch(length) or not 0 < int(length) <= LARGEST:
            raise Refused(413, "nothing came, or too much")
        return self.rfile.read(int(length))

    def log_message(self, *_: object) -> None:
        """Write no other line: addresses of messages are nobody's business."""


def main() -> None:
    """Serve until Ctrl-C."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("database", help="SQLite file to keep the copy in; made where there is none")
    parser.add_argument("--port", type=int, default=9000, help="on 127.0.0.1 (9000); 0: a free one")
    asked = parser.parse_args()
    with closing(sqlite3.connect(asked.database)) as database, database:
        database.executescript(TABLES)
    Receiver.database, Receiver.secret = asked.database, os.environ["UNCOUNTED_WEBHOOK_SECRET"]
    with ThreadingHTTPServer(("127.0.0.1", asked.port), Receiver) as server:
        print(f"Receiving on http://127.0.0.1:{server.server_port}/", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
