"""Writes the packages as a whole or not at all, and tells whether what is there is current."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

# What packaging and tests leave behind in the packages' folders.
BY_PRODUCTS = {"node_modules", "dist", "__pycache__", ".mypy_cache"}


def write(files: Mapping[str, bytes], folder: Path) -> None:
    """Replace what `folder` contains with `files`, made ready beside it first."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".sdk-", dir=folder.parent) as temporary:
        made = Path(temporary) / "made"
        for name, content in files.items():
            (made / name).parent.mkdir(parents=True, exist_ok=True)
            (made / name).write_bytes(content)
        if folder.exists():
            folder.rename(Path(temporary) / "former")
        made.rename(folder)
        shutil.rmtree(Path(temporary) / "former", ignore_errors=True)


def differing(files: Mapping[str, bytes], folder: Path) -> list[str]:
    """Return the names of the files that are missing, changed or left over."""
    there = {str(path.relative_to(folder)): path for path in _present(folder)}
    changed = {
        name for name in files if name not in there or there[name].read_bytes() != files[name]
    }
    return sorted(changed | (there.keys() - files.keys()))


def _present(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*") if folder.is_dir() else ():
        if path.is_file() and not BY_PRODUCTS & set(path.relative_to(folder).parts):
            yield path
