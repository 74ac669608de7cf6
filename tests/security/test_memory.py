from __future__ import annotations

import asyncio
import platform
import subprocess
import sys

import pytest

from app.security.memory import Idleness

PAGES_OF_A_HASH = 19_456 // 4
HASH_AND_MEASURE = """
import asyncio, resource
from app.security import memory
from app.security.passwords import Passwords

def resident():
    with open("/proc/self/statm") as sizes:
        return int(sizes.read().split()[1])

def given():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt

async def hash_six(passwords):
    await asyncio.gather(*(passwords.hash("analytical engine", known=()) for _ in range(6)))
    return given()

async def measure():
    memory.keep_large_blocks()
    passwords = Passwords("Colophon")
    before = resident()
    for _ in range(3):
        first = await hash_six(passwords)
    again = await hash_six(passwords) - first
    busy = resident() - before
    for _ in range(500):
        await asyncio.sleep(0.01)
        if resident() - before < busy / 4:
            break
    print(again, resident() - before)
    passwords.close()

asyncio.run(measure())
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="what is told is told to glibc")
def test_the_memory_of_a_hash_is_kept_for_the_next_and_then_given_back() -> None:
    """In a process of its own, as another test may have taught this one other ways."""
    done = subprocess.run(
        [sys.executable, "-c", HASH_AND_MEASURE], capture_output=True, text=True, check=True
    )
    given_again, kept = map(int, done.stdout.split())

    assert given_again < PAGES_OF_A_HASH
    assert kept < PAGES_OF_A_HASH / 2


async def test_what_is_used_again_in_time_is_not_idle() -> None:
    loop, calls = asyncio.get_running_loop(), []
    idleness = Idleness(lambda: calls.append(loop.time()), seconds=0.02)
    for _ in range(5):
        idleness.used()
    last = loop.time()
    await asyncio.sleep(0.1)

    assert len(calls) == 1
    assert calls[0] >= last + 0.02


async def test_what_is_over_gives_nothing_back_any_more() -> None:
    calls: list[None] = []
    idleness = Idleness(lambda: calls.append(None), seconds=0)
    idleness.used()
    idleness.stop()
    await asyncio.sleep(0.01)

    assert calls == []
