"""As whom the server runs. PostgreSQL refuses root, so root either enters a user namespace, where
it has another number and owns the same files, or becomes an account that has no rights.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.db.embedded.binaries import Binaries, EmbeddedError

# initdb wants the number to belong to an account, whichever that is.
PREFERRED_ACCOUNTS = ("postgres", "nobody", "daemon")


@dataclass(frozen=True, slots=True)
class Identity:
    """`uid` is None for the user that we already are."""

    prefix: tuple[str, ...] = ()
    uid: int | None = None
    gid: int | None = None

    def command(self, *words: str) -> list[str]:
        return [*self.prefix, *words]

    def process(self) -> dict[str, Any]:
        """Arguments for subprocess. Of the environment only what programs need: no secret of ours,
        and no PG* variable that would change the server's mind.
        """
        kept = ("PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
        environment = {name: os.environ[name] for name in kept if name in os.environ}
        common = {"cwd": "/", "env": environment | {"LC_ALL": "C", "TZ": "UTC"}, "umask": 0o077}
        if self.uid is None:
            return common
        return common | {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        """Give a file or folder of ours to the server."""
        if self.uid is not None:
            os.chown(path, self.uid, -1, follow_symlinks=False)

    def can_use(self, program: str, folder: Path) -> bool:
        """Whether it can run the program and write into the folder."""
        test = ["/bin/sh", "-c", 'test -w "$1" && exec "$2" --version', "sh", str(folder), program]
        try:
            run = subprocess.run(
                self.command(*test), capture_output=True, check=False, **self.process()
            )
        except OSError:
            return False
        return run.returncode == 0


Choice = tuple[Identity, Binaries]
Way = Callable[[Path, Binaries], Choice | None]


def choose(folder: Path, binaries: Binaries) -> Choice:
    """Who runs the server on the data in `folder`, with binaries that this user can read."""
    if os.geteuid() != 0:
        return Identity(), binaries
    return first_that_works(folder, binaries, (namespace, account))


def first_that_works(folder: Path, binaries: Binaries, ways: Sequence[Way]) -> Choice:
    data = folder / "data"
    owner = data.stat().st_uid if data.exists() else 0
    for way in ways if owner == 0 else (account,):
        choice = way(folder, binaries)
        if choice is not None:
            return choice
    raise EmbeddedError(
        f"PostgreSQL does not run as root, and no other user may write in {folder}. "
        "Start as an ordinary user, set DATA_DIR to a folder such as /var/lib/colophon, "
        "or set DATABASE_URL to a server."
    )


def namespace(folder: Path, binaries: Binaries) -> Choice | None:
    """Outside, the server is root and uses root's files; inside, it believes to be the account."""
    uid = _unprivileged()
    maps = (f"--map-user={uid}", f"--map-group={uid}")
    identity = Identity(prefix=("unshare", "--user", *maps, "--"))
    works = identity.can_use(binaries.program("postgres"), folder)
    return (identity, binaries) if works else None


def account(folder: Path, binaries: Binaries) -> Choice | None:
    """Gives the folder to an account, and copies the programs into it where it cannot read them."""
    uid = folder.stat().st_uid or _unprivileged()
    identity = Identity(uid=uid, gid=pwd.getpwuid(uid).pw_gid)
    if folder.stat().st_uid == 0:
        for path in (folder, *folder.rglob("*")):
            identity.own(path)
    if identity.can_use(binaries.program("postgres"), folder):
        return identity, binaries
    copied = _copied(folder / f"programs-{binaries.version}", binaries)
    works = identity.can_use(copied.program("postgres"), folder)
    return (identity, copied) if works else None


def _unprivileged() -> int:
    known = {entry.pw_name: entry.pw_uid for entry in pwd.getpwall() if entry.pw_uid != 0}
    for name in (*PREFERRED_ACCOUNTS, *known):
        if name in known:
            return known[name]
    raise EmbeddedError(
        "PostgreSQL does not run as root, and /etc/passwd knows no other account. "
        "Add one, or set DATABASE_URL to a server."
    )


def _copied(target: Path, binaries: Binaries) -> Binaries:
    """The trees stay side by side, since the programs find their libraries from where they are."""
    if not target.is_dir():
        unfinished = target.with_name(target.name + ".new")
        shutil.rmtree(unfinished, ignore_errors=True)
        for tree in binaries.trees:
            shutil.copytree(tree, unfinished / tree.name, symlinks=True)
        _readable(unfinished)
        unfinished.rename(target)
    inside = binaries.bin_dir.relative_to(binaries.trees[0].parent)
    return Binaries(target / inside, binaries.version, ())


def _readable(tree: Path) -> None:
    for path in (tree, *tree.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
