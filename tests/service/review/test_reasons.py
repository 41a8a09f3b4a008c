"""A decision carries what it needs: a reason of the list, a day, a question; and nothing that does not go with it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from service import review
from service.errors import INVALID, Problem
from service.review import Decision
from service.store.values import FlagStatus

TODAY = datetime.now(UTC).date()


@pytest.mark.parametrize(
    ("decision", "parts", "mistaken"),
    [
        ("rejected", {"reason_code": "because"}, ("/reason_code", "There is no such reason: because")),
        ("rejected", {"reason_code": "four_eyes"}, ("/reason_code", "not for rejected: four_eyes")),
        ("rejected", {"reason_code": "other"}, ("/note", "needs note")),
        ("matched_existing", {"reason_code": "alias"}, ("/official_id", "needs official_id")),
        ("deferred", {}, ("/until", "until when")),
        ("deferred", {"until": TODAY}, ("/until", "ahead")),
        ("deferred", {"until": TODAY + timedelta(days=800)}, ("/until", "within two years")),
        ("rejected", {"until": TODAY + timedelta(days=8)}, ("/until", "goes with the decision deferred")),
        ("rejected", {"question": "Who lives there?"}, ("/question", "goes with the decision needs_field_check")),
    ],
)
def test_what_a_decision_lacks_or_cannot_carry_is_said(sqlite_desk, decision, parts, mistaken):
    """The flag stays as it is, and the reviewer is told which field to mend."""
    pointer, told = mistaken
    flag_id = sqlite_desk.sent("Bondeni", "B").flag_id
    with pytest.raises(Problem, match=told) as raised:
        sqlite_desk.decide(flag_id, decision, **parts)
    (mistake,) = raised.value.extra["errors"]
    assert (raised.value.kind, mistake["pointer"]) == (INVALID, pointer)
    assert mistake["hint"]
    assert sqlite_desk.flag(flag_id).version == 1


def test_the_codes_that_fit_are_named(sqlite_desk):
    """Whoever gives a reason that does not fit reads which would."""
    flag_id = sqlite_desk.sent("Bondeni", "B").flag_id
    with pytest.raises(Problem) as raised:
        sqlite_desk.decide(flag_id, "published", reason_code="duplicate")
    assert "four_eyes" in raised.value.extra["errors"][0]["hint"]


def test_an_installations_own_reason_is_taken(sqlite_desk, tmp_path):
    """A code of the operator's file stands beside the shipped ones at once."""
    own = tmp_path / "reasons.toml"
    own.write_text('version = "1"\n[codes.flooded]\ndecisions = ["unverifiable"]\nen = "Under water"\n')
    context = sqlite_desk.context
    flag_id = sqlite_desk.sent("Bondeni", "B").flag_id
    settings = context.settings.model_copy(update={"reason_codes": own})
    ours = type(context)(settings, context.store, context.archive, context.lists)
    decision = Decision(FlagStatus.UNVERIFIABLE, "flooded")
    assert review.decide(ours, flag_id, decision, sqlite_desk.reviewers[0]).reviews[-1].reason_code == "flooded"


def test_what_is_written_to_the_senders_stands_beside_the_note(desk, flag_id):
    """Message, question and note are three texts, and none of them stands in an event."""
    after = desk.decide(flag_id, "needs_field_check", note="Ask Amina", message="We come", question="From which side?")
    (kept,) = after.reviews
    assert (kept.note, kept.message, kept.question) == ("Ask Amina", "We come", "From which side?")
    data = desk.told("flag", flag_id)[-1].data
    assert {"note", "message", "question"} <= set(data)
    assert not {"Ask Amina", "We come", "From which side?"} & {str(value) for value in data.values()}
