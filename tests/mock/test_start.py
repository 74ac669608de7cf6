"""What the command says when it starts, and when it cannot."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest

from codegen.mock.__main__ import main
from tests.codegen.golden import document_of
from tests.judge import DOCUMENT
from tests.mock.mocks import OURS, mocking
from tests.processes import ROOT, STOP_LIMIT

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def taken() -> Iterator[str]:
    """A port that somebody else listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield str(listener.getsockname()[1])


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], taken: str) -> Run:
    """Run the command where it ends by itself: exit status, output and errors.

    A mock that starts by mistake ends as well, since its port is taken.
    """

    def run(*arguments: str) -> tuple[int, str, str]:
        try:
            status = main(["--port", taken, *arguments])
        except SystemExit as end:
            status = int(end.code or 0)
        return (status, *capsys.readouterr())

    return run


def require_refused(said: str, done: tuple[int, str, str]) -> None:
    """Raise AssertionError unless the command has said this, in one line, and failed."""
    status, output, errors = done

    assert (status, output, errors.count("\n")) == (1, "", 1), errors
    assert re.search(said, errors), errors


def with_response(folder: Path, media_type: str, content: str, headers: str = "{}") -> str:
    file = folder / "document.yaml"
    file.write_text(
        f"""openapi: 3.1.0
info: {{title: T, version: '1'}}
paths:
  /a:
    get:
      operationId: get_a
      responses:
        '200':
          description: It.
          headers: {headers}
          content:
            {media_type}: {content}
"""
    )
    return str(file)


@pytest.fixture
def small(tmp_path: Path) -> str:
    """A document that nothing is to be said against."""
    return with_response(tmp_path, "text/plain", "{schema: {type: string}}")


def test_a_file_that_is_not_there(run: Run) -> None:
    require_refused("^none.yaml #: the file cannot be read: No such file", run("none.yaml"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: [", "document.yaml:.* this is not YAML"),
        ("[]", "the document is not an object"),
        ("openapi: 2.0", "document.yaml"),
    ],
)
def test_a_document_that_is_none(text: str, said: str, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "document.yaml"
    file.write_text(text)
    status, output, errors = run(str(file))

    assert (status, output) == (1, "")
    assert re.search(said, errors), errors


def test_a_document_that_lacks_what_the_runtime_answers(run: Run) -> None:
    status, _, errors = run(str(document_of("answers")))

    assert status == 1
    assert "let --add-problems do so" in errors


def test_an_example_that_breaks_its_schema(run: Run, tmp_path: Path) -> None:
    file = with_response(tmp_path, "application/json", "{schema: {type: integer}, example: x}")
    said = r"^document.yaml:12 #/paths/~1a/get/responses/200/content/application~1json/example"
    require_refused(said, run(file, "--add-problems"))


def test_an_example_that_the_gate_would_not_let_out(run: Run, tmp_path: Path) -> None:
    file = with_response(
        tmp_path, "text/csv", "{schema: {type: string}, examples: {a: {value: 5}}}"
    )
    said = r"^document.yaml:12 #.*/text~1csv/examples/a/value: the gate would not let this out"
    require_refused(said, run(file, "--add-problems"))


def test_such_an_example_can_be_left_out(tmp_path: Path) -> None:
    content = "{schema: {type: string}, examples: {a: {value: 5}, b: {value: x}}}"
    file = with_response(tmp_path, "text/csv", content)
    with mocking("--add-problems", "--allow-invalid-examples", document=Path(file)) as mock:
        assert mock.get("/a").text == "x"
        assert mock.get("/a", headers={"prefer": "example=a"}).status_code == 400


def test_a_schema_that_no_value_is_found_for(run: Run, tmp_path: Path) -> None:
    schema = r"{schema: {type: string, pattern: '^(a)\1$'}}"
    file = with_response(tmp_path, "application/json", schema)
    said = r"^document.yaml:12 #/paths/~1a/get/responses/200/content/application~1json: .*example"
    require_refused(said, run(file, "--add-problems"))


def test_a_field_that_no_value_is_found_for(run: Run, tmp_path: Path) -> None:
    headers = r"{X-A: {required: true, schema: {type: string, pattern: '^(a)\1$'}}}"
    file = with_response(tmp_path, "application/json", "{schema: {}}", headers)
    said = r"^document.yaml:10 #/paths/~1a/get/responses/200/headers.*: a field needs an example"
    require_refused(said, run(file, "--add-problems"))


def test_a_port_that_is_taken(run: Run, taken: str, small: str) -> None:
    said = f"^Nothing can listen on 127.0.0.1 port {taken}: Address already in use"
    require_refused(said, run(small, "--add-problems"))


def test_a_host_that_is_none(run: Run, small: str) -> None:
    asked = ["--add-problems", "--host", "nowhere.invalid", "--port", "0"]
    require_refused("Nothing can listen on nowhere", run(small, *asked))


def test_the_exit_status_is_the_processes(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "codegen.mock", str(tmp_path / "none.yaml")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert done.stderr.startswith("none.yaml #: the file cannot be read")


@pytest.mark.parametrize("port", ["http", "-1", "65536", "1e3", "", "٣"])
def test_a_port_that_is_none(port: str, run: Run) -> None:
    require_refused("is not a port from 0 to 65535", run(str(OURS), f"--port={port}"))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "DOCUMENT|document"),
        ([str(OURS), "--nothing"], "--nothing"),
        ([str(OURS), "--seed", "x"], "--seed"),
    ],
)
def test_arguments_that_say_nothing(arguments: list[str], said: str, run: Run) -> None:
    require_refused(said, run(*arguments))


def test_serving_goes_on_when_nobody_reads_the_log(small: str) -> None:
    command = [sys.executable, "-m", "codegen.mock", small, "--add-problems", "--port", "0"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    address = process.stdout.readline().split()[-1].decode()
    while b"Ctrl-C" not in process.stdout.readline():
        pass
    process.stdout.close()
    statuses = [httpx2.get(f"{address}/a").status_code for _ in range(3)]
    process.terminate()
    process.wait(STOP_LIMIT)

    assert statuses == [200, 200, 200]
    assert process.stderr is not None
    assert process.stderr.read() == b""
    process.stderr.close()


def test_what_is_worth_trying_is_said_and_works() -> None:
    command = [sys.executable, "-m", "codegen.mock", str(OURS), "--port", "0", "--stateful"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    lines = list(iter(process.stdout.readline, "  Ctrl-C stops it.\n"))
    tried = [line.partition("curl")[2].strip() for line in lines if "curl" in line]
    shown = subprocess.run(["sh", "-c", f"curl -s {tried[1]}"], capture_output=True, check=False)
    process.terminate()
    logged, _ = process.communicate(timeout=10)

    info = DOCUMENT["info"]
    named = f"A mock of {info['title']} {info['version']} is at http://127.0.0.1:"
    assert lines[0].startswith(named)
    assert shown.stdout.startswith(b"HTTP/1.1 400")
    assert logged == "400 GET / get_index malformed_request\n"
    assert process.returncode == 0
