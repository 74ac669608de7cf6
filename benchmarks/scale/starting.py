"""A service over a generated package, from nothing to its first answer, in a process of its own.

`python -m benchmarks.scale.starting FOLDER` prints what it saw as JSON. Each handler has the very
signature that its Protocol demands, so that the start-up check has all its work.
"""

from __future__ import annotations

import asyncio
import functools
import importlib
import itertools
import json
import logging
import os
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from http import HTTPStatus
from pathlib import Path
from typing import Any, NamedTuple

import orjson
import structlog
from fastapi import FastAPI
from starlette.routing import Match

from app.contract import Contract, Document, Router, install
from benchmarks.processes import memory_of
from benchmarks.scale.documents import FIRST
from benchmarks.scale.things import example_of

ASKED = f"get_{FIRST.name}"
TEMPLATE = re.compile(r"\{[^{}]+\}")
ROUNDS = 5
ROUTED, ANSWERED = 5_000, 200
HEADERS = [(b"host", b"localhost"), (b"accept", b"*/*"), (b"authorization", b"Bearer x")]


class Moments(NamedTuple):
    """In seconds of CPU since the launch, which a machine with other work does not lengthen."""

    imported: float
    generated: float
    built: float
    answered: float


class Start(NamedTuple):
    """`seconds` are by the clock from launch to first answer, `memory` is in bytes after that;
    `routing` and `answering` are microseconds of CPU for one request.
    """

    moments: Moments
    seconds: float
    memory: int
    routing: float
    answering: float


def main(folder: Path) -> None:
    """`folder` is the generated package."""
    imported = time.process_time()
    sys.path.insert(0, str(folder.parent))
    routers = list(routers_of(folder))
    generated = time.process_time()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    app, contract = application(folder, routers)
    built = time.process_time()
    asyncio.run(answer(app, 1))
    answered = time.process_time()
    at, memory = time.monotonic(), memory_of(os.getpid()).rss
    moments = Moments(imported, generated, built, answered)
    print(json.dumps([moments, at, memory, routing_of(contract), answering_of(app)]))


def read(output: str, launched: float) -> Start:
    """What `main` has printed. `launched` is of the clock that all processes share."""
    moments, at, *others = json.loads(output)
    return Start(Moments(*moments), at - launched, *others)


def routers_of(folder: Path) -> Iterator[Router[Any, Any]]:
    """One for each tag of the package."""
    for file in sorted(folder.glob("*_group.py")):
        module = importlib.import_module(f"{folder.name}.{file.stem}")
        for name, kind in list(vars(module).items()):
            if name.endswith("Router") and kind is not Router:
                yield kind(handlers_of(vars(module)[name.replace("Router", "Api")], folder.name))


def handlers_of(api: type, package: str) -> Any:
    """The methods of the Protocol itself; the one that is asked has a body of its own."""
    declared = getattr(api, ASKED, None)
    if declared is None:
        return type("Handlers", (api,), {})()
    models = importlib.import_module(f"{package}.schemas")
    found = getattr(models, FIRST.model).model_validate(example_of(FIRST))

    @functools.wraps(declared)
    async def handle(*_: Any, **__: Any) -> Any:
        return found

    return type("Handlers", (api,), {ASKED: handle})()


def application(
    folder: Path, routers: list[Router[Any, Any]]
) -> tuple[FastAPI, Contract[Any, Any]]:
    """As `app.main` puts it together, over nothing."""
    document = Document(orjson.loads((folder / "openapi.json").read_bytes()))
    contract = Contract(
        document, routers, open_context=lambda _: nullcontext(), guards={"bearer": authenticate}
    )
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    install(app, contract, documents=[], allowed_hosts=["localhost"])
    return app, contract


async def authenticate(_: None, credential: str) -> str:
    """Believe whoever comes."""
    return credential


def routing_of(contract: Contract[Any, Any]) -> float:
    """One after another, all paths of the document are looked up; the median of the rounds."""
    operations = contract.document.operations
    paths = (TEMPLATE.sub("7", operation.path) for operation in operations)
    scopes = [scope_of(path) for path in itertools.islice(itertools.cycle(paths), ROUTED)]
    assert all(contract.matches(scope)[0] is Match.FULL for scope in scopes)

    def run() -> None:
        for scope in scopes:
            contract.matches(scope)

    return statistics.median(microseconds(run) for _ in range(ROUNDS)) / ROUTED


def answering_of(app: FastAPI) -> float:
    """The median of the rounds for one operation, everything judged."""
    rounds = (microseconds(lambda: asyncio.run(answer(app, ANSWERED))) for _ in range(ROUNDS))
    return statistics.median(rounds) / ANSWERED


def microseconds(work: Callable[[], None]) -> float:
    """What it takes of this process's CPU."""
    started = time.process_time()
    work()
    return (time.process_time() - started) * 1e6


async def answer(app: FastAPI, times: int) -> None:
    """Ask for the one thing that is there. Fails unless it is answered with 200."""
    statuses = set()

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        statuses.add(message.get("status", HTTPStatus.OK))

    for _ in range(times):
        await app(scope_of(f"{FIRST.collection}/1"), receive, send)
    assert statuses == {HTTPStatus.OK}, statuses


def scope_of(path: str) -> dict[str, Any]:
    """A GET as the server hands it over."""
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": HEADERS,
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8000),
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]))
