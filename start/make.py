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

from start import without_posts, without_sign_in
from start.edits import Edit, apply
from start.failure import StartError
from start.names import Name
from start.owners import Owner, files_of, owner_of
from start.place import require_place, standing
from start.templates import place_templates
from start.tools import MODULES, require_tools

ROOT = Path(__file__).parents[1]
DOCUMENT = "openapi/openapi.yaml"
MESSAGE = "Begin with the machinery of a spec-first service"


def make(name: Name, into: Path, *, sign_in: bool, root: Path = ROOT) -> None:
    """Raises StartError; there is nothing at `into` or above it then that was not there before."""
    require_place(into, root)
    require_tools(root)
    try:
        with (
            standing(into.parent),
            tempfile.TemporaryDirectory(prefix=f".{into.name}-", dir=into.parent) as folder,
        ):
            new = Path(folder) / into.name
            write(new, name, sign_in=sign_in, root=root)
            new.rename(into)
    except OSError as error:
        raise StartError(
            f"{into} cannot be made: {error.strerror or error}. "
            "Name a folder that can be written and has room for some megabytes."
        ) from None


def write(new: Path, name: Name, *, sign_in: bool, root: Path) -> None:
    """Everything but its place: files, edits, templates, words, what is generated, history."""
    copied = copy(root, new, sign_in=sign_in)
    for edit in edits(sign_in=sign_in):
        if edit.file in copied:
            apply(edit, new)
    rename_words(new, name)
    place_templates(new, name, datetime.now(UTC).date(), sign_in=sign_in)
    generate(new, root)
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
    always = without_posts.EDITS
    return always if sign_in else (*always, *without_sign_in.EDITS)


def rename_words(new: Path, name: Name) -> None:
    """The licence keeps whom the machinery is from; a project is named with hyphens."""
    for file in files_of(new):
        path = new / file
        if file == "LICENSE":
            continue
        text = path.read_text(encoding="utf-8")
        is_project = file == "pyproject.toml" or file.startswith("requirements/")
        renamed = renamed_in(text, name, name.kebab if is_project else name.snake)
        if renamed != text:
            path.write_text(renamed, encoding="utf-8")


def renamed_in(text: str, name: Name, word: str) -> str:
    """The client packages bear their names everywhere; `word` is what else is called so."""
    packages = {"colophon_sdk": f"{name.snake}_sdk", "colophon-sdk": f"{name.kebab}-sdk"}
    for old, new in {**packages, "Colophon": name.title, "colophon": word}.items():
        text = text.replace(old, new)
    return text


def generate(new: Path, root: Path) -> None:
    """What the document generates, and Python as ruff writes it: imports that nothing uses go."""
    python = [sys.executable, "-m"]
    # The generator of the TypeScript package is this repository's, which has it installed.
    (new / MODULES).symlink_to(root / MODULES, target_is_directory=True)
    for command in (
        [*python, "codegen", DOCUMENT, "--out", "generated"],
        [*python, "sdk"],
        [*python, "ruff", "check", "--quiet", "--select", "F401,I001", "--fix", "."],
        [*python, "ruff", "format", "--quiet", "."],
    ):
        run(new, command)
    (new / MODULES).unlink()
    for left in (new / ".ruff_cache", *new.rglob("__pycache__")):
        shutil.rmtree(left, ignore_errors=True)


def begin_history(new: Path, name: Name) -> None:
    """A first commit, by whoever Git takes for its author here."""
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
    """Raises StartError with the last line of what the command said."""
    done = subprocess.run(
        command, cwd=new, env=own_environment(), capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = (done.stderr or done.stdout or f"exit code {done.returncode}").strip()
        shown = " ".join(command[-4:]).removeprefix(f"{sys.executable} ")
        raise StartError(f"`{shown}` failed in the new repository: {said.splitlines()[-1]}")


def own_environment() -> dict[str, str]:
    """Without what a hook of Git tells of the repository that it runs in."""
    return {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
