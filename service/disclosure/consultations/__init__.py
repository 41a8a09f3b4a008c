"""What a consultation found, as one caller may read it.

The organisation that asked, reviewers and admins read exact numbers. Everybody else reads the public edition
(`editions`): statements whose respondents agreed to be part of totals, in numbers that no small one can be worked out
from (`small_counts`). Groups of the classes restricted and closed are told for the whole country only, from fifty
people on and in steps of fifty; reviewers read of closed ones from fifty on too. What a meeting of ten people or more
named is told as that of the meeting, with how many took part, without how many meetings where these are few.
"""

from __future__ import annotations

from collections.abc import Sequence

from geodata.taxonomy import SensitivityClass
from service.accounts.statement import Form, Question
from service.callers.caller import Caller, Right
from service.disclosure.consultations.editions import present, public_edition
from service.disclosure.consultations.exact import exactly
from service.disclosure.consultations.margins import MarginsTold, redact_margins
from service.disclosure.consultations.protected import class_of_group, protected
from service.disclosure.consultations.tally import COUNTRY, Tally, tallied
from service.disclosure.consultations.told import Told
from service.disclosure.tag_totals import SMALLEST_CLOSED
from service.errors import KEY_NEEDED, NOT_PERMITTED, Problem
from service.store.statements import Kept

__all__ = ["MarginsTold", "Told", "free", "reads_exactly", "redact_consultations", "redact_margins"]


def reads_exactly(caller: Caller, organisation: str | None) -> bool:
    """Return whether a caller reads exact numbers of one organisation's consultations, or of all where None is named.

    Raises `Problem` (key needed, not permitted) where outsiders ask for one organisation: parts could be added up.
    """
    if caller.may(Right.READ):
        return True
    if organisation is None:
        return False
    if caller.organisation == organisation:
        return True
    detail = f"What {organisation} asked is told by itself to {organisation} and to reviewers; leave the filter away."
    raise Problem(KEY_NEEDED if caller.role is None else NOT_PERMITTED, detail)


def free(versions: Sequence[Kept], caller: Caller) -> list[Kept]:
    """Return the versions that are not hidden from this caller by an emergency hold."""
    own = caller.organisation
    return [
        one for one in versions if not one.held or caller.may(Right.ADMINISTER) or (own and own == one.organisation)
    ]


def redact_consultations(versions: Sequence[Kept], country: str, caller: Caller, organisation: str | None) -> Told:
    """Return what a caller reads of every version of the statements of a country."""
    caller = caller.counting(country, None)
    exact = reads_exactly(caller, organisation)
    mine = [one for one in free(versions, caller) if organisation in {None, one.organisation}]
    shown = present(mine) if exact else public_edition(mine)
    responses, meetings = tallied(shown, Form.RESPONSE), tallied(shown, Form.MEETING)
    if exact:
        closed = caller.may(Right.ADMINISTER) or (
            caller.organisation is not None and caller.organisation == organisation
        )
        return exactly(responses, meetings, set() if closed else _closed((responses, meetings), country))
    return protected(responses, meetings, country)


def _closed(tallies: Sequence[Tally], country: str) -> set[str]:
    """Return the closed groups that too few people named for a reviewer to read of."""
    named = {known for tally in tallies for question, known in tally.named if question is Question.GROUPS}
    closed = {one for one in named if class_of_group(one, country) is SensitivityClass.S3}
    return {
        one
        for one in closed
        if sum(tally.named[Question.GROUPS, one][COUNTRY].people for tally in tallies) < SMALLEST_CLOSED
    }
