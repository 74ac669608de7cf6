from __future__ import annotations

from html.parser import HTMLParser

import httpx2
import pytest

from app.contract import Document
from app.pages import problems
from tests.judge import DOCUMENT, faults_of

CATALOGUE = DOCUMENT["components"]["x-problems"]
OPERATIONS = Document(DOCUMENT).operations
HTML, JSON = {"accept": "text/html"}, {"accept": "application/json"}
SCHEMAS = [
    {"$ref": f"#/components/schemas/{n}"} for n in ("Problem", "InputProblem", "OAuthProblem")
]


def address(code: str) -> str:
    return f"/problems/{code.replace('_', '-')}"


class Reader(HTMLParser):
    """The text of a page and where its links lead; fails where tags are not closed in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text = ""
        self.links: list[str] = []
        self.open: list[str] = []
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.links += [value or "" for name, value in attributes if (tag, name) == ("a", "href")]
        if tag not in {"meta", "link"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def words(text: str) -> str:
    return " ".join(text.replace("`", "").split())


@pytest.mark.parametrize("code", CATALOGUE)
async def test_each_type_is_a_page_that_says_all_the_catalogue_says(
    code: str, http: httpx2.AsyncClient
) -> None:
    entry = CATALOGUE[code]
    page = await http.get(address(code), headers=HTML)
    read = Reader(page.text)

    assert page.status_code == 200
    for name in ("title", "detail", "description", "when", "remedy"):
        assert words(entry[name]) in words(read.text)
    links = {link.rpartition("/")[2] for link in read.links if link.startswith("/docs#/")}
    assert {o.id for o in OPERATIONS if code in o.problem_codes()} <= links


@pytest.mark.parametrize("code", CATALOGUE)
async def test_a_program_gets_the_entry_with_an_example_that_is_a_problem(
    code: str, http: httpx2.AsyncClient
) -> None:
    answer = await http.get(address(code), headers=JSON)
    entry = answer.json()

    assert answer.headers["content-type"] == "application/json"
    assert entry["type"] == address(code)
    assert entry.items() >= {n: CATALOGUE[code][n] for n in ("status", "title", "detail")}.items()
    example = entry["example"]
    assert (example["type"], example["code"]) == (address(code), code)
    assert any(faults_of(schema, example) == [] for schema in SCHEMAS)


async def test_the_index_lists_every_problem_once(http: httpx2.AsyncClient) -> None:
    page = Reader((await http.get("/problems", headers=HTML)).text)
    listed = (await http.get("/problems", headers=JSON)).json()["problems"]

    assert sorted(link for link in page.links if link.startswith("/problems/")) == sorted(
        address(code) for code in CATALOGUE
    )
    assert [entry["code"] for entry in listed] == list(CATALOGUE)


async def test_every_link_of_every_page_leads_somewhere(http: httpx2.AsyncClient) -> None:
    names = {operation.id for operation in OPERATIONS}
    seen = set()
    for path in ["/problems", *map(address, CATALOGUE)]:
        seen |= set(Reader((await http.get(path, headers=HTML)).text).links)

    for link in seen:
        place, _, fragment = link.partition("#")
        assert (await http.get(place)).status_code == 200, link
        assert not fragment or fragment.rpartition("/")[2] in names, link


def test_a_document_without_texts_has_pages_as_well() -> None:
    entry = {"status": 599, "title": "<Odd>", "detail": "A & B."}
    document = Document(
        {"openapi": "3.1.0", "paths": {}, "components": {"x-problems": {"a": entry}}}
    )
    page = problems.resources("S <1>", document)["/problems/a"].forms[0].body.decode()

    read = Reader(page)
    assert "<Odd>" in read.text
    assert "S <1>" in read.text
    assert "What it means" not in read.text
    assert "HTTP/1.1 599\n" in read.text
