from __future__ import annotations

import re

import httpx2
import pytest

from app.pages import assets

PAGES = ["/docs", "/redoc", "/problems", "/problems/not-found"]
FILES = sorted(assets.resources())
SUBRESOURCE = re.compile(r'<(?:script src|link rel="[a-z]+" href)="([^"]+)"')


@pytest.mark.parametrize("path", [*PAGES, *FILES])
async def test_what_a_client_has_already_is_not_sent_again(
    path: str, http: httpx2.AsyncClient
) -> None:
    first = await http.get(path)
    again = await http.get(path, headers={"if-none-match": f'"other", {first.headers["etag"]}'})
    other = await http.get(path, headers={"if-none-match": '"other"'})

    assert (first.status_code, again.status_code, other.status_code) == (200, 304, 200)
    assert first.headers["cache-control"] == "no-cache"
    assert (again.content, again.headers["etag"]) == (b"", first.headers["etag"])
    assert other.content == first.content


@pytest.mark.parametrize("path", [*PAGES, *FILES])
async def test_head_has_the_headers_of_get_and_no_content(
    path: str, http: httpx2.AsyncClient
) -> None:
    asked, got = await http.head(path), await http.get(path)

    def fixed(answer: httpx2.Response) -> dict[str, str]:
        return {n: v for n, v in answer.headers.items() if n not in {"x-request-id", "date"}}

    assert (asked.status_code, asked.content) == (200, b"")
    assert fixed(asked) == fixed(got)


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_loads_files_of_this_service_only_and_may_do_nothing_else(
    path: str, http: httpx2.AsyncClient
) -> None:
    page = await http.get(path)
    policy = dict(
        part.strip().split(" ", 1) for part in page.headers["content-security-policy"].split(";")
    )

    for address in SUBRESOURCE.findall(page.text):
        assert (await http.get(address)).status_code == 200
    assert re.search(r"<style|<script>|style=|\bon[a-z]+=|https?:", page.text) is None
    assert policy["default-src"] == policy["base-uri"] == policy["form-action"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in page.headers["content-security-policy"]
    assert page.headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("path", PAGES)
async def test_a_trailing_slash_makes_no_difference(path: str, http: httpx2.AsyncClient) -> None:
    assert (await http.get(f"{path}/")).content == (await http.get(path)).content


@pytest.mark.parametrize(
    "path", ["/docs/x", "/problems/x", "/problems/not_found", "/pages", "/docs//"]
)
async def test_what_does_not_exist_is_the_problem_that_it_always_is(
    path: str, http: httpx2.AsyncClient
) -> None:
    answer = await http.get(path)

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("path", PAGES)
async def test_other_methods_are_refused_with_those_there_are(
    path: str, http: httpx2.AsyncClient
) -> None:
    refused, asked = await http.post(path), await http.options(path)

    assert (refused.status_code, refused.json()["code"]) == (405, "method_not_allowed")
    assert (asked.status_code, asked.content) == (204, b"")
    assert refused.headers["allow"] == asked.headers["allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize(
    ("accept", "answered"),
    [
        ("*/*", "text/html"),
        ("application/json", "application/json"),
        ("application/json, text/html;q=0.9", "application/json"),
        ("text/html,application/xml;q=0.9,*/*;q=0.8", "text/html"),
    ],
)
async def test_a_problem_is_told_in_the_form_that_is_preferred(
    accept: str, answered: str, http: httpx2.AsyncClient
) -> None:
    answer = await http.get("/problems/invalid-input", headers={"accept": accept})

    assert answer.headers["content-type"].partition(";")[0] == answered
    assert answer.headers["vary"] == "Accept"


async def test_a_form_that_there_is_not_is_refused(http: httpx2.AsyncClient) -> None:
    answer = await http.get("/problems/invalid-input", headers={"accept": "image/png"})

    assert (answer.status_code, answer.json()["code"]) == (406, "not_acceptable")
    assert answer.headers["vary"] == "Accept"
