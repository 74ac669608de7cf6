"""Bad input: one sentence, exit code 1, and nothing that was not there before."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import start.make
from start import without_posts, without_sign_in
from start.__main__ import main
from start.edits import Cut, Drop, Replace, apply
from start.failure import StartError
from start.make import ROOT, copy
from start.owners import Owner, files_of, owner_of


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["--", *words]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    return said.err


def test_every_file_of_this_repository_is_somebodys() -> None:
    """Add a new one to a pattern in start/owners.py, which says whether it goes along."""
    assert [file for file in files_of(ROOT) if owner_of(file) is None] == []


def test_every_edit_is_of_a_file_that_goes_along() -> None:
    for edit in (*without_posts.EDITS, *without_sign_in.EDITS):
        assert owner_of(edit.file) in {Owner.MACHINERY, Owner.SIGN_IN}, edit
        assert (ROOT / edit.file).is_file(), edit


@pytest.mark.parametrize(
    "name", ["", "Lending", "lending_library", "-x", "x", "9books", "a" * 41, "é", "a b", "../x"]
)
def test_a_name_of_another_form_is_refused(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "as in NAME=lending-library" in refused(capsys, name, str(tmp_path / "new"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "name", ["colophon", "postgres", "select", "pg-books", "class", "async", "match", "sdk"]
)
def test_a_name_that_is_taken_is_refused(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "choose another" in refused(capsys, name, str(tmp_path / "new"))


def test_a_folder_has_to_be_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert "INTO is missing" in refused(capsys, "lending-library", "")


def test_sign_in_is_kept_or_left(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--sign-in", "maybe", "--", "books", str(tmp_path / "new")]) == 1
    assert "set it to yes or no" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_already_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine").write_text("mine")
    for into in (tmp_path, tmp_path / "mine"):
        assert "nothing was changed" in refused(capsys, "lending-library", str(into))
    assert [file.name for file in tmp_path.iterdir()] == ["mine"]


@pytest.mark.parametrize("into", [ROOT, ROOT / "new", ROOT / "docs/../app/new"])
def test_a_folder_within_this_repository_is_refused(
    into: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "is inside of this repository" in refused(capsys, "lending-library", str(into))
    assert not (ROOT / "new").exists()


def test_a_link_is_no_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "there")
    (tmp_path / "nowhere").symlink_to(tmp_path / "missing")
    for link in ("link", "nowhere"):
        assert "nothing was changed" in refused(capsys, "books", str(tmp_path / link))


def test_a_disk_that_takes_no_more_leaves_nothing(tmp_path: Path) -> None:
    def small() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    # What is measured of coverage is written to a larger file.
    environment = {k: v for k, v in os.environ.items() if not k.startswith("COVERAGE")}
    done = subprocess.run(
        [sys.executable, "-m", "start", "books", str(tmp_path / "above/it/new")],
        cwd=ROOT,
        env=environment,
        preexec_fn=small,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1), done.stderr
    assert "cannot be made: File too large." in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_program_that_fails_half_way_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(start.make, "DOCUMENT", "openapi/none.yaml")

    said = refused(capsys, "books", str(tmp_path / "above/new"))

    assert "failed in the new repository: none.yaml #: the file cannot be read" in said
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    said = refused(capsys, "lending-library", str(tmp_path / "file" / "new"))

    assert "Name a folder that can be written" in said


def test_a_failure_half_way_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(without_posts, "EDITS", (Replace("Makefile", "no such text"),))

    assert "changes nothing in Makefile" in refused(capsys, "books", str(tmp_path / "new"))
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_nobody_owns_is_named(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("")
    (tmp_path / "stray.txt").touch()
    with pytest.raises(StartError, match=r"whose these files are: stray\.txt"):
        copy(tmp_path, tmp_path / "new", sign_in=True)


@pytest.mark.parametrize(
    ("missing", "said"),
    [("git", "install the package git"), ("node", "Node 20.3 or newer and npm")],
)
def test_a_machine_that_lacks_a_program_is_told_before_anything_is_made(
    missing: str,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    for program in {"git", "sh", "dirname", "node"} - {missing}:
        found = shutil.which(program)
        assert found is not None
        (programs / program).symlink_to(found)
    # A program that says it is not root: nothing is to be installed for this test.
    (programs / "id").write_text("#!/bin/sh\necho 1000\n")
    (programs / "id").chmod(0o755)
    monkeypatch.setenv("PATH", str(programs))

    assert said in refused(capsys, "books", str(tmp_path / "above/new"))
    assert [each.name for each in tmp_path.iterdir()] == ["bin"]


@pytest.mark.parametrize(
    "edit",
    [Replace("f.py", "x = 3"), Drop("f.py", "g"), Drop("f.py", "C.h"), Cut("f.py", "def", "")],
)
def test_an_edit_that_finds_nothing_is_an_error(tmp_path: Path, edit: Replace | Drop | Cut) -> None:
    (tmp_path / "f.py").write_text("x = 1\n")
    with pytest.raises(StartError, match="changes nothing"):
        apply(edit, tmp_path)


def test_a_definition_goes_with_its_comment_and_decorators(tmp_path: Path) -> None:
    (tmp_path / "f.py").write_text("x = 1\n# Why.\n@dec\ndef g():\n    return 1\n\n\ny = 2\n")
    apply(Drop("f.py", "g"), tmp_path)

    assert (tmp_path / "f.py").read_text() == "x = 1\n\n\ny = 2\n"
