"""Documents of different sizes: what the generator takes for each, and the start of a service."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import yaml

from app.contract import Document
from benchmarks.load import LoadError
from benchmarks.progress import Progress
from benchmarks.scale import starting
from benchmarks.scale.documents import document
from benchmarks.scale.starting import Start
from benchmarks.serving import ROOT
from codegen.bundle import bundle

OWN = ROOT / "openapi" / "openapi.yaml"
SECONDS_EACH, SECONDS_PER_OPERATION = 3.0, 0.012


class Took(NamedTuple):
    """Of one process: by the clock on the wall, and of processors."""

    seconds: float
    cpu: float


class Sized(NamedTuple):
    """A document, and what was seen of it in each round."""

    title: str
    operations: int
    kilobytes: float
    generating: list[Took]
    starts: list[Start]


def seconds_for(sizes: Sequence[int], rounds: int) -> float:
    """What it will take, about."""
    return rounds * sum(SECONDS_EACH + SECONDS_PER_OPERATION * size for size in sizes)


def measured(sizes: Sequence[int], rounds: int, folder: Path, progress: Progress) -> list[Sized]:
    """The service's own document first, which is generated and not started, then each size by
    turns. Raises LoadError.
    """
    progress.begin("documents are written")
    files = {size: written(folder, size) for size in sorted(sizes)}
    found = {n: Sized(f"{n:,}", n, kilobytes(file), [], []) for n, file in files.items()}
    own = Sized("our own", operations_in(OWN), kilobytes(*OWN.parent.glob("*.yaml")), [], [])
    for number in range(rounds):
        own.generating.append(generate(OWN, folder / f"own_{number}"))
        for size, file in files.items():
            progress.begin(f"a document of {size:,} operations, round {number + 1}")
            found[size].generating.append(generate(file, folder / f"package_{size}_{number}"))
            found[size].starts.append(start(folder / f"package_{size}_0"))
            progress.advance(SECONDS_EACH + SECONDS_PER_OPERATION * size)
    return [own, *found.values()]


def written(folder: Path, operations: int) -> Path:
    """YAML without anchors, as people write it."""
    file = folder / f"{operations}.yaml"
    with file.open("w", encoding="utf-8") as output:
        yaml.dump(document(operations), output, Plain, sort_keys=False)
    return file


class Plain(yaml.CSafeDumper):
    """Writes what occurs twice twice."""

    def ignore_aliases(self, _: object) -> bool:
        return True


def kilobytes(*files: Path) -> float:
    return sum(file.stat().st_size for file in files) / 1000


def operations_in(file: Path) -> int:
    return len(Document(bundle(file).source).operations)


def generate(file: Path, package: Path) -> Took:
    """By the command."""
    _, took = run("codegen", str(file), "--out", str(package))
    return took


def start(package: Path) -> Start:
    """Not the very first one, at which Python compiles the package."""
    if not (package / "__pycache__").exists():
        run("benchmarks.scale.starting", str(package))
    launched = time.monotonic()
    output, _ = run("benchmarks.scale.starting", str(package))
    return starting.read(output, launched)


def run(module: str, *arguments: str) -> tuple[str, Took]:
    """A process of its own. Raises LoadError with what it said where it fails."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    after, ended = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    if done.returncode:
        raise LoadError(f"{' '.join(command)} failed: {done.stderr.strip()[-1000:]}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return done.stdout, Took(ended - began, cpu)
