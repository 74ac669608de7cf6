"""A visit to the running service with a browser, which notices whatever a page should not do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, WebError

SCREENSHOTS = Path(__file__).parents[2] / "reports/screenshots"
MEASURES = (Path(__file__).parent / "measures.js").read_text()
DESKTOP, PHONE = 1280, 390
OWN = ("data:", "blob:")
# Chromium says so of each answer from 400 on, which is for the page to show.
ANSWER = "Failed to load resource: the server responded with a status of "
Scheme = Literal["light", "dark"]


@dataclass
class Visit:
    """One browser window. `faults` are console errors, exceptions and requests to other hosts than
    that of `url` and those of `known`.
    """

    url: str
    page: Page
    look: str
    known: tuple[str, ...] = ()
    faults: list[str] = field(default_factory=list)

    def open(self, path: str, *, wait_for: str = "main") -> None:
        """Show a page, and wait until what `wait_for` selects is there and all has been loaded."""
        self.page.goto("about:blank")
        self.page.goto(f"{self.url}{path}")
        self.page.locator(wait_for).first.wait_for()
        self.page.wait_for_load_state("networkidle")

    def keep(self, name: str, *, whole: bool = False) -> None:
        """Keep a picture of what is seen."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        file = SCREENSHOTS / f"{name}-{self.look}.png"
        self.page.screenshot(path=file, full_page=whole, animations="disabled")

    def width(self) -> int:
        """How wide the page is, with what does not fit."""
        return int(self.page.evaluate("document.documentElement.scrollWidth"))

    def faint(self, least: float) -> list[str]:
        """Every text whose contrast with its ground (WCAG 2.2) is below `least`."""
        return [str(text) for text in self.page.evaluate(MEASURES, least)]

    def hear(self, message: ConsoleMessage) -> None:
        is_answer = message.text.startswith(ANSWER)
        if message.type == "error" and not is_answer:
            self.faults.append(f"console: {message.text}")

    def see(self, request: Request) -> None:
        if not request.url.startswith((self.url, *self.known, *OWN, "about:")):
            self.faults.append(f"request: {request.url}")

    def fail(self, error: WebError) -> None:
        self.faults.append(f"exception: {error.error}")


@contextmanager
def visiting(
    browser: Browser,
    url: str,
    *,
    scheme: Scheme = "light",
    width: int = DESKTOP,
    known: tuple[str, ...] = (),
) -> Iterator[Visit]:
    """Open a window, and fail at the end where a page has done what it should not."""
    size = {"width": width, "height": 900}
    with browser.new_context(color_scheme=scheme, viewport=size) as context:  # type: ignore[arg-type]
        visit = Visit(url, context.new_page(), f"{scheme}-{width}", known)
        context.on("console", visit.hear)
        context.on("request", visit.see)
        context.on("weberror", visit.fail)
        yield visit
        if visit.faults:
            raise AssertionError("\n".join(visit.faults))
