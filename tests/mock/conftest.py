from __future__ import annotations

from collections.abc import Iterator

import httpx2
import pytest

from tests.mock.mocks import mocking


@pytest.fixture(scope="session")
def mock() -> Iterator[httpx2.Client]:
    """The mock of our document in a process of its own. It keeps nothing, so all tests share it."""
    with mocking() as client:
        yield client
