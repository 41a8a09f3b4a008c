"""The page on tags says what the rules say, and its example is read."""

from __future__ import annotations

import json
import re
from pathlib import Path

from geodata.tags.reading import Sheet
from geodata.tags.rules import rules
from geodata.tags.tables import tables
from geodata.tags.tag import TagKind
from geodata.tags.tagging import Facts, codes, tags_of
from geodata.taxonomy import shipped
from service.api.answers import TagsShown

PAGE = (Path(__file__).parents[2] / "docs" / "tags.md").read_text(encoding="utf-8")


def test_the_tables_of_the_page_are_those_of_the_rules() -> None:
    """Print them with `python -m geodata.tags` after a rule was changed."""
    assert tables(rules(shipped())) in PAGE


def test_the_file_of_the_page_is_read() -> None:
    """Every line of it means something, and the words of the page set it off."""
    (text,) = re.findall(r"```toml\n(.*?)```", PAGE, flags=re.DOTALL)
    by = rules(shipped(), [Sheet("rules-bd.toml", text)])
    here = tags_of(Facts(groups=("চরবাসী",), drivers=("Salinity",), country="BGD"), by)
    assert codes(here, TagKind.SDG) == {"1.5.1", "13.1.1", "13.1.2", "13.1.3"}
    assert codes(here, TagKind.THEME) == {"climate"}
    assert "10.7.4" in codes(tags_of(Facts(kind="camp"), by), TagKind.SDG)


def test_the_answer_of_the_page_has_the_form_of_an_answer() -> None:
    """What a reader copies from the page is what the service sends."""
    (text,) = re.findall(r"```json\n(.*?)```", PAGE, flags=re.DOTALL)
    assert TagsShown.model_validate(json.loads(f"{{{text}}}")["tags"]).score == 1
