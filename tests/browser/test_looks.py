from __future__ import annotations

from typing import NamedTuple

import pytest
from playwright.sync_api import Browser

from tests.browser.visit import DESKTOP, PHONE, Scheme, visiting
from tests.client import OPERATIONS

OPERATION = ".opblock"


class Place(NamedTuple):
    """A page, and what is there once it has been drawn."""

    name: str
    path: str
    drawn: str = "main h1"


PAGES = [
    Place("index", "/"),
    Place("problems", "/problems"),
    Place("problem", "/problems/invalid-input"),
    Place("swagger", "/docs", OPERATION),
    Place("redoc", "/redoc", "#docs [data-section-id]"),
]
OUR_OWN = PAGES[:3]
LOOKS = [("light", DESKTOP), ("dark", DESKTOP), ("light", PHONE), ("dark", PHONE)]
# What WCAG 2.2 asks of text (AA), and what it asks of large text.
READABLE, VISIBLE = 4.5, 3.0
GROUND = """[document.documentElement, document.body]
    .map((element) => getComputedStyle(element).backgroundColor).join()"""


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
@pytest.mark.parametrize("place", PAGES, ids=lambda place: place.name)
def test_a_page_is_drawn_without_faults_and_fits_its_window(
    place: Place, scheme: Scheme, width: int, browser: Browser, url: str
) -> None:
    with visiting(browser, url, scheme=scheme, width=width) as visit:
        visit.open(place.path, wait_for=place.drawn)
        visit.keep(place.name)

        assert visit.width() == width
        if place in OUR_OWN or scheme == "dark":
            assert visit.faint(READABLE if place in OUR_OWN else VISIBLE) == []


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_an_operation_is_readable_while_it_is_tried(
    scheme: Scheme, width: int, browser: Browser, url: str
) -> None:
    with visiting(browser, url, scheme=scheme, width=width) as visit:
        visit.open("/docs#/posts/list_posts", wait_for=".opblock.is-open")
        block = visit.page.locator(".opblock.is-open")
        block.get_by_role("button", name="Try it out").click()
        block.get_by_role("button", name="Execute").click()
        block.locator(".live-responses-table").wait_for()
        block.scroll_into_view_if_needed()
        visit.keep("swagger-operation")

        assert visit.width() == width
        if scheme == "dark":
            assert visit.faint(VISIBLE) == []


def test_redoc_shows_every_operation_and_finds_one(browser: Browser, url: str) -> None:
    with visiting(browser, url) as visit:
        visit.open("/redoc", wait_for="#docs [data-section-id]")
        shown = visit.page.locator("[id^='operation/'], [id*='/operation/']")
        visit.page.get_by_placeholder("Search...").fill("Write a post")
        visit.page.locator("[role=search] [role=menuitem]").first.wait_for()
        visit.keep("redoc-search")

        assert shown.count() >= len(OPERATIONS)


@pytest.mark.parametrize("place", PAGES, ids=lambda place: place.name)
def test_a_page_follows_when_night_falls(place: Place, browser: Browser, url: str) -> None:
    with visiting(browser, url) as visit:
        visit.open(place.path, wait_for=place.drawn)
        by_day = visit.page.evaluate(GROUND)
        visit.page.emulate_media(color_scheme="dark")

        visit.page.wait_for_function(f"(by_day) => {GROUND} !== by_day", arg=by_day)
