"""Print the rules as the table of docs/personal-data.md: `python -m geodata.personal`."""

from __future__ import annotations

import sys

from geodata.personal.tables import table

sys.stdout.write(table())
