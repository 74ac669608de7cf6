"""Schemathesis against the real service, over HTTP, on a real PostgreSQL, loopback only.

    python -m tests.contract.fuzz [--seed N] [--minutes M] [--url URL]

Without --seed the three fixed seeds run one after the other, each on a database of its own. The
exit code is that of the worst run; reports/contract holds a page and a JUnit file for each seed.
"""

from __future__ import annotations

import argparse
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from app.db.embedded import EmbeddedPostgres
from tests.contract import users
from tests.processes import ROOT, serve

USERS = "users.json"
TOKENS = "tokens.txt"
SEEDS = (1, 2, 3)
REPORTS = ROOT / "reports" / "contract"


def main(arguments: list[str] | None = None) -> int:
    """Return the exit code: 0, or the highest of the runs."""
    parser = argparse.ArgumentParser(prog="python -m tests.contract.fuzz", description=__doc__)
    parser.add_argument("--seed", type=int, action="append", help="may be given several times")
    parser.add_argument("--minutes", type=float, help="go on this long instead of a fixed number")
    parser.add_argument("--url", type=loopback, help="a service that runs already, on this machine")
    options = parser.parse_args(arguments)
    REPORTS.mkdir(parents=True, exist_ok=True)
    codes = [run(seed, options.minutes, options.url) for seed in options.seed or SEEDS]
    return max(codes)


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


def run(seed: int, minutes: float | None, url: str | None) -> int:
    """Run Schemathesis once and return its exit code."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="contract-") as name:
        folder = Path(name)
        with running(folder) if url is None else elsewhere(folder, url) as address:
            environment = {
                **os.environ,
                "CONTRACT_USERS": str(folder / USERS),
                "CONTRACT_TOKENS": str(folder / TOKENS),
            }
            line = command(seed, minutes, address)
            done = subprocess.run(line, cwd=ROOT, env=environment, check=False)
    took = time.monotonic() - started
    sys.stdout.write(f"seed {seed}: exit code {done.returncode} after {took:.0f} s\n")
    return done.returncode


def command(seed: int, minutes: float | None, url: str) -> list[str]:
    effort = [] if minutes is None else ["--max-time", str(max(1, round(minutes * 60)))]
    return [
        *(sys.executable, "-m", "schemathesis.cli", "run", f"{url}/openapi.json", "--url", url),
        *("--seed", str(seed), *effort),
        *("--report", "junit,html", "--report-junit-path", str(REPORTS / f"seed-{seed}.xml")),
        *("--report-html-path", str(REPORTS / f"seed-{seed}")),
    ]


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """Start a database and a service of our own, with users whom nothing removes."""
    key = secrets.token_urlsafe(48)
    with (
        EmbeddedPostgres(folder / "database", durable=False) as server,
        serve(folder, {"DATABASE_URL": server.url, "SECRET_KEY": key}) as served,
    ):
        tokens = users.make(server.url, key)
        prepare(folder, {name: name for name in (*users.EQUALS, users.SUPERUSER)}, tokens)
        yield served.url


@contextmanager
def elsewhere(folder: Path, url: str) -> Iterator[str]:
    """Use a service that runs already, with two users who register themselves."""
    names, tokens = users.register(url)
    prepare(folder, dict(zip(users.EQUALS, names, strict=True)), tokens)
    yield url


def prepare(folder: Path, usernames: dict[str, str], tokens: Sequence[str]) -> None:
    """Write down who signs in, and the refresh tokens that are good."""
    users.write_auth(folder / USERS, usernames)
    (folder / TOKENS).write_text("\n".join(tokens))


if __name__ == "__main__":
    raise SystemExit(main())
