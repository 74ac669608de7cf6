"""`python -m sdk`: packages for any document, red when stale, one sentence where none can be."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sdk.__main__ import main
from sdk.client_document import UnusableError, client_document
from sdk.facts import Pages, Scheme, SignIn, read_facts
from sdk.generators import run_generator
from tests.processes import ROOT
from tests.sdk.conftest import BUNDLE, FACTS, TSC, Project, run
from tests.sdk.scripted import Answer, Asked, problem, scripted
from tests.sdk.shop import shop

PACKAGES = ROOT / "generated/sdk"
GADGET = {"name": "lamp", "size": "small", "colour": "red"}
PYTHON_CUSTOMER = """\
import sys
from corner_shop_sdk import Client, Problem
with Client(sys.argv[1], credentials={"key": "k"}) as client:
    print([gadget.name for gadget in client.pages.listGadgets.iterate()])
    try:
        client.gadget_store.store_gadget(name="fan", size="large")
    except Problem as error:
        print(error.code)
"""
TYPESCRIPT_CUSTOMER = """\
import { Client, Problem } from './index.js';
declare const process: { argv: string[] };
const client = new Client(process.argv[2]!, { credentials: { key: 'k' } });
const names: string[] = [];
for await (const { name } of client.pages.listGadgets()) names.push(name);
console.log(names);
const body = { name: 'fan', size: 'large' } as const;
await client.gadgetStore.storeGadget({ body }).catch((error: unknown) => {
  if (error instanceof Problem) console.log(error.code);
});
"""


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    """A copy of the packages, to let grow stale."""
    shutil.copytree(PACKAGES, tmp_path / "sdk")
    return tmp_path / "sdk"


def check(folder: Path, *arguments: str) -> int:
    return main(["--check", "--only", "python", "--out", str(folder), *arguments])


def made(document: Any, folder: Path, language: str) -> Path:
    """Write the package of a document, and return where it is."""
    source = folder / "document.json"
    source.write_text(json.dumps(document))
    assert main(["--document", str(source), "--out", str(folder / "sdk"), "--only", language]) == 0
    return folder / "sdk" / language


def test_the_packages_are_what_the_document_generates(node_project: Project) -> None:
    assert main(["--check"]) == 0


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (lambda sdk: (sdk / "python/README.md").write_text("Edited."), "python/README.md"),
        (lambda sdk: (sdk / "python/LICENSE").unlink(), "python/LICENSE"),
        (lambda sdk: (sdk / "python/src/old.py").write_text(""), "python/src/old.py"),
    ],
)
def test_an_edited_a_missing_and_a_forgotten_file_are_named(
    packages: Path,
    capsys: pytest.CaptureFixture[str],
    spoil: Callable[[Path], object],
    named: str,
) -> None:
    assert check(packages) == 0
    spoil(packages)

    assert check(packages) == 1
    said = capsys.readouterr().err
    assert (
        said == f"{packages / named} is not what generated/openapi.json generates: run make sdk\n"
    )


def test_a_change_of_the_document_makes_the_packages_stale(
    packages: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changed = json.loads(json.dumps(BUNDLE))
    changed["components"]["schemas"]["Health"]["properties"]["service"]["type"] = "integer"
    (tmp_path / "changed.json").write_text(json.dumps(changed))

    assert check(packages, "--document", str(tmp_path / "changed.json")) == 1
    assert "models.py is not what" in capsys.readouterr().err


def test_facts_are_read_from_the_document() -> None:
    facts = read_facts(shop())

    assert (facts.slug, facts.version, facts.sign_in) == ("corner-shop", "3.2.1", None)
    assert facts.schemes == (Scheme("key", "apiKey", "header", "X-Key"),)
    assert facts.pages == (
        Pages("listGadgets", "gadget-store", "/gadgets", "after", "/meta/next", "found"),
    )
    assert {problem.code for problem in FACTS.problems} == set(BUNDLE["components"]["x-problems"])


def test_signing_in_is_found_where_a_flow_says_so() -> None:
    document = shop()
    flow = {"tokenUrl": "/in", "refreshUrl": "/on", "scopes": {}}
    schemes = document["components"]["securitySchemes"]
    schemes["people"] = {"type": "oauth2", "flows": {"password": flow}}
    form: Any = {"properties": {"token": {}, "token_type_hint": {}}}
    content = {"application/x-www-form-urlencoded": {"schema": form}}
    document["paths"]["/out"] = {
        "post": {
            "operationId": "signOut",
            "tags": ["people"],
            "requestBody": {"content": content},
            "responses": {"200": {"description": "Out."}},
        }
    }
    facts = read_facts(document)

    assert facts.sign_in == SignIn("people", "/in", "/on", "/out")
    assert [scheme.name for scheme in facts.schemes] == ["key"]


def test_clients_read_types_without_rules_and_answers_that_may_grow() -> None:
    schemas = client_document(shop())["components"]["schemas"]

    assert schemas["Gadget"]["properties"] == {
        "name": {"type": "string"},
        "size": {"anyOf": [{"type": "string", "enum": ["small", "large"]}, {"type": "string"}]},
        "pattern": {"type": "string"},
    }
    assert schemas["Order"] == {
        "type": "object",
        "additionalProperties": False,
        "properties": {"kind": {"type": "string", "enum": ["rush"]}},
    }
    assert "additionalProperties" not in {**schemas["Gadget"], **schemas["Gadgets"]}
    assert "Unused" not in schemas


def test_a_file_of_a_form_is_bytes_for_clients_and_json_in_a_string_is_text() -> None:
    document = shop()
    document["components"]["schemas"]["Order"]["properties"] = {
        "picture": {"type": "string", "contentMediaType": "image/png"},
        "note": {"type": "string", "contentMediaType": "application/json"},
    }
    order = client_document(document)["components"]["schemas"]["Order"]

    assert order["properties"]["picture"] == {"type": "string", "format": "binary"}
    assert order["properties"]["note"] == {"type": "string", "contentMediaType": "application/json"}


def corner_shop(asked: Asked) -> Answer:
    """Two pages of gadgets for who has the key, and no room for more."""
    if asked.method == "PUT":
        return problem(507, "shelf_full")
    if asked.headers.get("x-key") != "k":
        return problem(401, "no_key")
    following = None if asked.path == "/gadgets?after=2" else "2"
    return Answer(200, {"found": [GADGET], "meta": {"next": following, "state": "closed"}})


def test_another_document_gets_the_same_python_package(tmp_path: Path, python_home: Path) -> None:
    package = made(shop(), tmp_path, "python")
    customer = tmp_path / "customer.py"
    customer.write_text(
        f"import sys; sys.path.insert(0, {str(package / 'src')!r})\n{PYTHON_CUSTOMER}"
    )

    with scripted(corner_shop) as server:
        said = run(python_home, "-W", "error", customer, server.url)

    assert said == "['lamp', 'lamp']\nshelf_full\n"
    assert not any(FACTS.slug in file.read_text() for file in package.rglob("*.py"))


def test_another_document_gets_the_same_typescript_package(
    tmp_path: Path, node_project: Project
) -> None:
    package = made(shop(), tmp_path, "typescript")
    (package / "src/customer.ts").write_text(TYPESCRIPT_CUSTOMER)
    run(TSC, "-p", package)

    with scripted(corner_shop) as server:
        said = run("node", package / "dist/customer.js", server.url)

    assert said == "[ 'lamp', 'lamp' ]\nshelf_full\n"
    assert not any(FACTS.slug in file.read_text() for file in package.rglob("src/**/*.ts"))


def without(*path: str) -> Any:
    document = shop()
    node = document
    for name in path[:-1]:
        node = node[name]
    del node[path[-1]]
    return document


def referring_to(reference: str) -> Any:
    """Return a document whose gadgets are something else, or nothing at all."""
    document = shop()
    found = document["components"]["schemas"]["Gadgets"]["properties"]["found"]
    found["items"] = {"$ref": reference} if "Meta" not in reference else {"type": "string"}
    return document


def titled(title: str) -> Any:
    document = shop()
    document["info"]["title"] = title
    return document


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        (without("paths", "/gadgets", "get", "operationId"), "GET /gadgets has no operationId"),
        (without("paths", "/gadgets", "put", "tags"), "PUT /gadgets has no tags"),
        (titled("2048"), "info.title '2048' gives no package name"),
        (referring_to("#/components/schemas/Ghost"), "#/components/schemas/Ghost leads nowhere"),
        (referring_to("shop.yaml#/Gadget"), "(shop.yaml#/Gadget): bundle them first"),
        (referring_to("Meta"), "have no name"),
        (["no", "document"], "is no OpenAPI document"),
        ({"openapi": "3.1.0"}, "is no OpenAPI document"),
    ],
)
def test_what_cannot_be_made_gets_one_sentence_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], document: Any, sentence: str
) -> None:
    source = tmp_path / "document.json"
    source.write_text(json.dumps(document))

    assert main(["--document", str(source), "--out", str(tmp_path / "sdk")]) == 1

    said = capsys.readouterr().err
    assert sentence in said
    assert said.count("\n") == 1
    assert not (tmp_path / "sdk").exists()


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (
            "echo one; echo 'Error: two' >&2; echo three >&2; exit 3",
            "nothing of it: Error: two",
        ),
        ("echo one; echo two; exit 3", "nothing of it: two"),
        ("exit 3", "nothing of it: it does not say why"),
    ],
)
def test_a_generator_that_fails_is_quoted_in_one_line(command: str, sentence: str) -> None:
    with pytest.raises(UnusableError, match=sentence):
        run_generator("it", ["sh", "-c", command], ROOT)


def test_a_generator_that_is_not_there_is_named() -> None:
    with pytest.raises(UnusableError, match="it needs no-such-program, which is not on the PATH"):
        run_generator("it", ["no-such-program"], ROOT)


@pytest.mark.parametrize("text", [None, "{", ""])
def test_a_document_that_cannot_be_read_gets_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str | None
) -> None:
    source = tmp_path / "document.json"
    if text is not None:
        source.write_text(text)

    assert main(["--document", str(source), "--out", str(tmp_path / "sdk")]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_a_machine_without_node_is_told_in_one_line(
    tmp_path: Path,
) -> None:
    for tool in ("sh", "dirname", "id"):
        found = shutil.which(tool)
        assert found is not None
        (tmp_path / tool).symlink_to(found)

    done = subprocess.run(
        ["sh", str(ROOT / "scripts/node.sh")],
        env={"PATH": str(tmp_path), "HOME": os.environ.get("HOME", "/")},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert done.stderr == (
        "The TypeScript package is left out: it needs Node 20.3 or newer and npm on the PATH.\n"
    )


def test_lock_files_name_no_registry() -> None:
    locks = [ROOT / "sdk/typescript/package-lock.json", ROOT / "requirements/sdk.lock"]

    for lock in locks:
        assert not {"resolved", "registry", "index-url", "find-links"} & words(lock)


def words(file: Path) -> set[str]:
    return set(re.findall(r"[a-z-]+", file.read_text()))
