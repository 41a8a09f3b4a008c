"""Strings of the formats that the OpenAPI document names, for whoever makes up requests that fit it. For tests only."""

from __future__ import annotations

from datetime import date

import schemathesis
from hypothesis import strategies as st

from geodata.tags import tagging
from geodata.tags.goals import is_sdg
from geodata.tags.tag import TagKind
from geodata.taxonomy import in_force
from service.http.uploads import ENDINGS
from service.store.filters import cursor_at

LIST = b"id,name,country,lat,lon\nf-1,Bondeni,KEN,0.536,35.0\nf-2,Lindi,KEN,0.518,35.0\n"

_COUNTRIES = ("KEN", "ken", "KE", "Kenya", "UGA", "Brazil", "Côte d'Ivoire")
_SDG = tuple(code for code in ("1", "11", "17", "11.1", "16.b", "1.a", "11.1.1", "5.6.2") if is_sdg(code))
_SPANS = (
    "2026-03-31",
    "2026-03-31T12:00:00Z",
    "2020-01-01/..",
    "../2026-03-31T12:00:00+03:00",
    "2020-01-01/2026-03-31",
)
_degrees = st.tuples(*(st.floats(low, low * -1, allow_nan=False) for low in (-180, -90)))


def _box(corners: list[tuple[float, float]]) -> str:
    (west, one), (east, other) = corners
    return f"{west:.4f},{min(one, other):.4f},{east:.4f},{max(one, other):.4f}"


def known() -> None:
    """Tell schemathesis how countries, days that have come, goals, themes, groups, boxes, points and cursors look."""
    themes = sorted(tagging.rules_in_force().labels[TagKind.THEME])
    points = st.tuples(st.floats(1, 85), st.floats(1, 175)).map(lambda at: f"{at[0]:.4f},{at[1]:.4f}")
    made = {
        "country": st.sampled_from(_COUNTRIES),
        "date": st.dates(date(1900, 1, 1), date(2026, 1, 1)).map(str),
        "sdg": st.sampled_from(_SDG),
        "theme": st.sampled_from(themes),
        "group": st.sampled_from(sorted(in_force().groups)),
        "bbox": st.lists(_degrees, min_size=2, max_size=2).map(_box),
        "point": points,
        "span": st.sampled_from(_SPANS),
        "cursor": st.integers(0, 10_000).map(cursor_at),
    }
    for name, strategy in made.items():
        schemathesis.openapi.format(name, strategy)
    for kind in ENDINGS.keys() - {"application/json"}:
        schemathesis.openapi.media_type(kind, st.just(LIST) | st.binary(min_size=1))
