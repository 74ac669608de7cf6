"""What a person does on the Swagger page: sign in, open an operation, try it, read the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from tests.client import OPERATIONS


@dataclass(frozen=True)
class Tried:
    """An answer: its status, what the page shows of it, and the body that came."""

    status: int
    shown: str
    body: str


def sign_in(page: Page, username: str, password: str) -> Locator:
    """Fill in the dialog and send it; returns the dialog, which stays open."""
    dialog = page.locator(".modal-ux")
    if dialog.count() == 0:
        page.locator(".auth-wrapper .authorize").click()
    dialog.get_by_label("username:").fill(username)
    dialog.get_by_label("password:").fill(password)
    dialog.get_by_role("button", name="Apply given OAuth2 credentials").click()
    return dialog


def signed_in(page: Page, username: str, password: str) -> None:
    """Sign in, see it succeed, and close the dialog."""
    dialog = sign_in(page, username, password)
    expect(dialog.get_by_text("Logout")).to_be_visible()
    dialog.locator(".btn-done").click()


def try_out(
    page: Page,
    operation: str,
    *,
    path: Mapping[str, int] | None = None,
    body: str | None = None,
    stay: bool = False,
) -> Tried:
    """Send a request; whatever is not given stays as the page has filled it in.

    The block is closed again unless it is to `stay` open.
    """
    block = block_of(page, operation)
    for name, value in (path or {}).items():
        block.locator(f'tr[data-param-name="{name}"][data-param-in="path"] input').fill(str(value))
    if body is not None:
        block.locator("textarea.body-param__text").fill(body)
    with page.expect_response(lambda response: response.request.resource_type == "fetch") as came:
        block.get_by_role("button", name="Execute").click()
    row = block.locator(".live-responses-table tbody tr").first
    expect(row.locator(".response-col_status")).to_contain_text(str(came.value.status))
    shown = row.locator(".response-col_description").inner_text()
    if not stay:
        block.locator(".opblock-summary-control").click()
    return Tried(came.value.status, shown, came.value.text())


def block_of(page: Page, operation: str) -> Locator:
    """Return the block of an operation, opened and ready to be tried."""
    tag = OPERATIONS[operation][2]["tags"][0]
    block = page.locator(f"#operations-{tag}-{operation}")
    if "is-open" not in (block.get_attribute("class") or ""):
        block.locator(".opblock-summary-control").click()
        button = block.locator(".try-out__btn").first
        if button.inner_text() == "Try it out":
            button.click()
    return block
