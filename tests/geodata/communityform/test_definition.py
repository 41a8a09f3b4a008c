"""The form as it is defined: complete in every language, true to the vocabularies, and asking for nobody."""

from __future__ import annotations

import pytest

from geodata.communityform.definition import community_record
from geodata.files.headers import assign
from geodata.kinds import BROADER
from geodata.personal.headers import suspicions
from geodata.taxonomy import shipped
from matchers.counting.methods import UNKNOWN, method_of
from service.disclosure import Consent, Sensitivity

FORM = community_record()
LISTS = FORM.lists()


def test_every_text_is_in_every_language() -> None:
    """No volunteer meets a question in a language that is not theirs."""
    spoken = [*FORM.texts.values(), *FORM.words.values(), *(section.label for section in FORM.sections)]
    for question in FORM.questions():
        spoken += [each for each in (question.label, question.short, question.hint, question.message) if each]
        assert question.message or question.constraint is None
    spoken += [choice.label for choices in LISTS.values() for choice in choices]
    assert [texts for texts in spoken if set(texts) != set(FORM.languages) or not all(texts.values())] == []


@pytest.mark.parametrize("language", FORM.languages)
def test_no_two_labels_are_the_same(language: str) -> None:
    """An export by labels can be told apart, column by column and answer by answer."""
    labels = [question.label[language] for question in FORM.questions()]
    assert len(set(labels)) == len(labels)
    assert not any("/" in label for label in labels)
    for choices in LISTS.values():
        assert len({choice.label[language] for choice in choices}) == len(choices)


def test_choices_are_the_terms_of_the_record() -> None:
    """Consent, sensitivity and kinds are those of the service; methods and groups are known by what they mean."""
    assert [choice.name for choice in LISTS["consents"]] == [term.value for term in Consent]
    assert [choice.name for choice in LISTS["sensitivities"]] == [term.value for term in Sensitivity]
    assert {choice.name for choice in LISTS["kinds"]} <= set(BROADER)
    assert [choice.name for choice in LISTS["methods"] if method_of(choice.means) is UNKNOWN] == ["quoted"]
    taxonomy = shipped()
    unknown = [choice.name for choice in LISTS["groups"] if taxonomy.group_of(choice.means, "KEN") is None]
    assert unknown == ["indigenous"]  # which people is asked in the next question


def test_nothing_personal_is_asked() -> None:
    """No question, in no language, would be dropped at the door."""
    asked = [question.name for question in FORM.questions()]
    asked += [label for question in FORM.questions() for label in question.label.values()]
    assert [header for header in asked if suspicions(header)] == []


def test_every_part_is_one_that_files_have() -> None:
    """What a question becomes is a field that any file can be mapped to."""
    parts = [question.part for question in FORM.questions() if question.part]
    assert len(parts) > 10
    for part in parts:
        assign(["column"], mapping={part: "column"})
