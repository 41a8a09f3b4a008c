"""What right a caller must have for each operation, and which budget it draws on: one line for each, and nowhere else.

Whatever has no line here is refused to everybody. What an operation shows to whom is for `service.disclosure`, and
rules that depend on the thing asked for, such as that nobody publishes what they confirmed, stand with the verb.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from service.callers.caller import Right

PUBLIC = "public"  # as the OpenAPI document calls what needs no key


class Budget(StrEnum):
    """What requests are counted together as."""

    FREE = "free"  # not counted: whoever watches the service asks without end
    READS = "reads"
    WRITES = "writes"
    EXPORTS = "exports"  # what takes seconds to make


@dataclass(frozen=True, slots=True)
class Operation:
    """What is needed for an operation: a right, or no key at all. Where it holds is asked by the verb."""

    right: Right | None = None
    budget: Budget = Budget.READS

    @property
    def scope(self) -> str:
        """As it is called in the OpenAPI document."""
        return PUBLIC if self.right is None else str(self.right)


_READ = Operation()
_EXPORT = Operation(budget=Budget.EXPORTS)
_OWN = Operation(Right.SEND)
_ANY_KEY = Operation(Right.EXCHANGE, Budget.WRITES)
_OWN_EXPORT = Operation(Right.SEND, Budget.EXPORTS)
_SEND = Operation(Right.SEND, Budget.WRITES)
_LOWER = Operation(Right.LOWER, Budget.WRITES)
_DECIDE = Operation(Right.REVIEW, Budget.WRITES)
_REVIEW = Operation(Right.REVIEW)
_OVERSEE = Operation(Right.ADMINISTER)
_ORDER = Operation(Right.ADMINISTER, Budget.WRITES)

#: By the operationId of the OpenAPI document.
OPERATIONS: dict[str, Operation] = {
    "submitRecord": _SEND,
    "submitRecords": _SEND,
    "listRecords": _READ,
    "getRecord": _READ,
    "releaseRecord": _DECIDE,
    "declareCollection": _SEND,
    "listCollections": _READ,
    "getCollection": _READ,
    "describeCollection": _SEND,
    "listMappings": _OWN,
    "saveMapping": _SEND,
    "proposeMapping": _SEND,
    "importFile": _SEND,
    "listImports": _OWN,
    "getImport": _OWN,
    "getImportErrors": _OWN_EXPORT,
    "cancelImport": _SEND,
    "receiveSubmission": _SEND,
    "submitResponses": _SEND,
    "submitMeetings": _SEND,
    "listUngrouped": _OWN,
    "getCountrySummary": _EXPORT,
    "getSurveyMargins": _EXPORT,
    "getCertificate": _READ,
    "listFlags": _READ,
    "getFlag": _READ,
    "reviewFlag": _DECIDE,
    "listFlagsBeside": Operation(Right.REVIEW),
    "appealFlag": _LOWER,
    "listAppeals": Operation(Right.LOWER),
    "listReasonCodes": _READ,
    "drawBlindReview": _DECIDE,
    "getAgreement": Operation(Right.REVIEW),
    "listOutcomes": Operation(Right.LOWER),
    "listOffices": _EXPORT,
    "getFlagCounts": _READ,
    "getQueueSheet": Operation(Right.REVIEW, Budget.EXPORTS),
    "decideBySheet": _DECIDE,
    "decideTogether": _DECIDE,
    "listQueue": _REVIEW,
    "claimNext": _DECIDE,
    "getCase": _REVIEW,
    "claimFlag": _DECIDE,
    "releaseFlag": _DECIDE,
    "getGapReport": _EXPORT,
    "getFrameUpdate": Operation(Right.REVIEW, Budget.EXPORTS),
    "createGapReport": _DECIDE,
    "listGapReports": _READ,
    "getFrozenGapReport": _EXPORT,
    "compareGapReports": _EXPORT,
    "getCoverage": _EXPORT,
    "exportFlagsParquet": _EXPORT,
    "exportFlagsLines": _EXPORT,
    "getOgcLanding": _READ,
    "getOgcConformance": _READ,
    "getOgcDescription": _READ,
    "listOgcCollections": _READ,
    "getOgcCollection": _READ,
    "listFlagFeatures": _READ,
    "getFlagFeature": _READ,
    "listPlaceFeatures": _READ,
    "getPlaceFeature": _READ,
    "listAreaFeatures": _EXPORT,
    "getAreaFeature": _EXPORT,
    "getFlagTile": _READ,
    "getOfficialTile": _READ,
    "listSources": _READ,
    "listSnapshots": _READ,
    "getSnapshot": _READ,
    "searchPlaces": _READ,
    "compareSnapshots": _EXPORT,
    "listPersonalDataRules": _READ,
    "getFormWorkbook": _EXPORT,
    "getFormPaper": _EXPORT,
    "getDisclosurePolicy": _READ,
    "setEmbargo": _LOWER,
    "withdrawRecord": _LOWER,
    "withdrawRecords": _LOWER,
    "admitRecord": _SEND,
    "hold": _ORDER,
    "listHolds": _OVERSEE,
    "getHold": _OVERSEE,
    "liftHold": _ORDER,
    "limitExposure": _LOWER,
    "liftLimit": _ORDER,
    "listTombstones": _READ,
    "listChanges": _READ,
    "createWebhook": _ANY_KEY,
    "listWebhooks": Operation(Right.EXCHANGE),
    "getWebhook": Operation(Right.EXCHANGE),
    "changeWebhook": _ANY_KEY,
    "removeWebhook": _ANY_KEY,
    "exchangeWebhookSecret": _ANY_KEY,
    "pingWebhook": _ANY_KEY,
    "listDeliveries": Operation(Right.EXCHANGE),
    "redeliver": _ANY_KEY,
    "listKeys": _OWN,
    "rotateKey": _ANY_KEY,
    "revokeKey": _SEND,
    "createInvitation": _SEND,
    "listInvitations": _OWN,
    "revokeInvitation": _SEND,
    "acceptInvitation": Operation(budget=Budget.WRITES),  # opened by the token of the invitation
    "listCoalition": _OWN,
    "agreeToShare": _SEND,
    "leaveCoalition": _SEND,
    "listOrganisations": _OWN,
    "describeOrganisation": _SEND,
    "getContact": _READ,
    **dict.fromkeys(
        (
            *("getReconciliation", "reconcile", "suggestReconciled", "describeReconciled", "previewReconciled"),
            *("proposeReconciled", "getDraftReconciliation", "reconcileDraft", "extendDraft", "suggestDraft"),
            *("previewDraft", "proposeDraft"),
        ),
        _READ,
    ),
    "isAlive": Operation(budget=Budget.FREE),
    "isReady": Operation(budget=Budget.FREE),
    "getMetrics": Operation(budget=Budget.FREE),  # opened by a token of its own
}


def of(operation_id: str | None) -> Operation | None:
    """Return what an operation needs; None for one that has no line here, which nobody may use."""
    return OPERATIONS.get(operation_id or "")
