"""A service of its own, with a database of its own, and a real browser in front of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.chromium import FLAGS, chromium, needs_no_sandbox
from tests.processes import serve

# In milliseconds; a machine may be busy.
expect.set_options(timeout=20_000)


@pytest.fixture(scope="session")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serve(tmp_path_factory.mktemp("browsed")) as served:
        yield served.url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """It keeps its profile in a new, empty folder.

    Playwright runs a loop of its own, which would be in the way of other modules' async tests.
    """
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(
            executable_path=chromium(), args=FLAGS, chromium_sandbox=not needs_no_sandbox()
        )
