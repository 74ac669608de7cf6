"""Every family of metrics that there is: its name, what it means, and what its labels are.

Labels hold what the document or this code names, never what a client can choose.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    COUNTER = "counter"
    GAUGE = "gauge"
    SUMMARY = "summary"
    HISTOGRAM = "histogram"


@dataclass(frozen=True, slots=True)
class Family:
    """`bounds` are the upper bounds of a histogram's buckets, without the last, infinite one."""

    name: str
    kind: Kind
    meaning: str
    labels: tuple[str, ...] = ()
    bounds: tuple[float, ...] = ()

    @property
    def width(self) -> int:
        """How many numbers it takes: a histogram's buckets or a summary's count, then the sum."""
        if self.kind is Kind.HISTOGRAM:
            return len(self.bounds) + 2
        return 2 if self.kind is Kind.SUMMARY else 1


# In seconds. The budget of an operation lies between 5 ms and 250 ms, its deadline is 12 s.
DURATIONS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 12.0)
LAGS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0)

PASSWORDS = (
    Family(
        "password_hashing_waiting",
        Kind.GAUGE,
        "Passwords that wait for one of the threads that hash.",
    ),
    Family("password_hashing_active", Kind.GAUGE, "Passwords that are being hashed."),
    Family(
        "password_hashing_refused",
        Kind.COUNTER,
        "Requests that were refused because too many passwords were waiting.",
    ),
)
_FAMILIES = (
    Family(
        "http_server_requests",
        Kind.COUNTER,
        "Requests that have ended, by operation, method, status and problem.",
        ("operation", "method", "status", "problem"),
    ),
    Family(
        "http_server_request_duration_seconds",
        Kind.HISTOGRAM,
        "From the head of a request to the end of its answer.",
        ("operation",),
        DURATIONS,
    ),
    Family(
        "http_server_response_body_bytes",
        Kind.COUNTER,
        "Content that was sent.",
        ("operation",),
    ),
    Family("http_server_active_requests", Kind.GAUGE, "Requests that are being answered."),
    Family(
        "db_client_statement_seconds",
        Kind.SUMMARY,
        "Statements, BEGIN and COMMIT among them, and the time that the database took for them.",
        ("operation",),
    ),
    Family(
        "db_client_connections_size",
        Kind.GAUGE,
        "Connections that the pools keep when they are idle.",
    ),
    Family("db_client_connections_limit", Kind.GAUGE, "Connections that the pools make at most."),
    Family("db_client_connections_in_use", Kind.GAUGE, "Connections that requests hold."),
    Family("db_client_connections_overflow", Kind.GAUGE, "Connections above the pools' size."),
    Family(
        "db_client_connections_waiting", Kind.GAUGE, "Requests that are waiting for a connection."
    ),
    Family(
        "db_client_connection_waits", Kind.COUNTER, "Requests that had to wait for a connection."
    ),
    Family(
        "db_client_connection_timeouts",
        Kind.COUNTER,
        "Requests that were refused because no connection came free.",
    ),
    Family(
        "db_client_slow_statements", Kind.COUNTER, "Statements slower than LOG_SLOW_QUERIES_MS."
    ),
    *PASSWORDS,
    Family(
        "event_loop_lag_seconds",
        Kind.HISTOGRAM,
        "How late a worker's event loop came back to a timer, four times a second.",
        (),
        LAGS,
    ),
    Family("worker_cpu_seconds", Kind.COUNTER, "CPU time of the workers, past ones included."),
    Family("worker_resident_memory_bytes", Kind.GAUGE, "Resident memory of the workers."),
    Family("worker_open_fds", Kind.GAUGE, "Open file descriptors of the workers."),
    Family("workers", Kind.GAUGE, "Workers that are alive."),
    Family("worker_exits", Kind.COUNTER, "Workers that have ended since the service was started."),
    Family(
        "service_build_info",
        Kind.GAUGE,
        "Always 1: the version of the service, and the SHA-256 digest of its document.",
        ("version", "contract"),
    ),
)
FAMILIES: Mapping[str, Family] = {family.name: family for family in _FAMILIES}
