"""Threads of a serving process share what memory they gave back."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys

import pytest

#: Sixteen threads at once take and give back memory; then glibc says how many stores it made for them.
PROGRAM = """
import ctypes, sys, threading
from service.serving.memory import share_stores

if sys.argv[1] == "shared":
    share_stores()
meet = threading.Barrier(16)

def work():
    meet.wait()
    for _ in range(50):
        held = [bytearray(2_000) for _ in range(200)]
    meet.wait()

threads = [threading.Thread(target=work) for _ in range(16)]
for one in threads: one.start()
for one in threads: one.join()
libc = ctypes.CDLL(None)
libc.fopen.restype = ctypes.c_void_p
file = ctypes.c_void_p(libc.fopen(b"/dev/stdout", b"w"))
libc.malloc_info(0, file)
libc.fclose(file)
"""


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_info"), reason="the C library here is not glibc")
def test_threads_share_two_stores():
    """Instead of one each; whoever set the variable is obeyed."""

    def stores(how: str, **told: str) -> int:
        command = [sys.executable, "-c", PROGRAM, how]
        without = {name: value for name, value in os.environ.items() if name != "MALLOC_ARENA_MAX"}
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True, env=without | told)  # noqa: S603 - ourselves
        return done.stdout.count("<heap nr=")

    assert stores("shared") <= 2
    assert stores("as they are") > 4
    assert stores("shared", MALLOC_ARENA_MAX="6") > 2
