"""The taxonomy of groups: well formed, recognised by any of their names, and never shown under a resented one."""

from __future__ import annotations

import pytest

from geodata.taxonomy import Dimension, How, InvalidTaxonomy, NameKind, SensitivityClass, Taxonomy, shipped


def test_the_shipped_groups_are_many_and_of_every_dimension():
    """There are hundreds of groups, some of each dimension, each with a source and names in several languages."""
    groups = shipped().groups.values()
    assert len(groups) >= 250
    assert {group.dimension for group in groups} == set(Dimension)
    assert all(source.citation for group in groups for source in group.sources)
    assert len({name.language for group in groups for name in group.names}) > 20


def test_every_name_of_a_group_leads_to_it():
    """Each name of each group, resented ones too, is recognised as that group, or as one that shares the name."""
    taxonomy = shipped()
    lost = []
    for group in taxonomy.groups.values():
        country = min(group.countries, default=None)
        for name in group.names:
            found = taxonomy.recognise(name.text, country, {group.dimension})
            if group.id not in {one.group.id for one in found}:
                lost.append((group.id, name.text))
    assert lost == []


def written_forms(group):
    """Return every way in which a resented name of a group may come in, with the country it comes from."""
    resented = [name.text for name in group.names if name.kind is NameKind.PEJORATIVE]
    for text in resented:
        for country in [None, *sorted(group.countries)]:
            yield text, country
            yield text.upper(), country
            if country is not None or len(text) > 5:  # in a country nobody knows, a short word may be any word
                yield f"{text} of the hills", country


def test_no_resented_name_is_ever_shown():
    """What may be displayed of a resented name, alone or within a longer label, holds none of them."""
    taxonomy = shipped()
    told, tried = [], 0
    for group in taxonomy.groups.values():
        for written, country in written_forms(group):
            found = taxonomy.recognise(written, country)
            if found and found[0].group.id != group.id and found[0].how is not How.RESENTED:
                continue  # it is the name of somebody else there
            shown = taxonomy.shown(written, country)
            tried += 1
            if shown == written or taxonomy.shown(shown, country) != shown:
                told.append((written, country, shown))
    assert tried > 500
    assert told == []


def test_no_label_is_a_resented_name():
    """The name that is shown of one group is not the resented name of that or another group."""
    taxonomy = shipped()
    assert [group.label for group in taxonomy.groups.values() if taxonomy.shown(group.label) != group.label] == []


@pytest.mark.parametrize(
    ("label", "country", "group"),
    [
        ("Maasai", "KEN", "maasai"),
        ("the Masai people", "KEN", "maasai"),
        ("WAMASAI", "KEN", "maasai"),
        ("Njemps (Ilchamus)", "KEN", "ilchamus"),
        ("Nubian", "KEN", "nubi"),
        ("Nubian", "EGY", "egyptian-nubians"),
        ("روهينغيا", "BGD", "rohingya"),
        ("Rohingyas", None, "rohingya"),
        ("Sengwr", "KEN", "sengwer"),
    ],
)
def test_labels_are_recognised(label, country, group):
    """Other names, other scripts, group words, plurals and slips of the pen lead to the group meant in the country."""
    found = shipped().group_of(label, country)
    assert found is not None
    assert found.id == group


@pytest.mark.parametrize("label", ["", "tenants", "informal settlement residents", "a minority", "Luxembourgers"])
def test_what_is_no_known_group_is_not_taken_for_one(label):
    """A label of something else is recognised as nothing."""
    assert shipped().group_of(label, "KEN") is None


def test_a_name_of_several_groups_is_none_of_them_for_certain():
    """A word that outsiders use for several peoples of one country is not decided by a coin."""
    found = shipped().recognise("Dorobo", "KEN")
    assert len(found) > 1
    assert found[0].probability < 0.5
    assert found[0].how is How.RESENTED
    assert shipped().group_of("Dorobo", "KEN") is None


def test_probabilities_of_meanings_never_exceed_one():
    """The meanings of a label share what certainty there is."""
    for label in ("Dorobo", "Nubian", "Karen", "Mon", "Somali", "Rai"):
        assert sum(one.probability for one in shipped().recognise(label)) < 1


def test_broader_and_narrower_mirror_one_another():
    """A group is below every group that is above it."""
    taxonomy = shipped()
    assert taxonomy.broader("kipsigis") == {"kalenjin"}
    for group in taxonomy.groups:
        assert all(group in taxonomy.narrower(above) for above in taxonomy.broader(group))


def test_sensitivity_follows_group_and_country():
    """The class is the highest that any label may mean there; who is not known is S0."""
    taxonomy = shipped()
    assert taxonomy.sensitivity(["tenants"], "KEN") is SensitivityClass.S0
    assert taxonomy.sensitivity(["Maasai"], "KEN") is SensitivityClass.S1
    assert taxonomy.sensitivity(["Maasai", "Rohingya"], "BGD") is SensitivityClass.S2
    assert taxonomy.sensitivity(["Rohingya"], "MMR") is SensitivityClass.S3
    assert taxonomy.sensitivity(["Rohingya"], None) is SensitivityClass.S3


EXTRA = """
[sources]
ours = "Asked of the community itself, 2026"

[groups.dunga-fishers]
label = "Fishers of Dunga"
dimension = "livelihood"
aliases = { luo = ["Jolupo"] }
countries = ["KEN"]
source = "ours"

[groups.maasai]
aliases = ["Olmaa"]
sensitivity = "S2"
"""


def test_a_file_adds_groups_and_overrides_by_id(tmp_path):
    """A file of one's own adds groups, and changes of a known one only what it says."""
    path = tmp_path / "ours.toml"
    path.write_text(EXTRA, encoding="utf-8")
    taxonomy = Taxonomy.load(path)
    assert len(taxonomy) == len(shipped()) + 1
    assert taxonomy.group_of("jolupo", "KEN").label == "Fishers of Dunga"
    assert taxonomy["maasai"].sensitivity is SensitivityClass.S2
    assert taxonomy["maasai"].dimension is Dimension.ETHNIC
    assert taxonomy.group_of("Olmaa", "KEN").id == "maasai"
    assert shipped()["maasai"].sensitivity is SensitivityClass.S1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[groups.x]\nlabel = \n", r"ours.toml: is not TOML: .*line 2"),
        ("[people]\n", "people is not a section"),
        ("groups = 1\n", "write \\[groups\\]"),
        ("[groups]\nx = 1\n", r"line 2, \[groups.x\]: an entry is a table"),
        ("\n[groups.x]\nlabel = 'X'\ndimension = 'tribe'\n", r"line 2, \[groups.x\]: dimension = 'tribe' is not known"),
        ("[groups]\nx = { dimension = 'ethnic' }\n", r"line 2, \[groups.x\]: label is to be a text"),
        ("[groups.x]\nlabel = 'X'\ndimension = 'ethnic'\n", "states no source"),
        ("[groups.x]\nlabel = 'X'\ndimension = 'ethnic'\nsource = 'nowhere'\n", "'nowhere' is not among"),
        ("[groups.x]\nlabel = 'X'\nslur = ['Y']\n", "slur is not known"),
        ("[groups.X_1]\nlabel = 'X'\n", "an id is lower-case"),
        ("[groups.maasai]\nbroader = ['cows']\n", "'cows', which no entry is called"),
        ("[groups.kalenjin]\nbroader = ['nandi']\n", "broader than itself"),
        ("[groups.maasai]\ncountries = ['Kenia']\n", "no country is called 'Kenia'; did you mean Kenya"),
        ("[groups.maasai]\naliases = 'Masai'\ncountries = 5\n", "countries is to be a list of texts"),
        ("[groups.maasai]\nsensitivity_in = ['KEN']\n", "sensitivity_in is to be a table"),
        ("[groups.maasai]\npejorative = ['Maasai']\n", "'Maasai' is also among its pejorative names"),
        ("[groups.rohingya]\nsensitivity = 'S0'\n", "lowers the sensitivity class; name the reviewer"),
        ("[defaults]\nlabel = 'X'\n", "cannot say label"),
    ],
)
def test_a_bad_file_is_told_with_line_entry_and_remedy(tmp_path, text, said):
    """Whoever wrote the file learns where it is wrong and what is wanted."""
    path = tmp_path / "ours.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidTaxonomy, match=said):
        Taxonomy.load(path)


def test_a_class_is_lowered_only_in_somebodys_name(tmp_path):
    """To lower a sensitivity class the file has to say who decided it."""
    path = tmp_path / "ours.toml"
    path.write_text("[groups.rohingya]\nsensitivity = 'S1'\nreviewer = 'Ethics board, 2026-03'\n", encoding="utf-8")
    assert Taxonomy.load(path)["rohingya"].sensitivity is SensitivityClass.S1


def test_a_file_that_is_not_there_or_not_text_is_told(tmp_path):
    """Neither ends in a traceback."""
    with pytest.raises(InvalidTaxonomy, match="cannot be opened"):
        Taxonomy.load(tmp_path / "none.toml")
    (tmp_path / "bad.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InvalidTaxonomy, match="not UTF-8"):
        Taxonomy.load(tmp_path / "bad.toml")


def test_every_fact_has_a_source():
    """Where an entry's fact comes from is known, fact by fact where they differ."""
    rohingya = shipped()["rohingya"]
    assert {source.key for source in rohingya.source_of("label")} == {"ohchr-myanmar", "unhcr"}
