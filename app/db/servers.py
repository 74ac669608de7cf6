"""A connection to whichever of several servers is fit. DATABASE_URL may name more than one: the
primary and those that may be promoted when it is lost.
"""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import asyncpg

# A server that has not answered after so long no longer keeps the next one from being asked
# (RFC 8305 does so with addresses). The driver asks one after the other, within one time limit, so
# that a machine that vanished without a word would hide all those behind it.
HEAD_START = 0.25


class Servers:
    """Those that one URL names. Remembers which of them was fit, and asks it first."""

    def __init__(self, url: str) -> None:
        """`url` as `app.database_url` leaves it."""
        self._urls = one_url_each(url)

    async def connect(self, *, timeout: float, **options: Any) -> Any:  # noqa: ASYNC109 - as the driver's
        """Return a connection of asyncpg. `timeout` is in seconds and for all servers together.

        Raises TimeoutError, OSError, and what asyncpg raises; where no server is fit, that is the
        error of one that has answered, if any has.
        """
        if len(self._urls) == 1:
            return await asyncpg.connect(dsn=self._urls[0], timeout=timeout, **options)
        async with asyncio.timeout(timeout):
            return await self._first_fit(options)

    async def _first_fit(self, options: dict[str, Any]) -> Any:
        waiting = list(self._urls)
        asked: dict[asyncio.Task[Any], str] = {}
        failure: BaseException | None = None
        try:
            while waiting or asked:
                if waiting:
                    url = waiting.pop(0)
                    asked[asyncio.create_task(asyncpg.connect(dsn=url, **options))] = url
                for task in await _answered(asked, HEAD_START if waiting else None):
                    url = asked[task]
                    error = task.exception()
                    if error is None:
                        del asked[task]
                        self._prefer(url)
                        return task.result()
                    del asked[task]
                    failure = _more_telling(failure, error)
        finally:
            for task in asked:
                task.add_done_callback(_hang_up)
                task.cancel()
        assert failure is not None  # noqa: S101 - there is a server, and it was not fit
        raise failure

    def _prefer(self, url: str) -> None:
        if self._urls[0] != url:
            self._urls = [url, *(other for other in self._urls if other != url)]


async def _answered(asked: dict[asyncio.Task[Any], str], seconds: float | None) -> set[Any]:
    done, _ = await asyncio.wait(asked, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    return done


def _more_telling(former: BaseException | None, latter: BaseException) -> BaseException:
    """What a server has said is worth more than that another one could not be reached."""
    return latter if former is None or isinstance(former, OSError) else former


def _hang_up(task: asyncio.Task[Any]) -> None:
    """It was too late, or was cancelled too late."""
    if not task.cancelled() and task.exception() is None:
        task.result().terminate()


def one_url_each(url: str) -> list[str]:
    """Split `postgresql://role@one:5432,two:5432/name`, or the same with `host=one,two`."""
    parts = urlsplit(url)
    credentials, at, hosts = parts.netloc.rpartition("@")
    if "," in hosts:
        return [
            urlunsplit(parts._replace(netloc=credentials + at + host)) for host in hosts.split(",")
        ]
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    hosts_of_query = query.get("host", "").split(",")
    ports = query.get("port", "").split(",")
    if len(ports) == 1:
        ports *= len(hosts_of_query)
    if len(hosts_of_query) == 1 or len(ports) != len(hosts_of_query):
        return [url]
    return [
        urlunsplit(parts._replace(query=urlencode({**query, "host": host, **_port(port)})))
        for host, port in zip(hosts_of_query, ports, strict=True)
    ]


def _port(port: str) -> dict[str, str]:
    return {"port": port} if port else {}
