"""The rules as a table for people, in Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from geodata.personal.rule import Rule, Rules, rules

_SHOWN = 4  # headers of one rule; all stand in `rules.toml`

#: What the cells of a column have to look like, in words.
CELLS = {
    "words": "words, not numbers",
    "people": "names of people",
    "phone": "7 to 15 digits",
    "e-mail": "e-mail addresses",
    "document": "numbers of six signs or more",
}


def table(by: Rules | None = None) -> str:
    """Return what is not let in: the rule, headers that ask for it, the cells it takes besides, its mark in texts."""
    by = by or rules()
    header = ("rule", "what", "headers such as", "and cells that are", "in texts")
    lines = (header, tuple("---" for _ in header), *(_line(rule, by) for rule in by.rules.values()))
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def kinds_of_cells(rule: Rule) -> list[str]:
    """Return what cells of such a column look like, in words; empty: whatever they hold."""
    kinds = [rule.cells, "people" if rule.named else None, "words" if rule.whole else None]
    return [CELLS[kind] for kind in kinds if kind is not None]


def marks_of(rule: Rule, by: Rules) -> list[str]:
    """Return the marks that stand in texts where this rule found something."""
    return list(dict.fromkeys(pattern.mark for pattern in by.patterns if pattern.rule is rule))


def _line(rule: Rule, by: Rules) -> Iterator[str]:
    yield f"`{rule.id}`"
    yield rule.label
    yield ", ".join(rule.headers[:_SHOWN])
    yield " or ".join(kinds_of_cells(rule))
    yield ", ".join(f"`{mark}`" for mark in marks_of(rule, by))
