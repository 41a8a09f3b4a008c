"""One campaign of one target, in a process of its own: `python -m fuzz.child KIND TARGET STATUS OPTIONS…`.

A crash of native code, a hang or too much memory ends this process and no other. How far it came stands in the file
STATUS.
"""

from __future__ import annotations

import functools
import gc
import os
import sys
import time
from pathlib import Path

import atheris
import pyarrow as pa

from fuzz.catalogue import of_kind
from fuzz.comparing import sparing_columns
from fuzz.status import Status

_OURS = ["geodata", "connectors", "matchers", "service", "examples"]
#: Compiled by numba from their own bytecode, which must stay as it is.
_AS_THEY_ARE = ["geodata.kernels", "matchers.kernels"]

_PAGE = os.sysconf("SC_PAGE_SIZE")
_TELL_S = 1.0

#: Inputs after which caches of bounded size are emptied, so that memory that grows is memory that is lost.
_REMEMBERED = 2_000


def resident_mb() -> float:
    """Return the memory this process holds, in megabytes."""
    return int(Path("/proc/self/statm").read_bytes().split()[1]) * _PAGE / 1e6


def forget() -> None:
    """Empty the caches that inputs fill."""
    for one in gc.get_objects():
        if isinstance(one, functools._lru_cache_wrapper) and (one.cache_info().maxsize or 0) >= _REMEMBERED:  # noqa: SLF001 - it has no other name
            one.cache_clear()


def main(named: tuple[str, str], path: Path, options: list[str]) -> None:
    """Fuzz a target, named by its kind and name, until the options of libFuzzer say enough; it ends the process."""
    kind, name = named
    with atheris.instrument_imports(include=_OURS, exclude=_AS_THEY_ARE):
        target = of_kind(kind)[name]  # what is imported here is instrumented
    pa.set_cpu_count(1)
    for seed in target.seeds():
        target.body(seed)  # what is loaded and compiled once is neither an input's time nor memory that grows
    said = dict(option.removeprefix("-").split("=", 1) for option in options if option.startswith("-"))
    runs, seconds = int(said["runs"]), int(said["max_total_time"])
    status = Status()
    began = told = time.monotonic()

    def one(data: bytes) -> None:
        nonlocal told
        if not status.inputs:  # `Fuzz` puts its own in place when it begins
            atheris._trace_cmp = sparing_columns(atheris._trace_cmp)  # noqa: SLF001 - what instrumented code calls
        target.body(data)
        status.inputs += 1
        if status.inputs % _REMEMBERED == 0:
            forget()
        now = time.monotonic()
        if now - told > _TELL_S or status.inputs >= runs:
            told = now
            status.resident_mb = resident_mb()
            if not status.settled_mb and (status.inputs >= runs / 10 or now - began > seconds / 10):
                status.settled_mb = status.resident_mb
            status.write(path)

    atheris.Setup([sys.argv[0], *options], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main((sys.argv[1], sys.argv[2]), Path(sys.argv[3]), sys.argv[4:])
