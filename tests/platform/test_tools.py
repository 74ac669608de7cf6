"""A machine without the programs that tests need is told at once, or has such tests left out."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests import tools
from tests.processes import ROOT

SCRIPTS = ROOT / "scripts"


def machine(folder: Path, *, user: int, **programs: str) -> dict[str, str]:
    """The environment of a machine that has `programs` and little else."""
    for name in ("sh", "dirname"):
        found = shutil.which(name)
        assert found is not None
        (folder / name).symlink_to(found)
    for name, text in {"id": f"echo {user}", **programs}.items():
        (folder / name).write_text(f"#!/bin/sh\n{text}\n")
        (folder / name).chmod(0o755)
    return {"PATH": str(folder), "HOME": str(folder)}


def told(environment: dict[str, str], *words: str) -> tuple[int, str]:
    """Of the script in a copy of the project that has nothing else, and without the folders in
    which Debian keeps the programs of root.
    """
    root = Path(environment["HOME"])
    for folder in ("scripts", "sdk/typescript"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    shutil.copy(SCRIPTS / "node.sh", root / "scripts")
    script = (SCRIPTS / "tools.sh").read_text().replace(":/usr/sbin:/sbin", "")
    (root / "scripts/tools.sh").write_text(script)
    run = subprocess.run(
        ["sh", str(root / "scripts/tools.sh"), *words],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=10,
    )
    assert run.stdout == ""
    return run.returncode, run.stderr


THERE = {"git": "exit 0", "node": "exit 0", "npm": "exit 0", "chromium": "exit 0"}


def test_whoever_is_not_root_is_told_what_is_missing_and_how_to_install_it(tmp_path: Path) -> None:
    code, said = told(machine(tmp_path, user=1000, **THERE, nginx="exit 0"))

    assert code == 1
    assert said.count("\n") == 1
    assert "need pgbouncer, redis-server, promtool: " in said
    packages = "pgbouncer redis-server prometheus"
    assert f"apt-get install --no-install-recommends {packages}`" in said
    assert "make test MISSING=skip" in said


def test_tests_are_left_out_on_demand_and_never_without_a_word(tmp_path: Path) -> None:
    environment = {**machine(tmp_path, user=1000, **THERE), "MISSING": "skip"}

    for words in ((), ("--left-out",)):
        code, said = told(environment, *words)
        assert (code, said.count("\n")) == (0, 1)
        assert said.startswith(
            "LEFT OUT: the tests that need nginx, pgbouncer, redis-server, promtool."
        )


@pytest.mark.parametrize("user", [0, 1000])
def test_git_and_node_cannot_be_done_without_and_root_leaves_nothing_out(
    user: int, tmp_path: Path
) -> None:
    programs = THERE if user == 0 else {"chromium": "exit 0"}
    code, said = told({**machine(tmp_path, user=user, **programs), "MISSING": "skip"})

    assert code == 1
    assert ("need git, Node, nginx" in said) == (user != 0)


def test_root_on_debian_has_all_of_it_installed_at_once(tmp_path: Path) -> None:
    wanted = ("nginx", "pgbouncer", "redis-server")
    apt = "; ".join(
        ['echo "$*" >> "$HOME/installed"', *(f'ln -sf git "$HOME/{n}"' for n in wanted)]
    )
    programs = {**THERE, "apt-get": apt, "dpkg-deb": "exit 0"}
    ln = shutil.which("ln")
    assert ln is not None
    environment = machine(tmp_path, user=0, **programs)
    (tmp_path / "ln").symlink_to(ln)
    code, said = told(environment)

    assert (code, said) == (0, f"Installing what the tests need: {' '.join(wanted)} ...\n")
    assert (tmp_path / "installed").read_text().splitlines() == [
        "update -qq",
        "install -qq -y --no-install-recommends nginx pgbouncer redis-server",
    ]


def test_nothing_is_missing_where_all_is_there(tmp_path: Path) -> None:
    others = ("nginx", "pgbouncer", "redis-server", "promtool")
    there = {**THERE, **dict.fromkeys(others, "exit 0")}

    assert told(machine(tmp_path, user=1000, **there)) == (0, "")


@pytest.mark.parametrize(
    ("user", "missing", "outcome"),
    [
        (1000, "skip", pytest.skip.Exception),
        (1000, "", pytest.fail.Exception),
        (0, "skip", pytest.fail.Exception),
    ],
)
def test_a_test_without_its_program_is_skipped_on_demand_only(
    user: int, missing: str, outcome: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MISSING", missing)
    monkeypatch.setattr(os, "geteuid", lambda: user)

    with pytest.raises(outcome, match="no-such-program is missing: `make tools`"):
        tools.needed("no-such-program")
    assert tools.needed("no-such-program", "sh") == shutil.which("sh")
