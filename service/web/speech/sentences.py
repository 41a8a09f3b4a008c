"""Sentences of the API in the reader's language: the few that everybody is told, which name a list and a day at most.

The API speaks English. What it says to those who work with a record is written for the case, and stays English here.
"""

from __future__ import annotations

import re
from datetime import date

from markupsafe import Markup

from service.web.speech.languages import Language, deferred
from service.web.speech.writing import Writing

#: What is said of a community and a list to everybody, as `service.disclosure.verdicts` says it.
REASONS = (
    deferred("Not found in %(list)s."),
    deferred("A group of this community is not counted by itself in %(list)s."),
    deferred("Found in %(list)s, with fewer people than were counted there."),
    deferred("Found in %(list)s."),
    deferred("%(list)s is too old to answer for this community."),
    deferred("It could not be decided whether %(list)s names this community; a person has to look."),
    deferred("%(list)s would not name a community of this kind, so its silence says nothing."),
    deferred("Too little is known to say whether %(list)s names this community."),
)

#: What every report says about itself, as `service.report` says it.
LIMITS = (
    deferred("Absence of data is not absence of people: a community that nobody recorded is not in this report."),
    deferred(
        "A verdict speaks of the named list at the named vintage; people may have been counted under a larger unit."
    ),
    deferred(
        "Verdicts are made by a model and carry probabilities. Only published flags were confirmed and released by "
        "people."
    ),
    deferred("People are estimated only for communities not found on a list, from head counts of a stated method."),
    deferred(
        "People that official counts leave out of listed communities are told apart from these, and never added to "
        "them."
    ),
    deferred("Of communities that may be the same only the larger count is taken, so the estimate is cautious."),
)

_CHECKED = re.compile(r" Checked on (\d{4}-\d\d-\d\d)\.$")
_STILL = re.compile(r" Nothing about it changed up to vintage (.+)\.$")
_CONFIRMED = " Confirmed by people."
_LIST = re.compile(r"(?P<title>.+), vintage (?P<vintage>[^,]+)")
_FORMS = [(re.compile(re.escape(one).replace(r"%\(list\)s", "(.+)")), one) for one in REASONS]


def told(spoken: Language, sentence: str | None) -> Markup:
    """Return a sentence of the API in a language; what has no translation is marked as the English that it is."""
    if not sentence:
        return Markup("")
    if spoken.locale.language == "en" and spoken.direction == "ltr":
        return Markup("{}").format(sentence)
    own = _limit(spoken, sentence) or _reason(spoken, sentence)
    return Markup("{}").format(own) if own else Markup('<span lang="en" dir="ltr">{}</span>').format(sentence)


def _limit(spoken: Language, sentence: str) -> str | None:
    return str(spoken.messages.gettext(sentence)) if sentence in LIMITS else None


def _reason(spoken: Language, sentence: str) -> str | None:
    say, writing = spoken.messages.gettext, Writing(spoken)
    checked = _CHECKED.search(sentence)
    rest = sentence[: checked.start()] if checked else sentence
    still = _STILL.search(rest)
    rest = rest[: still.start()] if still else rest
    confirmed = rest.endswith(_CONFIRMED)
    rest = rest.removesuffix(_CONFIRMED)
    for pattern, form in _FORMS:
        named = pattern.fullmatch(rest)
        if named:
            parts = [say(form) % {"list": _list(spoken, named[1])}]
            parts += [say("Confirmed by people.")] if confirmed else []
            parts += (
                [say("Nothing about it changed up to vintage %(vintage)s.") % {"vintage": still[1]}] if still else []
            )
            day = writing.day(date.fromisoformat(checked[1])) if checked else None
            parts += [say("Checked on %(day)s.") % {"day": day}] if day else []
            return " ".join(parts)
    return None


def _list(spoken: Language, name: str) -> str:
    found = _LIST.fullmatch(name)
    return str(spoken.messages.gettext("%(title)s, vintage %(vintage)s") % found.groupdict()) if found else name
