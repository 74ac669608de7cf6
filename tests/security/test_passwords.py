from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator

import bcrypt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.security.passwords import (
    CRYPT,
    DUMMY_HASH,
    Passwords,
    hash_password,
    is_affordable,
    threads_of,
    verify_password,
)
from generated.problems import Unavailable
from tests.processes import ROOT

PASSWORD = "analytical-engine-1843"
HASH = hash_password(PASSWORD)
SALT = "c29tZXNhbHRzb21lc2FsdA"


@pytest.fixture
def passwords() -> Iterator[Passwords]:
    pool = Passwords("Colophon")
    yield pool
    pool.close()


def bcrypt_hash(password: bytes) -> str:
    return bcrypt.hashpw(password, bcrypt.gensalt(4)).decode()


async def test_a_password_is_hashed_with_argon2id_and_verified(passwords: Passwords) -> None:
    stored = await passwords.hash(PASSWORD, known=())

    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert (await passwords.verify(PASSWORD, stored)).matches
    assert not (await passwords.verify(PASSWORD + "!", stored)).matches


def test_a_current_hash_is_not_replaced() -> None:
    assert verify_password(PASSWORD, HASH).upgraded_hash is None


def test_a_bcrypt_hash_is_verified_and_replaced_by_argon2id() -> None:
    verdict = verify_password(PASSWORD, bcrypt_hash(PASSWORD.encode()))

    assert verdict.matches
    assert verdict.upgraded_hash is not None
    assert verdict.upgraded_hash.startswith("$argon2id$")
    assert verify_password(PASSWORD, verdict.upgraded_hash).matches


def test_an_argon2_hash_of_older_costs_is_replaced() -> None:
    weak = CRYPT.using(argon2__memory_cost=1024).hash(PASSWORD)

    assert verify_password(PASSWORD, weak).upgraded_hash is not None


def test_a_wrong_password_replaces_no_hash() -> None:
    assert verify_password("wrong", bcrypt_hash(b"right")).upgraded_hash is None


def test_passwords_that_share_their_first_72_bytes_differ() -> None:
    shared = "x" * 72

    assert not verify_password(shared + "b", hash_password(shared + "a")).matches


def test_bcrypt_never_ignores_the_end_of_a_password() -> None:
    """Older bcrypt hashed the first 72 bytes only, so that any longer password would match."""
    truncated = bcrypt_hash(b"x" * 72)

    assert verify_password("x" * 72, truncated).matches
    assert not verify_password("x" * 73, truncated).matches
    assert not verify_password("x" * 71 + "é", truncated).matches


@pytest.mark.parametrize("password", ["", "a\0b", "\0", "\ud800", "x" * 100_000])
@pytest.mark.parametrize("stored", [HASH, bcrypt_hash(b"a")])
def test_a_password_that_cannot_be_hashed_is_wrong(password: str, stored: str) -> None:
    assert not verify_password(password, stored).matches


@pytest.mark.parametrize(
    "stored",
    [
        "",
        "!",
        PASSWORD,
        "$argon2id$v=19$m=19456,t=2,p=1$bad",
        "$argon2id$v=19$m=19456,t=2,p=1$" + SALT,
        "$2b$04$tooshort",
        "$1$md5$crypt",
        "{PLAIN}" + PASSWORD,
        HASH + "\0",
    ],
)
def test_a_hash_that_cannot_be_read_fits_no_password(stored: str) -> None:
    assert not verify_password(PASSWORD, stored).matches


@pytest.mark.parametrize(
    "costs",
    ["m=1048576,t=2,p=1", "m=19456,t=1000,p=1", "m=19456,t=2,p=64", "m=99999999999,t=1,p=1"],
)
def test_a_planted_hash_cannot_make_the_service_work_for_ever(costs: str) -> None:
    planted = f"$argon2id$v=19${costs}${SALT}${'A' * 43}"

    assert not is_affordable(planted)
    begun = time.perf_counter()
    assert not verify_password(PASSWORD, planted).matches
    assert time.perf_counter() - begun < 1


def test_a_planted_bcrypt_hash_of_many_rounds_is_refused() -> None:
    assert not is_affordable("$2b$31$" + "a" * 53)
    assert is_affordable("$2b$12$" + "a" * 53)


def test_the_same_password_typed_on_another_keyboard_is_the_same() -> None:
    composed, decomposed = "caf\u00e9-au-lait", "cafe\u0301-au-lait"

    assert verify_password(decomposed, hash_password(composed)).matches


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=100))
@settings(max_examples=20, deadline=None)
def test_every_password_that_the_document_admits_can_be_used(password: str) -> None:
    assert verify_password(password, hash_password(password)).matches
    assert not verify_password(password + "x", HASH).matches


def test_the_dummy_hash_costs_as_much_as_a_real_one() -> None:
    assert (
        DUMMY_HASH.rpartition("$")[0].rpartition("$")[0]
        == HASH.rpartition("$")[0].rpartition("$")[0]
    )
    assert not CRYPT.needs_update(DUMMY_HASH)


def test_an_unknown_user_takes_as_long_as_a_wrong_password() -> None:
    known: list[float] = []
    unknown: list[float] = []
    for _ in range(15):
        for stored, times in ((HASH, known), (None, unknown)):
            begun = time.perf_counter()
            verify_password("wrong", stored)
            times.append(time.perf_counter() - begun)

    assert sorted(unknown)[7] == pytest.approx(sorted(known)[7], rel=0.5)


async def test_the_event_loop_goes_on_while_passwords_are_hashed(passwords: Passwords) -> None:
    """Hashed on the loop itself, it would turn about once for each of them."""
    turns = 0
    work = [asyncio.create_task(passwords.verify(PASSWORD, HASH)) for _ in range(12)]
    while not all(task.done() for task in work):
        await asyncio.sleep(0.001)
        turns += 1

    assert all([(await task).matches for task in work])
    assert turns > 3 * len(work)


async def test_more_than_can_wait_are_refused_at_once() -> None:
    pool = Passwords("Colophon", threads=1, queue=2)
    try:
        tasks = [asyncio.create_task(pool.verify(PASSWORD, HASH)) for _ in range(6)]
        results = await asyncio.gather(*tasks, return_exceptions=True)
        refused = [result for result in results if isinstance(result, Unavailable)]

        assert len(refused) == 3
        assert (await pool.verify(PASSWORD, HASH)).matches
    finally:
        pool.close()


async def test_a_request_that_gave_up_frees_its_place() -> None:
    pool = Passwords("Colophon", threads=1, queue=1)
    try:
        waiting = [asyncio.create_task(pool.hash(PASSWORD, known=())) for _ in range(2)]
        await asyncio.sleep(0)
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        await asyncio.sleep(0.3)

        assert (await pool.verify(PASSWORD, HASH)).matches
        assert (await pool.verify(PASSWORD, HASH)).matches
    finally:
        pool.close()


@pytest.mark.parametrize(
    ("processors", "workers", "threads"), [(1, 1, 1), (2, 1, 2), (2, 2, 1), (2, 8, 1), (64, 4, 2)]
)
def test_workers_do_not_hash_more_than_there_are_processors(
    processors: int, workers: int, threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.security.passwords.processors", lambda: processors)
    assert threads_of(workers) == threads


def test_only_processors_that_the_process_may_use_are_counted() -> None:
    code = "from app.security.passwords import processors; print(processors())"
    one = f"import os; os.sched_setaffinity(0, [min(os.sched_getaffinity(0))]); {code}"
    told = subprocess.run(
        [sys.executable, "-c", one], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert told.stdout == "1\n"
