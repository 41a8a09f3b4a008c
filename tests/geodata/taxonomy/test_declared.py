"""What a list declares about groups goes to plain values and back, and nonsense in it is named."""

from __future__ import annotations

import json
import tomllib

import pytest

from geodata.coverage import InvalidCoverage, from_dict, to_dict
from geodata.taxonomy import Dimension
from geodata.taxonomy.concordance import InvalidConcordance, read_concordance
from geodata.taxonomy.declared import Relation, Role, role_of

MANIFEST = """
completeness = "exhaustive"

[groups]
complete = true
not_collected = ["religious", "disability"]

[[groups.variables]]
dimension = ["ethnic", "caste"]
title = "Ethnicity or nationality"
lowest_level = "county"
categories = [
  "Maasai",
  { code = 27, label = "Kalenjin so stated", group = "kalenjin", lowest_level = "country" },
  { code = "98", label = "Others" },
  { code = "99", label = "Not Stated" },
  { code = "T", label = "Kenya", role = "total" },
]

[[groups.variables]]
dimension = "language"
collected = false

[[groups.concordance]]
group = "sengwer"
category = "27"
relation = "broader"
share = 0.02
source = "Codebook 2019"
reviewer = "A statistician"
"""


def test_a_manifest_is_read_and_written_back_whole():
    """Nothing is lost on the way through TOML and JSON."""
    manifest = from_dict(tomllib.loads(MANIFEST))
    assert from_dict(json.loads(json.dumps(to_dict(manifest)))) == manifest
    ethnic = manifest.groups.variables[0]
    assert ethnic.dimensions == {Dimension.ETHNIC, Dimension.CASTE}
    assert [category.role for category in ethnic.categories] == [
        Role.GROUP,
        Role.GROUP,
        Role.OTHER,
        Role.NOT_STATED,
        Role.TOTAL,
    ]
    assert ethnic.categories[1].code == "27"
    assert manifest.groups.concordance[0].relation is Relation.BROADER


def test_what_was_asked_for_what_not_and_what_nobody_knows():
    """A dimension is asked for, not asked for, or not spoken of; only a complete list makes silence a no."""
    groups = from_dict(tomllib.loads(MANIFEST)).groups
    assert groups.collected(Dimension.ETHNIC) is True
    assert groups.collected(Dimension.LANGUAGE) is False
    assert groups.collected(Dimension.RELIGIOUS) is False
    assert groups.collected(Dimension.LIVELIHOOD) is False
    open_list = from_dict({"groups": {"variables": [{"dimension": "ethnic"}]}}).groups
    assert open_list.collected(Dimension.LIVELIHOOD) is None


@pytest.mark.parametrize(
    ("label", "role"),
    [
        ("Other (specify)", Role.OTHER),
        ("Other ethnic groups", Role.OTHER),
        ("n.e.c.", Role.OTHER),
        ("Otros", Role.OTHER),
        ("Not Stated", Role.NOT_STATED),
        ("Non déclaré", Role.NOT_STATED),
        ("Total", Role.TOTAL),
        ("Maasai", Role.GROUP),
        ("Other Asians", Role.GROUP),
    ],
)
def test_categories_that_are_no_group_are_told_by_their_label(label, role):
    """The rest, the unanswered and the sum are known in the words of census tables."""
    assert role_of(label) is role


@pytest.mark.parametrize(
    ("groups", "said"),
    [
        ([], "groups is to be a table"),
        ({"variable": []}, "variable is not known in groups"),
        ({"variables": [{"title": "x"}]}, "a variable needs its dimension, one of ethnic"),
        ({"variables": [{"dimension": "tribe"}]}, "dimension = 'tribe' is not known; give one of ethnic"),
        ({"variables": [{"dimension": "ethnic", "collected": "no"}]}, "collected is to be true or false"),
        ({"variables": [{"dimension": "ethnic", "categories": [{"code": "1"}]}]}, "label is to be a text"),
        ({"variables": {"dimension": "ethnic"}}, "variables is to be a list"),
        ({"concordance": [{"group": "x", "category": "1", "relation": "same"}]}, "relation = 'same' is not known"),
        ({"concordance": [{"group": "x", "category": "1", "relation": "exact", "share": 2}]}, "from 0 to 1"),
        ({"rows": "people"}, "rows = 'people' is not known"),
    ],
)
def test_nonsense_is_named_with_what_is_expected(groups, said):
    """Each key says what it wants, and that it stands in the coverage."""
    with pytest.raises(InvalidCoverage, match=f"coverage: groups: .*{said}"):
        from_dict({"groups": groups})


def test_a_concordance_file_is_read(tmp_path):
    """A spreadsheet saved as CSV, with its byte order mark, gives the rows of a concordance."""
    path = tmp_path / "groups.csv"
    path.write_text(
        "\ufeffcitizen_group,official_code,relation,share,source,reviewer,note\n"
        "sengwer,27,broader,0.02,Codebook 2019,A statistician,\n"
        "Cherangany,31,exact,,,,as the elders say\n",
        encoding="utf-8",
    )
    first, second = read_concordance(path)
    assert (first.group, first.category, first.relation, first.share) == ("sengwer", "27", Relation.BROADER, 0.02)
    assert (second.share, second.reviewer) == (None, None)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("group,code\n", "groups.csv: the concordance has no column citizen_group, official_code, relation"),
        ("citizen_group,official_code,relation\nx,1,same\n", "groups.csv, row 2: relation = 'same' is not known"),
        ("citizen_group,official_code,relation,share\nx,1,exact,half\n", "row 2: share = 'half' is no number"),
        ("citizen_group,official_code,relation\nx,1,exact\n,2,exact\n", "row 3: group is to be a text"),
    ],
)
def test_a_bad_concordance_is_told_with_its_row(tmp_path, text, said):
    """The row is the one the spreadsheet shows."""
    path = tmp_path / "groups.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidConcordance, match=said):
        read_concordance(path)


def test_a_concordance_that_is_not_there_is_told(tmp_path):
    """A missing file is no traceback."""
    with pytest.raises(InvalidConcordance, match="cannot be read"):
        read_concordance(tmp_path / "none.csv")
