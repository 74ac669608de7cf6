"""How connections end when a worker stops: a request that is on its way at that moment is answered.

Uvicorn closes idle connections at once, and loses what a client or a proxy has just sent on one.
"""

from __future__ import annotations

from typing import cast

from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from app.accepting import SharingProtocol
from app.whole_answers import answers_of

# In seconds; long enough for whatever was sent before a client could know of the end.
LAST_REQUESTS = 0.5


class ClosingProtocol(SharingProtocol):
    """Answers one more request on each idle connection, and says that it is the last one."""

    _is_closing = False

    def shutdown(self) -> None:
        self._is_closing = True
        if self._is_idle:
            self.loop.call_later(LAST_REQUESTS, self._close_if_idle)
        else:
            super().shutdown()

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        if self._is_closing:
            self.cycle.keep_alive = False

    @property
    def _is_idle(self) -> bool:
        cycle = cast("RequestResponseCycle | None", self.cycle)  # None before the first request
        return cycle is None or cycle.response_complete

    def _close_if_idle(self) -> None:
        if self._is_idle:
            answers_of(self.loop).finish()
            self.transport.close()
