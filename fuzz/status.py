"""How far a campaign is, told through a file by the process that runs it."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass
class Status:
    """Inputs read, and the memory held, in megabytes."""

    inputs: int = 0
    settled_mb: float = 0.0  # resident after the first tenth
    resident_mb: float = 0.0

    @classmethod
    def read(cls, path: Path) -> Status:
        """Return what was written last; a campaign that did not come so far has read nothing."""
        with suppress(OSError, ValueError):
            return cls(**json.loads(path.read_text(encoding="utf-8")))
        return cls()

    def write(self, path: Path) -> None:
        """Tell it."""
        path.write_text(json.dumps(asdict(self)), encoding="utf-8")
