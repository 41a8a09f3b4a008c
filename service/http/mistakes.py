"""What pydantic found wrong, in words a tired volunteer understands, with a pointer to the place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from service.errors import Mistake

_SHOWN = 80

Path = tuple[str | int, ...]

#: pydantic's kind of error -> what is wrong, how to mend it; `{…}` are members of the error's context.
_SAID: dict[str, tuple[str, str]] = {
    "missing": ("This is needed and was not given.", "Add it."),
    "string_type": ("This has to be text.", 'Put it in quotes, as in "text".'),
    "string_too_short": ("This is too short.", "Give at least {min_length} character(s)."),
    "string_too_long": ("This is too long.", "Keep it to at most {max_length} characters."),
    "string_pattern_mismatch": ("This does not have the form it should.", "See the example in /docs."),
    "float_type": ("This has to be a number.", "Write it without quotes, with a point for decimals."),
    "float_parsing": ("This has to be a number.", "Write it with digits and a point for decimals."),
    "finite_number": ("This number is not finite.", "Give a number, or leave the field out if it is not known."),
    "int_type": ("This has to be a whole number.", "Write it without quotes and without decimals."),
    "int_parsing": ("This has to be a whole number.", "Write it with digits only."),
    "int_from_float": ("This has to be a whole number.", "Leave the decimals out."),
    "bool_type": ("This has to be true or false.", "Write true or false without quotes."),
    "bool_parsing": ("This has to be true or false.", "Write true or false."),
    "greater_than_equal": ("This number is too small.", "Give {ge} or more."),
    "greater_than": ("This number is too small.", "Give more than {gt}."),
    "less_than_equal": ("This number is too large.", "Give {le} or less."),
    "less_than": ("This number is too large.", "Give less than {lt}."),
    "list_type": ("This has to be a list.", "Put the values in square brackets: [ … ]."),
    "tuple_type": ("This has to be a list.", "Put the values in square brackets: [ … ]."),
    "dict_type": ("This has to be an object.", 'Write it as {{"name": "value"}}.'),
    "model_type": ("This has to be an object.", 'Write it as {{"field": value}}.'),
    "model_attributes_type": ("This has to be a JSON object.", 'Write it as {{"field": value}}.'),
    "too_long": ("There are too many of these.", "Keep it to at most {max_length}."),
    "too_short": ("There are too few of these.", "Give at least {min_length}."),
    "enum": ("This is not one of the values it can have.", "Use {expected}."),
    "literal_error": ("This is not one of the values it can have.", "Use {expected}."),
    "union_tag_invalid": ("This is not one of the kinds it can be.", "Use {expected_tags}."),
    "union_tag_not_found": ("It is not said what kind this is.", "Give its {discriminator}."),
    "datetime_from_date_parsing": ("This is not a date and time.", "Write it as 2026-03-31T12:00:00Z."),
    "datetime_parsing": ("This is not a date and time.", "Write it as 2026-03-31T12:00:00Z."),
    "timezone_aware": ("The time zone is missing.", "End it with Z, as in 2026-03-31T12:00:00Z."),
}

_UNSPOKEN = ("This is not as it should be.", "See the example in /docs.")


@dataclass(frozen=True, slots=True)
class Reader:
    """Puts pydantic's errors into words. `fields` are those a body may carry, for "did you mean"."""

    fields: tuple[str, ...] = ()

    def mistakes(self, errors: Sequence[Mapping[str, Any]], base: Path = ()) -> list[Mistake]:
        """Return each error as a mistake; `base` is put before its pointer, e.g. the position in a batch."""
        return [self._mistake(error, base) for error in errors]

    def _mistake(self, error: Mapping[str, Any], base: Path) -> Mistake:
        where, path = _split(error["loc"])
        kind, context = error["type"], error.get("ctx", {})
        message, hint = self._unknown(path) if kind == "extra_forbidden" else _words(kind, context)
        path = (*path, context["at"]) if context.get("at") else path  # a check of the whole that knows the field
        asked = where in {"query", "path", "header"}
        pointer = f"?{path[0] if path else ''}" if asked else pointer_of((*base, *path))
        value = None if kind in {"missing", "extra_forbidden", "personal_data"} else _shown(error.get("input"))
        return Mistake(pointer, message, hint, value)

    def _unknown(self, path: Path) -> tuple[str, str]:
        name = str(path[-1])
        near = get_close_matches(name.lower(), self.fields, n=1, cutoff=0.6)
        return f"There is no field {name[:_SHOWN]!r} here.", (
            f"Did you mean `{near[0]}`?" if near else "Leave it out, or see /docs for the fields there are."
        )


def pointer_of(path: Sequence[str | int]) -> str:
    """Return a path into a body as a JSON pointer (RFC 6901)."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in path)


def _split(location: Sequence[str | int]) -> tuple[str, Path]:
    """Return the part of the request and the path inside it; a body validated alone has no part named."""
    if location and location[0] in {"body", "query", "path", "header"}:
        return str(location[0]), tuple(location[1:])
    return "body", tuple(location)


def _words(kind: str, context: Mapping[str, Any]) -> tuple[str, str]:
    if "message" in context and "hint" in context:  # our own checks carry both sentences
        return str(context["message"]), str(context["hint"])
    message, hint = _SAID.get(kind, _UNSPOKEN)
    return message, hint.format_map({"expected": "another value", **context})


def _shown(value: object) -> str | None:
    if value is None or isinstance(value, dict | list | tuple):
        return None
    text = str(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
