"""All numbers of the model travel as one readable value."""

import json

import pytest

from matchers.counting.prior import PRIOR, Prior
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


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ('"prior_weights": [0.9, 0.2, 0.1]', "weights are positive and sum to one, not 0.9, 0.2, 0.1"),
        ('"prior_weights": [1.2, -0.3, 0.1]', "weights are positive and sum to one"),
        ('"prior_weights": [NaN, 0.2, 0.1]', "weights are positive and sum to one"),
        ('"prior_weights": [0.8, 0.2]', "counting.prior_weights must be 3 numbers, one for each component, not 2"),
        ('"prior_weights": ["many", 0.2, 0.1]', "counting.prior_weights must be 3 numbers"),
        ('"prior_means": 0', "counting.prior_means must be 3 numbers, and is 0"),
        ('"prior_means": [0, -7, 0.3]', r"means of ln kappa lie from -5.3 to 1.6, not 0, -7, 0.3"),
        ('"prior_sds": [0.1, 0, 0.6]', "standard deviations lie from 0.001 to 3, not 0.1, 0, 0.6"),
        ('"prior_sds": [0.1, Infinity, 0.6]', "standard deviations lie from 0.001 to 3"),
    ],
)
def test_a_prior_of_coverage_that_is_no_mixture_is_refused(entry, said):
    """Weights, means and widths that no coverage can have are told in a sentence before anything is compared."""
    with pytest.raises(ValueError, match=said):
        Parameters.from_json(f'{{"counting": {{{entry}}}}}')


def test_the_prior_of_coverage_travels_with_the_others():
    """Its nine numbers are in the JSON and among the flat ones, and come back as the prior of the undercount test."""
    assert DEFAULTS.counting.prior == PRIOR
    assert DEFAULTS.flat()["counting.prior_means.1"] == PRIOR.means[1]
    read = Parameters.from_json('{"counting": {"prior_weights": [0.3, 0.6, 0.1]}}')
    assert read.counting.prior == Prior((0.3, 0.6, 0.1), PRIOR.means, PRIOR.sds)


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
