"""The server of one data folder as the processes that share it see it: started by the first one,
joined by the others, stopped by the last.
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from app.db.embedded.binaries import EmbeddedError, find_binaries
from app.db.embedded.cluster import Cluster
from app.db.embedded.identity import Identity, Way, choose, first_that_works
from app.db.embedded.launch import SOCKET, Running, join, launch
from app.db.embedded.locks import Use, alone

# sockaddr_un holds 108 bytes on Linux and 104 elsewhere, the closing zero included.
LONGEST_SOCKET_PATH = 103
PRIVATE = 0o700


class EmbeddedPostgres:
    """`with EmbeddedPostgres(data_dir) as server:` and then `server.url`, which belongs to a role
    without rights over the server, and stays the same over restarts of the server.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        bin_dir: Path | None = None,
        durable: bool = True,
        ways: Sequence[Way] = (),
    ) -> None:
        """`durable=False` does not wait for the disk while the cluster is made, for tests; `ways`
        are those in which root becomes somebody else.
        """
        self.folder = data_dir.absolute() / "postgres"
        self._bin_dir = bin_dir
        self._durable = durable
        self._ways = ways
        self._cluster: Cluster | None = None
        self._running: Running | None = None
        self._use: Use | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def url(self) -> str:
        return self.url_of()

    @property
    def version(self) -> str:
        return self._known_cluster().binaries.version

    def url_of(self, database: str | None = None, *, superuser: bool = False) -> str:
        """A URL for another database of this server, or for its superuser."""
        cluster, running = self._known_cluster(), self._running
        if running is None:
            raise EmbeddedError("The embedded database is not running.")
        return cluster.url(running.socket_dir, database=database, superuser=superuser)

    def start(self) -> None:
        binaries = find_binaries(self._bin_dir)
        self._make_folder()
        with alone(self.folder):
            choice = (
                first_that_works(self.folder, binaries, self._ways)
                if self._ways
                else choose(self.folder, binaries)
            )
            identity, binaries = choice
            self._cluster = Cluster(self.folder / "data", binaries, identity)
            self._cluster.ensure(durable=self._durable)
            use = Use(self.folder)
            try:
                self._running = self._join_or_launch()
            except BaseException:
                use.end()
                raise
            self._use = use

    def stop(self) -> None:
        """Give back our share; the last one stops the server."""
        use, running = self._use, self._running
        if use is None or running is None:
            return
        with alone(self.folder):
            if use.is_last():
                running.stop()
                self._forget_socket_dir()
            else:
                running.leave()
            use.end()
        self._use = self._running = None

    def revive(self) -> bool:
        """Start the server again if it has died; says whether it had. Others may do so too."""
        if self._running is None or self._running.is_alive():
            return False
        with alone(self.folder):
            self._running = self._join_or_launch()
        return True

    def _join_or_launch(self) -> Running:
        cluster = self._known_cluster()
        running = join(cluster)
        if running is not None:
            return running
        return launch(cluster, self._socket_dir(cluster.identity), self.folder / "server.log")

    def _known_cluster(self) -> Cluster:
        if self._cluster is None:
            raise EmbeddedError("The embedded database is not running.")
        return self._cluster

    def _make_folder(self) -> None:
        try:
            self.folder.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
            self.folder.chmod(PRIVATE)
        except OSError as error:
            raise EmbeddedError(
                f"The database cannot be kept in {self.folder}: {error.strerror}. "
                "Set DATA_DIR to a folder of your own."
            ) from None

    def _socket_dir(self, identity: Identity) -> Path:
        """Beside the data where the path is short enough, else a private folder for temporary
        files. asyncpg takes a comma for the end of a host's name.
        """
        if _fits(self.folder):
            return self.folder
        note = self.folder / "socket-folder"
        if note.exists() and _is_private(Path(note.read_text(encoding="utf-8")), identity):
            return Path(note.read_text(encoding="utf-8"))
        made = Path(tempfile.mkdtemp(prefix="colophon-"))
        if not _fits(made):
            made.rmdir()
            raise EmbeddedError(
                f"The paths of DATA_DIR and of temporary files ({made.parent}) are both too long "
                "for a socket. Set DATA_DIR or TMPDIR to a folder with a shorter path."
            )
        identity.own(made)
        note.write_text(str(made), encoding="utf-8")
        return made

    def _forget_socket_dir(self) -> None:
        note = self.folder / "socket-folder"
        if note.exists():
            shutil.rmtree(note.read_text(encoding="utf-8"), ignore_errors=True)
            note.unlink()


def _fits(folder: Path) -> bool:
    path = os.fsencode(folder / SOCKET)
    return len(path) <= LONGEST_SOCKET_PATH and b"," not in path


def _is_private(folder: Path, identity: Identity) -> bool:
    """Nobody else may have put a folder of this name where everybody can write."""
    try:
        found = folder.lstat()
    except OSError:
        return False
    owner = os.geteuid() if identity.uid is None else identity.uid
    return (
        stat.S_ISDIR(found.st_mode)
        and found.st_uid == owner
        and stat.S_IMODE(found.st_mode) == PRIVATE
    )
