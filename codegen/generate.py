"""From a document to the files of the output, all in memory."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.contract.document import Document
from app.contract.grammar import schemas as schemas_of
from app.contract.schema import Direction, executable
from codegen import (
    complete,
    problems,
    representations,
    routers,
    schemas,
    serialize,
    unimplemented,
    validate,
    webhooks,
)
from codegen.bundle import Bundle, bundle
from codegen.findings import RefusedError
from codegen.modules import TagModule, modules_of
from codegen.shapes import Shapes
from codegen.uploads import uploads


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asks for."""

    add_problems: bool = False
    unimplemented: bool = False
    allow_invalid_examples: bool = False
    without: tuple[str, ...] = ()
    stream: tuple[str, ...] = ()


def generate(
    path: Path, options: Options, tell: Callable[[str], None] = lambda _: None
) -> tuple[dict[str, bytes], Bundle]:
    """Return the files of the output and the bundle; raises RefusedError with every finding.

    `tell` is told of each step before it is taken.
    """
    tell("reading the document")
    read = bundle(path)
    try:
        document = prepared(read, options)
    except RefusedError as refusal:
        raise validate.refusal(read, refusal.findings) from None
    tell(f"checking {len(document.operations)} operations")
    validate.check(
        read,
        document,
        allow_invalid_examples=options.allow_invalid_examples,
        unimplemented=options.unimplemented,
    )
    return files_of(read, document, options, tell), read


def prepared(read: Bundle, options: Options) -> Document:
    """Change the bundle as `options` want it, and return it as a document."""
    fill_enumerations(read.source)
    complete.leave_out(read.source, options.without)
    complete.stream(read.source, options.stream)
    document = validate.read(read)
    if not options.add_problems:
        return document
    complete.add_problems(read.source)
    return validate.read(read)


def files_of(
    read: Bundle, document: Document, options: Options, tell: Callable[[str], None]
) -> dict[str, bytes]:
    """Return the files of the output by name."""
    shapes = Shapes(both_ways(read.source, is_3_0=document.is_3_0), uploads(document))
    modules = modules_of(document, shapes)
    hooks, calls = webhooks.payloads(document, shapes)
    names = problems.class_names(document)
    served = serialize.to_json(read.source)
    files = {
        "openapi.json": served,
        "openapi.yaml": serialize.to_yaml(read.source),
        "__init__.py": package(modules, hashlib.sha256(served).hexdigest()).encode(),
        "problems.py": problems.render(document, names).encode(),
    }
    tell(f"writing {len(modules)} modules")
    for module in modules:
        text = routers.render(module, document, shapes, names)
        files[f"{module.name}.py"] = text.encode()
    if hooks or calls:
        files["webhooks.py"] = webhooks.render(hooks, calls, shapes).encode()
    if options.unimplemented:
        files["unimplemented.py"] = unimplemented.render(modules).encode()
    if shapes.dictionaries:
        files["representations.py"] = representations.render(shapes).encode()
    tell(f"writing {len(shapes.models)} models")
    return files | {"schemas.py": schemas.render(shapes).encode()}


def fill_enumerations(source: dict[str, Any]) -> None:
    """Put the codes of the catalogue where the source says `x-enum-of: problems`."""
    components = source.get("components", {})
    codes = list(components.get("x-problems", {})) if isinstance(components, dict) else []
    for _, schema in list(schemas_of(source)):
        if schema.get("x-enum-of") == "problems":
            members = {("enum" if k == "x-enum-of" else k): v for k, v in schema.items()}
            schema.clear()
            schema.update(members | {"enum": codes})


def both_ways(source: dict[str, Any], *, is_3_0: bool) -> dict[str, Any]:
    """Return the executable schemas, with those members required that are so in both directions."""
    asked = executable(source, Direction.REQUEST, is_3_0=is_3_0)
    answered = executable(source, Direction.RESPONSE, is_3_0=is_3_0)
    pairs = zip(schemas_of(asked), schemas_of(answered), strict=True)
    for (_, schema), (_, other) in pairs:
        if "required" in schema:
            schema["required"] = [n for n in schema["required"] if n in other["required"]]
    return asked


def package(modules: list[TagModule], digest: str) -> str:
    """Return the text of __init__.py."""
    names = ", ".join(sorted(f"`{module.name}`" for module in modules))
    return "\n".join(
        [
            '"""What the document generates; the modules of its tags are named below.',
            "",
            f"Tags: {names}. Generated by codegen; not to be edited.",
            '"""',
            "",
            "from pathlib import Path",
            "",
            'DOCUMENT = Path(__file__).with_name("openapi.json")',
            f'CONTRACT_DIGEST = "sha256:{digest}"',
            "",
        ]
    )
