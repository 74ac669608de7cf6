"""Shows that the checks can fail: `python -m tests.mutants [--only NAME] [--reliability]`.

Each mutant is one small fault in a copy of the project. Exit code 1 where a check does not see one.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.mutants import (
    of_connections,
    of_handlers,
    of_redis,
    of_reliability,
    of_sign_in,
    of_statements,
    of_the_clients,
    of_the_document,
    of_the_gate,
    of_the_process,
    of_the_runtime,
)
from tests.mutants.checks import GENERATE, together
from tests.mutants.mutant import Check, Mutant, Notice
from tests.mutants.promises import PROMISES
from tests.mutants.report import Verdict, said, write_table
from tests.mutants.run import fault_of, run, telling_line
from tests.mutants.tree import copy_again, copy_tracked

ROOT = Path(__file__).parents[2]
TABLE = ROOT / "reports/mutants.md"
MUTANTS = (
    *of_the_document.MUTANTS,
    *of_handlers.MUTANTS,
    *of_the_gate.MUTANTS,
    *of_the_runtime.MUTANTS,
    *of_sign_in.MUTANTS,
    *of_statements.MUTANTS,
    *of_redis.MUTANTS,
    *of_reliability.MUTANTS,
    *of_connections.MUTANTS,
    *of_the_process.MUTANTS,
    *of_the_clients.MUTANTS,
)
Say = Callable[[str], object]


def main(arguments: list[str] | None = None) -> int:
    """Return the exit code: 1 where a mutant survives."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument(
        "--only", action="append", help="part of a name; may be given several times"
    )
    parser.add_argument(
        "--reliability", action="store_true", help="only those that docs/reliability.md lists"
    )
    parser.add_argument("--jobs", type=int, choices=(1, 2), default=2)
    parser.add_argument("--all-output", action="store_true", help="show what each check printed")
    options = parser.parse_args(arguments)
    mutants = chosen(options.only or [""], reliability=options.reliability)
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mutants-") as name:
        verdicts = judge(mutants, Path(name), options.jobs, all_output=options.all_output)
    survivors = sorted({verdict.mutant.name for verdict in verdicts if verdict.fault})
    if len(mutants) == len(MUTANTS):
        write_table(verdicts, TABLE)
    summary = f"{len(mutants) - len(survivors)} of {len(mutants)} mutants caught"
    say(f"{summary} in {time.monotonic() - started:.0f} s")
    if survivors:
        say(f"NOT CAUGHT: {', '.join(survivors)}")
    return 1 if survivors else 0


def chosen(parts: Sequence[str], *, reliability: bool) -> list[Mutant]:
    """Those whose names hold one of the `parts`; on demand only those that break a promise."""
    promised = {name for names in PROMISES.values() for name in names}
    return [
        mutant
        for mutant in MUTANTS
        if any(part in mutant.name for part in parts)
        and (not reliability or mutant.name in promised)
    ]


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def judge(mutants: Sequence[Mutant], folder: Path, jobs: int, *, all_output: bool) -> list[Verdict]:
    """Prove that every check is green, then run those of each mutant."""
    pristine = folder / "pristine"
    copy_tracked(ROOT, pristine)
    verdicts: list[Verdict] = []
    with ThreadPoolExecutor(jobs) as pool:
        prove_green(checks_of(mutants), pristine, pool)
        for found in pool.map(lambda mutant: list(verdicts_on(mutant, pristine)), mutants):
            for verdict in found:
                say(said(verdict))
                if verdict.fault or all_output:
                    say(verdict.output)
            verdicts += found
    return verdicts


def checks_of(mutants: Sequence[Mutant]) -> list[Check]:
    wanted = dict.fromkeys(notice.check for mutant in mutants for notice in mutant.noticed_by)
    tests = [check for check in wanted if check.tests]
    return [*([together(tests)] if tests else []), *(c for c in wanted if not c.tests)]


def prove_green(checks: Sequence[Check], pristine: Path, pool: ThreadPoolExecutor) -> None:
    """A check that is red anyway would catch everything."""
    for check, ran in zip(checks, pool.map(lambda c: run(c, pristine), checks), strict=True):
        if ran.code != 0:
            raise SystemExit(f"{check.name} is not green before any change:\n{ran.output}")
        say(f"{ran.seconds:5.1f} s  green on the unchanged copy: {check.name}")


def verdicts_on(mutant: Mutant, pristine: Path) -> Iterator[Verdict]:
    folder = pristine.with_name(mutant.name.replace(" ", "-"))
    keeps = {name for notice in mutant.noticed_by for name in notice.check.keeps}
    copy_again(pristine, folder, keeps)
    for change in mutant.changes:
        change.apply(folder)
    if mutant.is_generated:
        generate(mutant, folder)
    for notice in mutant.noticed_by:
        yield verdict_of(mutant, notice, folder)
    shutil.rmtree(folder)


def generate(mutant: Mutant, folder: Path) -> None:
    ran = run(GENERATE, folder)
    if ran.code != 0:
        raise SystemExit(f"{mutant.name}: nothing can be generated\n{ran.output}")


def verdict_of(mutant: Mutant, notice: Notice, folder: Path) -> Verdict:
    ran = run(notice.check, folder)
    line = telling_line(ran, notice.says)
    fault = fault_of(ran, notice)
    return Verdict(mutant, notice.check, fault, line, ran.seconds, ran.output)


if __name__ == "__main__":
    raise SystemExit(main())
