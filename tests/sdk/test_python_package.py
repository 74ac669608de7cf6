"""The Python package as its users have it: the wheel in an environment of its own. What is asked
here is true of every document that has the operations of health.
"""

from __future__ import annotations

import socket
from pathlib import Path

from tests.sdk.conftest import FACTS, MODULE, Service, run

PROGRAM = f"""\
import asyncio
import sys

from {MODULE} import AsyncClient, Client, NotAcceptable, Problem, RequestOptions

WRONG = RequestOptions(extra_headers={{"Accept": "image/png"}})


async def without_blocking() -> str:
    async with AsyncClient(sys.argv[1]) as client:
        return (await client.health.get_readiness()).status


with Client(sys.argv[1]) as client:
    print(client.health.get_health().service)
    print(client.health.get_liveness().status, asyncio.run(without_blocking()))
    try:
        client.health.get_liveness(options=WRONG)
    except NotAcceptable as problem:
        assert isinstance(problem, Problem) and problem.request_id
        print(problem.status, problem.code)
"""
WRONG = f"""\
from {MODULE} import Client
with Client('http://localhost') as client:
    client.health.get_liveness(once=True)
    client.health.get_liveness().statuus
"""
DEAD = f"""\
import sys
from {MODULE} import Client, Retries, Unreachable
with Client(sys.argv[1], retries=Retries(attempts=2)) as client:
    try:
        client.health.get_liveness()
    except Unreachable as error:
        print(error)
"""
SIGNING_IN = f"""\
from {MODULE} import Client, SDKError
with Client('http://127.0.0.1:9') as client:
    try:
        client.sign_in('ada', 'secret')
    except SDKError as error:
        print(error)
"""
MYPY = "from mypy.api import run; print(run(['--strict', '--hide-error-context', '.'])[0])"


def test_the_running_service_is_asked_by_the_installed_wheel(
    python_home: Path, service: Service
) -> None:
    said = run(python_home, "-W", "error", "-c", PROGRAM, service.url, cwd=python_home.parent)

    assert said == f"{FACTS.title}\nalive ready\n406 not_acceptable\n"


def test_a_type_checker_sees_what_the_package_promises(python_home: Path, tmp_path: Path) -> None:
    (tmp_path / "right.py").write_text(PROGRAM)
    (tmp_path / "wrong.py").write_text(WRONG)

    said = run(python_home, "-c", MYPY, cwd=tmp_path)

    assert said.count("error:") == 2, said
    assert 'wrong.py:3: error: Unexpected keyword argument "once"' in said
    assert 'has no attribute "statuus"' in said


def test_a_dead_server_gives_one_clear_typed_error(python_home: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        said = run(python_home, "-c", DEAD, url)

    assert (
        said == f"{url}/health/live gave no answer in 2 attempts: [Errno 111] Connection refused\n"
    )


def test_who_cannot_sign_in_is_told_so(python_home: Path) -> None:
    said = run(python_home, "-c", SIGNING_IN)

    assert ("the document declares no password flow" in said) == (FACTS.sign_in is None)
