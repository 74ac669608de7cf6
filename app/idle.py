"""How long a connection may have nothing to do. One timer watches all connections of a worker."""

from __future__ import annotations

from asyncio import AbstractEventLoop
from functools import lru_cache
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.contract.timeouts import Timeouts


class IdleProtocol(HttpToolsProtocol):
    """Uvicorn sets a timer with each answer and takes it back with the next request."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """As uvicorn's."""
        super().__init__(*args, **kwargs)
        self._idle = idle_connections(self.loop, self.timeout_keep_alive)

    def on_response_complete(self) -> None:
        """Begin with the request that is waiting; without one, be idle."""
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())
        else:
            self._idle.begin(self)

    def _unset_keepalive_if_required(self) -> None:
        """Something has been received, or the connection is lost."""
        self._idle.end(self)


@lru_cache(1)
def idle_connections(loop: AbstractEventLoop, seconds: float) -> Timeouts[IdleProtocol]:
    """Return those that are served in `loop`; a worker has one."""
    return Timeouts(loop, seconds, IdleProtocol.timeout_keep_alive_handler)
