"""Which submissions stand: rejected and deleted ones are known by their own ids, by whichever tool."""

from __future__ import annotations

from geodata.forms.standing import standing


def kobo(number, status):
    """Return a submission of KoboToolbox with a validation status."""
    return {"_id": number, "_uuid": f"u{number}", "_validation_status": status, "name": "Lindi"}


def odk(number, **system):
    """Return a submission of ODK Central."""
    return {"__id": f"uuid:{number}", "__system": {"submissionDate": "2026-03-02T10:00:00Z", **system}}


def test_kobo_submissions_that_are_not_approved_are_gone():
    """Approved, on hold and never looked at stand; the positions are those of the list."""
    words = ("validation_status_not_approved", "validation_status_approved", "validation_status_on_hold")
    found = standing([kobo(number, {"uid": word}) for number, word in enumerate(words)] + [kobo(7, {})])
    assert (found.own_ids, list(found.gone), found.gone_ids) == (("0", "1", "2", "7"), [0], ["0"])


def test_odk_submissions_that_were_rejected_or_deleted_are_gone():
    """One that could not be decrypted is not: what was kept of it before is as true as it was."""
    rows = [odk(1), odk(2, reviewState="rejected"), odk(3, deletedAt="2026-03-03T10:00:00Z"), odk(4, reviewState=None)]
    found = standing([*rows, odk(5, status="notDecrypted"), odk(6, reviewState="hasIssues")])
    assert found.gone_ids == ["uuid:2", "uuid:3"]


def test_what_is_no_submission_does_not_stand_at_all():
    """Lists of anything else, and nothing."""
    assert [standing(document) for document in ([], {}, None, "x", [{"name": "Lindi"}])] == [None] * 5
