"""Rate limits at the values of the document, under a run that sends in minutes what clients send in
hours: their time passes faster, and what they have refused is counted.
"""

from __future__ import annotations

import asyncio
import json
import re
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg

from tests.contract.asking import TOO_MANY
from tests.judge import operations

# In seconds, for the windows of a minute and of five minutes that the document names.
WINDOW = 10.0
# Other lines are for people.
IS_LOGGED = re.compile(r"\{").match
# As a window that is over is not counted any more.
END_WINDOWS = "DELETE FROM rate_limits"


@contextmanager
def hurried(database_url: str) -> Iterator[None]:
    """Every window ends after WINDOW seconds at the latest."""
    over = threading.Event()

    def hurry() -> None:
        while not over.wait(WINDOW):
            asyncio.run(_end_windows(database_url))

    thread = threading.Thread(target=hurry, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


async def _end_windows(database_url: str) -> None:
    connection = await asyncpg.connect(dsn=database_url)
    try:
        await connection.execute(END_WINDOWS)
    finally:
        await connection.close()


def limited() -> set[str]:
    """The operations that have limits: they declare 429, as a rule of the document demands."""
    return {
        name for name, (_, _, operation) in operations().items() if "429" in operation["responses"]
    }


def refused(log: Path) -> Counter[str]:
    """How many requests of each operation a service that wrote this log has answered by 429."""
    return Counter(
        line["operation_id"]
        for line in map(json.loads, filter(IS_LOGGED, log.read_text(encoding="utf-8").splitlines()))
        if line.get("event") == "request" and line.get("status") == TOO_MANY
    )
