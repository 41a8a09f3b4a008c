"""Every reader of foreign bytes returns or refuses as it declares, whatever the bytes.

With inputs that once did harm, and with well-formed ones that hypothesis spoils.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fuzz.catalogue import everything

TARGETS = {name: target for name, (_, target) in everything().items()}
KEPT = [(name, path) for name, target in TARGETS.items() for path in sorted(target.found.glob("*"))]

slips = st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 12), st.binary(max_size=4)), max_size=5)


@pytest.mark.parametrize("name", TARGETS)
def test_well_formed_inputs_are_read(name: str) -> None:
    """The inputs that campaigns begin from keep the contract themselves."""
    seeds = list(TARGETS[name].seeds())
    assert seeds
    for seed in seeds:
        TARGETS[name].body(seed)


@pytest.mark.parametrize(("name", "path"), KEPT, ids=[f"{name}/{path.name}" for name, path in KEPT])
def test_what_once_did_harm_does_none(name: str, path) -> None:
    """Each input that a campaign found is read or refused as declared."""
    TARGETS[name].body(path.read_bytes())


def test_every_kept_input_has_its_reader() -> None:
    """No folder of seeds is left behind when a target is renamed."""
    kept = {path.name for target in TARGETS.values() for path in target.found.parent.iterdir()}
    assert kept <= set(TARGETS)


@pytest.mark.parametrize("name", TARGETS)
def test_spoilt_inputs_are_read_or_refused(name: str) -> None:
    """Whatever bytes are lost, added or changed, nothing but a declared error comes out."""
    target = TARGETS[name]
    seeds = list(target.seeds())

    @settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(st.sampled_from(seeds), slips)
    def spoil(content: bytes, slips: list[tuple[int, int, bytes]]) -> None:
        for at, lost, added in slips:
            place = at % (len(content) + 1)
            content = content[:place] + added + content[place + lost :]
        target.body(content)

    spoil()
