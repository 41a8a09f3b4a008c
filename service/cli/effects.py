"""What a release did to records and flags, in one sentence for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from service.releases.effects import Effect


def told(effect: Effect) -> str:
    """Return what a release did; of what did not happen nothing is said."""
    if not (effect.concerned or effect.verified):
        return "It concerns no record."
    many = effect.concerned != 1
    concerned = f"It concerns {effect.concerned:,} record{'s' if many else ''}; {effect.verified:,} verified again"
    return f"{concerned}: {', '.join(_flags(effect)) or 'no flag resolved or regressed'}."


def _flags(effect: Effect) -> Iterator[str]:
    if effect.resolved:
        yield f"{_number(effect.resolved, 'flag')} resolved"
    if effect.regressed:
        yield f"{_number(effect.regressed, 'flag')} regressed"
    if effect.visible:
        yield f"{_number(effect.visible, 'community', 'communities')} made visible"


def _number(number: int, one: str, several: str | None = None) -> str:
    return f"{number:,} {one if number == 1 else several or f'{one}s'}"
