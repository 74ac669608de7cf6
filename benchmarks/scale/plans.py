"""What PostgreSQL does for a statement of the service: its time, the pages it reads, and whether
it reads a table from end to end or sorts.
"""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Executable

from app.db.compiled import Compiled, compiled
from app.db.session import NO_PARAMETERS, Rows

EXPLAIN = "EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) "
# PostgreSQL plans a prepared statement anew five times before it may keep a plan for good.
BEFORE_IT_SETTLES = 6
SUSPECTS = frozenset({"Seq Scan", "Sort", "Incremental Sort"})


class Ran(NamedTuple):
    """A statement, and what stood for its parameters."""

    sql: str
    arguments: Sequence[Any]


class Cost(NamedTuple):
    """Planning included. A page is of 8 kB, wherever it was found; `suspects` are nodes of a plan
    whose cost may grow with a table, with how many rows they gave at most.
    """

    milliseconds: float
    pages: float
    suspects: dict[str, int]


class Recorder:
    """Runs the statements of handlers as a session does, and remembers them."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self.ran: list[Ran] = []

    async def execute(
        self, statement: Executable, parameters: Mapping[str, Any] = NO_PARAMETERS
    ) -> Rows:
        """Run it; return all that it found."""
        prepared: Compiled = compiled(statement, parameters)
        ran = Ran(prepared.sql, prepared.arguments(parameters))
        self.ran.append(ran)
        return Rows(await self._connection.fetch(ran.sql, *ran.arguments))


async def cost_of(connection: Any, variants: Sequence[Sequence[Ran]]) -> Cost:
    """Of one request, which ran several statements perhaps; the median of its `variants`.

    It is prepared as the driver prepares it, so that PostgreSQL chooses between a plan for these
    arguments and one for all as it does for the service.
    """
    names = {
        sql: f"scale_{number}"
        for number, sql in enumerate({ran.sql for variant in variants for ran in variant})
    }
    for sql, name in names.items():
        await connection.execute(f"PREPARE {name} AS {sql}")
    for _ in range(BEFORE_IT_SETTLES):
        await _explained(connection, names, variants[0])
    costs = [cost_in(await _explained(connection, names, variant)) for variant in variants]
    await connection.execute("DEALLOCATE ALL")
    return median_of(costs)


def median_of(costs: Sequence[Cost]) -> Cost:
    """Of time and pages; all suspects."""
    return Cost(
        statistics.median(cost.milliseconds for cost in costs),
        statistics.median(cost.pages for cost in costs),
        most(pair for cost in costs for pair in cost.suspects.items()),
    )


def most(suspects: Iterable[tuple[str, int]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, rows in suspects:
        found[name] = max(rows, found.get(name, 0))
    return found


async def _explained(
    connection: Any, names: Mapping[str, str], variant: Sequence[Ran]
) -> list[dict[str, Any]]:
    texts = [
        await connection.fetchval(EXPLAIN + execution(names[ran.sql], ran.arguments))
        for ran in variant
    ]
    return [json.loads(text)[0] for text in texts]


def execution(name: str, arguments: Sequence[int | bool | None]) -> str:
    """EXECUTE takes no parameters of the protocol, so that they stand in its text."""
    texts = ["NULL" if argument is None else str(argument) for argument in arguments]
    return f"EXECUTE {name}({', '.join(texts)})" if texts else f"EXECUTE {name}"


def cost_in(explained: Sequence[Mapping[str, Any]]) -> Cost:
    """The sum of what EXPLAIN says of each statement."""
    return Cost(
        sum(each["Planning Time"] + each["Execution Time"] for each in explained),
        sum(pages_of(each["Plan"]) for each in explained),
        most(pair for each in explained for pair in suspects_in(each["Plan"])),
    )


def pages_of(plan: Mapping[str, Any]) -> int:
    """Those of the nodes below are contained."""
    return int(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])


def suspects_in(plan: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """Each with its rows."""
    if plan["Node Type"] in SUSPECTS:
        where = f" on {plan['Relation Name']}" if "Relation Name" in plan else ""
        yield f"{plan['Node Type']}{where}", int(plan["Actual Rows"] * plan["Actual Loops"])
    for inner in plan.get("Plans", ()):
        yield from suspects_in(inner)
