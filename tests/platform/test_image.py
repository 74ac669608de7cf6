"""The image and what starts it, as far as no container is needed. What a built one did when it ran
is told in docs/deploy.md.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import yaml

from app.server import GRACEFUL_SECONDS
from app.settings import Settings

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
WORKFLOW = (ROOT / ".github/workflows/ci.yml").read_text()
# Fixed by the image, or of no use in it.
NOT_HANDED_ON = {"HOST", "PORT", "DATA_DIR", "DEBUG", "POSTGRES_BIN_DIR"}
# Plays `python -m app migrate` and `serve`: says what it is told, and obeys SIGTERM as they do.
PLAYER = f"""#!{sys.executable} -IS
import os, signal, sys, time

def say(text):
    os.write(1, text.encode() + b"\\n")  # print may not be interrupted by another print

def drain(*_):
    say("drained")
    os._exit(0)

serving = sys.argv[3:4] == ["serve"]
if serving:
    signal.signal(signal.SIGTERM, drain)
say(" ".join(sys.argv[1:]))
naps = 200 if serving or "MIGRATE_FOREVER" in os.environ else 0
for _ in range(naps):  # a signal just before a sleep is noticed after it
    time.sleep(0.1)
sys.exit(int(os.environ.get("MIGRATE_CODE", "0")))
"""


def instructions(name: str) -> list[str]:
    return re.findall(rf"^{name} +(.+)$", DOCKERFILE, re.MULTILINE)


def health_check() -> list[str]:
    (check,) = instructions("HEALTHCHECK")
    command = json.loads(check.partition("CMD ")[2])
    assert command[0] == "python"
    return [sys.executable, *command[1:]]


@contextmanager
def answering(status: int, asked: list[str]) -> Iterator[int]:
    """A server on a free port that answers everything with this status."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Answers) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


@pytest.fixture
def path(tmp_path: Path) -> str:
    """A PATH whose first python is the player."""
    python = tmp_path / "python"
    python.write_text(PLAYER)
    python.chmod(0o755)
    return f"{tmp_path}:{os.environ['PATH']}"


def entrypoint(path: str, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        ["/bin/sh", ROOT / "scripts/entrypoint.sh", *arguments],
        env={"PATH": path, **environment},
        stdout=subprocess.PIPE,
        text=True,
    )


def test_every_stage_stands_on_one_base_of_a_named_version() -> None:
    base, packages = instructions("ARG")
    base = base.removeprefix("BASE=")

    assert packages == "PACKAGES=serve"
    assert re.fullmatch(r"docker\.io/library/python:3\.\d+-slim", base)
    assert [stage.split()[0] for stage in instructions("FROM")] == ["${BASE}", "${BASE}"]


def test_the_image_runs_as_a_numbered_user_without_rights() -> None:
    """A number, so that orchestrators can see that it is not root."""
    (user,) = instructions("USER")

    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", user)
    written_later = DOCKERFILE.partition("\nUSER ")[2]
    assert re.findall(r"^(?:RUN|COPY|ADD)\b", written_later, re.MULTILINE) == []


@pytest.mark.parametrize(("status", "code"), [(200, 0), (503, 1)])
def test_the_health_check_asks_for_liveness(status: int, code: int) -> None:
    asked: list[str] = []
    with answering(status, asked) as port:
        environment = {"PORT": str(port), "PATH": ""}
        ended = subprocess.run(
            health_check(), env=environment, capture_output=True, check=False, timeout=20
        )

    assert (ended.returncode, asked) == (code, ["/health/live"])


def test_the_entrypoint_migrates_and_then_serves_until_it_is_told_to_stop(path: str) -> None:
    process = entrypoint(path)
    assert process.stdout is not None
    assert process.stdout.readline() == "-m app migrate\n"
    assert process.stdout.readline() == "-m app serve --no-migrate\n"
    process.send_signal(signal.SIGTERM)

    assert process.communicate(timeout=10)[0] == "drained\n"
    assert process.returncode == 0


def test_the_entrypoint_ends_a_migration_that_is_stopped(path: str) -> None:
    process = entrypoint(path, MIGRATE_FOREVER="yes")
    assert process.stdout is not None
    assert process.stdout.readline() == "-m app migrate\n"
    process.send_signal(signal.SIGTERM)

    assert process.communicate(timeout=10)[0] == ""
    assert process.returncode == 128 + signal.SIGTERM


def test_the_entrypoint_does_not_serve_after_a_failed_migration(path: str) -> None:
    process = entrypoint(path, MIGRATE_CODE="4")

    assert process.communicate(timeout=10)[0] == "-m app migrate\n"
    assert process.returncode == 4


def test_the_entrypoint_runs_another_command_instead(path: str) -> None:
    process = entrypoint(path, "python", "-m", "app doctor")

    assert process.communicate(timeout=10)[0] == "-m app doctor\n"


def test_the_composed_service_is_handed_every_setting_that_it_can_use() -> None:
    handed = COMPOSE["service"]["environment"]

    assert handed.keys() == {name.upper() for name in Settings.model_fields} - NOT_HANDED_ON
    for name in ("SECRET_KEY", "ALLOWED_HOSTS"):
        assert handed[name] == f"${{{name}:?Put {name} into .env.}}"


def test_the_composed_service_has_time_to_end_its_requests() -> None:
    service = COMPOSE["service"]

    assert service["init"] is True
    assert int(service["stop_grace_period"].removesuffix("s")) >= GRACEFUL_SECONDS + 10


def test_the_workflow_runs_what_a_person_runs() -> None:
    """On the oldest supported Python and on the image's, with every action pinned to a commit."""
    jobs = yaml.safe_load(WORKFLOW)["jobs"]
    steps = jobs["everything"]["steps"]
    oldest = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
    base, _ = instructions("ARG")

    assert ".ci/run" in [step.get("run") for step in steps]
    assert jobs["everything"]["strategy"]["matrix"]["python"] == [
        oldest.removeprefix(">="),
        re.findall(r":(3\.\d+)-", base)[0],
    ]
    for action in re.findall(r"uses: (.+)", WORKFLOW):
        assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}  # v\d+\.\d+\.\d+", action)
