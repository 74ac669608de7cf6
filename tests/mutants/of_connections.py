"""What makes a request cheap goes wrong: answers that wait for one another, limits that are shared,
connections that are watched together, moments that are remembered.
"""

from __future__ import annotations

from tests.mutants.checks import by
from tests.mutants.mutant import Change, Mutant

ANSWERS = "platform/test_answers_of_one_turn.py"
DEADLINE = "contract/runtime/test_deadline.py"
IDLE = "platform/test_idle.py"

MUTANTS = (
    Mutant(
        "answers beyond a full turn",
        "A turn that has more answers than are written together loses them",
        (
            Change(
                "app/batch.py",
                "        if len(self._things) >= self._size:\n            self.finish()\n",
                "        if len(self._things) >= self._size:\n            self._things.clear()\n",
            ),
        ),
        (
            by(
                "platform/test_batch.py",
                "test_a_batch_that_is_full_waits_for_nothing",
                "assert [] == [[1, 2]]",
            ),
        ),
    ),
    Mutant(
        "an answer that is closed upon",
        "A connection is closed while its answer waits for others",
        (
            Change(
                "app/closing.py",
                "            answers_of(self.loop).finish()\n            self.transport.close()\n",
                "            self.transport.close()\n",
            ),
        ),
        (
            by(
                ANSWERS,
                "test_an_answer_that_waits_is_written_before_its_connection_is_closed",
                "== [1, 1, 1]",
            ),
        ),
    ),
    Mutant(
        "a field of two lines",
        "A value that ends its own line leaves in one message, where nobody judges it",
        (
            Change(
                "app/contract/exchange.py",
                '        if not "".join(lines).isprintable():\n            return None\n',
                "",
            ),
        ),
        (
            by(
                "contract/runtime/test_outgoing.py",
                "test_a_field_that_could_end_its_own_line_is_left_to_the_server",
                "is None",
            ),
        ),
    ),
    Mutant(
        "a failure that nobody is told",
        "What a request waits for fails, and the request is ended without being told",
        (
            Change(
                "app/contract/deadline.py",
                "                        awaited = work.throw(error)\n",
                "                        raise\n",
            ),
        ),
        (by(DEADLINE, "test_what_is_waited_for_first_may_fail", "LookupError"),),
    ),
    Mutant(
        "a client's leaving taken for lateness",
        "Whoever is cancelled is taken for somebody whose time is over",
        (
            Change(
                "app/contract/deadline.py",
                "        is_ours = self._is_overdue and self._task.uncancel()",
                "        is_ours = self._task.uncancel()",
            ),
        ),
        (by(DEADLINE, "test_a_client_that_goes_away_is_no_timeout", "TimeoutError"),),
    ),
    Mutant(
        "connections that stay for ever",
        "A connection that has nothing to do is never closed",
        (Change("app/idle.py", "            self._idle.begin(self)\n", "            pass\n"),),
        (
            by(
                IDLE,
                "test_a_connection_is_closed_when_it_has_been_idle_for_so_long",
                "TimeoutError",
            ),
        ),
    ),
    Mutant(
        "a busy connection taken for an idle one",
        "A connection is closed while its request is being answered",
        (Change("app/idle.py", "        self._idle.end(self)\n", "        return\n"),),
        (by(IDLE, "test_who_waits_for_an_answer_is_not_idle", "IncompleteReadError"),),
    ),
    Mutant(
        "a worker that takes all connections",
        "A worker takes one connection after the other without leaving any to others",
        (
            Change(
                "app/accepting.py",
                "        if since < IN_A_ROW and self._rests >= 1:\n",
                "        if since < 0:\n",
            ),
        ),
        (
            by(
                "platform/test_accepting.py",
                "test_who_takes_several_in_a_row_rests_between_them",
                "assert 0 == 9",
            ),
        ),
    ),
    Mutant(
        "moments mistaken for one another",
        "Moments of one second are remembered as one",
        (
            Change(
                "app/db/moments.py",
                "        found = self[counted] = moment_of(counted[0])\n",
                "        found = self[counted] = moment_of(counted[0] // SECOND * SECOND)\n",
            ),
        ),
        (
            by(
                "db/test_moments.py",
                "test_a_moment_that_is_remembered_is_the_same",
                "assert '",
            ),
        ),
    ),
    Mutant(
        "a collector that looks through everything",
        "The garbage collector stops all requests to look through what the start has made",
        (Change("app/server.py", "    gc.collect()\n    gc.freeze()\n", "    gc.collect()\n"),),
        (
            by(
                "platform/test_server.py",
                "test_the_garbage_collector_does_not_look_through_what_the_start_has_made",
                "left_out / 10",
            ),
        ),
    ),
)
