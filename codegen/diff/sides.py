"""The two documents of a comparison: files, or what a revision of git had in their place."""

from __future__ import annotations

import io
import shutil
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path

from app.contract.document import Document
from codegen import validate
from codegen.bundle import Bundle, bundle
from codegen.findings import Finding, RefusedError

SUFFIXES = frozenset({".yaml", ".yml", ".json"})


class ComparisonError(Exception):
    """What is asked for cannot be compared; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Side:
    """A document and where each part of it stands."""

    name: str
    bundle: Bundle
    document: Document

    def place(self, pointer: str) -> str:
        """Return the file and line of a pointer of the bundle, the pointer itself where unknown."""
        found = self.bundle.locate(Finding(pointer, ""))
        return f"{found.file}:{found.line}" if found.line else pointer


def read(path: Path, name: str, otherwise: str = "") -> Side:
    """Read the document at `path`; raises ComparisonError, which lists every finding and says what
    to do `otherwise` than to mend them.
    """
    try:
        found = bundle(path)
        return Side(name, found, validate.read(found))
    except RefusedError as refusal:
        findings = "\n".join(f"  {finding}" for finding in refusal.findings)
        raise ComparisonError(f"{name} is no document to compare{otherwise}:\n{findings}") from None


def revision(base: str, path: Path, folder: Path) -> Side:
    """Read the document as the git revision `base` has it; its files are put into `folder`."""
    root = _root(path)
    inside = (path.parent.resolve() / path.name).relative_to(root.resolve())
    commit = _commit(root, base)
    if not _git(root, "ls-tree", commit, "--", inside.as_posix()):
        raise ComparisonError(
            f"The revision {base} has no {inside.as_posix()}: name a later one by BASE=..."
        )
    archive = _run(root, "archive", commit).stdout
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        # A document may refer to any other file of the repository.
        parts = [f for f in files if f.isfile() and Path(f.name).suffix in SUFFIXES]
        for part in parts:
            target, content = folder / part.name, files.extractfile(part)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content.read() if content is not None else b"")
    otherwise = ", so name another revision by BASE=..."
    return read(folder / inside, f"{inside.as_posix()} of {base}", otherwise)


def default_base(path: Path) -> str:
    """Return what a change is measured by if nobody says: the last release, or else main."""
    tag = _run(path.parent, "describe", "--tags", "--abbrev=0", "--match", "v*", check=False)
    if tag.returncode == 0:
        return tag.stdout.decode().strip()
    found = _run(path.parent, "rev-parse", "--verify", "--quiet", "origin/main", check=False)
    return "origin/main" if found.returncode == 0 else "HEAD"


def _root(path: Path) -> Path:
    found = _run(path.parent, "rev-parse", "--show-toplevel", check=False)
    if found.returncode != 0:
        raise ComparisonError(
            f"{path} lies in no git repository that would know an earlier one, so name both files: "
            "`python -m codegen.diff OLD NEW`."
        )
    return Path(found.stdout.decode().strip())


def _commit(root: Path, base: str) -> str:
    found = _run(root, "rev-parse", "--verify", "--quiet", f"{base}^{{commit}}", check=False)
    if found.returncode != 0:
        raise ComparisonError(
            f"There is no revision {base} here: run `git fetch --tags`, or name another by BASE=..."
        )
    return found.stdout.decode().strip()


def _git(folder: Path, *arguments: str) -> str:
    return _run(folder, *arguments).stdout.decode()


def _run(folder: Path, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[bytes]:
    git = shutil.which("git")
    if git is None:
        raise ComparisonError(
            "git is not installed: install it, or name two files: `python -m codegen.diff OLD NEW`."
        )
    command = [git, "-C", str(folder), *arguments]
    done = subprocess.run(command, capture_output=True, check=False)
    if check and done.returncode != 0:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise ComparisonError(f"git says: {said[-1] if said else 'nothing'}")
    return done
