"""The code list of reasons: shipped, added to by an operator, and refused where it cannot be used."""

from __future__ import annotations

import pytest

from service.configuration.settings import Settings
from service.context import codes_of_reasons
from service.errors import INVALID, Problem
from service.reasons.codes import DECISIONS, LANGUAGES, UNDO, InvalidReasons, reason_codes


def test_every_shipped_reason_reads_in_every_language():
    """Whoever is told a decision reads why, in English, French, Spanish or Swahili, and no two read alike."""
    codes = reason_codes()
    for reason in codes.reasons.values():
        assert set(reason.labels) == set(LANGUAGES), reason.code
    for language in LANGUAGES:
        labels = [reason.label(language) for reason in codes.reasons.values()]
        assert len(set(labels)) == len(labels)


@pytest.mark.parametrize("decision", DECISIONS)
def test_every_decision_can_be_given_a_reason_of_its_own_or_another(decision):
    """No decision is left without a reason, and `other` with a note fits all."""
    codes = reason_codes()
    fitting = codes.fitting(decision)
    assert "other" in fitting
    assert len(fitting) > 1
    assert codes.reasons["other"].needs == ("note",)


def test_a_code_that_nobody_knows_is_told_as_it_is():
    """What was decided before there was a list, or with a list no longer in force, stays readable."""
    assert reason_codes().label("our_own_word", "fr") == "our_own_word"


def test_an_operator_adds_codes(tmp_path):
    """Codes of an own file stand behind the shipped ones; a missing language falls back to English."""
    own = tmp_path / "reasons.toml"
    own.write_text('version = "ours"\n[codes.flooded]\ndecisions = ["deferred", "undo"]\nen = "Under water"\n')
    codes = reason_codes(own)
    assert codes.version == "reasons-1+ours"
    assert codes.fitting("deferred")[-1] == "flooded"
    assert "flooded" in codes.fitting(UNDO)
    assert codes.label("flooded", "sw") == "Under water"
    assert "field_visit" in codes.reasons


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[", "is not TOML"),
        ('[codes.x]\ndecisions = ["open"]\nen = "X"', "version is missing"),
        ('version = "1"\n[codes.X]\ndecisions = ["open"]\nen = "X"', "small letters"),
        ('version = "1"\n[codes.x]\ndecisions = ["open"]\nfr = "X"', "no English label"),
        ('version = "1"\n[codes.x]\nen = "X"', "for no decision"),
        ('version = "1"\n[codes.x]\ndecisions = ["burn"]\nen = "X"', "does not know burn"),
        ('version = "1"\n[codes.x]\ndecisions = ["open"]\nen = "X"\nneeds = ["luck"]', "does not know luck"),
        ('version = "1"\n[codes.x]\ndecisions = ["open"]\nen = "X"\nde = "X"', "does not know de"),
        ('version = "1"\n[codes.field_visit]\ndecisions = ["open"]\nen = "X"', "ships with the service"),
        ('version = "1"\ncodes = 3', "codes.toml|reasons.toml"),
    ],
)
def test_a_file_that_cannot_be_used_says_where(tmp_path, text, told):
    """Opening with such a file stops, naming the file, the place, and how to mend it."""
    own = tmp_path / "reasons.toml"
    own.write_text(text)
    with pytest.raises(InvalidReasons, match=told) as raised:
        reason_codes(own)
    assert "reasons.toml" in str(raised.value)


def test_a_file_that_is_not_there_is_told_with_its_setting(tmp_path):
    """The operator reads which variable names it."""
    settings = Settings(data_dir=tmp_path, reason_codes=tmp_path / "none.toml", _env_file=None)
    with pytest.raises(Problem, match=r"UNCOUNTED_REASON_CODES: .*none\.toml cannot be read") as raised:
        codes_of_reasons(settings)
    assert raised.value.kind is INVALID
