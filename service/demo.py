"""Show the product on real data: load a sample the way anybody's data is loaded, and measure where truth is known."""

from __future__ import annotations

import json
import tomllib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from geodata.files.columns import read_places
from geodata.files.tables import read_table
from geodata.samples import Sample, Truth, kibera, maine
from matchers.base import Verdict
from matchers.evaluation import average_precision
from service import collections, review, submit, sync, verify
from service.accounts.account import Account, from_places
from service.callers.caller import ANONYMOUS, Caller, Role
from service.context import Context
from service.rights.embargo import Ending, set_embargo
from service.store import flags, keys, records
from service.store.filters import FlagFilter
from service.store.values import Finding, FlagStatus, Record
from service.verify import Progress

#: The organisation whose keys the demo prints; the citizen records belong to the organisations that collected them.
DESK = "demo-desk"


#: The samples were published by those who collected them; here they are shown at a coarse location all the same.
CONSENT = "public_masked"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading one sample came to."""

    sample: Sample
    records: tuple[Record, ...]  # in the order of the citizen file
    changed: bool


@dataclass(frozen=True, slots=True)
class Measured:
    """Verdicts held against known truth, for the claim "the list does not name this place"."""

    records: int
    hidden: int  # truly absent from the list
    flagged: int  # said to be absent, or probably so
    right: int  # of those, truly absent
    linked: int  # listed places whose best candidate is the right entry
    listed: int
    ranking: float  # average precision of the probability of absence

    @property
    def precision(self) -> float | None:
        """Share of what was said to be absent that is; None where nothing was."""
        return self.right / self.flagged if self.flagged else None

    @property
    def recall(self) -> float | None:
        """Share of truly absent places that were said to be."""
        return self.right / self.hidden if self.hidden else None


def samples(context: Context) -> tuple[Sample, ...]:
    """Return the samples, writing those that are built from an installed package into the data directory."""
    return (kibera.sample(), maine.sample(context.settings.data_dir / "samples" / "maine", located=True))


def load(context: Context, sample: Sample, step: Progress) -> Loaded:
    """Sync the sample's lists, submit its citizen records, verify what is new. A second run changes nothing."""
    changed = False
    for source, path in sample.official:
        sync.configure(context, source, "register", {"path": str(path)})
        changed |= sync.sync(context, source).outcome == "updated"
    for one in sample.passports:
        said = tomllib.loads(one.path.read_text(encoding="utf-8"))
        changed |= collections.declare(context, one.collection, said, _collector(one.organisation)).anew
    accounts = _accounts(sample)
    record_ids = {
        receipt.own_id: receipt.record_id
        for organisation, theirs in _by_organisation(accounts).items()
        for receipt in submit.accept(context, theirs, _collector(organisation))
    }
    fresh = verify.pending(context, step)
    with context.store.read() as session:
        kept = records.many(session, [record_ids[account.own_id] for _, account in accounts])
    return Loaded(sample, kept, changed or bool(fresh))


def publish_known(context: Context, loaded: Loaded) -> int:
    """Let the demo's two desks confirm and publish what the sample's truth shows to be right; return how many.

    In real life people look at each flag. Here the known truth stands in for them, so that there is something public.
    """
    absent = {one.record_id for one in loaded.sample.truth if one.official_id is None}
    right = {
        record.flag_id
        for record in loaded.records
        if record.account.own_id in absent and record.findings and said_absent(record.findings[0])
    }
    unseen = FlagFilter(statuses=(FlagStatus.OPEN,))
    secrets = role_keys(context)
    with context.store.read() as session:
        desks = [keys.find(session, secrets[role]) for role in (Role.REVIEWER, Role.ADMIN)]
        waiting = [flag.id for flag in flags.iterate(session, unseen) if flag.id in right]
    for flag_id in waiting:
        for desk, status in zip(desks, (FlagStatus.CONFIRMED, FlagStatus.PUBLISHED), strict=True):
            review.decide(context, flag_id, review.Decision(status, "known_truth"), desk or ANONYMOUS)
        set_embargo(context, flag_id, Ending("published_sample"), desks[-1] or ANONYMOUS)
    return len(waiting)


def role_keys(context: Context) -> dict[Role, str]:
    """Return one key per role that needs nothing to speak for, for the demo's own desk, the same at every run.

    Keys are stored as hashes, so the demo keeps its own in a file beside the database, readable by its owner only.
    """
    path = context.settings.data_dir / "demo-keys.json"
    if path.exists():
        return {Role(role): key for role, key in json.loads(path.read_text(encoding="utf-8")).items()}
    with context.store.begin() as session:
        roles: list[Role] = [role for role in Role if role is not Role.STEWARD]
        made = {role: keys.create(session, DESK, role, "demo") for role in roles}
    path.touch(mode=0o600)
    path.write_text(json.dumps(made), encoding="utf-8")
    return made


def measure(loaded: Loaded) -> Measured:
    """Hold the verdicts of a sample against its truth."""
    truth = {one.record_id: one for one in loaded.sample.truth}
    pairs: Sequence[tuple[Record, Truth]] = [(record, truth[record.account.own_id or ""]) for record in loaded.records]
    flagged = [(record, known) for record, known in pairs if said_absent(record.findings[0])]
    listed = [(record, known) for record, known in pairs if known.official_id]
    return Measured(
        records=len(pairs),
        hidden=len(pairs) - len(listed),
        flagged=len(flagged),
        right=sum(known.official_id is None for _, known in flagged),
        linked=sum(record.findings[0].official_id == known.official_id for record, known in listed),
        listed=len(listed),
        ranking=average_precision(
            np.array([known.official_id is None for _, known in pairs]),
            np.array([record.p_absent for record, _ in pairs], dtype=np.float64),
        ),
    )


def said_absent(finding: Finding) -> bool:
    """Return whether a finding says that the list does not name the place, or leaves that to a person to confirm."""
    return finding.verdict == Verdict.HIDDEN_PLACE or finding.subtype == "possibly_absent"


def _collector(organisation: str) -> Caller:
    return Caller(organisation, None, Role.CONTRIBUTOR)


def _accounts(sample: Sample) -> list[tuple[str, Account]]:
    """Return each account of the citizen file with the organisation that collected it, in the order of the file."""
    usual = f"{sample.name}-sample"
    told = [(dict(one.attributes), one) for one in from_places(read_places(read_table(sample.citizen)).places)]
    return [
        (said.get("organisation", usual), replace(one, consent=CONSENT, collection=said.get("collection", usual)))
        for said, one in told
    ]


def _by_organisation(accounts: Sequence[tuple[str, Account]]) -> dict[str, list[Account]]:
    grouped: dict[str, list[Account]] = defaultdict(list)
    for organisation, account in accounts:
        grouped[organisation].append(account)
    return grouped
