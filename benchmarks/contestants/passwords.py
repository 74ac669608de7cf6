"""Passwords as the service hashes them, by two threads at a time as there."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from passlib.context import CryptContext

CRYPT = CryptContext(
    schemes=["argon2"],
    argon2__type="ID",
    argon2__memory_cost=19_456,
    argon2__time_cost=2,
    argon2__parallelism=1,
)
THREADS = ThreadPoolExecutor(2)


async def matches(password: str, password_hash: str) -> bool:
    loop = asyncio.get_running_loop()
    right: bool = await loop.run_in_executor(THREADS, CRYPT.verify, password, password_hash)
    return right
