"""The examples of the page on groups are what the program reads."""

from __future__ import annotations

import re
from pathlib import Path

from connectors.register import official_file
from geodata.taxonomy import Taxonomy, shipped
from geodata.taxonomy.declared import Role

PAGE = (Path(__file__).parents[2] / "docs" / "groups.md").read_text(encoding="utf-8")
MANIFEST, GROUPS = re.findall(r"```toml\n(.*?)```", PAGE, flags=re.DOTALL)


def test_the_manifest_of_the_page_is_read(tmp_path: Path) -> None:
    """Every line of the declaration means something, the concordance file and the columns of groups too."""
    path = tmp_path / "wards.csv"
    path.write_text("id,name,MAASAI_N,OTHERS_N\n1,Lindi,120,<10\n", encoding="utf-8")
    path.with_name("wards.csv.toml").write_text(MANIFEST, encoding="utf-8")
    header = "citizen_group,official_code,relation,share,source,reviewer\n"
    path.with_name("groups.csv").write_text(f"{header}yaaku,27,overlap,,Codebook 2019,\n", encoding="utf-8")
    found = official_file(path)
    groups = found.coverage.groups
    assert groups is not None
    assert [category.role for category in groups.variables[0].categories][-2:] == [Role.OTHER, Role.NOT_STATED]
    assert [row.group for row in groups.concordance] == ["sengwer", "yaaku"]
    counts = found.reading.places.column("counts").to_pylist()[0]
    assert [(count["group"], count["value"], count["high"]) for count in counts] == [
        ("Maasai", 120.0, None),
        ("Others", None, 9.0),
    ]


def test_the_taxonomy_file_of_the_page_is_read(tmp_path: Path) -> None:
    """It adds one group and changes another, as the page says."""
    path = tmp_path / "ours.toml"
    path.write_text(GROUPS, encoding="utf-8")
    taxonomy = Taxonomy.load(path)
    assert len(taxonomy) == len(shipped()) + 1
    assert taxonomy["dunga-fishers"].source_of("pejorative")[0].key == "meeting"


def test_the_page_counts_the_groups_right() -> None:
    """The number of groups that the page states is the number that ships."""
    stated = re.search(r"knows (\d+) groups", PAGE)
    assert stated is not None
    assert int(stated[1]) == len(shipped())
