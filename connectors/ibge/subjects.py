"""What can be asked by a word: which census table counts it, and by which words its metadata must own up to that.

Tables change their numbers and lists of them made by hand go wrong, so a table is believed only where its own metadata
say that it is of the census and that the variable counts these people. Check sums of 2022, as IBGE prints them:
residents 203,080,756, indigenous 1,694,836, quilombola 1,330,186.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from connectors.errors import RequestRefused, SourceChanged
from connectors.ibge.tables import Table

#: What the `pesquisa` of every table below must read.
_SURVEY = "censo demográfico"

#: The night the census of a year asks about.
CENSUS_NIGHTS = {"2022": date(2022, 8, 1), "2010": date(2010, 8, 1)}


@dataclass(frozen=True, slots=True)
class Subject:
    """People counted: table, variable, and the categories (all totals) of its classifications."""

    table: str
    variable: str
    word: str  # part of the variable's name, small letters
    classes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    group: str | None = None  # id of the taxonomy
    caveats: tuple[str, ...] = ()


SUBJECTS = {
    "population": Subject("4709", "93", "população"),
    "indigenous": Subject(
        "9718",
        "350",
        "indígena",
        (("1714", ("60024",)), ("2661", ("32776",))),
        "indigenous-brazil",
        (
            (
                "indigenous by colour or race, or, asked only inside indigenous localities, by considering oneself so; "
                "not to be compared with a count by colour or race alone"
            ),
        ),
    ),
    "quilombola": Subject(
        "9578",
        "4709",
        "quilombola",
        (("2661", ("32776",)),),
        "quilombola",
        ("asked only in the localities that were mapped as quilombola before the census",),
    ),
}


def named(word: str, source: str) -> Subject:
    """Return the subject of this name. Raises `RequestRefused`."""
    if word not in SUBJECTS:
        msg = f"{word!r} is no subject"
        hint = f"set subject to one of {', '.join(SUBJECTS)} or none, or name table and variables"
        raise RequestRefused(msg, source=source, hint=hint)
    return SUBJECTS[word]


def confirm(subject: Subject, table: Table, source: str) -> None:
    """Hold a subject against the metadata of its table. Raises `SourceChanged` when they tell of something else."""
    variable = table.variables.get(subject.variable)
    if _SURVEY not in table.survey.casefold() or variable is None or subject.word not in variable.name.casefold():
        said = variable.name if variable else "no such variable"
        msg = f"table {table.id} of {table.survey} has under {subject.variable}: {said}; expected {subject.word}"
        raise SourceChanged(msg, source=source, hint="name table and variables yourself; tell the maintainers")
