"""Password hashing: argon2id for what is new, bcrypt for what other systems left behind.
A hash costs 20 to 300 ms of CPU, so it is worked out in threads of its own, by few at a time.
"""

from __future__ import annotations

import asyncio
import os
import re
import unicodedata
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import Any, ParamSpec, TypeVar

from passlib.context import CryptContext

from app.contract import InputError
from app.security import memory
from app.security.blocklist import common_passwords, is_guessable
from generated.problems import PasswordTooCommon, Unavailable

P = ParamSpec("P")
T = TypeVar("T")

# The smallest parameters of OWASP's password storage cheat sheet: 19 MiB, two passes, one lane.
CRYPT = CryptContext(
    schemes=["argon2", "bcrypt"],
    deprecated=["bcrypt"],
    argon2__type="ID",
    argon2__memory_cost=19_456,
    argon2__time_cost=2,
    argon2__parallelism=1,
    bcrypt__truncate_error=True,
)
# What the password of an unknown user is compared with, so that the answer takes as long as for a
# known one. Nobody's password: it hashes 32 random bytes that were thrown away.
DUMMY_HASH = (
    "$argon2id$v=19$m=19456,t=2,p=1$49x7D8FYS8mZ836vlVKqVQ"
    "$nWGMmjxj+WngGHF3uDI2wPPYL7FkIjx6pP147bMDBQ0"
)
TOO_COMMON = InputError(
    code="too_common",
    detail="This must be a password that is harder to guess.",
    pointer="#/password",
)
ARGON2_COSTS = re.compile(r"\$argon2id?\$v=19\$m=(\d{1,9}),t=(\d{1,9}),p=(\d{1,9})\$")
BCRYPT_ROUNDS = re.compile(r"\$2[aby]\$(\d\d)\$")
BCRYPT_LONGEST = 72
MOST_THREADS = 2


def threads_of(workers: int) -> int:
    """Return how many hashes each of several workers works on at a time. Where there are more than
    processors, each takes longer, up to a sixth with four on two.
    """
    return max(1, min(MOST_THREADS, processors() // workers))


def processors() -> int:
    """Return how many this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the password is right, and the hash to store instead of an outdated one."""

    matches: bool
    upgraded_hash: str | None = None


class Passwords:
    """Works on `threads` passwords at a time, lets `queue` more wait, and refuses the rest.
    `service` is the name by which people know the service, which is no secret either.
    """

    def __init__(self, service: str, *, threads: int = MOST_THREADS, queue: int = 20) -> None:
        common_passwords()  # Now, so that a file that is missing stops the start.
        self._service = service
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="passwords")
        self._places = BoundedSemaphore(threads + queue)
        self._at_once = threads
        # A set, since threads take themselves out of it.
        self._inside: set[Future[Any]] = set()
        self._refused = 0
        self._idleness = memory.Idleness(self._give_memory_back)

    async def hash(self, password: str, *, known: Iterable[str]) -> str:
        """`known` is what others know of the account. Raises PasswordTooCommon."""
        if is_guessable(normalized(password), [*known, self._service]):
            raise PasswordTooCommon(errors=[TOO_COMMON])
        return await self._run(hash_password, password)

    async def verify(self, password: str, stored_hash: str | None) -> Verdict:
        """`stored_hash` is None where there is no such user, which takes just as long."""
        return await self._run(verify_password, password, stored_hash)

    def close(self) -> None:
        self._idleness.stop()
        self._threads.shutdown(wait=True, cancel_futures=True)

    async def _run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        if not self._places.acquire(blocking=False):
            self._refused += 1
            raise Unavailable("Too many passwords are being checked. Try again shortly.")
        future = self._threads.submit(work, *args, **kwargs)
        self._inside.add(future)
        # Not in a `finally` here: a thread goes on after the request that waited was cancelled.
        future.add_done_callback(self._leave)
        try:
            return await asyncio.wrap_future(future)
        finally:
            self._idleness.used()

    def readings(self) -> dict[str, Callable[[], float]]:
        """What can be measured at any moment, by the name of the family of metrics."""
        return {
            "password_hashing_active": lambda: min(len(self._inside), self._at_once),
            "password_hashing_waiting": lambda: max(0, len(self._inside) - self._at_once),
            "password_hashing_refused": lambda: self._refused,
        }

    def _give_memory_back(self) -> None:
        """In a thread of the pool, because the event loop has no milliseconds to spare."""
        if not self._inside:
            with suppress(RuntimeError):  # of an executor that was shut down meanwhile
                self._threads.submit(memory.give_back)

    def _leave(self, future: Future[T]) -> None:
        self._inside.discard(future)
        self._places.release()


def hash_password(password: str) -> str:
    digest: str = CRYPT.hash(normalized(password))
    return digest


def verify_password(password: str, stored_hash: str | None) -> Verdict:
    """Never raises: a hash that cannot be read, or a password that cannot be hashed, is a no."""
    if stored_hash is None or not is_affordable(stored_hash):
        CRYPT.verify("", DUMMY_HASH)
        return Verdict(matches=False)
    try:
        return Verdict(*CRYPT.verify_and_update(storable(password, stored_hash), stored_hash))
    except (ValueError, TypeError):  # of passlib and bcrypt: a broken hash, U+0000, over 72 bytes
        return Verdict(matches=False)


def normalized(password: str) -> str:
    """Composed (NFC), as NIST SP 800-63B and RFC 8265 ask: keyboards differ, passwords do not."""
    return unicodedata.normalize("NFC", password)


def storable(password: str, stored_hash: str) -> str:
    """The password as it was hashed. Older bcrypt ignored all bytes after the 72nd, so that a
    longer password would be right whatever it ends with; it is refused instead.
    """
    text = normalized(password)
    if BCRYPT_ROUNDS.match(stored_hash) and len(text.encode()) > BCRYPT_LONGEST:
        raise ValueError("bcrypt would ignore the end of this password")
    return text


def is_affordable(stored_hash: str) -> bool:
    """Whether a hash that came from elsewhere asks for no more than 256 MiB or a second or two."""
    if argon2 := ARGON2_COSTS.match(stored_hash):
        memory, passes, lanes = map(int, argon2.groups())
        return memory <= 262_144 and passes <= 10 and lanes <= 8  # noqa: PLR2004 - said above
    bcrypt = BCRYPT_ROUNDS.match(stored_hash)
    return bcrypt is not None and int(bcrypt[1]) <= 14  # noqa: PLR2004 - said above
