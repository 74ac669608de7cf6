"""What the service says of itself in numbers, for Prometheus.

Each worker counts in memory that it shares with the process that `python -m app serve` is, and that
one adds up and answers scrapes, on an address of its own. Nothing here is known to the document.
"""

from app.metrics.board import BOARDS_FOLDER, Board
from app.metrics.endpoint import exported
from app.metrics.pulse import Pulse, Readings
from app.metrics.requests import RequestMetrics

__all__ = ["BOARDS_FOLDER", "Board", "Pulse", "Readings", "RequestMetrics", "exported"]
