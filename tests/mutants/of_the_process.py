"""The process and its surroundings: stopping, workers, proxies, the releases that are installed."""

from __future__ import annotations

from tests.mutants.checks import by
from tests.mutants.mutant import Change, Mutant

SERVER = "app/server.py"
LIMITS = "platform/test_limits.py"

MUTANTS = (
    Mutant(
        "a stop that waits for ever",
        "A service that stops waits for a client who never reads",
        (
            Change(
                SERVER,
                "timeout_graceful_shutdown=GRACEFUL_SECONDS,",
                "timeout_graceful_shutdown=None,",
            ),
        ),
        (
            by(
                "platform/test_stopping.py",
                "test_a_client_who_never_reads_does_not_keep_the_service_from_stopping",
                "TimeoutExpired",
            ),
        ),
    ),
    Mutant(
        "a worker that is not replaced",
        "A worker that was killed is missed for good",
        (
            Change(
                SERVER,
                "    supervisor.run()\n",
                "    supervisor.keep_subprocess_alive = lambda: None\n    supervisor.run()\n",
            ),
        ),
        (
            by(
                "chaos/test_restarts.py",
                "test_a_worker_that_is_killed_is_replaced",
                "AssertionError",
            ),
        ),
    ),
    Mutant(
        "an address of one's own choice",
        "Whoever sends `X-Forwarded-For` is at the address that it names",
        (
            Change(
                SERVER,
                "forwarded_allow_ips=settings.forwarded_allow_ips,",
                'forwarded_allow_ips="*",',
            ),
        ),
        (
            by(
                LIMITS,
                "test_whoever_is_no_proxy_cannot_choose_an_address",
                "At index 10 diff: 401 != 429",
            ),
        ),
    ),
    Mutant(
        "U+0000 at the gate",
        "The gate takes a text without U+0000 for any text",
        (
            Change(
                "app/contract/schema.py",
                "        _bound_integers(schema)\n        if narrows_times:\n",
                "        _bound_integers(schema)\n"
                '        if schema.get("pattern") == "^[^\\\\u0000]*$":\n'
                '            del schema["pattern"]\n'
                "        if narrows_times:\n",
            ),
        ),
        (
            by(
                "contract/runtime/test_probes.py",
                "test_values_are_what_json_schema_says",
                "assert 200 == 422",
            ),
        ),
    ),
    Mutant(
        "older tables are good enough",
        "Readiness does not notice that a backup with older tables was restored",
        (
            Change(
                "app/health/handlers.py",
                "    if state.migration is None or state.migration in superseded():\n",
                "    if state.migration is None:\n",
            ),
        ),
        (
            by(
                "api/health/test_get_readiness.py",
                "test_tables_of_an_older_version_are_noticed_by_a_service_that_runs",
                "At index 1 diff: 200 != 503",
            ),
            by(
                "db/test_older_tables.py",
                "test_older_tables_make_the_service_unready_and_no_answer_undeclared",
                "- database_not_migrated",
            ),
        ),
    ),
    Mutant(
        "a migration that former code cannot live with",
        "The newest migration renames a column that the code before it reads",
        (
            Change(
                "alembic/versions/20261125_idempotency_keys.py",
                "def upgrade() -> None:\n",
                "def upgrade() -> None:\n"
                '    op.alter_column("posts", "title", new_column_name="headline")\n',
            ),
        ),
        (
            by(
                "db/test_migrations.py",
                "test_each_revision_goes_up_down_and_up_again",
                "Code from before this revision runs on its tables",
            ),
        ),
    ),
    Mutant(
        "a floor that is lowered",
        "Who installs without the lock files may get a PyJWT with a known hole",
        (Change("pyproject.toml", '"pyjwt>=2.15"', '"pyjwt>=2.12"'),),
        (
            by(
                "supply/test_floors.py",
                "test_no_bound_admits_a_release_below_its_floor",
                "pyjwt 2.12: a deep payload",
            ),
        ),
    ),
    Mutant(
        "a release with a hole",
        "The lock file names a Starlette that ignores the limits of forms",
        (Change("requirements/serve.lock", "starlette==1.10.0 ", "starlette==1.2.0 "),),
        (
            by(
                "supply/test_floors.py",
                "test_nothing_is_locked_below_its_floor",
                "starlette 1.2.0: CVE-2026-54283",
            ),
        ),
    ),
)
