"""Everything that is fuzzed. The targets of one kind stand in one module, which is loaded when they are asked for."""

from __future__ import annotations

from importlib import import_module

from fuzz.target import Target

KINDS = (
    "texts",
    "requests",
    "questions",
    "answers",
    "settings",
    "tables",
    "archives",
    "layers",
    "maps",
    "sources",
    "kept",
)


def of_kind(kind: str) -> dict[str, Target]:
    """Return the targets of one kind by name."""
    found: tuple[Target, ...] = import_module(f"fuzz.targets.{kind}").TARGETS
    return {target.name: target for target in found}


def everything() -> dict[str, tuple[str, Target]]:
    """Return every target by name, with its kind."""
    return {name: (kind, target) for kind in KINDS for name, target in of_kind(kind).items()}
