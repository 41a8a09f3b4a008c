"""All numbers of the model travel as one readable value."""

import json

import pytest

from matchers.parameters import DEFAULTS, Parameters


def test_json_round_trip():
    """Parameters written as JSON and read back are the same."""
    assert Parameters.from_json(DEFAULTS.to_json()) == DEFAULTS


def test_what_is_left_out_keeps_its_default():
    """A file may name only what it changes."""
    read = Parameters.from_json('{"version": "mine", "absence": {"q_places": 0.5}}')
    assert (read.version, read.absence.q_places, read.names) == ("mine", 0.5, DEFAULTS.names)


@pytest.mark.parametrize("text", ['{"nmaes": {}}', '{"names": {"m_exakt": 1}}'])
def test_a_misspelt_entry_is_refused(text):
    """A typing error does not silently leave a default in place."""
    with pytest.raises(ValueError, match=r"nmaes|m_exakt"):
        Parameters.from_json(text)


def test_true_pairs_share_a_mass_of_one():
    """The chances of all levels of a true pair's name add up to one, and so do those of kinds."""
    names, kinds = DEFAULTS.names, DEFAULTS.kinds
    assert names.m_exact + sum(names.m_near) + names.m_words + names.m_unlike == pytest.approx(1.0)
    told = kinds.same + kinds.broader + kinds.neighbour + kinds.sibling + kinds.different
    assert told == pytest.approx(1.0)


def test_flat_numbers_are_json():
    """Every finding can carry the numbers it rests on under dotted names."""
    flat = DEFAULTS.flat()
    assert flat["names.m_near.0"] == DEFAULTS.names.m_near[0]
    assert json.loads(json.dumps(flat)) == flat
