"""The data folder: made once by initdb together with its role, database and passwords, so that it
is either absent or whole. Data of another major version are refused and left as they are.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from app.db.embedded.binaries import Binaries, EmbeddedError
from app.db.embedded.identity import Identity

DATABASE = "colophon"
ROLE = "colophon"
SUPERUSER = "postgres"
PASSWORDS = "colophon.json"
BUILTIN_LOCALES_SINCE = 17


@dataclass(frozen=True, slots=True)
class Cluster:
    data: Path
    binaries: Binaries
    identity: Identity

    def ensure(self, *, durable: bool) -> None:
        """Make the cluster if there is none; refuse what is not ours to touch."""
        version = self.data / "PG_VERSION"
        if version.is_file():
            self._refuse_other_major(version.read_text(encoding="ascii").strip())
        elif self.data.exists():
            raise EmbeddedError(
                f"{self.data} holds no database of PostgreSQL and was left as it is. "
                "Move it away, or set another DATA_DIR."
            )
        else:
            self._make(durable=durable)

    def url(self, socket_dir: Path, *, database: str | None = None, superuser: bool = False) -> str:
        role = SUPERUSER if superuser else ROLE
        password = self._passwords()[role]
        host = quote(str(socket_dir), safe="")
        return f"postgresql://{role}:{password}@/{database or DATABASE}?host={host}"

    def _refuse_other_major(self, made_by: str) -> None:
        if made_by != str(self.binaries.major):
            raise EmbeddedError(
                f"The database in {self.data} was made by PostgreSQL {made_by}, and the programs "
                f"here are {self.binaries.version}; nothing was changed. Go on with it by setting "
                f"POSTGRES_BIN_DIR to the programs of PostgreSQL {made_by}, or carry the data "
                "over: with that setting run `python -m app backup old.dump`, and without it, with "
                "another DATA_DIR, `python -m app restore old.dump`."
            )

    def _passwords(self) -> dict[str, str]:
        path = self.data / PASSWORDS
        try:
            passwords: dict[str, str] = json.loads(path.read_text(encoding="ascii"))
        except FileNotFoundError:
            raise EmbeddedError(
                f"{path} is missing, and with it the passwords of the database beside it. "
                "Put it back from a backup, or set another DATA_DIR."
            ) from None
        return passwords

    def _make(self, *, durable: bool) -> None:
        unfinished = self.data.with_name("data.new")
        shutil.rmtree(unfinished, ignore_errors=True)
        passwords = {name: secrets.token_urlsafe(24) for name in (SUPERUSER, ROLE)}
        self._initdb(unfinished, passwords[SUPERUSER], durable=durable)
        self._populate(unfinished, passwords[ROLE])
        self._private_file(unfinished / PASSWORDS, json.dumps(passwords))
        unfinished.rename(self.data)

    def _initdb(self, folder: Path, password: str, *, durable: bool) -> None:
        password_file = folder.with_name("password.new")
        self._private_file(password_file, password)
        command = [
            self.binaries.program("initdb"),
            f"--pgdata={folder}",
            f"--username={SUPERUSER}",
            f"--pwfile={password_file}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--data-checksums",
            *self._locale(),
            *(() if durable else ("--no-sync",)),
        ]
        try:
            self._run(command)
        finally:
            password_file.unlink()

    def _locale(self) -> tuple[str, ...]:
        """One order of text on every machine, whatever its C library knows."""
        if self.binaries.major >= BUILTIN_LOCALES_SINCE:
            return ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")
        return ("--locale=C",)

    def _populate(self, folder: Path, password: str) -> None:
        """In single-user mode each line is one statement. The service's role is no superuser."""
        statements = (
            f"CREATE ROLE {ROLE} LOGIN PASSWORD '{password}'",
            f"CREATE DATABASE {DATABASE} OWNER {ROLE}",
            f"REVOKE ALL ON DATABASE {DATABASE} FROM PUBLIC",
        )
        command = [self.binaries.program("postgres"), "--single", "-D", str(folder)]
        output = self._run([*command, "-c", "exit_on_error=on", "postgres"], "\n".join(statements))
        if "ERROR:" in output or "FATAL:" in output:
            raise EmbeddedError(f"The new database could not be set up: {output.strip()}")

    def _run(self, command: list[str], text: str = "") -> str:
        run: subprocess.CompletedProcess[str] = subprocess.run(
            self.identity.command(*command),
            input=text + "\n",
            capture_output=True,
            text=True,
            check=False,
            **self.identity.process(),
        )
        if run.returncode != 0:
            name = Path(command[0]).name
            raise EmbeddedError(f"{name} failed for {self.data}: {run.stderr.strip()}")
        return run.stderr

    def _private_file(self, path: Path, text: str) -> None:
        path.unlink(missing_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(text)
        self.identity.own(path)
