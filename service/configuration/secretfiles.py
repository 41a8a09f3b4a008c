"""Secrets out of files, as containers are given them: for every secret setting X, X_FILE names the file it is in."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from service.errors import INVALID, Problem

PREFIX = "UNCOUNTED_"
_LARGEST = 65_536  # bytes; a file larger than that holds no secret


class SecretFiles(PydanticBaseSettingsSource):
    """Reads the files that `UNCOUNTED_X_FILE` names, for the settings that are shown nowhere."""

    def __init__(self, settings: type[BaseSettings]) -> None:
        """Know the settings that are secret: those that are left out of what is printed."""
        super().__init__(settings)
        self._secret = [name for name, field in settings.model_fields.items() if field.repr is False]

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """Return what the file of a setting holds. Raises `Problem` (invalid)."""
        held = secret_of(field_name, os.environ) if field.repr is False else None
        return held, field_name, False

    def __call__(self) -> dict[str, Any]:
        """Return all that are given by file."""
        found = {name: secret_of(name, os.environ) for name in self._secret}
        return {name: held for name, held in found.items() if held is not None}


def secret_of(setting: str, environment: Mapping[str, str]) -> str | None:
    """Return what stands in the file that `UNCOUNTED_<SETTING>_FILE` names; None where there is no such variable.

    Raises `Problem` (invalid) where the file cannot be read, holds nothing or no text, or where the secret is also
    given by itself: one of the two would be taken, and nobody would know which.
    """
    variable = f"{PREFIX}{setting}".upper()
    path = environment.get(f"{variable}_FILE", "").strip()
    if not path:
        return None
    if environment.get(variable):
        detail = f"{variable} and {variable}_FILE are both given; leave one out."
        raise Problem(INVALID, detail)
    try:
        with Path(path).open("rb") as file:
            held = file.read(_LARGEST + 1).decode("utf-8").strip()
    except (OSError, ValueError) as error:
        why = (error.strerror or "").lower() if isinstance(error, OSError) else "it holds no text"
        detail = f"{variable}_FILE: {path} cannot be read: {why}."
        raise Problem(INVALID, detail) from None  # the cause of the second would show what stands there
    if not held or len(held) > _LARGEST:
        detail = f"{variable}_FILE: {path} {'is too large to be a secret' if held else 'is empty'}."
        raise Problem(INVALID, detail)
    return held
