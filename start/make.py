"""Makes the new repository in a folder beside its place, and moves it there once it is whole."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from start import without_packages, without_posts, without_sign_in
from start.edits import Edit, apply
from start.failure import StartError
from start.names import Name
from start.owners import Owner, files_of, owner_of
from start.templates import place_templates

ROOT = Path(__file__).parents[1]
DOCUMENT = "openapi/openapi.yaml"
MESSAGE = "Begin with the machinery of a spec-first service"


def make(name: Name, into: Path, *, sign_in: bool, root: Path = ROOT) -> None:
    """Raises StartError; there is nothing at `into` then that was not there before."""
    require_empty(into)
    try:
        into.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{into.name}-", dir=into.parent) as folder:
            new = Path(folder) / into.name
            write(new, name, sign_in=sign_in, root=root)
            if into.exists():
                into.rmdir()
            new.rename(into)
    except OSError as error:
        raise StartError(
            f"{into} cannot be made: {error.strerror or error}. Name a folder that can be written."
        ) from None


def require_empty(into: Path) -> None:
    if into.is_dir() and not any(into.iterdir()):
        return
    if into.exists() or into.is_symlink():
        raise StartError(
            f"{into} is there already and not an empty folder: nothing was changed. "
            "Name a folder that does not exist yet, as in INTO=../lending-library."
        )


def write(new: Path, name: Name, *, sign_in: bool, root: Path) -> None:
    """Everything but its place: files, edits, templates, words, what is generated, history."""
    copied = copy(root, new, sign_in=sign_in)
    for edit in edits(sign_in=sign_in):
        if edit.file in copied:
            apply(edit, new)
    rename_words(new, name)
    place_templates(new, name, datetime.now(UTC).date(), sign_in=sign_in)
    generate(new)
    begin_history(new, name)


def copy(root: Path, new: Path, *, sign_in: bool) -> set[str]:
    """Copy what goes along; return its names. Raises StartError for files that nobody owns."""
    kept = {Owner.MACHINERY, Owner.SIGN_IN} if sign_in else {Owner.MACHINERY}
    owners = {file: owner_of(file) for file in files_of(root)}
    orphans = [file for file, owner in owners.items() if owner is None]
    if orphans:
        raise StartError(
            f"Nobody has said whose these files are: {', '.join(orphans)}. "
            "Move them away, or add them to a pattern in start/owners.py."
        )
    copied = {file for file, owner in owners.items() if owner in kept}
    for file in copied:
        (new / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(root / file, new / file, follow_symlinks=False)
    return copied


def edits(*, sign_in: bool) -> Iterable[Edit]:
    always = (*without_posts.EDITS, *without_packages.EDITS)
    return always if sign_in else (*always, *without_sign_in.EDITS)


def rename_words(new: Path, name: Name) -> None:
    """The licence keeps whom the machinery is from; a project is named with hyphens."""
    for file in files_of(new):
        path = new / file
        if file == "LICENSE":
            continue
        text = path.read_text(encoding="utf-8")
        is_project = file == "pyproject.toml" or file.startswith("requirements/")
        word = name.kebab if is_project else name.snake
        renamed = text.replace("Colophon", name.title).replace("colophon", word)
        if renamed != text:
            path.write_text(renamed, encoding="utf-8")


def generate(new: Path) -> None:
    """What the document generates, and Python as ruff writes it: imports that nothing uses go."""
    python = [sys.executable, "-m"]
    for command in (
        [*python, "codegen", DOCUMENT, "--out", "generated"],
        [*python, "ruff", "check", "--quiet", "--select", "F401,I001", "--fix", "."],
        [*python, "ruff", "format", "--quiet", "."],
    ):
        run(new, command)
    for left in (new / ".ruff_cache", *new.rglob("__pycache__")):
        shutil.rmtree(left, ignore_errors=True)


def begin_history(new: Path, name: Name) -> None:
    """A first commit, by whoever Git takes for its author here."""
    if shutil.which("git") is None:
        print(
            "Git was not found, so the new repository has no history: "
            "install it, then run `git init && git add --all && git commit` there."
        )
        return
    run(new, ["git", "init", "--quiet", "--initial-branch", "main"])
    run(new, ["git", "add", "--all"])
    known = subprocess.run(
        ["git", "config", "user.email"],
        cwd=new,
        env=own_environment(),
        capture_output=True,
        check=False,
    )
    stand_in = ["-c", f"user.name={name.title}", "-c", f"user.email={name.kebab}@localhost"]
    author = [] if known.returncode == 0 else stand_in
    run(new, ["git", *author, "-c", "commit.gpgsign=false", "commit", "--quiet", "-m", MESSAGE])


def run(new: Path, command: list[str]) -> None:
    """Raises StartError with what the command said."""
    done = subprocess.run(
        command, cwd=new, env=own_environment(), capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = (done.stderr or done.stdout).strip()
        raise StartError(f"`{' '.join(command[-4:])}` failed in the new repository: {said}")


def own_environment() -> dict[str, str]:
    """Without what a hook of Git tells of the repository that it runs in."""
    return {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
