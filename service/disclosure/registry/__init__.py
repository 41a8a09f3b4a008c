"""The registry of what outsiders were told: each table in editions, each held against all that were told before.

`block` is one table with its past, `kept` how it is written down, `issue` works out and keeps the next edition.
"""

from __future__ import annotations

from service.disclosure.registry.block import Block, Version, World, advanced
from service.disclosure.registry.issue import Issued, Reporting, beside, issued, standing, worked_out

__all__ = ["Block", "Issued", "Reporting", "Version", "World", "advanced", "beside", "issued", "standing", "worked_out"]
