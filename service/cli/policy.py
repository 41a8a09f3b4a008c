"""The command that shows the policy of disclosure in force, and checks a file before it is put in force."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from service.cli import terminal
from service.configuration.settings import Settings
from service.context import install_groups, install_sensitivity
from service.disclosure.rules import redact_policy


def policy(
    file: Annotated[Path | None, typer.Argument(help="A policy file to check, beside the shipped one.")] = None,
) -> None:
    """Show what is shown of which community: classes, rules, and who signed off what.

    With a file: what would hold with it. A file can only raise; one that would lower anything is refused, with the
    entry that would, unless a board signed it off. Nothing is stored.

    Examples: **uncounted policy**

    **uncounted policy our-policy.toml**
    """
    settings = Settings()
    install_groups(settings)
    install_sensitivity(settings.model_copy(update={"sensitivity_policy": file}) if file else settings)
    told = redact_policy()
    terminal.table("Classes", ("class", "who sees it", "numbers", "place", "embargo"), map(_class, told["classes"]))
    terminal.table("Rules", ("class", "rule", "holds for", "why"), map(_rule, told["rules"]))
    if told["boards"]:
        boards = ((one["name"], f"{one['date']:%Y-%m-%d}", one["reason"]) for one in told["boards"])
        terminal.table("Lowered, signed off by", ("board", "on", "because"), (tuple(map(Text, one)) for one in boards))
    terminal.out.print(f"{told['note']} Version {told['version']}, digest {told['digest']}.", markup=False)


def _class(one: Mapping[str, Any]) -> tuple[str, ...]:
    rounded = f", multiples of {one['round_to']}" if one["round_to"] > 1 else ""
    numbers = f"from {one['smallest_count']}{rounded}"
    return one["id"], one["seen_by"], numbers, one["place_in_words"], f"{one['embargo_days']} days"


def _rule(one: Mapping[str, Any]) -> tuple[str | Text, ...]:
    return one["class"], Text(one["label"]), Text("; ".join(_named(one))), Text(one["why"])


def _named(one: Mapping[str, Any]) -> Iterator[str]:
    """Return what a rule names, a few of each."""
    for name in ("groups", "countries", "kinds", "drivers"):
        said = one[name]
        if said:
            more = f" and {len(said) - 4} more" if len(said) > 4 else ""  # noqa: PLR2004 - enough to know it by
            yield f"{name}: {', '.join(said[:4])}{more}"
