"""Pages of the documentation that are read off the code at each build, so that they cannot differ from it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from from_code import addresses, commands, figures, problems, settings


def pages() -> Mapping[str, str]:
    """Return every page made from code, by its name without ending."""
    return {
        **addresses.pages(),
        **figures.pages(),
        "settings": settings.page(),
        "commands": commands.page(),
        "problems": problems.page(),
    }


def write(folder: Path) -> None:
    """Write the pages into a folder, and take out what no longer belongs there."""
    folder.mkdir(exist_ok=True)
    made = {folder / f"{name}.md": text for name, text in pages().items()}
    for stale in set(folder.glob("*.md")) - made.keys():
        stale.unlink()
    for file, text in made.items():
        if not file.exists() or file.read_text(encoding="utf-8") != text:  # Sphinx reads again what was written again
            file.write_text(text, encoding="utf-8")
