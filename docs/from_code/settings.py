"""Every setting with its default, read off the class that reads them."""

from __future__ import annotations

import json
from pathlib import Path

from pydantic.fields import FieldInfo

from from_code.tables import code, plain, table
from service.configuration.secretfiles import PREFIX
from service.configuration.settings import Settings

_ABOUT = """# Settings

Read once at the start, from the environment or a file named `.env`. A name with `_FILE` after it names a file that
holds the value instead, as secrets of containers come. [Running it](../running.md) says what they are for.

"""


def page() -> str:
    """Return the page."""
    rows = (
        (code(f"{PREFIX}{name}".upper()), _default(field), plain(str(field.description)))
        for name, field in Settings.model_fields.items()
    )
    return _ABOUT + table(("setting", "default", "what it is"), rows)


def _default(field: FieldInfo) -> str:
    value = field.get_default(call_default_factory=True)
    if value is None:
        return "empty"
    return code(str(value) if isinstance(value, str | Path) else json.dumps(value))  # as it is written in a variable
