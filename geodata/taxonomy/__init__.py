"""Groups of people: what they call themselves, what others call them, and how they stand to one another."""

from geodata.taxonomy.group import Dimension, Group, GroupName, NameKind, SensitivityClass, Source
from geodata.taxonomy.reading import InvalidTaxonomy
from geodata.taxonomy.recognition import How, Recognised, Recogniser
from geodata.taxonomy.taxonomy import Taxonomy, in_force, install, shipped

__all__ = [
    "Dimension",
    "Group",
    "GroupName",
    "How",
    "InvalidTaxonomy",
    "NameKind",
    "Recognised",
    "Recogniser",
    "SensitivityClass",
    "Source",
    "Taxonomy",
    "in_force",
    "install",
    "shipped",
]
