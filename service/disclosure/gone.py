"""Gone: who had seen what is taken back, so that whoever keeps a copy is told, and nobody else learns that it was."""

from __future__ import annotations

from dataclasses import replace

from service.callers.caller import ANONYMOUS, Caller, Right, Role
from service.disclosure.openness import open_now
from service.disclosure.policy import View, view_of
from service.store.tombstones import Gone, Readers
from service.store.values import Flag, Record

#: A reviewer of any other organisation.
_REVIEWER = Caller(organisation=None, key_id=None, role=Role.REVIEWER)


def flag_gone(flag: Flag) -> Gone:
    """Return a flag as what goes, by who sees it now."""
    return Gone("flag", flag.id, *_seen(flag.record, published=open_now(flag)))


def record_gone(record: Record, *, published: bool) -> Gone:
    """Return a record as what goes, by who sees it now; `published` says whether it stands behind an open flag."""
    return Gone("record", record.id, *_seen(record, published=published))


def no_longer_open(flag: Flag) -> list[Gone]:
    """Return a flag and its record as what goes from everybody but those who work with it; none that is not open."""
    seen = (flag_gone(flag), record_gone(flag.record, published=open_now(flag)))
    return [replace(one, reviewers=False) for one in seen if one.public]


def readers(caller: Caller) -> Readers:
    """Return whose tombstones a caller reads."""
    return Readers(caller.organisation, reviewer=caller.may(Right.READ), admin=caller.may(Right.ADMINISTER))


def _seen(record: Record, *, published: bool) -> tuple[str, bool, bool]:
    public, reviewers = (view_of(record, one, published=published) is not View.NOTHING for one in _AUDIENCES)
    return record.organisation, public, reviewers


_AUDIENCES = (ANONYMOUS, _REVIEWER)
