"""Words for people: what verdicts and statuses are called on a page."""

from __future__ import annotations

import re
from datetime import datetime

from markupsafe import Markup, escape

#: Verdict -> (short, what it means).
VERDICTS = {
    "hidden_place": ("Not on the list", "No entry of the official list is this community."),
    "hidden_group": ("Group not counted", "A group that lives there is not counted by itself on the list."),
    "undercount": ("Undercounted", "Listed, with fewer people than were counted there."),
    "consistent": ("On the list", "Listed, and the numbers agree or could not be compared."),
    "stale_official": ("List too old", "The list is too old to answer for this community."),
    "needs_review": ("A person has to look", "The evidence points somewhere, but not far enough."),
    "not_assessable": ("Not assessable", "The list would not name a community of this kind."),
    "insufficient_evidence": ("Too little known", "Too little is known, or no list covers the place."),
    "pending": ("Waiting", "Kept, and not compared yet."),
}

#: What is asked about a group, in order, and in words.
STEPS = {"collected": "Asked for", "category": "Has a category", "published": "Number published"}

#: Why a list does not count a group -> in words.
BECAUSE = {
    "universe_excludes": "left out by rule",
    "variable_not_collected": "nobody was asked",
    "no_category": "no category",
    "not_published_at_level": "not for so small an area",
    "suppressed": "number withheld",
}

_BOLD = re.compile(r"\*\*(.+?)\*\*")
_CODE = re.compile(r"`([^`]+)`")


def verdict_words(verdict: str) -> str:
    """Return what a verdict is called on a page."""
    return VERDICTS[verdict][0] if verdict in VERDICTS else verdict.replace("_", " ")


def percent(probability: float | None) -> str:
    """Return a probability in per cent; never 0 or 100, because nothing here is certain."""
    if probability is None:
        return "not known"
    rounded = round(probability * 100)
    return "< 1 %" if rounded < 1 else "> 99 %" if rounded > 99 else f"{rounded} %"  # noqa: PLR2004 - per cent


def number(count: int | None, *, at_least: bool = False) -> str:
    """Return a count with its thousands; words where it is withheld."""
    return "withheld" if count is None else f"{count:,}{' or more' if at_least else ''}"


def yes(said: bool | None) -> str:  # noqa: FBT001 - a value to be told, not a switch
    """Return what a list says, in a word."""
    return {True: "yes", False: "no", None: "not said"}[said]


def day(moment: datetime) -> str:
    """Return a moment as a day."""
    return f"{moment:%-d %B %Y}"


def prose(text: str) -> Markup:
    """Return plain text with `code`, **bold** and * bullets as HTML; everything else is escaped."""
    return Markup("").join(_block(block) for block in re.split(r"\n\s*\n", text.strip()))


def _block(block: str) -> Markup:
    if not block.lstrip().startswith("* "):
        return Markup("<p>{}</p>").format(_inline(block))
    items = re.split(r"(?m)^\s*\* ", block)[1:]
    return Markup("<ul>{}</ul>").format(Markup("").join(Markup("<li>{}</li>").format(_inline(item)) for item in items))


def _inline(text: str) -> Markup:
    safe = str(escape(" ".join(text.split())))
    return Markup(_CODE.sub(r"<code>\1</code>", _BOLD.sub(r"<strong>\1</strong>", safe)))  # noqa: S704 - escaped above
