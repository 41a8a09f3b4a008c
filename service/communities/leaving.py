"""Leaving: which flags everybody read until a verification or a correction, and nobody outside reads after it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from service.disclosure.gone import no_longer_open
from service.disclosure.policy import View, outside_view
from service.store import flags, revisions
from service.store.engine import Session
from service.store.flags import Matter
from service.store.tombstones import Gone
from service.store.values import Flag, FlagStatus


def left_open(
    session: Session, before: Mapping[str, Matter], after: Mapping[str, Matter], corrected: Collection[str]
) -> list[Gone]:
    """Return what is to be told as gone, by the flags of communities before and after; nothing was changed yet.

    `corrected` are the records that say something new: what was open of these is what they said before.
    """
    published = [one for one, matter in before.items() if matter.status is FlagStatus.PUBLISHED]
    gone: list[Gone] = []
    for flag in flags.about(session, published) if published else ():
        stays = after.get(flag.record.community_id or "")
        if stays is not None and stays.status is not FlagStatus.PUBLISHED:
            hidden = True
        else:
            hidden = outside_view(flag.record.account) is View.NOTHING
        if hidden:
            gone += no_longer_open(_as_read(session, flag, corrected))
    return gone


def _as_read(session: Session, flag: Flag, corrected: Collection[str]) -> Flag:
    record = flag.record
    said = revisions.account_before(session, record.id, record.revision) if record.id in corrected else None
    return flag if said is None else replace(flag, record=replace(record, account=said))
