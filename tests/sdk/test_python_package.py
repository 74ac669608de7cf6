"""The Python package as its users have it: the wheel in an environment of its own."""

from __future__ import annotations

import json
import re
import socket
from pathlib import Path

from tests.sdk.conftest import PYTHON_PACKAGE, Service, run

STORY = Path(__file__).parent / "programs/story.py"
WRONG = """\
from colophon_sdk import Client
with Client('http://localhost') as client:
    client.posts.create_post(title=1, content='x')
    client.posts.get_post(post_id=1).titel
"""
MYPY = "from mypy.api import run; print(run(['--strict', '--hide-error-context', '.'])[0])"
EXAMPLE = re.compile(r"```python\n(.*?)```", re.DOTALL)


def test_the_story_is_told_from_the_installed_wheel(python_home: Path, service: Service) -> None:
    tokens = json.dumps(service.expired_sign_in("grace"))

    said = run(
        python_home,
        "-W",
        "error",
        STORY,
        service.url,
        service.password,
        tokens,
        cwd=python_home.parent,
    )

    assert said == "told\n"


def test_a_type_checker_sees_what_the_package_promises(python_home: Path, tmp_path: Path) -> None:
    (tmp_path / "story.py").write_text(STORY.read_text())
    (tmp_path / "wrong.py").write_text(WRONG)

    said = run(python_home, "-c", MYPY, cwd=tmp_path)

    assert said.count("error:") == 2
    assert "story.py" not in said
    assert 'wrong.py:3: error: No overload variant of "create_post"' in said
    assert 'wrong.py:4: error: "Post" has no attribute "titel"' in said


def test_the_examples_of_the_readme_run_in_its_order(
    python_home: Path, service: Service, tmp_path: Path
) -> None:
    examples = EXAMPLE.findall((PYTHON_PACKAGE / "README.md").read_text())
    assert len(examples) == 5

    said = []
    for number, example in enumerate(examples):
        script = tmp_path / f"example{number}.py"
        script.write_text(
            example.replace("http://127.0.0.1:8000", service.url).replace('"ada', '"lovelace')
        )
        said.append(run(python_home, "-W", "error", script))

    assert said[0] == "lovelace\n"
    assert "already exists" in said[1]
    assert said[2].count("\n") > 1000
    assert said[3] == ""
    assert said[4] == "Note G, revised\n"


def test_a_dead_server_gives_one_clear_typed_error(python_home: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        script = (
            "import sys\n"
            "from colophon_sdk import Client, Retries, Unreachable\n"
            "with Client(sys.argv[1], retries=Retries(attempts=2)) as client:\n"
            "    try:\n"
            "        client.health.get_liveness()\n"
            "    except Unreachable as error:\n"
            "        print(error)\n"
        )
        said = run(python_home, "-c", script, url)

    assert (
        said == f"{url}/health/live gave no answer in 2 attempts: [Errno 111] Connection refused\n"
    )
