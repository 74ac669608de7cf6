"""What a document costs must grow with its operations and no faster. Calls are counted, not
seconds: they are the same on every machine.
"""

from __future__ import annotations

import asyncio
import cProfile
import json
import pstats
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from benchmarks.scale.documents import document
from benchmarks.scale.starting import answer, application, routers_of
from codegen.generate import Options, generate
from codegen.write import write

ROOT = Path(__file__).parents[2]
OURS = (str(ROOT / "app"), str(ROOT / "codegen"))
SIZES = (20, 40, 80)


def calls_of(work: Callable[[], Any]) -> int:
    """How many functions of ours are called."""
    profile = cProfile.Profile(builtins=False)
    profile.runcall(work)
    found: dict[tuple[str, int, str], tuple[int, ...]] = vars(pstats.Stats(profile))["stats"]
    return sum(each[1] for (file, *_), each in found.items() if file.startswith(OURS))


def growth_of(counts: list[int]) -> float:
    """How many times as much the second doubling adds as the first one: 2 where it is linear."""
    small, middle, large = counts
    return (large - middle) / (middle - small)


def generated(size: int, folder: Path) -> Path:
    source, package = folder / f"{size}.json", folder / f"grown_{size}"
    source.write_text(json.dumps(document(size)))
    write(generate(source, Options())[0], package)
    return package


def ask(app: FastAPI) -> None:
    asyncio.run(answer(app, 10))


def test_twice_the_operations_are_twice_the_work_of_the_generator(tmp_path: Path) -> None:
    counts = [calls_of(partial(generated, size, tmp_path)) for size in SIZES]

    assert growth_of(counts) == pytest.approx(2, abs=0.01)


def test_twice_the_operations_are_twice_the_work_of_the_start_and_none_of_an_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    starts, answers = [], []
    for size in SIZES:
        package = generated(size, tmp_path)
        routers = list(routers_of(package))
        starts.append(calls_of(partial(application, package, routers)))
        app, _ = application(package, routers)
        ask(app)
        answers.append(calls_of(partial(ask, app)))

    assert growth_of(starts) == pytest.approx(2, abs=0.01)
    assert len(set(answers)) == 1
