"""What every test of the fault suite has: its figures, its seed, and a summary at the end."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Iterator

import pytest

from app.db.engine import Database
from tests.chaos.gate import SEED, Figures, form, stored, summary
from tests.chaos.stand import Stand, environment_for, lines_to_each_worker
from tests.chaos.wire import Line
from tests.conftest import Databases, settings_for
from tests.people import People
from tests.tools import may_be_missing


@pytest.fixture(autouse=True)
def figures(request: pytest.FixtureRequest) -> Iterator[Figures]:
    """A test that has measured nothing has shown nothing."""
    found = Figures(f"{request.node.path.name}::{request.node.name}")
    failed_before = request.session.testsfailed
    yield found
    passed = request.session.testsfailed == failed_before
    assert found.recorded or not passed or may_be_missing(), "this test has recorded no figure"


@pytest.fixture
def chance(request: pytest.FixtureRequest) -> random.Random:
    """The same choices for the same CHAOS_SEED."""
    print(f"CHAOS_SEED={SEED}")  # noqa: T201 - pytest shows it where the test fails
    return random.Random(f"{SEED} {request.node.name}")  # noqa: S311 - not a secret


@pytest.fixture(scope="session")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    """A service of two workers with a database of its own, as `make run` starts it."""
    with Stand(tmp_path_factory.mktemp("own")) as stand:
        yield stand


@pytest.fixture(scope="session")
async def shared(
    tmp_path_factory: pytest.TempPathFactory, databases: Databases
) -> AsyncIterator[Stand]:
    """A service of two workers for all tests that leave it whole."""
    settings = environment_for(await databases.create())
    with Stand(tmp_path_factory.mktemp("shared"), **settings) as stand:
        yield stand


@pytest.fixture(scope="session")
async def looking(shared: Stand) -> AsyncIterator[Database]:
    """A way of one's own into its database."""
    database = Database.create(settings_for(shared.url), shared.url)
    yield database
    await database.dispose()


@pytest.fixture
async def crowd(shared: Stand, looking: Database) -> People:
    """Whoever a test needs, in the database of `shared`, where nobody else is left."""
    crowd = People(settings_for(shared.url), looking)
    await crowd.clear()
    return crowd


@pytest.fixture
def lines(shared: Stand) -> Iterator[list[Line]]:
    """Fifty connections, one half to each worker. A test may use the first few of them."""
    opened = lines_to_each_worker(shared, 50)
    yield opened
    for line in opened:
        line.socket.close()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    terminalreporter.section(f"reliability, {form()} form, CHAOS_SEED={SEED}")
    for line in summary(stored()):
        terminalreporter.write_line(line)
