"""What is no HTTP, or HTTP that no parser should guess at, over a real connection."""

import json
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from tests.judge import DOCUMENT, faults_of
from tests.processes import serve

HEAD = b"Host: localhost\r\nConnection: close\r\n"
POST = b"POST /api/v1/users HTTP/1.1\r\n" + HEAD + b"Content-Type: application/json\r\n"
PROBLEM = DOCUMENT["components"]["schemas"]["Problem"]


@pytest.fixture(scope="module")
def address(
    tmp_path_factory: pytest.TempPathFactory, anyio_backend: str, database_url: str
) -> Iterator[tuple[str, int]]:
    with serve(tmp_path_factory.mktemp("served"), {"DATABASE_URL": database_url}) as served:
        url = urlsplit(served.url)
        assert url.hostname is not None
        assert url.port is not None
        yield url.hostname, url.port


def ask(address: tuple[str, int], request: bytes) -> tuple[int, dict[str, str], bytes]:
    with socket.create_connection(address, timeout=10) as connection:
        connection.sendall(request)
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    status, *lines = head.decode("latin-1").split("\r\n")
    fields = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
    return int(status.split()[1]), fields, body


@pytest.mark.parametrize(
    "request_",
    [
        b"no HTTP at all\r\n\r\n",
        b"FOO / HTTP/1.1\r\n" + HEAD + b"\r\n",
        b"GET /a\x00b HTTP/1.1\r\n" + HEAD + b"\r\n",
        b"GET / HTTP/1.1\r\n" + HEAD + b"X-A: a\x00b\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + HEAD + b"no colon\r\n\r\n",
        POST + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        POST + b"Content-Length: -1\r\n\r\n",
        POST + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        POST + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n",
    ],
)
def test_what_is_no_http_is_refused_by_the_declared_problem(
    request_: bytes, address: tuple[str, int]
) -> None:
    status, fields, body = ask(address, request_)
    problem = json.loads(body)
    assert (status, problem["code"]) == (400, "malformed_request")
    assert fields["content-type"] == "application/problem+json"
    assert fields["content-length"] == str(len(body))
    assert fields["x-request-id"] == problem["request_id"]
    assert fields["connection"] == "close"
    assert faults_of(PROBLEM, problem) == []


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET /health/live HTTP/1.0\r\n\r\n", 400),
        (b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n" + HEAD + b"\r\n", 400),
        (b"GET /health/live HTTP/1.1\r\nConnection: close\r\n\r\n", 400),
        (b"OPTIONS * HTTP/1.1\r\n" + HEAD + b"\r\n", 404),
        (b"TRACE /health/live HTTP/1.1\r\n" + HEAD + b"\r\n", 405),
        (b"GET /health/live HTTP/1.1\r\n" + HEAD + b"X-A: " + b"a" * 200_000 + b"\r\n\r\n", 431),
        (POST + b"Content-Length: 99999999\r\n\r\n", 413),
        (b"GET /health/live HTTP/1.1\r\n" + HEAD + b"\r\n", 200),
    ],
)
def test_what_is_http_and_not_for_us_is_refused_as_well(
    request_: bytes, status: int, address: tuple[str, int]
) -> None:
    answered, fields, body = ask(address, request_)
    assert answered == status
    if status >= 400:
        assert fields["content-type"] == "application/problem+json"
        assert json.loads(body)["status"] == status
