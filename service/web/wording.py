"""Words for people: what verdicts and statuses are called on a page."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

from service.web.speech.languages import deferred

#: Verdict -> (short, what it means).
VERDICTS = {
    "hidden_place": (deferred("Not on the list"), deferred("No entry of the official list is this community.")),
    "hidden_group": (
        deferred("Group not counted"),
        deferred("A group that lives there is not counted by itself on the list."),
    ),
    "undercount": (deferred("Undercounted"), deferred("Listed, with fewer people than were counted there.")),
    "consistent": (deferred("On the list"), deferred("Listed, and the numbers agree or could not be compared.")),
    "stale_official": (deferred("List too old"), deferred("The list is too old to answer for this community.")),
    "needs_review": (deferred("A person has to look"), deferred("The evidence points somewhere, but not far enough.")),
    "not_assessable": (deferred("Not assessable"), deferred("The list would not name a community of this kind.")),
    "insufficient_evidence": (
        deferred("Too little known"),
        deferred("Too little is known, or no list covers the place."),
    ),
    "pending": (deferred("Waiting"), deferred("Kept, and not compared yet.")),
}

#: What is asked about a group, in order, and in words.
STEPS = {
    "collected": deferred("Asked for"),
    "category": deferred("Has a category"),
    "published": deferred("Number published"),
}

#: Why a list does not count a group -> in words.
BECAUSE = {
    "universe_excludes": deferred("left out by rule"),
    "variable_not_collected": deferred("nobody was asked"),
    "no_category": deferred("no category"),
    "not_published_at_level": deferred("not for so small an area"),
    "suppressed": deferred("number withheld"),
}

#: What people concluded about a flag -> in words.
STATUSES = {
    "open": deferred("Open"),
    "in_review": deferred("In review"),
    "confirmed": deferred("Confirmed"),
    "published": deferred("Published"),
    "rejected": deferred("Rejected"),
    "matched_existing": deferred("It is on the list"),
    "needs_field_check": deferred("Needs a field check"),
    "unverifiable": deferred("Cannot be verified"),
    "deferred": deferred("Deferred"),
    "appealed": deferred("Appealed"),
    "withdrawn": deferred("Withdrawn"),
    "resolved_by_release": deferred("Resolved by a new list"),
    "regressed": deferred("Gone from the list again"),
}

#: What a list says, in a word.
YES = {True: deferred("yes"), False: deferred("no"), None: deferred("not said")}

_BOLD = re.compile(r"\*\*(.+?)\*\*")
_CODE = re.compile(r"`([^`]+)`")


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
