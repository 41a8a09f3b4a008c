"""Print the rules in force as the tables of docs/tags.md: `python -m geodata.tags [FILE OF YOUR OWN]`."""

from __future__ import annotations

import sys
from pathlib import Path

from geodata.tags.tables import tables
from geodata.tags.tagging import install, rules_in_force

install(*map(Path, sys.argv[1:]))
sys.stdout.write(tables(rules_in_force()))
