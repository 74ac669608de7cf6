from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from app.db.engine import Database
from tests.conftest import settings_for


@pytest.fixture
async def own(migrated_url: str) -> AsyncIterator[Database]:
    """A database of the test's own, to break as it likes."""
    database = Database.create(settings_for(migrated_url), migrated_url)
    yield database
    await database.dispose()
