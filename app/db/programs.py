"""PostgreSQL's own client programs, which make and read backups: where they are, and running them.
A password reaches them by their environment, since everybody may read the words of a command.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

from app.db.embedded.binaries import SYSTEM_FOLDERS, wheel_folder
from app.failure import Failure

CONNECT_TIMEOUT = "10"
NEEDED = ("pg_dump", "pg_restore", "psql")
WHERE_FROM = (
    "Install PostgreSQL's client programs (Debian: postgresql-client), "
    "or set POSTGRES_BIN_DIR to the folder that holds them."
)


class ProgramsMissing(Failure):
    """Which program there is not, or not new enough."""


@dataclass(frozen=True, slots=True)
class Programs:
    """`pg_dump`, `pg_restore` and `psql` of one release."""

    folder: Path
    version: str

    @property
    def major(self) -> int:
        return int(self.version.partition(".")[0])

    def command(self, name: str, *words: str) -> list[str]:
        return [str(self.folder / name), *words]

    def require_for(self, server: str) -> None:
        """They read and write what servers of their own release and earlier ones have."""
        if self.major < int(server.partition(".")[0]):
            raise ProgramsMissing(
                f"The programs in {self.folder} are of PostgreSQL {self.version}, the server is of "
                f"{server}, and they must not be older than it. {WHERE_FROM}"
            )


def find_programs(named: Path | None) -> Programs:
    """In the named folder, else beside the embedded server, else the system's newest."""
    for folder in _folders(named):
        if all((folder / name).is_file() for name in NEEDED):
            return Programs(folder, _version(folder))
    if named is not None:
        absent = [name for name in NEEDED if not (named / name).is_file()]
        raise ProgramsMissing(
            f"POSTGRES_BIN_DIR is {named}, where there is no {' and no '.join(absent)}. "
            "Set it to the folder that holds them, such as /usr/lib/postgresql/18/bin."
        )
    raise ProgramsMissing(f"There are no {', '.join(NEEDED)} for a backup. {WHERE_FROM}")


def connection_words(url: str) -> tuple[str, dict[str, str]]:
    """The URL without its password, and the environment that has it."""
    parts = urlsplit(url)
    credentials, _, host = parts.netloc.rpartition("@")
    user, _, password = credentials.partition(":")
    environment = {**os.environ, "LC_ALL": "C", "PGCONNECT_TIMEOUT": CONNECT_TIMEOUT}
    if password:
        environment["PGPASSWORD"] = unquote(password)
    return urlunsplit(parts._replace(netloc=f"{user}@{host}" if user else host)), environment


def complaint(said: str) -> str:
    """What a program says is wrong: its first error, in one line."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    telling = [line for line in lines if "error" in line.lower() or "FATAL" in line]
    return (telling or lines or ["it said nothing"])[0]


def _folders(named: Path | None) -> list[Path]:
    if named is not None:
        return [named.absolute()]
    found = [wheel_folder(), *map(Path, SYSTEM_FOLDERS)]
    on_path = shutil.which("pg_dump")
    if on_path is not None:
        found.append(Path(on_path).parent)
    return [folder for folder in found if folder is not None]


def _version(folder: Path) -> str:
    try:
        command = [str(folder / "pg_dump"), "--version"]
        answer = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603
    except (OSError, subprocess.CalledProcessError) as error:
        raise ProgramsMissing(
            f"{folder / 'pg_dump'} does not run on this machine: {error}. {WHERE_FROM}"
        ) from None
    found = re.search(r"\d+(?:\.\d+)?", answer)
    if found is None:
        raise ProgramsMissing(f"{folder / 'pg_dump'} does not say its version. {WHERE_FROM}")
    return found[0]
