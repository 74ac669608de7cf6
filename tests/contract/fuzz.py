"""Schemathesis against the real service, over HTTP, on a real PostgreSQL.

    python -m tests.contract.fuzz [--seed N|random] [--minutes M] [--limits production]
                                  [--url URL [--i-own-it]]

Without --seed the three fixed seeds are run. Each is run as every caller that `users.CALLERS`
names, at the same time, each with a service and a database of its own. With --url a service that
runs already is tested instead, as a caller who comes by the API alone. With --limits production the
rate limits are those of the document, the time of their windows passes faster, and something must
have been refused. The exit code is that of the worst run; reports/contract holds a page and a JUnit
file for each.
"""

from __future__ import annotations

import argparse
import math
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from functools import partial
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from app.db.embedded import EmbeddedPostgres
from tests.contract import database, limits, users
from tests.contract.asking import NoAnswerError, answer_of
from tests.contract.users import Cast
from tests.processes import ROOT, Served, serve

SEEDS = (1, 2, 3)
REPORTS = ROOT / "reports" / "contract"


def main(arguments: list[str] | None = None) -> int:
    """Return the exit code: 0, or the highest of the runs."""
    options = read_options(arguments)
    REPORTS.mkdir(parents=True, exist_ok=True)
    try:
        if options.url:
            require_document(options.url)
        chosen = seeds(options.seed, options.minutes)
        return max(run(seed, options.url, limited=bool(options.limits)) for seed in chosen)
    except NoAnswerError as error:
        sys.stderr.write(
            f"{error}: start the service (make run), or give the URL under which it runs\n"
        )
        return 1


def read_options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.contract.fuzz",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--seed", type=seed_of, action="append", help="a number, or random; may be given twice"
    )
    parser.add_argument(
        "--minutes", type=minutes_of, default=0.0, help="go on with random seeds for this long"
    )
    parser.add_argument(
        "--limits", choices=("production",), help="keep the rate limits of the document"
    )
    parser.add_argument("--url", type=url_of, help="a service that runs already")
    parser.add_argument(
        "--i-own-it", action="store_true", help="the service at --url is not on this machine"
    )
    options = parser.parse_args(arguments)
    if options.url and options.limits:
        parser.error("--limits is for a service of our own: that at --url has limits already")
    if options.url and not options.i_own_it and not is_on_this_machine(options.url):
        parser.error(
            f"{options.url} is not on this machine, and a run sends thousands of hostile requests"
            " and leaves behind what it makes: if the service is yours and may be"
            " treated so, say it with --i-own-it (make contract URL=... OWNED=1)"
        )
    return options


def seed_of(text: str) -> int:
    if text == "random":
        return secrets.randbelow(2**32)
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is neither a whole number nor random")
    return int(text)


def minutes_of(text: str) -> float:
    try:
        minutes = float(text)
    except ValueError:
        minutes = math.nan
    if not (0 < minutes < math.inf):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of minutes above 0")
    return minutes


def url_of(text: str) -> str:
    """Accept the address of a service, which ends before the paths of the document begin."""
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise argparse.ArgumentTypeError(f"{text!r} is no address like http://127.0.0.1:8000")
    if parts.username is not None or parts.query or parts.fragment:
        raise argparse.ArgumentTypeError(f"{text!r} has more than a host, a port and a path")
    return text.rstrip("/")


def is_on_this_machine(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def require_document(url: str) -> None:
    """Raise NoAnswerError unless an OpenAPI document is served there."""
    if "openapi" not in answer_of("GET", f"{url}/openapi.json"):
        raise NoAnswerError(f"{url}/openapi.json is no OpenAPI document")


def seeds(chosen: Sequence[int] | None, minutes: float) -> Iterator[int]:
    """Yield those that are asked for, and then others until the time is over.

    A seed that was begun is brought to its end: half a run would say that much was never seen.
    """
    until = time.monotonic() + 60 * minutes
    yield from chosen or SEEDS
    while time.monotonic() < until:
        yield secrets.randbelow(2**32)


def run(seed: int, url: str | None, *, limited: bool = False) -> int:
    """Run Schemathesis as each user and return the highest exit code."""
    say(f"seed {seed}; make contract SEED={seed} repeats it")
    if url is not None:
        with users.registered(url) as cast:
            return run_as(cast, seed)
    # More at once than there are processors would only make their answers late.
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        at_home = partial(run_at_home, seed=seed, limited=limited)
        return max(pool.map(at_home, users.CALLERS))


def run_at_home(user: str, seed: int, *, limited: bool) -> int:
    with running(limited=limited) as served:
        code = run_as(users.kept(served.url, user), seed)
        return max(code, require_refusals(served) if limited else 0)


def require_refusals(served: Served) -> int:
    """Return 1 where no limit has refused anything: the run has then shown nothing of them."""
    refused = limits.refused(served.log)
    each = ", ".join(f"{name} {refused[name]}" for name in sorted(limits.limited()))
    say(f"answered by 429: {each}")
    return int(refused.total() == 0)


@contextmanager
def running(*, limited: bool) -> Iterator[Served]:
    """Start a database and a service of our own."""
    factor = {"RATE_LIMIT_FACTOR": "1"} if limited else {}
    with (
        tempfile.TemporaryDirectory(prefix="contract-") as folder,
        EmbeddedPostgres(Path(folder) / "database", durable=False) as server,
        serve(Path(folder), {"DATABASE_URL": server.url, **factor}) as served,
        limits.hurried(server.url) if limited else nullcontext(),
    ):
        database.fill(server.url)
        yield served


def run_as(cast: Cast, seed: int) -> int:
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="contract-") as folder:
        auth = Path(folder) / "users.json"
        users.write_auth(auth, cast)
        environment = {
            **os.environ,
            "CONTRACT_CAST": cast.to_text(),
            "CONTRACT_USERS": str(auth),
        }
        done = subprocess.run(
            command(cast, seed),
            cwd=ROOT,
            env=environment,
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
    took = time.monotonic() - started
    say(
        f"{done.stdout}seed {seed} as {cast.caller}: exit code {done.returncode} after {took:.0f} s"
    )
    return done.returncode


def command(cast: Cast, seed: int) -> list[str]:
    report = REPORTS / f"seed-{seed}-{cast.caller}"
    document = f"{cast.url}/openapi.json"
    return [
        *(sys.executable, "-m", "schemathesis.cli", "run", document, "--url", cast.url),
        *("--seed", str(seed), *users.options(cast), "--report", "junit,html"),
        *("--report-junit-path", f"{report}.xml", "--report-html-path", str(report)),
    ]


def say(text: str) -> None:
    """Write all of it at once, since several run at the same time."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
