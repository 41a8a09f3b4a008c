"""An ordinary official list, so that every case is decided among neighbours and not in the void."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import pytest

from geodata.coverage import CoverageManifest
from geodata.index import PlaceIndex
from geodata.places import Places
from matchers.base import OfficialList

ORDINARY = (
    "Nambale Bukiri Matayos Lugulu Butula Marachi Elukhari Kingandole Bumala Sikoma Funyula Namboboto Nangina Bwiri "
    "Budalangi Port Mundere Bunyala Khajula Magombe Angurai Moding Kolanya Malaba Amukura Aburi Chakol Okuleu Ochude "
    "Alupe Mayenje Burumba Buyofu Esikulu Mungatsi Siteko Walatsi Igara Murumba Lwanya Kisoko Mabunge Madende Igero "
    "Bulwani Namuduru Sirimba Ganjala Nasira Buburi Wakhungu Odiado Luanda Nanguba Sigalame Bukhalalire Ikonzo Tingolo"
)


@pytest.fixture(scope="session")
def ordinary() -> list[dict[str, Any]]:
    """Places of one district with coordinates some kilometres apart."""
    return [
        {"id": f"O{i:02d}", "names": [name], "lat": 0.30 + 0.06 * (i // 8), "lon": 34.30 + 0.06 * (i % 8)}
        for i, name in enumerate(ORDINARY.split(" "))
    ]


@pytest.fixture(scope="session")
def listed(ordinary: list[dict[str, Any]]) -> Callable[..., OfficialList]:
    """Return an official list of the given rows besides the ordinary ones."""

    def build(
        rows: Sequence[Mapping[str, Any]] = (), coverage: CoverageManifest | None = None, *, alone: bool = False
    ) -> OfficialList:
        places = Places.from_rows([*rows, *([] if alone else ordinary)])
        manifest = coverage or CoverageManifest()
        day = date(2022, 8, 24)
        return OfficialList("test", "Register of Busia", "0" * 64, "2022", day, manifest, PlaceIndex.build(places))

    return build
