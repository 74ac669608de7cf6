"""The TypeScript package as a page of another origin loads it: as it was built, not bundled."""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.visit import visiting
from tests.processes import ROOT, serve

PROGRAM = Path(__file__).parent / "program"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as it is declared
        """Say nothing."""


@contextmanager
def standing_by(folder: Path) -> Iterator[str]:
    """Serve a folder, from an origin that is not the service's."""
    handler = partial(Quiet, directory=folder)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A page with the package beside it, as the tarball has it."""
    ready = subprocess.run(
        ["sh", "scripts/node.sh"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if ready.returncode:
        pytest.skip(ready.stderr.strip().splitlines()[-1])
    subprocess.run(["sh", ROOT / "scripts/packages.sh", tmp_path, "typescript"], check=True)
    (tarball,) = tmp_path.glob("*.tgz")
    folder = shutil.copytree(PROGRAM, tmp_path / "site")
    subprocess.run(["tar", "-xzf", tarball, "-C", folder], check=True)
    return folder


def test_a_page_of_another_origin_signs_in_writes_lists_and_sees_typed_problems(
    site: Path, browser: Browser, tmp_path: Path
) -> None:
    with (
        standing_by(site) as origin,
        serve(tmp_path, {"CORS_ORIGINS": origin}) as served,
        visiting(browser, origin, known=(served.url,)) as visit,
    ):
        visit.open(f"/?{quote(served.url, safe='')}", wait_for="main p")

        expect(visit.page.locator("main p")).to_have_text(
            "409 email_taken; Ideals, revised; 422 #/title 32"
        )
