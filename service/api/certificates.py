"""Search certificates: how a finding was come by, so that anybody can repeat it."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from matchers.certificates.certificate import canonical
from service.api.answers_certificate import CertificateShown
from service.api.identifiers import Identifier, known_form
from service.api.responses import FINDING, problems
from service.disclosure import may_see_certificates, redact_certificate
from service.errors import NOT_FOUND, Problem
from service.http.answers import Answer, reply
from service.http.bodies import Route
from service.http.callers import Calling, Opened
from service.replay import replay
from service.store import findings, records

router = APIRouter(prefix="/v1/findings", tags=["findings"], route_class=Route)


@router.get(
    "/{finding_id}/certificate",
    operation_id="getCertificate",
    summary="The search certificate of a finding",
    response_model=CertificateShown,
    responses=problems(FINDING),
)
def get_certificate(request: Request, finding_id: Identifier, calling: Calling, context: Opened) -> Response:
    """Return what was searched, how, with what result, and the smallest changes that would have made another verdict.

    One line of canonical JSON: saved as it is, `uncounted replay FILE` makes it again byte for byte. Findings that hold
    no longer keep their certificates. Whoever may not work with the record is answered as if there were none.
    """
    detail = f"There is no finding {known_form(finding_id, 'finding')}."
    with context.store.read() as session:
        record = records.get(session, findings.get(session, finding_id).record_id)
    if not may_see_certificates(record, calling):
        raise Problem(NOT_FOUND, detail)
    shown = redact_certificate(record, calling, replay(context, finding_id).stated)
    return reply(request, calling, Answer(canonical(shown)))
