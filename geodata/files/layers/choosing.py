"""Which of several layers? The named one, or the only one; nobody guesses."""

from __future__ import annotations

from collections.abc import Sequence

from geodata.files.sheet import UnreadableTable

_SHOWN = 20


def chosen(names: Sequence[str], wanted: str | None) -> str:
    """Return the layer of this name in any case, or the only one. Raises `UnreadableTable`, naming what there is."""
    if wanted is not None:
        found = [name for name in names if name == wanted] or [
            name for name in names if name.casefold() == wanted.casefold()
        ]
        if len(found) == 1:
            return found[0]
        msg = f"there is no layer {wanted!r}" if names else "there is no layer in the file"
    elif len(names) == 1:
        return names[0]
    else:
        msg = f"the file holds {len(names)} layers" if names else "the file holds no layer"
    listed = ", ".join(names[:_SHOWN]) + (" …" if len(names) > _SHOWN else "")
    hint = f"name one as the sheet, or give it alone: {listed}" if names else "give a file with at least one layer"
    raise UnreadableTable(msg, hint=hint)
