"""Every kind of problem an answer can name, with how to mend it, read off the catalogue."""

from __future__ import annotations

from from_code.tables import plain
from service.errors import CATALOGUE, ProblemType

_ABOUT = """# Problems

Every refusal is `application/problem+json` (RFC 9457). Its `type` ends in one of these words, which do not change;
`detail` says what was wrong this time, `errors` where, and `hint` how to mend it.

"""


def page() -> str:
    """Return the page; each kind has its word as an anchor."""
    return _ABOUT + "\n".join(_section(one) for one in sorted(CATALOGUE.values(), key=lambda one: one.code))


def _section(one: ProblemType) -> str:
    return f"({one.code})=\n\n## {one.code}\n\n{one.status}. {plain(one.title)}. {plain(one.hint)}\n"
