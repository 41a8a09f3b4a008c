"""The page on decisions is true: its bodies are taken, its file is read, and its numbers are those of the service."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from service.api.appeals import AppealGiven
from service.api.flags import ReviewGiven
from service.configuration.settings import Settings
from service.disclosure.policy import SMALLEST_COUNT
from service.reasons.codes import LANGUAGES, reason_codes
from service.review import agreement, beside
from service.review.following import TRANSITIONS
from service.store.opinions import LASTING
from service.store.values import APPEALABLE, FlagStatus

PAGE = (Path(__file__).parents[2] / "docs" / "review.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """Return the code blocks of one language."""
    return re.findall(rf"```{language}\n(.*?)```", PAGE, flags=re.DOTALL)


def test_the_bodies_shown_are_taken():
    """What a reader copies is a decision, an undoing and an appeal."""
    found = [re.findall(r"-d '(.*?)'\n", block, re.DOTALL) for block in blocks("sh")]
    sent = [json.loads(one) for bodies in found for one in bodies]
    assert ReviewGiven.model_validate(sent[0]).reason_code == "not_a_community"
    assert AppealGiven.model_validate(sent[1]).taken().evidence is not None
    assert ReviewGiven.model_validate(json.loads(blocks("json")[0])).decision is None
    codes = reason_codes()
    assert sent[0]["reason_code"] in codes.fitting(sent[0]["decision"])
    assert json.loads(blocks("json")[0])["reason_code"] in codes.fitting("undo")


def test_the_file_of_codes_is_read(tmp_path):
    """An operator who copies it has a code list that works."""
    own = tmp_path / "reasons.toml"
    own.write_text(blocks("toml")[0], encoding="utf-8")
    assert "flooded" in reason_codes(own).fitting("deferred")


def test_the_table_has_every_decision_that_people_take():
    """No more and no fewer than can follow from something, but for laying a matter open again."""
    told = set(re.findall(r"^\| `(\w+)` \|", PAGE, flags=re.MULTILINE))
    assert told == {str(one) for allowed in TRANSITIONS.values() for one in allowed} - {FlagStatus.OPEN.value}


@pytest.mark.parametrize(
    "sentence",
    [
        f"for {Settings.model_fields['appeal_days'].default} days (`UNCOUNTED_APPEAL_DAYS`)",
        f"({beside._FARTHEST_M:.0f} m at most)",
        f"Fewer than {agreement.FEW} matters say little",
        f"from {SMALLEST_COUNT} on, rounded",
        "English, French,\nSpanish and Swahili",
        "against `rejected`, `matched_existing`, `unverifiable` and `deferred`",
    ],
)
def test_its_numbers_are_those_of_the_service(sentence):
    """Nobody is told of days, metres or counts that no longer hold."""
    assert sentence in PAGE


def test_what_its_words_stand_for_has_not_changed():
    """A tenth, a day, four languages, and what can be appealed against."""
    assert Settings.model_fields["second_review_share"].default == 0.1
    assert LASTING.days == 1
    assert LANGUAGES == ("en", "fr", "es", "sw")
    assert {one.value for one in APPEALABLE} == {"rejected", "matched_existing", "unverifiable", "deferred"}
