"""Identity: the identifiers that follow from what rows say, and how those of a file are counted."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from geodata.places import Places
from service.disclosure import Consent, Sensitivity
from service.importing.identity import Seen, made_ids, numbered
from service.importing.plan import Usual
from service.importing.rows import strictest

IDS = st.lists(st.sampled_from([f"k{number}" for number in range(12)]), max_size=30)


@given(st.lists(IDS, max_size=5))
def test_what_a_file_had_is_counted_over_parts_and_within_them(parts):
    """Each identifier is told how often it stood before, however the file is cut."""
    seen, counted = Seen(), Counter()
    for part in parts:
        expected = []
        for own_id in part:
            expected.append(counted[own_id])
            counted[own_id] += 1
        assert seen.add(part).tolist() == expected
    assert all((own_id in seen) == (counted[own_id] > 0) for own_id in (f"k{number}" for number in range(13)))


def test_identifiers_follow_from_what_says_which_community_it_is():
    """Counts, case and spaces change nothing; another name, point, country, unit or collection does."""
    row = {"id": "1", "names": ["Kambi Moto"], "country": "KEN", "lat": -1.31, "lon": 36.82}
    others = [
        row | {"counts": [{"value": 5.0, "unit": "persons", "status": "observed"}], "names": ["kambi  MOTO"]},
        row | {"lat": -1.310001},
        row | {"names": ["Kambi"]},
        row | {"lat": -1.3101},
        row | {"country": "UGA"},
        row | {"admin": [("county", "Nairobi")]},
        row | {"lat": None, "lon": None},
    ]
    made = made_ids(Places.from_rows([row, *others]), "villages")
    assert made[0] == made[1] == made[2]
    assert len(set(made)) == 6
    assert made_ids(Places.from_rows([row]), "schools")[0] not in made
    assert numbered(["a", "a", "b"], np.array([0, 1, 0])) == ["a", "a-2", "b"]


@given(
    st.sampled_from([*Consent, None]),
    st.sampled_from([*Sensitivity, None]),
    st.sampled_from(Consent),
    st.sampled_from(Sensitivity),
)
def test_the_stricter_of_row_and_collection_holds(consent, sensitivity, usual_consent, usual_sensitivity):
    """Whatever a row says, it is never shown further or guarded less than its collection."""
    said = pa.table(
        {
            "consent": pa.array([consent and consent.value], pa.string()),
            "sensitivity": pa.array([sensitivity and sensitivity.value], pa.string()),
        }
    )
    found = strictest(said, Usual(None, None, usual_consent.value, usual_sensitivity.value)).to_pylist()[0]
    order, levels = list(Consent), list(Sensitivity)
    assert found["consent"] == min(consent or usual_consent, usual_consent, key=order.index)
    assert found["sensitivity"] == max(sensitivity or usual_sensitivity, usual_sensitivity, key=levels.index)
