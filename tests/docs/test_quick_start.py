"""README's quick start: its commands are run as they stand, against `python -m app serve`."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

from tests.processes import Served

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()


def commands() -> list[str]:
    """Return the quick start's shell blocks in order."""
    quick_start = README.partition("### The first post")[2].partition("\n## ")[0]
    return re.findall(r"```sh\n(.*?)```", quick_start, re.DOTALL)


def test_the_quick_start_gives_what_it_shows(served: Served) -> None:
    script = "\n".join(f"{command.rstrip()}\necho" for command in commands())
    script = script.replace("http://127.0.0.1:8000", served.url)

    done = subprocess.run(["sh", "-eu", "-c", script], capture_output=True, text=True, check=True)

    registered, _, post, page, refused = (json.loads(line) for line in spread(done.stdout))
    assert registered["username"] == "ada"
    assert post["title"] == "Note G"
    assert post["author"]["username"] == "ada"
    assert [listed["id"] for listed in page["posts"]] == [post["id"]]
    assert refused["code"] == "invalid_input"
    assert len(refused["errors"]) == 2


def spread(output: str) -> list[str]:
    """Return one line for each command; the one that only sets a variable prints nothing."""
    lines = [line or "null" for line in output.split("\n")]
    return lines[:5]
