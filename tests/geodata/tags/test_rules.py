"""Files of rules are read strictly, and a country's own add to those that ship."""

from __future__ import annotations

from pathlib import Path

import pytest

from geodata.tags import tagging
from geodata.tags.reading import InvalidRules, Sheet
from geodata.tags.rules import rules
from geodata.tags.tag import TagKind
from geodata.tags.tagging import Facts, codes, tags_of
from geodata.taxonomy import shipped

RULE = '[rules.river-islands]\nlabel = "Dwellers of river islands"\n'


def read(text: str):
    """Return the rules with those of one more file."""
    return rules(shipped(), [Sheet("ours.toml", text)])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[rules", "ours.toml: is not TOML"),
        ("[tags]\na = 1", "ours.toml: tags is not a section"),
        ("rules = 1", "ours.toml: rules is not a table"),
        ("[list]\nyear = 2016", "the list of indicators of 2016; the one known here is of 2024"),
        ("[list]\nyeer = 2024", r"\[list\] cannot say yeer"),
        (RULE, r"ours.toml, line 1, \[rules.river-islands\]: names no field it rests on"),
        (RULE + "when = { counted = true }", "names no field it rests on"),
        (RULE + 'when = { name = ["Char"] }', "name is no field of a record"),
        (RULE + "when = { flagged = false }", "can only be true"),
        (RULE + 'when = { flagged = true }\ncountries = ["BGD"]', "a rule about every flag holds everywhere"),
        (RULE + 'when = { kind = ["island"] }', "kind names island, which there is not; known are"),
        (RULE + 'when = { group = ["nobody"] }', "group names nobody, which there is not"),
        (RULE + 'when = { people = ["chars"] }', "people names chars"),
        (RULE + 'when = { dimension = ["hair"] }', "dimension names hair"),
        (RULE + 'when = { driver = "flood" }', "driver is to be a list of texts"),
        (
            RULE + 'when = { driver = ["flood"] }\nsdg = ["11.9"]',
            "no goal, target or indicator 11.9 in the list of 2024",
        ),
        (RULE + 'when = { driver = ["flood"] }\nsdg = ["11.c.x"]', "no goal, target or indicator 11.c.x"),
        (RULE + 'when = { driver = ["flood"] }\nsdg = ["17.6.2"]', "no goal, target or indicator 17.6.2"),
        (RULE + 'when = { driver = ["flood"] }\nfactors = ["luck"]', "factors names luck"),
        (RULE + 'when = { driver = ["flood"] }\ndimensions = ["rivers"]', "dimensions names rivers"),
        (RULE + 'when = { driver = ["flood"] }\ncountries = ["Atlantis"]', "Atlantis"),
        (RULE + "colour = 1", "colour is not known; known are label, when"),
        ('[rules.r]\nwhen = { driver = ["flood"] }', "says no label"),
        ('[themes.r]\nlabel = "R"\nwhen = { driver = ["flood"] }', "says no definition"),
        ("[rules]\nr = 1", r"an entry is a table; write \[rules.r\]"),
        ('[rules."River Islands"]\nlabel = "x"', "an id is lower-case letters"),
    ],
)
def test_a_bad_file_is_refused_with_what_to_mend(text, message):
    """File, line, entry, and what is known instead."""
    with pytest.raises(InvalidRules, match=message):
        read(text)


def test_a_country_adds_rules_and_changes_known_ones():
    """Its own words, dimensions and rules hold in its own country; of a known rule only what it says changes."""
    by = read(
        '[dimensions]\nriver-islands = "River islands"\n'
        '[people.char-dwellers]\nlabel = "Char dwellers"\nwords = ["char dwellers"]\n'
        + RULE
        + 'countries = ["Bangladesh"]\nwhen = { people = ["char-dwellers"] }\nsdg = ["13.1.x"]\n'
        'dimensions = ["river-islands"]\nfactors = ["shocks"]\n'
        '[rules.camp]\nsdg = ["11.1"]\n'
    )
    here = tags_of(Facts(groups=("Char dwellers",), country="BGD"), by)
    assert codes(here, TagKind.SDG) == {"13.1.1", "13.1.2", "13.1.3"}
    assert codes(here, TagKind.DIMENSION) == {"river-islands"}
    assert tags_of(Facts(groups=("Char dwellers",), country="IND"), by) == frozenset()
    camp = tags_of(Facts(kind="camp"), by)
    assert (codes(camp, TagKind.SDG), codes(camp, TagKind.FACTOR)) == ({"11.1"}, {"geography", "shocks"})


def test_a_file_that_is_not_there_or_not_text_is_told(tmp_path: Path):
    """The message names the path and what to do."""
    with pytest.raises(InvalidRules, match=r"cannot be opened.*check the path"):
        Sheet.of(tmp_path / "none.toml")
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(InvalidRules, match="not UTF-8"):
        Sheet.of(tmp_path / "bytes.toml")


def test_a_bad_file_leaves_the_rules_before_it_in_force(tmp_path: Path):
    """What cannot be read changes nothing; what can changes the digest that kept tags are known by."""
    before = tagging.digest()
    path = tmp_path / "ours.toml"
    path.write_text("[rules", encoding="utf-8")
    with pytest.raises(InvalidRules):
        tagging.install(path)
    assert tagging.digest() == before
    path.write_text(RULE + 'when = { driver = ["river erosion"] }\nfactors = ["shocks"]', encoding="utf-8")
    try:
        tagging.install(path)
        assert tagging.digest() != before
        assert codes(tags_of(Facts(drivers=("River erosion",))), TagKind.FACTOR) == {"shocks"}
    finally:
        tagging.install()
    assert tagging.digest() == before
