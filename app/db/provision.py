"""Which database a command works on: the server that DATABASE_URL names, or one of our own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from app.database_url import described
from app.db.embedded import EmbeddedPostgres
from app.settings import Settings


@dataclass(frozen=True, slots=True)
class Provided:
    """`where` is for people. `revive` starts a server of ours again that has died, and says whether
    it had; there is nothing to do for one that is not ours.
    """

    url: str
    where: str
    revive: Callable[[], bool]


@contextmanager
def provided(settings: Settings) -> Iterator[Provided]:
    """A database that is there until the end. Raises EmbeddedError where ours cannot start."""
    if settings.database_url is not None:
        url = settings.database_url.get_secret_value()
        yield Provided(url, described(url), revive=lambda: False)
        return
    with EmbeddedPostgres(settings.data_dir, bin_dir=settings.postgres_bin_dir) as server:
        yield Provided(server.url, str(settings.data_dir / "postgres"), server.revive)
