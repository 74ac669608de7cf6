"""`doctor`: whether this machine can run the service, one line for each thing that it needs. It
works with a broken set-up, so each examination loads by itself what it looks at.
"""

from __future__ import annotations

import asyncio
import re
import sys
import urllib.request
from collections.abc import Callable
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from app.failure import Failure

if TYPE_CHECKING:
    from app.settings import Settings

ROOT = Path(__file__).parents[2]
LOCK = ROOT / "requirements" / "serve.lock"
OLDEST_PYTHON = (3, 11)
PINNED = re.compile(r"^([\w.-]+)==([^ ;]+)( ;)?", re.MULTILINE)

# Says in a few words what is well; raises for what is not.
Examination = Callable[[], str]


def examine() -> bool:
    """Print one line for each finding; whether everything is well."""
    well = [_report(part) for part in (python, packages, generated_code)]
    loaded: list[Settings] = []
    well.append(_report(partial(settings, loaded)))
    for given in loaded:
        well += [_report(partial(part, given)) for part in EXAMINATIONS]
    return all(well)


def _report(examination: Examination) -> bool:
    try:
        finding = examination()
    except Failure as failure:
        for sentence in failure.sentences:
            typer.echo(f"wrong  {sentence}")
        return False
    except Exception as error:
        typer.echo(f"wrong  {type(error).__name__}: {error}")
        return False
    typer.echo(f"ok     {finding}")
    return True


def python() -> str:
    found = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < OLDEST_PYTHON:
        raise Failure(f"Python is {found}. Install 3.11 or newer, then run `make clean run`.")
    return f"Python {found} ({sys.executable})"


def packages() -> str:
    """A package that other platforms alone need may be missing."""
    wrong = []
    pinned = set(PINNED.findall(LOCK.read_text(encoding="utf-8")))  # An image may have two.
    for name, wanted, marker in sorted(pinned):
        try:
            found = version(name)
        except PackageNotFoundError:
            found = wanted if marker else "missing"
        if found != wanted:
            wrong.append(f"{name} is {found} instead of {wanted}")
    if wrong:
        raise Failure(f"{'; '.join(wrong)}. Run `make run`, which installs requirements/run.lock.")
    return f"{len(pinned)} packages are those of {LOCK.relative_to(ROOT)}"


def generated_code() -> str:
    try:
        from generated import CONTRACT_DIGEST, DOCUMENT
    except ImportError as error:
        raise Failure(f"generated/ cannot be used: {error}. Run `make generate`.") from None
    if not DOCUMENT.is_file():
        raise Failure(f"{DOCUMENT} is missing. Run `make generate`.")
    return f"generated/ holds the document {CONTRACT_DIGEST[:19]}"


def settings(loaded: list[Settings]) -> str:
    """Leaves them in `loaded` for the examinations that need them."""
    from app.settings import load_settings

    loaded.append(load_settings())
    return f"settings for {loaded[0].environment}; SECRET_KEY is strong enough"


def data_dir(given: Settings) -> str:
    if given.is_production and given.database_url is not None:
        return "DATA_DIR is not used: DATABASE_URL and SECRET_KEY are set"
    folder = given.data_dir.absolute()
    probe = folder / ".doctor"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise Failure(
            f"DATA_DIR {folder} cannot be written: {error.strerror}. "
            "Set DATA_DIR to a folder of your own."
        ) from None
    return f"DATA_DIR {folder} can be written"


def binaries(given: Settings) -> str:
    from app.db.embedded.binaries import find_binaries

    if given.database_url is not None:
        return "DATABASE_URL is set, so no PostgreSQL of our own is needed"
    found = find_binaries(given.postgres_bin_dir)
    return f"PostgreSQL {found.version} in {found.bin_dir}"


def database(given: Settings) -> str:
    """One of our own that does not exist yet is left to the first start."""
    if given.database_url is None and not (given.data_dir / "postgres" / "data").exists():
        return "the database will be made at the first start"
    from app.db.checks import judge, migration_fault
    from app.db.provision import provided

    connections = given.web_concurrency * (given.db_pool_size + given.db_max_overflow)
    with provided(given) as there:
        verdict = asyncio.run(
            judge(there.url, connections=connections, is_shared=given.db_transaction_pooling)
        )
        outdated = asyncio.run(migration_fault(there.url))
        wrong = [*verdict.faults, *verdict.warnings, *([outdated] if outdated else [])]
        if wrong:
            raise Failure(*wrong)
        return f"the database {there.where} is PostgreSQL {verdict.version}, its tables are current"


def limits(given: Settings) -> str:
    from app.limits import judge

    return asyncio.run(judge(given))


def port(given: Settings) -> str:
    from app.server import PortTaken, listening

    try:
        with listening(given):
            return f"port {given.port} on {given.host} is free"
    except PortTaken:
        if not _serves(given):
            raise
        return f"port {given.port} on {given.host} is taken by the service itself"


EXAMINATIONS = (data_dir, binaries, database, limits, port)


def _serves(given: Settings) -> bool:
    # Who listens on all addresses is asked on this machine's own.
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(given.host, given.host)  # noqa: S104
    url = f"http://{f'[{host}]' if ':' in host else host}:{given.port}/health/live"
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return b'"alive"' in answer.read(1000)
    except OSError:
        return False
