"""What a run measures, and how long it plans to take."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from benchmarks import flood, footprint, gate, wanted
from benchmarks.cases import Case
from benchmarks.contestants.lineup import Contestant
from benchmarks.rounds import WARM_UP_SECONDS, Effort

FLOOD, START_UP, GATE = "login_flood", "start_up", "gate"
EXTRAS = {
    FLOOD: "the liveness probe while everybody signs in",
    START_UP: "from the start of the process to the first answer",
    GATE: "the service with the gate beside itself without it",
}
# In each round the slowest contestant answers every connection once, or all of them were lost to
# those who take long: the usual stack has lists for about a hundred a second.
SLOWEST_PER_SECOND = 100


class Choice(NamedTuple):
    cases: Sequence[Case]
    extras: Sequence[str]
    contestants: Sequence[Contestant]
    workers: Sequence[int]
    efforts: Sequence[Effort]

    def part(self, workers: int) -> Choice:
        """What is measured with so many workers: everything with the first number, and with others
        what has a target.
        """
        if workers == self.workers[0]:
            return self
        return self._replace(
            cases=[case for case in self.cases if case.name in wanted.CASES],
            extras=[],
            efforts=[min(self.efforts, key=lambda it: abs(it.connections - wanted.CONNECTIONS))],
        )

    @property
    def rounds(self) -> int:
        return self.efforts[0].rounds

    def seconds(self) -> float:
        """What the generator is busy for, and the extras; all else comes on top."""
        return sum(self.part(workers).seconds_under_load() for workers in self.workers) + (
            (GATE in self.extras) * gate.SECONDS
        )

    def seconds_under_load(self) -> float:
        cases = sum(
            len(self.suited(case)) * seconds_of(self.efforts_of(case)) for case in self.cases
        )
        for_each = len(self.contestants) * (
            (FLOOD in self.extras) * self.rounds * flood.SECONDS
            + (START_UP in self.extras) * footprint.START_UP_ROUNDS * footprint.START_UP_SECONDS
        )
        return cases + for_each

    def suited(self, case: Case) -> list[Contestant]:
        return [each for each in self.contestants if case.suits(each)]

    def efforts_of(self, case: Case) -> list[Effort]:
        """With no more connections than the case can have, and none of them twice."""
        efforts: dict[int, Effort] = {}
        for effort in self.efforts:
            count = case.connections(effort.connections)
            efforts.setdefault(count, effort._replace(connections=count))
        return list(efforts.values())


def seconds_of(efforts: Sequence[Effort]) -> int:
    return WARM_UP_SECONDS + sum(effort.rounds * effort.seconds for effort in efforts)


def efforts(connections: Sequence[int], rounds: int, seconds: int) -> list[Effort]:
    """Rounds of `seconds`, or longer where there are many connections."""
    return [
        Effort(count, max(seconds, math.ceil(count / SLOWEST_PER_SECOND)), rounds)
        for count in connections
    ]
