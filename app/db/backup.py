"""A backup: one file in pg_dump's custom format, of one moment, made while requests are served."""

from __future__ import annotations

import contextlib
import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from app.db.programs import Programs, complaint, connection_words
from app.failure import Failure

PRIVATE = 0o600
LOOK_EVERY = 0.1
Tell = Callable[[int], object]


class BackupFailed(Failure):
    """Why there is no backup. Nothing is left of it."""


def dump(
    url: str, programs: Programs, target: Path, tell: Tell, *, snapshot: str | None = None
) -> int:
    """Write the database at `url` to `target`, which only its owner may read; its size in bytes.

    `tell` hears how many bytes there are so far. `snapshot` is one that somebody has exported by
    pg_export_snapshot(). Raises BackupFailed.
    """
    with _made_beside(target) as unfinished, tempfile.TemporaryFile("w+") as said:
        shown, environment = connection_words(url)
        words = ["--format=custom", f"--file={unfinished}", f"--dbname={shown}", "--no-password"]
        words += [f"--snapshot={snapshot}"] if snapshot else []
        command = programs.command("pg_dump", *words)
        with subprocess.Popen(command, env=environment, stdout=said, stderr=said) as process:  # noqa: S603
            try:
                while _is_running(process):
                    tell(unfinished.stat().st_size)
            except BaseException:
                process.kill()
                raise
        if process.returncode != 0:
            said.seek(0)
            raise BackupFailed(f"pg_dump has failed: {complaint(said.read())}.")
        _store(unfinished, target)
    return target.stat().st_size


@contextlib.contextmanager
def _made_beside(target: Path) -> Iterator[Path]:
    """Another backup, or half of one, never stands under the name of this one."""
    unfinished = target.with_name(f"{target.name}.unfinished")
    try:
        if target.exists():
            raise BackupFailed(f"{target} exists already. Name another file, or move it away.")
        unfinished.unlink(missing_ok=True)
        os.close(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE))
    except OSError as error:
        raise BackupFailed(
            f"{target} cannot be written: {error.strerror}. Name a file in a folder of your own."
        ) from None
    try:
        yield unfinished
    finally:
        unfinished.unlink(missing_ok=True)


def _is_running(process: subprocess.Popen[bytes]) -> bool:
    try:
        process.wait(LOOK_EVERY)
    except subprocess.TimeoutExpired:
        return True
    return False


def _store(unfinished: Path, target: Path) -> None:
    """A file that has its name is on the disk."""
    for path, is_renamed in ((unfinished, False), (target.parent, True)):
        if is_renamed:
            unfinished.rename(target)
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
