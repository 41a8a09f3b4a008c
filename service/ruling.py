"""Ruling: what a decision about a flag says about entries of an official list, as memory keeps it.

It is said of the community, and so of each of its records. A confirmed entry is remembered with their names, one ruled
out with what both sides say now. "None of these" covers the candidates that stood beside the flag when it was said, and
no others.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from matchers.memory.decisions import Answer, Decided, Ruling, decide
from service.accounts.account import as_places
from service.context import Context
from service.errors import INVALID, Problem
from service.official.longlists import Listed, places_near
from service.store import flags, memory, neighbours, records
from service.store.memory import Said
from service.store.values import Flag, FlagStatus, Record, Review


@dataclass(frozen=True, slots=True)
class Rulings:
    """What a decision says about entries of one list, by their identifiers there."""

    same: str | None = None  # the entry that the community is
    different: tuple[str, ...] = ()  # entries that are other places
    unsure: tuple[str, ...] = ()  # entries about which an earlier answer is taken back
    none_of_these: bool = False  # it is none of the candidates shown
    source: str | None = None  # the list; None: the one the flag was raised against

    @property
    def silent(self) -> bool:
        """Whether nothing is said about any entry."""
        return self.same is None and not self.different and not self.unsure and not self.none_of_these


SILENT = Rulings()


def ruled(context: Context, review: Review, rulings: Rulings) -> tuple[Said, ...]:
    """Return what a review says about pairs, resting on what both sides say now.

    A flag that people take out of `matched_existing` takes back which entry it was, without their saying so; so does
    one about which somebody appealed. Raises
    `Problem`: not found; invalid where the rulings contradict one another, the decision, or the list.
    """
    leaving = review.decision is not FlagStatus.MATCHED_EXISTING
    _check(rulings, review)
    if rulings.silent and not leaving:
        return ()
    with context.store.read() as session:
        flag = flags.get(session, review.flag_id)
        ids = [member.id for member in neighbours.members(session, [flag.record.community_id or ""])]
        members = records.many(session, ids)
        before = memory.about(session, members)
    taken_back = leaving and flag.status in {FlagStatus.MATCHED_EXISTING, FlagStatus.APPEALED}
    if rulings.silent and not taken_back:
        return ()
    revision = {record.id: record.revision for record in members}
    standing = [
        Said(source, revision[decided.ruling.record_id], decided)
        for source, remembered in before.by_source.items()
        for decided in remembered.decisions
        if decided.ruling.record_id in revision
    ]
    back = _named(standing, rulings, rulings.source or flag.source)
    back += [one for one in standing if taken_back and one.decided.ruling.answer is Answer.SAME and one not in back]
    said = [] if rulings.silent else _said(_official(context, flag, rulings), (flag.record, members), rulings, review)
    # What is taken back comes first, so that what is said of the same entry now holds.
    return (*(_unsure(one, review) for one in back), *said)


def _official(context: Context, flag: Flag, rulings: Rulings) -> Listed:
    source = rulings.source or flag.source
    found = next((official for official in context.lists.current() if official.source == source), None)
    if found is None:
        detail = f"There is no official list {source!r} in use." if source else "Say which official list is meant."
        raise _invalid(detail, "/source")
    return found


def _said(official: Listed, of: tuple[Record, Sequence[Record]], rulings: Rulings, review: Review) -> list[Said]:
    """Return what is said of every record of the community; the first is the one that the flag shows."""
    first, members = of
    shown = _shown(first, official.source) if rulings.none_of_these else ()
    answers = dict.fromkeys((*rulings.different, *shown), Answer.DIFFERENT)
    if rulings.same is not None:
        answers[rulings.same] = Answer.SAME
    day, by_id = review.created_at.date(), {record.id: record for record in members}
    asked = [Ruling(record, entry, answer, day) for record in by_id for entry, answer in answers.items()]
    accounts = [one.account for one in members]
    decided = decide(asked, as_places(list(by_id), accounts), places_near(official, accounts))
    # A candidate shown may have left the list since; one that is named must be on it.
    unknown = answers.keys() - {one.ruling.official_id for one in decided} - set(shown)
    if unknown:
        detail = f"{official.title} has no entry {', '.join(sorted(unknown))}."
        raise _invalid(detail, "/official_id" if rulings.same in unknown else "/not_official_ids")
    return [_learning(official.source, by_id[one.ruling.record_id], one) for one in decided]


def _learning(source: str, record: Record, decided: Decided) -> Said:
    return Said(source, record.revision, replace(decided, names=memory.learned(record.account)))


def _shown(record: Record, source: str) -> tuple[str, ...]:
    """Return the candidates that stand beside a record, of one list."""
    found = (finding for finding in record.findings if finding.source == source)
    return tuple(candidate["official_id"] for finding in found for candidate in finding.candidates)


def _named(standing: Iterable[Said], rulings: Rulings, source: str | None) -> list[Said]:
    """Return the answers that the rulings take back by name."""
    named = [one for one in standing if one.source == source and one.decided.ruling.official_id in rulings.unsure]
    missing = set(rulings.unsure) - {one.decided.ruling.official_id for one in named}
    if missing:
        detail = f"Nothing was decided about {', '.join(sorted(missing))} here."
        raise _invalid(detail, "/reconsider_official_ids")
    return named


def _unsure(one: Said, review: Review) -> Said:
    """Return the answer taken back, resting on what it rested on."""
    ruling = replace(one.decided.ruling, answer=Answer.UNSURE, on=review.created_at.date())
    return replace(one, decided=replace(one.decided, ruling=ruling))


def _check(rulings: Rulings, review: Review) -> None:
    if rulings.same is not None and review.decision is not FlagStatus.MATCHED_EXISTING:
        detail = "An entry that the community is goes with the decision matched_existing."
        raise _invalid(detail, "/official_id")
    if review.decision is FlagStatus.MATCHED_EXISTING and rulings.none_of_these:
        detail = "A community that is an entry of the list is not none of them."
        raise _invalid(detail, "/none_of_these")
    twice = {rulings.same, *rulings.unsure} & {*rulings.different} | ({rulings.same} & {*rulings.unsure})
    if twice:
        detail = f"Two things are said about {', '.join(sorted(map(str, twice)))}."
        raise _invalid(detail, "/not_official_ids")


def _invalid(detail: str, pointer: str) -> Problem:
    return Problem(INVALID, detail, errors=[{"pointer": pointer, "message": detail}])
