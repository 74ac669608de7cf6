"""Each operation has one handler, and each handler an operation."""

import ast
import json
from collections import Counter
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

import generated
from app.contract import Contract, ContractIncomplete, Document
from app.main import guards, idempotency, routers
from tests.client import OPERATIONS
from tests.processes import ROOT

HANDLERS = sorted((ROOT / "app").glob("*/handlers.py"))
PARTS: dict[str, Any] = {
    "open_context": nullcontext,
    "guards": guards(),
    "idempotency": idempotency(),
}


def document(without: str = "") -> Document:
    """Return the document, without one of its operations."""
    source: dict[str, Any] = json.loads(generated.DOCUMENT.read_bytes())
    for item in source["paths"].values():
        for method in list(item):
            if isinstance(item[method], dict) and item[method].get("operationId") == without:
                del item[method]
    return Document(source)


def test_the_service_fits_its_document() -> None:
    Contract(document(), routers(), **PARTS)


def test_each_operation_has_exactly_one_router() -> None:
    bound = Counter(name for router in routers() for name in router.operations)
    assert bound == Counter(list(OPERATIONS))


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_handler_without_its_operation_stops_the_start(name: str) -> None:
    with pytest.raises(ContractIncomplete) as raised:
        Contract(document(without=name), routers(), **PARTS)
    expected = f"{name}: a router answers it and the document does not have it"
    assert expected in raised.value.findings


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_without_its_handler_stops_the_start(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (router,) = (router for router in routers() if name in router.operations)
    monkeypatch.delattr(router.api, name)
    with pytest.raises(ContractIncomplete) as raised:
        Contract(document(), routers(), **PARTS)
    assert any(f"{name}: the handler is missing" in found for found in raised.value.findings)


@pytest.mark.parametrize("file", HANDLERS, ids=lambda file: file.parent.name)
def test_a_function_beside_the_handlers_is_used_by_them(file: Path) -> None:
    tree = ast.parse(file.read_text())
    functions = {n.name for n in tree.body if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)}
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert functions - used - OPERATIONS.keys() == set()
