"""The sentences of the page of results."""

from __future__ import annotations

from benchmarks.choice import Choice
from benchmarks.comparison import POSTS, USERS
from benchmarks.contestants import lineup
from benchmarks.generation import OPTIONS

WHO = {
    "ours": "this service as `python -m app serve` runs it in production, gate and log included",
    "usual": "FastAPI, SQLAlchemy's ORM and Pydantic, put together as their documentation teaches "
    "(`contestants/usual`)",
    "generated": "the server that `datamodel-codegen --generate-server fastapi` makes of "
    "`generated/openapi.json` in each run, its services connected to functions written by hand "
    "with this service's own SQL on asyncpg (`contestants/generated_server`)",
    "floor": "a bare ASGI application with asyncpg, orjson and the same SQL, which judges neither "
    "what comes in nor what goes out and logs nothing (`contestants/floor.py`)",
}
TARGETS = (
    "Requests a second at 32 connections (or the most that the case can have), those of this "
    "service divided by those of the other in the same round. `get_post_unchanged` of the usual "
    "stack is a 200 with the post, since it knows no entity tags."
)
CASES = (
    "Each figure is the median of the rounds. p50 and p99 are of the answers that came while the "
    "round lasted. CPU is the time of processors for one request, in microseconds: of the "
    "contestant with all its processes, of PostgreSQL, and of wrk. The last two columns divide "
    "round by round, with the lowest and the highest in brackets; above 1 this service is the "
    "faster or the cheaper one."
)
CLOSING = """## How to read them

- All contestants run at the same time on one PostgreSQL server and one database, and one of them
  has work at a time, forwards and backwards in turn. What else the machine does meets all alike.
- Contestant, PostgreSQL and load generator share the cores. Where the cores are all busy, requests
  a second say what the whole machine can do; the CPU columns say what the contestant costs.
- Before a case is timed, all contestants must give the same answer to it, and while it is timed
  each answer must have the right status; a single wrong or lost one ends the run.
- The SQL of the generated server and of the floor is this service's own, which counts a list up to
  1,000. The usual stack counts it to the end, as is usual.
- Passwords are hashed alike everywhere, argon2id of 19 MiB and two passes.
- Memory is read after all cases, before the flood of sign-ins. PSS divides what processes share
  among them, RSS counts it for each; the target is held against RSS, which is the larger.
- Start-up is counted from the start of the process, with the database running, to the first 200.
- The gate's share is measured by `python -m benchmarks.gate`: the service with the gate and one
  that admits everything and reads no answer back, in turn, in one process. A text that has passed
  its schema is remembered for a while and not judged again; "always another answer" is the share
  where that never helps.
"""


def opening(date: str, choice: Choice) -> str:
    """Who was measured, on which data, how to repeat it."""
    efforts = ", ".join(f"{each.connections} ({each.seconds} s)" for each in choice.efforts)
    first, *others = map(str, choice.workers)
    few = f"; what has a target with {' and '.join(others)} too" * bool(others)
    who = "\n".join(f"- **{each.name}**: {WHO[each.name]}" for each in lineup.ALL)
    return f"""Written by `make bench` on {date}, never by hand.
`make bench BENCH="--only get_post"` measures a part and writes nothing, and
`python -m benchmarks --help` lists what can be chosen.

{who}

{USERS} users and {POSTS:,} posts of `python -m app seed`; workers: {first}{few}; rounds of each
contestant: {choice.rounds}; connections, with the length of a round: {efforts}.

The generated server runs as the tool writes it: no line of its output is changed. Its options
besides input and output: `{" ".join(OPTIONS)}`.
What a team adds are database, token check, entity tags, cursors and statements.
"""
