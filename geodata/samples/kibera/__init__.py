"""Kibera, Nairobi: villages as mappers know them against the sub-locations the census lists. See SOURCES.md."""

from __future__ import annotations

from pathlib import Path

from geodata.samples import Declared, Sample

_HERE = Path(__file__).parent


def sample() -> Sample:
    """Return the sample; its files ship with the package."""
    return Sample(
        name="kibera",
        title="Kibera, Nairobi: community mappers and the censuses of 2009 and 2019",
        citizen=_HERE / "citizen.csv",
        official=(("ke-census-2009", _HERE / "census-2009.csv"), ("ke-census-2019", _HERE / "census-2019.csv")),
        passports=(
            Declared("map-kibera", "open-schools-kenya", _HERE / "passports" / "open-schools-kenya.toml"),
            Declared("map-kibera-project", "kianda-survey", _HERE / "passports" / "map-kibera-project.toml"),
        ),
    )
