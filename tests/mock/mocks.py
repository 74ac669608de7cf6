"""Mocks for tests: the real process over loopback, and the same application within the test."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx2
from starlette.testclient import TestClient

from app.contract import Document
from codegen import validate
from codegen.bundle import bundle
from codegen.generate import Options, prepared
from codegen.mock.application import Manner, create_mock
from tests.client import OPERATIONS, encoded, encoded_type
from tests.judge import judge, resolved
from tests.processes import ROOT, START_LIMIT, STOP_LIMIT

OURS = ROOT / "openapi/openapi.yaml"
BEARER = {"authorization": "Bearer any.well-formed-token"}
# True of messages of a server whatever they say, or of a mock alone.
NOT_DECLARED = {"date", "preference-applied", "transfer-encoding"}


@contextmanager
def mocking(*arguments: str, document: Path = OURS) -> Iterator[httpx2.Client]:
    """Start `python -m codegen.mock` on a free port, and stop it as a person would."""
    command = [sys.executable, "-m", "codegen.mock", str(document), "--port", "0", *arguments]
    with TemporaryDirectory() as folder, (Path(folder) / "log").open("w+") as log:
        process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)
        try:
            with httpx2.Client(base_url=address_in(Path(log.name), process)) as client:
                yield client
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(STOP_LIMIT)
        assert process.returncode == 0, log.read()


def address_in(log: Path, process: subprocess.Popen[bytes]) -> str:
    """Wait until a mock says where it is."""
    deadline = time.monotonic() + START_LIMIT
    while time.monotonic() < deadline and process.poll() is None:
        said = re.search(r" is at (http://\S+)\n(?s:.*)Ctrl-C", log.read_text())
        if said is not None:
            return said[1]
        time.sleep(0.05)
    raise AssertionError(f"the mock did not start:\n{log.read_text()}")


def document_at(path: Path, *, add_problems: bool = False) -> Document:
    """Return a document as the command reads it."""
    read = bundle(path)
    document = prepared(read, Options(add_problems=add_problems))
    validate.check(read, document, allow_invalid_examples=False)
    return document


def client_of(document: Document, **manner: Any) -> TestClient:
    """Return a client of a mock that runs within the test."""
    mock = create_mock(document, Manner(**manner))
    return TestClient(mock.app, base_url="http://localhost", raise_server_exceptions=False)


def example_request(name: str) -> tuple[str, str, dict[str, Any]]:
    """Method, path and the rest of a request for an operation of our document, by its examples."""
    method, path, operation = OPERATIONS[name]
    for parameter in operation["parameters"]:
        value = next(iter(parameter["examples"].values()))["value"]
        path = path.replace(f"{{{parameter['name']}}}", str(value))
    headers = dict(BEARER) if operation["security"] else {}
    body = resolved(operation.get("requestBody", {})).get("content", {})
    for media_type, declared in list(body.items())[:1]:
        value = next(iter(declared["examples"].values()))["value"]
        headers |= encoded_type(operation, value, None, media_type)
        content = encoded(value, headers["content-type"])
        return method.upper(), path, {"headers": headers, "content": content}
    return method.upper(), path, {"headers": headers}


def require_declared(name: str, answer: httpx2.Response) -> None:
    """Raise NotAllowed unless our document declares this very answer."""
    declared = {n: v for n, v in answer.headers.items() if n not in NOT_DECLARED}
    judge(OPERATIONS[name][2], answer.status_code, declared, answer.content)


def without_id(answer: httpx2.Response) -> tuple[int, Mapping[str, str], Any]:
    """What of an answer is the same each time it is given."""
    headers = {n: v for n, v in answer.headers.items() if n not in {"date", "x-request-id"}}
    body = answer.json() if "json" in headers.get("content-type", "") else answer.content
    if isinstance(body, dict):
        body.pop("request_id", None)
    return answer.status_code, headers, body
