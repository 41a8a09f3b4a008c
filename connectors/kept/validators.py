"""What an answer says of its state that can be relied on, byte for byte.

RFC 9110, section 8.8: a strong ETag; or a Last-Modified so much older than the answer that nothing can have changed
within the same second. The World Bank and others send the time of the request, which says nothing and is not taken.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

_OLD_ENOUGH = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Validator:
    """A strong validator: an ETag with its quotation marks, or a date as HTTP writes it."""

    text: str

    @property
    def is_etag(self) -> bool:
        """Whether it is an ETag."""
        return self.text.startswith('"')

    @property
    def condition(self) -> tuple[str, str]:
        """The header by which only another state is asked for."""
        return ("If-None-Match" if self.is_etag else "If-Modified-Since", self.text)

    def agrees(self, headers: Mapping[str, str]) -> bool:
        """Return whether an answer does not contradict it: it names the same state, or none."""
        said = headers.get("ETag" if self.is_etag else "Last-Modified")
        return said is None or said.strip() == self.text


def strong(headers: Mapping[str, str]) -> Validator | None:
    """Return the strong validator of an answer, None where there is none; `headers` find names in any case."""
    etag = headers.get("ETag", "").strip()
    if len(etag) > 2 and etag.startswith('"') and etag.endswith('"'):  # noqa: PLR2004 - two quotation marks
        return Validator(etag)
    modified, answered = _moment(headers.get("Last-Modified", "")), _moment(headers.get("Date", ""))
    if modified is None or answered is None or answered - modified < _OLD_ENOUGH:
        return None
    return Validator(headers["Last-Modified"].strip())


def _moment(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
