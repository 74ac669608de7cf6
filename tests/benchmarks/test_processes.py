from __future__ import annotations

import os
import subprocess
import sys

from benchmarks.processes import cpu_seconds, memory_of, memory_of_workers, stat_of, tree

BUSY = "import time\nwhile time.process_time() < 0.3: pass\nprint(flush=True)\ninput()"

LARGE = "text = 'x' * 40_000_000\nprint(flush=True)\ninput()"


def test_a_name_with_spaces_and_brackets_is_no_trouble() -> None:
    fields = " ".join(["S", "7", *["0"] * 9, "100", "50", "25", "25", "20"])

    assert stat_of(f"42 (a) b ) {fields}")[:2] == (42, 7)
    assert stat_of(f"42 (a) b ) {fields}").seconds * os.sysconf("SC_CLK_TCK") == 200


def test_the_time_of_children_counts_while_they_run_and_after_they_have_ended() -> None:
    before = cpu_seconds(os.getpid())
    with subprocess.Popen(
        [sys.executable, "-c", BUSY], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        child.stdout.readline()
        assert child.pid in {stat.pid for stat in tree(os.getpid())}
        while_it_runs = cpu_seconds(os.getpid()) - before
        child.communicate(b"\n")
    after_its_end = cpu_seconds(os.getpid()) - before

    assert while_it_runs >= 0.25
    assert after_its_end >= 0.25


def test_memory_is_that_of_the_process_alone_where_it_has_no_workers() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", LARGE], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        child.stdout.readline()
        (memory,) = memory_of_workers(child.pid)
        itself = memory_of(child.pid)
        child.communicate(b"\n")

    assert memory.rss >= memory.pss > 40_000_000
    assert abs(memory.rss - itself.rss) < 10_000_000
