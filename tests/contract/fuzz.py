"""Schemathesis against the real service, over HTTP, on a real PostgreSQL, loopback only.

    python -m tests.contract.fuzz [--seed N] [--minutes M] [--url URL]

Without --seed the three fixed seeds are run. Each is run twice, as a usual user and as a superuser,
with a database of its own. The exit code is that of the worst run; reports/contract holds a page
and a JUnit file for each.
"""

from __future__ import annotations

import argparse
import itertools
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from app.db.embedded import EmbeddedPostgres
from tests.contract import users
from tests.processes import ROOT, serve

SEEDS = (1, 2, 3)
REPORTS = ROOT / "reports" / "contract"


def main(arguments: list[str] | None = None) -> int:
    """Return the exit code: 0, or the highest of the runs."""
    parser = argparse.ArgumentParser(prog="python -m tests.contract.fuzz", description=__doc__)
    parser.add_argument("--seed", type=int, action="append", help="may be given several times")
    parser.add_argument("--minutes", type=float, help="go on with further seeds for this long")
    parser.add_argument("--url", type=loopback, help="a service that runs already, on this machine")
    options = parser.parse_args(arguments)
    REPORTS.mkdir(parents=True, exist_ok=True)
    seeds = options.seed or SEEDS
    until = time.monotonic() + 60 * (options.minutes or 0)
    code = 0
    for seed in itertools.chain(seeds, itertools.count(seeds[-1] + 1)):
        if seed not in seeds and time.monotonic() >= until:
            break
        code = max(code, run(seed, options.url))
    return code


def loopback(url: str) -> str:
    """Accept an address of this machine only: the run sends thousands of hostile requests."""
    host = urlsplit(url).hostname or ""
    if host != "localhost" and not (is_address(host) and ip_address(host).is_loopback):
        raise argparse.ArgumentTypeError(f"{url} is not on this machine")
    return url.rstrip("/")


def is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def run(seed: int, url: str | None) -> int:
    """Run Schemathesis as each user and return the higher exit code."""
    code = 0
    with tempfile.TemporaryDirectory(prefix="contract-") as name:
        file = Path(name) / "users.json"
        names = users.KEPT if url is None else users.EQUALS
        users.write_auth(file, names)
        for user in (users.EQUALS[0], users.SUPERUSER):
            if user in names:
                with running(Path(name) / user) if url is None else elsewhere(url) as address:
                    code = max(code, run_as(user, seed, address, file))
    return code


def run_as(user: str, seed: int, url: str, auth: Path) -> int:
    started = time.monotonic()
    environment = {**os.environ, "CONTRACT_URL": url, "CONTRACT_USERS": str(auth)}
    done = subprocess.run(command(user, seed, url), cwd=ROOT, env=environment, check=False)
    took = time.monotonic() - started
    sys.stdout.write(f"seed {seed} as {user}: exit code {done.returncode} after {took:.0f} s\n")
    sys.stdout.flush()
    return done.returncode


def command(user: str, seed: int, url: str) -> list[str]:
    report = REPORTS / f"seed-{seed}-{user}"
    return [
        *(sys.executable, "-m", "schemathesis.cli", "run", f"{url}/openapi.json", "--url", url),
        *("--seed", str(seed), "--auth-wfc-user", user, "--report", "junit,html"),
        *("--report-junit-path", f"{report}.xml", "--report-html-path", str(report)),
    ]


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """Start a database and a service of our own, with users whom nothing removes."""
    folder.mkdir()
    with (
        EmbeddedPostgres(folder / "database", durable=False) as server,
        serve(folder, {"DATABASE_URL": server.url}) as served,
    ):
        users.make(server.url)
        yield served.url


@contextmanager
def elsewhere(url: str) -> Iterator[str]:
    """Use a service that runs already, with users who are registered by its API."""
    users.register(url, (*users.EQUALS, users.RENEWING))
    yield url


if __name__ == "__main__":
    raise SystemExit(main())
