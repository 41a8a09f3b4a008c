"""A file of parameters is named by what it says, and cannot say something else under that name."""

import json
from dataclasses import replace

import pytest

from matchers.parameters import DEFAULTS
from matchers.training.levels import with_values
from matchers.training.saved import _name, named, read, written

LEARNED = named(with_values(DEFAULTS, {"names.m_exact": 0.61, "absence.q_places": 0.2}))


def test_what_is_written_is_read_back():
    """A file brings back every number under the version it was written with."""
    back = read(written(LEARNED, {"base": "defaults-3", "records": 12}))
    assert back == LEARNED
    assert isinstance(back.geography.density_neighbours, int)


def test_numbers_are_short_enough_to_read():
    """Six digits of a share are more than any set of labels supports."""
    assert named(with_values(DEFAULTS, {"names.m_exact": 9 / 14})).names.m_exact == 0.642857


def test_the_version_depends_on_the_numbers_alone():
    """The same numbers have the same name, whatever they were called before, and others another."""
    assert named(replace(LEARNED, version="mine")).version == LEARNED.version
    assert named(DEFAULTS).version != LEARNED.version
    assert LEARNED.version.startswith("trained-")


def test_a_number_changed_by_hand_is_told():
    """Nobody can cite trained-… for numbers that training did not give."""
    body = json.loads(written(LEARNED, {}))
    body["names"]["m_exact"] = 0.99
    with pytest.raises(ValueError, match=r"not those that trained-\w+ names"):
        read(json.dumps(body))
    assert read(json.dumps({**body, "version": "by hand"})).names.m_exact == 0.99


def test_whole_numbers_written_by_another_program_are_the_same():
    """A spreadsheet or a script that writes 1000.0 as 1000 does not break the name."""
    text = written(LEARNED, {}).replace("1000.0", "1000")
    assert read(text) == LEARNED


def test_a_file_from_before_a_parameter_was_added_is_still_itself():
    """An entry that an old file does not have keeps its default, and the version still fits."""
    body = json.loads(written(LEARNED, {}))
    del body["counting"]
    del body["provenance"], body["version"]
    body["version"] = _name(body)
    assert read(json.dumps(body)).counting == DEFAULTS.counting


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not JSON"),
        ("[1]", "not a JSON object"),
        ('{"names": {"m_exact": "much"}}', 'names.m_exact must be a number, and is "much"'),
        ('{"names": {"m_near": [0.1]}}', r"names.m_near must be 4 numbers, and is \[0.1\]"),
        ('{"geography": {"density_neighbours": 16.5}}', "density_neighbours must be a whole number"),
        ('{"names": {"m_exact": NaN}}', "names.m_exact must be a number"),
        ('{"names": {"m_exact": true}}', "names.m_exact must be a number"),
        ('{"names": 3}', "names is not a section"),
        ('{"nmaes": {}}', "nmaes"),
        ('{"names": {"m_exakt": 1}}', "m_exakt"),
    ],
)
def test_what_is_wrong_in_a_file_is_named(text, said):
    """A typing error is told with the entry it is in."""
    with pytest.raises(ValueError, match=said):
        read(text)
