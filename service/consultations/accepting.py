"""Accept what respondents and meetings said, and keep it: all of a batch or none."""

from __future__ import annotations

import hashlib
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from service.accounts.statement import Question, Statement
from service.callers.caller import Caller, Right
from service.context import Context
from service.errors import CONFLICT, KEY_NEEDED, Problem
from service.store import events, keys, receipts, statements
from service.store.engine import Session
from service.store.statements import Key, Known, Version
from service.submit import Outcome


@dataclass(frozen=True, slots=True)
class Sent:
    """A statement as it comes in. The own identifier makes sending it again harmless; of it only a digest is kept."""

    statement: Statement
    own_id: str | None = None
    words: tuple[tuple[Question, str], ...] = ()  # that nobody could group


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the sender may rely on: the statement is on the disk as this revision."""

    id: str
    revision: int
    outcome: Outcome

    def plain(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {"id": self.id, "revision": self.revision, "outcome": self.outcome.value}


@dataclass(frozen=True, slots=True)
class Post:
    """A batch for one collection: who sends it, and under which idempotency key."""

    collection: str
    sent: Sequence[Sent]
    caller: Caller
    idempotency_key: str | None = None

    @property
    def organisation(self) -> str:
        """Under whose name it is kept. Raises `Problem` (key needed) where nobody is named."""
        if self.caller.organisation is None or not self.caller.may(Right.SEND):
            detail = "Responses and meetings are kept under the name of an organisation."
            raise Problem(KEY_NEEDED, detail)
        return self.caller.organisation

    def own_key(self, sent: Sent) -> str | None:
        """Return the digest under which a statement is known again, None where its sender calls it nothing."""
        if sent.own_id is None:
            return None
        said = (self.organisation, self.collection, sent.statement.form.value, sent.own_id)
        return hashlib.blake2b("\0".join(said).encode(), digest_size=16).hexdigest()


def accept(context: Context, post: Post) -> list[Receipt]:
    """Keep a batch, and return one receipt for each statement, in the same order.

    One under an own identifier that is known changes nothing when it says the same, and supersedes what was said when
    it says something else. Raises `Problem`: key needed; conflict when the idempotency key was used for other content.
    """
    organisation = post.organisation
    fingerprints = [sent.statement.fingerprint() for sent in post.sent]
    at = datetime.now(UTC)

    def keep(session: Session) -> list[Receipt]:
        arrival = statements.next_arrival(session)
        answered = _answered(session, post, fingerprints)
        if answered is not None:
            return answered
        if post.caller.key_id is None:  # the service's own command line: the organisation may be new
            keys.add_organisation(session, organisation, at)
        key: Key = (organisation, post.collection)
        own_keys = [post.own_key(sent) for sent in post.sent]
        known = statements.known(session, key, filter(None, own_keys))
        given, versions, words = _received(post.sent, fingerprints, own_keys, known)
        statements.add(session, key, arrival, versions)
        statements.add_words(session, key, words)
        _remember(session, post, fingerprints, (given, at))
        return given

    return context.store.write(keep)


def _received(
    sent: Sequence[Sent], fingerprints: Sequence[str], own_keys: Sequence[str | None], known: dict[str, Known]
) -> tuple[list[Receipt], list[Version], Counter[tuple[Question, str]]]:
    given: list[Receipt] = []
    versions: dict[str, Version] = {}
    words: Counter[tuple[Question, str]] = Counter()
    for one, fingerprint, own_key in zip(sent, fingerprints, own_keys, strict=True):
        before = known.get(own_key) if own_key is not None else None
        if before is not None and before.fingerprint == fingerprint:
            given.append(Receipt(before.id, before.revision, Outcome.UNCHANGED))
            continue
        words.update(one.words)
        if before is None:
            version = Version(uuid.uuid4().hex, 1, own_key, fingerprint, one.statement)
        elif before.id in versions:  # the same identifier twice in one batch: the later one is what was said
            version = replace(versions[before.id], fingerprint=fingerprint, statement=one.statement)
        else:
            version = Version(before.id, before.revision + 1, own_key, fingerprint, one.statement)
        versions[version.id] = version
        if own_key is not None:
            known[own_key] = Known(version.id, version.revision, fingerprint)
        given.append(Receipt(version.id, version.revision, Outcome.REVISED if before else Outcome.CREATED))
    return given, list(versions.values()), words


def _answered(session: Session, post: Post, fingerprints: Sequence[str]) -> list[Receipt] | None:
    if post.idempotency_key is None:
        return None
    found = receipts.find(session, post.organisation, post.idempotency_key)
    if found is None:
        return None
    if found.fingerprint != _digest(post, fingerprints):
        detail = f"The idempotency key was used at {found.created_at:%Y-%m-%d %H:%M:%S} UTC for other content."
        raise Problem(CONFLICT, detail)
    return [Receipt(one["id"], one["revision"], Outcome(one["outcome"])) for one in found.receipts]


def _remember(
    session: Session, post: Post, fingerprints: Sequence[str], done: tuple[Sequence[Receipt], datetime]
) -> None:
    given, at = done
    outcomes = Counter(receipt.outcome.value for receipt in given if receipt.outcome is not Outcome.UNCHANGED)
    if outcomes:
        events.add(
            session,
            [events.Event("consultation.received", post.organisation, at, post.caller, dict(sorted(outcomes.items())))],
        )
    if post.idempotency_key is not None:
        answer = receipts.Answer(_digest(post, fingerprints), [receipt.plain() for receipt in given], at)
        receipts.add(session, post.organisation, post.idempotency_key, answer)


def _digest(post: Post, fingerprints: Sequence[str]) -> str:
    own = [f"{one}{post.own_key(sent)}" for one, sent in zip(fingerprints, post.sent, strict=True)]
    return hashlib.sha256("\n".join([post.collection, *own]).encode()).hexdigest()
