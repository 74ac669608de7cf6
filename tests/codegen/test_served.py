"""What is generated with --unimplemented starts, and answers each operation by a declared 501."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.config import SchemathesisConfig

from app.contract import Contract, Document, Operation, ServedDocument, install
from codegen.write import write
from tests.codegen.golden import CASES, generated


@asynccontextmanager
async def nothing(_: Operation) -> AsyncIterator[None]:
    yield None


async def anybody(_context: None, _credential: str) -> str:
    return "somebody"


@pytest.fixture
def application(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[FastAPI, Document]]:
    case, name = request.param, f"served_{request.param}"
    write(generated(case), tmp_path / name)
    monkeypatch.syspath_prepend(str(tmp_path))
    package = importlib.import_module(name)
    document = Document(json.loads(package.DOCUMENT.read_bytes()))
    contract: Contract[None, str] = Contract(
        document,
        importlib.import_module(f"{name}.unimplemented").routers(),
        open_context=nothing,
        guards={scheme: anybody for o in document.operations for c in o.security for scheme in c},
        has_scopes=lambda _actor, _scopes: True,
    )
    app = FastAPI(openapi_url=None)
    served = [ServedDocument.read(package.DOCUMENT)]
    install(app, contract, documents=served, allowed_hosts=["*"])
    yield app, document
    for module in [m for m in sys.modules if m.partition(".")[0] == name]:
        del sys.modules[module]


def credentials(document: Document, operation: Operation) -> dict[str, str]:
    names = {name for choice in operation.security for name in choice}
    schemes = (document.security_schemes[name] for name in names)
    return {s.parameter: "secret" if s.kind == "apiKey" else "Bearer secret" for s in schemes}


def valid_requests(operation: Any) -> list[Any]:
    """Return requests that the document allows, drawn by Schemathesis."""
    cases: list[Any] = []

    @settings(
        max_examples=3,
        database=None,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def draw(case: Any) -> None:
        cases.append(case)

    draw()
    return cases


@pytest.mark.parametrize("application", CASES, indirect=True)
def test_every_operation_answers_a_declared_501(application: Any) -> None:
    app, document = application
    declared = {(o.path, o.method): o for o in document.operations}
    schema = schemathesis.openapi.from_asgi("/openapi.json", app, config=SchemathesisConfig())
    for found in schema.get_all_operations():
        operation: Any = found.ok()  # type: ignore[union-attr]  # an error raises, as it should
        headers = credentials(document, declared[operation.path, operation.method.upper()])
        for case in valid_requests(operation):
            answer = case.call(headers=headers)
            assert answer.status_code == 501, answer.text
            assert answer.json()["code"] == "not_implemented"
