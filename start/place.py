"""Where a new repository may stand, and that nothing is left there of one that failed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from start.failure import StartError

INSTEAD = "Name a folder that does not exist yet, as in INTO=../lending-library."


def require_place(into: Path, root: Path) -> None:
    """Raises StartError unless `into` is empty or not there, and outside of this repository."""
    if into.resolve().is_relative_to(root.resolve()):
        raise StartError(f"{into} is inside of this repository: nothing was changed. {INSTEAD}")
    try:
        is_free = into.is_dir() and not into.is_symlink() and not any(into.iterdir())
        is_taken = into.exists() or into.is_symlink()
    except OSError as error:
        raise StartError(f"{into} cannot be looked at: {error.strerror}. {INSTEAD}") from None
    if is_taken and not is_free:
        raise StartError(
            f"{into} is there already and not an empty folder: nothing was changed. {INSTEAD}"
        )


@contextmanager
def standing(folder: Path) -> Iterator[None]:
    """See to it that the folder is there; those that were made for it go again after a failure."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except BaseException:
        for each in missing:
            with suppress(OSError):
                each.rmdir()
        raise
