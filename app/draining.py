"""What happens between the signal to stop and stopping: readiness is refused first, so that load
balancers look elsewhere while the service still answers.
"""

from __future__ import annotations

import asyncio
import signal
import threading
from types import FrameType

# A process ends once, so this is the process's.
_begun = threading.Event()


def has_begun() -> bool:
    return _begun.is_set()


def begin_on_sigterm(seconds: float) -> None:
    """Hand SIGTERM on to whoever handles it now, `seconds` after it came; a second one at once.

    Call it in the event loop of the main thread, after the server has set its own handler.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    stop = signal.getsignal(signal.SIGTERM)
    if not callable(stop):
        return
    loop = asyncio.get_running_loop()

    def on_sigterm(number: int, frame: FrameType | None) -> None:
        is_second = has_begun()
        _begun.set()
        if is_second or not seconds:
            stop(number, frame)
        else:
            loop.call_soon_threadsafe(loop.call_later, seconds, stop, number, None)

    signal.signal(signal.SIGTERM, on_sigterm)
