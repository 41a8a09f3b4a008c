"""Why a source could not be brought up to date; every foreign failure becomes one of these at the border.

::

    ConnectorError
    ├── SourceUnavailable    the source did not answer usably; try again later
    ├── AccessRefused        a key is missing, wrong, or not allowed
    ├── RequestRefused       the source says the question is wrong
    ├── SourceChanged        the answer no longer has the agreed shape
    ├── NothingThere         the source answers, but holds nothing for this question
    └── UnreadableFile       a register file cannot be read at all
"""

from __future__ import annotations


class ConnectorError(Exception):
    """A source could not be brought up to date; `hint` says how to mend it."""

    def __init__(self, message: str, *, source: str, hint: str) -> None:
        """Say what happened, to which source, and what to do."""
        super().__init__(message)
        self.source = source
        self.hint = hint


class SourceUnavailable(ConnectorError):
    """The source did not answer usably, after all retries."""


class AccessRefused(ConnectorError):
    """A key is missing, wrong, or not allowed."""


class RequestRefused(ConnectorError):
    """The source says the question is wrong."""


class SourceChanged(ConnectorError):
    """The answer no longer has the shape the contract names."""


class NothingThere(ConnectorError):
    """The source answers, but holds nothing for this question."""


class UnreadableFile(ConnectorError):
    """A register file cannot be read at all."""
