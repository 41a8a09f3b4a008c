"""Replay: make the certificate of a finding again from what is kept, and hold it against what was stated.

Everything is read here: the account's revision, the archived snapshot, the parameters, what people had decided by then.
No other machine is asked. The smallest changes are not kept with a finding but worked out whenever its certificate is
read; a certificate that somebody saved states them, and they are held against it too.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date

from matchers.certificates.certificate import FORM, Grounds, Plain, Replayed, certificate, company_from
from matchers.certificates.certifying import Ground, certificates
from matchers.circumstances import circumstances_from
from matchers.memory.decisions import NOTHING
from service.accounts.account import as_places
from service.context import Context
from service.errors import INVALID, NOT_FOUND, Problem
from service.official.longlists import piece
from service.store import findings, memory, parameter_sets, records, revisions
from service.store.values import Finding

#: Said of a finding beside those against other lists; its own comparison does not know it.
_BY_OTHERS = frozenset({"conflicting_sources"})


def replay(context: Context, finding_id: str) -> Replayed:
    """Replay a finding of the service, also one that holds no longer.

    Raises `Problem` (not found) when there is none, what it was made from is no longer kept, or it was made before
    certificates were.
    """
    with context.store.read() as session:
        finding = findings.get(session, finding_id)
        fingerprint = revisions.fingerprint(session, finding.record_id, finding.revision)
    stated = _stated(context, finding, fingerprint)
    found = _again(context, stated)
    return Replayed(stated | {"smallest_changes": found["smallest_changes"]}, found)


def replay_certificate(context: Context, stated: Plain) -> Replayed:
    """Replay a saved certificate, whether or not its finding still holds.

    Raises `Problem`: invalid when it is no certificate of a form this release knows, and not found as `replay` does.
    """
    if stated.get("form") != FORM:
        detail = f"This is no search certificate of form {FORM}, the one this release knows."
        raise Problem(INVALID, detail)
    try:
        return Replayed(stated, _again(context, stated))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        detail = f"The certificate cannot be read: {type(error).__name__} at {error}."
        raise Problem(INVALID, detail) from error


def _stated(context: Context, finding: Finding, fingerprint: str) -> Plain:
    """Return the certificate of a finding as far as it is kept."""
    if finding.certificate is None or finding.parameters is None:
        detail = f"Finding {finding.id} has no certificate: it was made before any were kept. Verify its record again."
        raise Problem(NOT_FOUND, detail)
    with context.store.read() as session:
        account = revisions.account(session, finding.record_id, fingerprint)
    grounds = Grounds(
        record={"id": finding.record_id, "account": fingerprint},
        official=piece(context.lists.at(finding.snapshot), account),
        parameters=finding.parameters,
        today=finding.created_at.date().isoformat(),
        release=finding.certificate["release"],
        decisions_until=finding.certificate["decisions_until"],
    )
    attributes = [attribute for attribute in finding.attributes if attribute not in _BY_OTHERS]
    return certificate(grounds, finding.certificate["search"], asdict(finding) | {"attributes": attributes})


def _again(context: Context, stated: Plain) -> Plain:
    """Make a certificate again from what it names."""
    record_id, until = stated["record"]["id"], stated["decisions_until"]
    with context.store.read() as session:
        account = revisions.account(session, record_id, stated["record"]["account"])
        parameters = parameter_sets.get(session, stated["model"]["parameters"])
        record = replace(records.get(session, record_id), account=account)
        remembered = memory.about(session, [record], until) if until is not None else memory.Remembered()
    official = piece(context.lists.at(stated["list"]["snapshot"]), account)
    told = stated["search"].get("known") or {}
    ground = Ground(
        official=official,
        today=date.fromisoformat(stated["today"]),
        release=stated["release"],
        parameters=parameters,
        memory=remembered.by_source.get(official.source, NOTHING),
        decisions_until=until,
        known=circumstances_from(record_id, told, context.lists.growth_at(told.get("growth"))),
    )
    places = as_places([record_id], [account])
    compared = ground.again(places, {record_id: company_from(stated["search"])})
    return next(certificates(ground, places, [{"id": record_id, "account": account.fingerprint()}], compared))
