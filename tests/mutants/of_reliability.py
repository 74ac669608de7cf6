"""What only shows when something is killed, lost, full or asked at the same moment."""

from __future__ import annotations

from tests.mutants.checks import by, tests
from tests.mutants.mutant import Change, Mutant, Notice

RACES, WRITES = "chaos/test_races.py", "chaos/test_acknowledged_writes.py"
REPEATED = "api/test_repeated_requests.py"
ONCE = "test_a_repetition_gets_the_first_answer_and_does_nothing"
LOST = "chaos/test_lost_database.py"
TOLD = "test_a_database_that_is_lost_is_told_at_once_and_not_missed_for_long"
MUST_BE_NONE = "and must be exactly 0"

MUTANTS = (
    Mutant(
        "a commit after the answer, under kill -9",
        "A transaction is committed a moment after its exit, and processes are killed",
        (
            Change(
                "app/db/session.py",
                "                await self._finish()\n",
                "                async def later() -> None:\n"
                "                    await asyncio.sleep(0.2)\n"
                "                    await self._finish()\n"
                "                    self._give_back()\n\n"
                "                asyncio.ensure_future(later())\n"
                "                return\n",
            ),
        ),
        (by(WRITES, "test_no_acknowledged_write_is_lost_or_doubled", MUST_BE_NONE),),
    ),
    Mutant(
        "a server that may lose writes",
        "The start does not look whether the server flushes what it confirms",
        (Change("app/db/checks.py", " *_durability_faults(found),", ""),),
        (
            by(
                "platform/test_server.py",
                "test_a_database_that_may_lose_writes_stops_the_start",
                "TimeoutExpired",
            ),
        ),
    ),
    Mutant(
        "an address that is looked for first",
        "An address is taken where a statement has found it, and the index admits it twice",
        (
            Change(
                "alembic/versions/20261123_first_tables.py",
                '"users", [sa.text("lower(email)")], unique=True)',
                '"users", [sa.text("lower(email)")])',
            ),
            Change(
                "app/users/queries.py",
                "    return UserRow(*(await session.execute(INSERT_USER, values)).one())\n",
                "    from generated.problems import EmailTaken\n\n"
                '    same = func.lower(users.c.email) == func.lower(bindparam("email"))\n'
                "    if await session.scalar(select(users.c.id).where(same), values):\n"
                "        raise EmailTaken\n"
                "    return UserRow(*(await session.execute(INSERT_USER, values)).one())\n",
            ),
        ),
        (by(RACES, "test_one_address_has_one_account", MUST_BE_NONE),),
    ),
    Mutant(
        "a renewal that looks at the number only",
        "A refresh token of a sign-in that was revoked is renewed",
        (
            Change(
                "app/auth/queries.py",
                '        families.generation == bindparam("presented"),\n        STANDS,\n',
                '        families.generation == bindparam("presented"),\n'
                "        families.user_id == users.c.id,\n"
                '        families.expires_at > bindparam("now"),\n',
            ),
        ),
        (by(RACES, "test_a_revocation_ends_what_is_being_refreshed", MUST_BE_NONE),),
    ),
    Mutant(
        "nobody left",
        "The last superuser may be removed",
        (
            Change(
                "app/users/rules.py",
                "row.is_superuser and row.is_active] == [user_id]:",
                "row.is_superuser and row.is_active] == [-user_id]:",
            ),
        ),
        (by(RACES, "test_of_two_superusers_one_is_left", MUST_BE_NONE),),
    ),
    Mutant(
        "hashing in the event loop",
        "Nothing else is answered while a password is hashed",
        (
            Change(
                "app/security/passwords.py",
                "        return await asyncio.wrap_future(future)\n",
                "        return future.result()\n",
            ),
        ),
        (
            by(
                "security/test_passwords.py",
                "test_the_event_loop_goes_on_while_passwords_are_hashed",
                "assert",
            ),
        ),
    ),
    Mutant(
        "a pool that lets everybody wait",
        "Whoever finds no free connection waits for half a minute",
        (Change("app/db/connections.py", "POOL_TIMEOUT = 2.2\n", "POOL_TIMEOUT = 30.0\n"),),
        (
            by(
                "platform/test_engine.py",
                "test_an_exhausted_pool_refuses_within_the_limit",
                "isinstance",
            ),
        ),
    ),
    Mutant(
        "a dead connection at hand",
        "A connection that the server has closed is handed out again",
        (
            Change(
                "app/db/connections.py",
                "        return time.monotonic() < self._ends_at and not self.driver.is_closed()\n",
                "        return time.monotonic() < self._ends_at\n",
            ),
        ),
        (
            by(
                "db/test_connections.py",
                "test_a_connection_that_died_at_hand_is_nobodys",
                "closed",
            ),
        ),
    ),
    Mutant(
        "liveness asks the database",
        "A database that is away makes whoever watches restart every process",
        (
            Change(
                "app/health/handlers.py",
                '    return {"status": "alive"}\n',
                '    await queries.find_state(context.session)\n    return {"status": "alive"}\n',
            ),
        ),
        (
            Notice(
                tests(LOST, f"{TOLD}[killed]"),
                "500",
            ),
        ),
    ),
    Mutant(
        "readiness as patient as requests",
        "Readiness waits for a silent database as long as a statement may",
        (Change("app/health/handlers.py", "PATIENCE = 1.5\n", "PATIENCE = 12.0\n"),),
        (
            Notice(
                tests(LOST, f"{TOLD}[silent]"),
                "seconds until readiness tells",
            ),
        ),
    ),
    Mutant(
        "a driver's broken state is a defect",
        "A connection that the server has given up is answered by 500",
        (Change("app/db/errors.py", "    asyncpg.InternalClientError,\n", ""),),
        (
            by(
                "db/test_errors.py",
                "test_a_connection_that_the_server_has_given_up_is_unavailable",
                "assert None is not None",
            ),
        ),
    ),
    Mutant(
        "a migration that waits for ever",
        "A migration waits for a lock, and everybody else behind it",
        (Change("app/db/migrate.py", "SET lock_timeout = '4s'; ", ""),),
        (
            by(
                "db/test_migrations.py",
                "test_a_migrator_waits_for_no_lock_and_no_statement_for_ever",
                "assert '0' == '4s'",
            ),
        ),
    ),
    Mutant(
        "what a library says, in the log",
        "The message of every exception is logged, with what the client had sent",
        (
            Change(
                "app/contract/failures.py",
                "detail=str(error) if isinstance(error, ContractBroken) else None,",
                "detail=str(error),",
            ),
        ),
        (by("contract/runtime/test_edge.py", "test_logs_hold_no_secret", "assert 'zqx9' not in"),),
    ),
    Mutant(
        "connections that end at once",
        "A worker that stops closes its idle connections at that moment",
        (
            Change(
                "app/closing.py",
                "self.loop.call_later(LAST_REQUESTS, self._close_if_idle)",
                "self._close_if_idle()",
            ),
        ),
        (
            by(
                "platform/test_server.py",
                "test_a_request_that_is_sent_while_a_worker_stops_is_answered",
                "RemoteDisconnected",
            ),
        ),
    ),
    Mutant(
        "a restore that signs people in",
        "Whoever was signed in when the backup was made is so after a restore",
        (Change("app/db/restore.py", "(END_SIGN_INS + COMMIT)", "(COMMIT)"),),
        (
            by(
                "chaos/test_restore_drill.py",
                "test_a_backup_made_under_load_restores_its_moment",
                MUST_BE_NONE,
            ),
        ),
    ),
    Mutant(
        "half a restore",
        "What was read of a backup is committed although reading it has failed",
        (
            Change(
                "app/db/restore.py",
                "        if reading.wait() == 0:\n",
                "        if reading.wait() >= 0:\n",
            ),
        ),
        (
            by(
                "platform/test_backup.py",
                "test_a_program_that_fails_between_two_statements_changes_nothing",
                'relation "kept" does not exist',
            ),
        ),
    ),
    Mutant(
        "a key that names several requests",
        "Another request with a key that was used gets the answer of the first",
        (
            Change(
                "app/db/idempotency.py",
                "    if fingerprint != claim.fingerprint:\n",
                "    if len(fingerprint) != len(claim.fingerprint):\n",
            ),
        ),
        (by(REPEATED, "test_a_key_names_one_request", "assert (201, '') == (422,"),),
    ),
    Mutant(
        "an answer that is not kept",
        "Whoever repeats a request with its key has it carried out again",
        (
            Change(
                "app/contract/idempotency.py",
                "        if outgoing.status >= HTTPStatus.BAD_REQUEST:\n",
                "        if outgoing.status >= HTTPStatus.OK:\n",
            ),
        ),
        (by(REPEATED, f"{ONCE}[create_post]", "AssertionError"),),
    ),
    Mutant(
        "an answer that is kept too late",
        "The answer is kept in a second transaction, a moment after that of the effect",
        (
            Change("app/db/idempotency.py", "import json\n", "import asyncio\nimport json\n"),
            Change(
                "app/db/idempotency.py",
                "        if not await context.session.execute(KEEP, values):\n",
                "        await context.session.commit()\n"
                "        await asyncio.sleep(0.2)\n"
                "        context.session._first = None\n"
                "        if not await context.session.execute(KEEP, values):\n",
            ),
        ),
        (
            by(
                "api/posts/test_repeating_create_post.py",
                "test_a_worker_that_is_killed_leaves_one_post_and_its_answer",
                "assert 500 in {409, 503}",
            ),
        ),
    ),
)
