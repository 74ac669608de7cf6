"""The Python package: models and operations by datamodel-code-generator, the layer above them."""

from __future__ import annotations

import json
import re
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sdk.client_document import UnusableError, client_document, operations, resolve
from sdk.facts import Facts, Pages
from sdk.generators import run_generator
from sdk.readme import filled, readme
from sdk.written import docstring, problems_module, template_values

Json = Any

HERE = Path(__file__).parent / "python"
LICENCE = Path(__file__).parents[1] / "LICENSE"
OPTIONS = (
    "--input-file-type=openapi",
    "--output-model-type=pydantic_v2.BaseModel",
    "--target-python-version=3.11",
    "--target-pydantic-version=2.14",
    "--openapi-scopes=schemas",
    "--openapi-scopes=api",
    "--formatters=builtin",
    "--use-annotated",
    "--use-missing-sentinel",
    "--strict-nullable",
    "--snake-case-field",
    "--disable-timestamp",
    "--field-extra-keys-without-x-prefix=x-repr",
    "--generate-client=httpx2",
    "--client-body-arguments=both",
    "--client-server-base-url=http://localhost",
)
SECRET = re.compile(r"(^|_)(password|secret|token)$")
CALL = re.compile(r'(?m)^ {8}"""\n {8}Call ([A-Z]+) (.+)\.\n {8}"""$')


def python_package(document: Json, facts: Facts) -> dict[str, bytes]:
    """Return the package's files by their path in its folder. Raises UnusableError."""
    module = f"{facts.slug.replace('-', '_')}_sdk"
    source = f"src/{module}"
    values = template_values(facts, module)
    texts = {
        "pyproject.toml": filled(HERE / "pyproject.toml.in", values),
        "README.md": readme(HERE, document, values, camelled=False),
        f"{source}/__init__.py": filled(HERE / "__init__.py.in", values),
        f"{source}/_document.py": filled(HERE / "_document.py.in", values),
        f"{source}/problems.py": problems_module(facts),
        f"{source}/py.typed": "",
        "LICENSE": LICENCE.read_text(),
    }
    layer = {file.name: file.read_text() for file in sorted((HERE / "layer").glob("*.py"))}
    inner = {**layer, **_generated(document, facts, module)}
    texts |= {f"{source}/{name}": text for name, text in inner.items()}
    return {name: text.encode() for name, text in texts.items()}


def _generated(document: Json, facts: Facts, module: str) -> dict[str, str]:
    reduced = client_document(document)
    _hide_secrets(reduced)
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        (work / "document.json").write_text(json.dumps(reduced))
        (work / "pages.json").write_text(json.dumps(_page_helpers(document, facts)))
        _run_generator(work, module, with_pages=bool(facts.pages))
        texts = {
            str(file.relative_to(work / module)): file.read_text()
            for file in sorted((work / module).rglob("*.py"))
        }
    summaries = _summaries(document)
    return {name: _improved(text, summaries) for name, text in texts.items()}


def _run_generator(work: Path, module: str, *, with_pages: bool) -> None:
    command = [
        *(sys.executable, "-m", "datamodel_code_generator", *OPTIONS),
        *("--input", "document.json", "--output", f"{module}/models.py"),
        *("--client-output", f"{module}/api", "--client-package", f"{module}.api"),
        *("--client-model-package", f"{module}.models"),
        *(("--client-protocols", "pages.json") if with_pages else ()),
    ]
    (work / module).mkdir()
    run_generator("datamodel-code-generator", command, work)


def _hide_secrets(node: Json) -> None:
    """Keep what is a secret by its name out of the `repr` of models."""
    if isinstance(node, list):
        for value in node:
            _hide_secrets(value)
    elif isinstance(node, dict):
        for name, value in node.get("properties", {}).items():
            if SECRET.search(name) and value.get("type") == "string":
                value["x-repr"] = False
        for value in node.values():
            _hide_secrets(value)


def _page_helpers(document: Json, facts: Facts) -> Json:
    return {pages.operation: _page_helper(document, pages) for pages in facts.pages}


def _page_helper(document: Json, pages: Pages) -> Json:
    escaped = pages.path.replace("~", "~0").replace("/", "~1")
    operation = document["paths"][pages.path]["get"]
    return {
        "kind": "pagination",
        "operation": f"/paths/{escaped}/get",
        "items": {"from": "body", "pointer": f"/{pages.items}"},
        "item_schema": {"pointer": _item_pointer(document, operation, pages)},
        "continuation": {
            "kind": "cursor",
            "read": {"from": "body", "pointer": pages.pointer},
            "write": {"in": "query", "name": pages.parameter},
            "end": [{"kind": "null"}],
            "empty_string": "end",
        },
    }


def _item_pointer(document: Json, operation: Json, pages: Pages) -> str:
    answer = resolve(document, operation["responses"]["200"])
    schema = resolve(document, answer["content"]["application/json"]["schema"])
    items = schema["properties"][pages.items]["items"]
    if "$ref" not in items:
        raise UnusableError(
            f"The entries of {pages.operation} have no name: put their schema into "
            "components.schemas and refer to it."
        )
    reference: str = items["$ref"]
    return reference.removeprefix("#")


def _summaries(document: Json) -> dict[tuple[str, str], str]:
    return {
        (method.upper(), path): "\n\n".join(
            [operation.get("summary", operation["operationId"]), operation.get("description", "")]
        )
        for path, method, operation in operations(document)
    }


def _improved(text: str, summaries: Mapping[tuple[str, str], str]) -> str:
    """Put the document's words in place of the generator's, and lists that go on under `pages`."""

    def described(call: re.Match[str]) -> str:
        text = summaries.get((call[1], call[2]))
        return (
            call[0]
            if text is None
            else docstring(f"{text.strip()}\n\n`{call[1]} {call[2]}`\n", " " * 8)
        )

    return CALL.sub(described, text).replace("def protocols(self)", "def pages(self)")
