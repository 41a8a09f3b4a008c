"""Pages of submissions: read with care, gathered until all are there, and nothing taken for whole that is not.

The address of a next page is never followed as it stands: only its query is taken, and asked of the server that was
named. So a key goes to nobody else, and a server behind a proxy that calls itself http:// is still understood.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from connectors.client import Answer
from connectors.documents import loads
from connectors.errors import RequestRefused, SourceChanged, SourceUnavailable
from connectors.outcomes import Classified, Outcome, agreed_shape, require

#: Submissions of one pull; they are read as one file afterwards.
MOST = 200_000

#: Asked for again before the cursor: servers do not finish what they take in in the order of its time.
_OVERLAP = timedelta(minutes=5)

_HERE = frozenset({"localhost", "127.0.0.1", "::1"})
_AGAIN = "nothing was kept or withdrawn; try again"


def server(request: Mapping[str, str], source: str) -> str:
    """Return the address of the server without a slash at its end.

    Raises `RequestRefused` where it is none, holds a key, or would have the key travel so that others can read it.
    """
    url = request.get("url", "").strip().rstrip("/")
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        parts, host = urlsplit(""), None
    if not host or parts.query or parts.fragment or parts.username is not None:
        msg = "the option url is not the address of a server"
        raise RequestRefused(msg, source=source, hint="write it as https://server.example.org, and nothing behind it")
    if parts.scheme != "https" and not (parts.scheme == "http" and host in _HERE):
        msg = f"the key for {host} would travel so that others can read it"
        raise RequestRefused(msg, source=source, hint="write its address with https://")
    return url


def document_of(answer: Answer, source: str, asked: str) -> dict[str, Any]:
    """Return the JSON object of a usable answer. Raises the `ConnectorError` of any other; `asked` names the form."""
    require(_classify(answer), source=source, asked=asked, hint=_hint(answer, source))
    found: dict[str, Any] = loads(answer.text)
    return found


def next_query(url: Any, source: str) -> dict[str, str] | None:
    """Return what a next page is asked for by, None where there is none."""
    if not url:
        return None
    with agreed_shape(source, "the address of the next page"):
        return dict(parse_qsl(urlsplit(url).query))


@dataclass
class Gathered:
    """The submissions of all pages so far, by the member that is their own id."""

    source: str
    key: str
    rows: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    counts: list[int] = field(default_factory=list)

    def add(self, rows: Any, count: Any) -> None:
        """Add a page, and how many there are in all. Raises `SourceChanged` where pages bring nothing new."""
        with agreed_shape(self.source, "a page of submissions"):
            self.counts.append(int(count))
            page = {str(row[self.key]): {**row} for row in rows}
        if len(self.counts) > 1 and not page.keys() - self.rows.keys():
            msg = "the pages of the form go in circles"
            raise SourceChanged(msg, source=self.source, hint=_AGAIN)
        self.rows |= page
        if len(self.rows) > MOST:
            msg = f"the form has more than {MOST:,} submissions"
            raise RequestRefused(msg, source=self.source, hint="export it as CSV and import that file")

    def whole(self, *, everything: bool) -> tuple[Mapping[str, Any], ...]:
        """Return all submissions. Raises `SourceUnavailable` where some are missing.

        What is to be compared with what is kept (`everything`) must not have changed while it was read: a page
        after one that shrank begins too late.
        """
        first, last = self.counts[0], self.counts[-1]
        if len(self.rows) != last or last < first or (everything and first != last):
            msg = f"the server speaks of {last:,} submissions (at first {first:,}) and gave {len(self.rows):,}"
            raise SourceUnavailable(msg, source=self.source, hint=_AGAIN)
        return tuple(self.rows.values())


def asked_from(since: str | None) -> datetime | None:
    """Return from when on to ask, in UTC, a little before the cursor."""
    return None if since is None else moment(since) - _OVERLAP


def latest(times: Iterable[str | None], source: str, before: str | None) -> str | None:
    """Return the cursor after these times; it never lies in the future, from where it would come back no more."""
    with agreed_shape(source, "the time of a submission"):
        said = [moment(time) for time in times if time] + ([moment(before)] if before else [])
    return min(max(said), datetime.now(UTC)).isoformat() if said else None


def moment(text: str) -> datetime:
    """Return a time as servers write it; without a zone it is UTC. Raises `ValueError`."""
    found = datetime.fromisoformat(text)
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def _classify(answer: Answer) -> Classified:
    if answer.status != 200:  # noqa: PLR2004 - HTTP
        return _failure(answer)
    if answer.text.lstrip().startswith("<"):
        return Classified(Outcome.CHANGED, "a page instead of data")
    try:
        document = loads(answer.text)
    except ValueError:
        return Classified(Outcome.RETRYABLE, "the answer is no JSON, or broke off")
    return Classified(Outcome.OK) if isinstance(document, dict) else Classified(Outcome.CHANGED, "the answer is a list")


def _failure(answer: Answer) -> Classified:
    status = answer.status
    if status in {401, 403}:
        return Classified(Outcome.ACCESS_PROBLEM, f"the server refused the key (HTTP {status})")
    if status == 404:  # noqa: PLR2004 - HTTP
        return Classified(Outcome.INVALID_REQUEST, "there is no such form, or not for this account (HTTP 404)")
    elsewhere = 300 <= status < 400  # noqa: PLR2004 - HTTP
    said = "the server sends on to elsewhere" if elsewhere else answer.text.strip()[:200]
    return Classified(Outcome.INVALID_REQUEST, f"{said} (HTTP {status})")


def _hint(answer: Answer, source: str) -> str | None:
    if answer.status in {401, 403}:
        return f"check UNCOUNTED_{source.upper()}_… in the environment, and that its account may see the form"
    if answer.status != 200:  # noqa: PLR2004 - HTTP
        return "check url and the other options"
    return None
