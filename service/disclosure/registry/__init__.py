"""The registry of what outsiders were told: each table in editions, each held against all that were told before.

`block` is one table with its past, `kept` how it is written down, `following` works out the next edition of all, and
`issue` keeps it and says what of it is told.
"""

from __future__ import annotations

from service.disclosure.registry.block import Block, Version, World, advanced
from service.disclosure.registry.following import Reporting
from service.disclosure.registry.issue import Issued, beside, issued, standing, worked_out

__all__ = ["Block", "Issued", "Reporting", "Version", "World", "advanced", "beside", "issued", "standing", "worked_out"]
