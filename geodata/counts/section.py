"""The section of a manifest that speaks of counts."""

from __future__ import annotations

from typing import Final

from geodata.section import Section


class InvalidCounts(ValueError):
    """What a manifest says about its counts cannot be read; the message names the key and the way to mend it."""


COUNTS: Final = Section("counts", InvalidCounts)
