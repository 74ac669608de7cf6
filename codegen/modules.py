"""Which operations go into which module of the output, under names that clash with nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from app.contract.document import Document
from app.contract.model import Operation, snake_case
from codegen.naming import identifier, pascal_case, unique
from codegen.operations import Method, method_of
from codegen.shapes import Shapes
from codegen.types import names_in

# Modules of the output that a tag must not hide.
_RESERVED_MODULES = frozenset(
    {"schemas", "representations", "problems", "unimplemented", "webhooks", "sdk"}
)
# What a module may need, and where it comes from.
IMPORTS = {
    "AsyncIterator": "collections.abc",
    "Mapping": "collections.abc",
    "dataclass": "dataclasses",
    "date": "datetime",
    "datetime": "datetime",
    "Any": "typing",
    "ClassVar": "typing",
    "Literal": "typing",
    "Never": "typing",
    "Protocol": "typing",
    "TypeVar": "typing",
    "UUID": "uuid",
    "TypeAdapter": "pydantic",
    "Answer": "app.contract",
    "Call": "app.contract",
    "Precondition": "app.contract",
    "Router": "app.contract",
    "Upload": "app.contract",
}
OWN_NAMES = frozenset({*IMPORTS, "ContextT", "ActorT", "C", "A"})


@dataclass(slots=True)
class TagModule:
    """The operations of one tag, as a module of the output.

    `renamed` maps a model to the name it is imported by, where the module has its own name for
    something else.
    """

    tag: str
    name: str
    stem: str
    methods: list[Method]
    renamed: dict[str, str] = field(default_factory=dict)

    @property
    def api(self) -> str:
        """The name of the Protocol."""
        return f"{self.stem}Api"

    @property
    def router(self) -> str:
        """The name of the router."""
        return f"{self.stem}Router"

    @property
    def has_actors(self) -> bool:
        """Whether some operation looks at credentials."""
        return any(method.actor for method in self.methods)


def modules_of(document: Document, shapes: Shapes) -> list[TagModule]:
    """Return a module for each tag that an operation bears, in the order of the operations."""
    by_tag: dict[str, list[Operation]] = {}
    for operation in document.operations:
        by_tag.setdefault(operation.tag, []).append(operation)
    modules: list[TagModule] = []
    names, stems = set[str](), set[str]()
    for tag, operations in by_tag.items():
        name = identifier(snake_case(tag)) or "tag"
        name = unique(f"{name}_" if name in _RESERVED_MODULES else name, names)
        stem = unique(pascal_case(snake_case(tag)) or "Tag", stems)
        names.add(name)
        stems.add(stem)
        modules.append(_module(tag, name, stem, operations, shapes))
    return modules


def _module(
    tag: str, name: str, stem: str, operations: list[Operation], shapes: Shapes
) -> TagModule:
    taken = {*OWN_NAMES, f"{stem}Api", f"{stem}Router"}
    module = TagModule(tag, name, stem, [method_of(o, shapes, taken) for o in operations])
    classes = {one.name for method in module.methods for one in method.answers.classes}
    own = {module.api, module.router, "ContextT", "ActorT", "C", "A", *classes}
    used = {name for m in module.methods for a in m.annotations for name in names_in(a)}
    imported = {*shapes.models, *shapes.dictionaries.values()}
    for model in sorted(used & imported & (own | IMPORTS.keys())):
        module.renamed[model] = unique(f"{model}Model", {*own, *IMPORTS, *imported})
    if module.renamed:
        _rename(module)
    return module


def _rename(module: TagModule) -> None:
    for method in module.methods:
        returned = {one.name for one in method.answers.classes}
        renamed = {k: v for k, v in module.renamed.items() if k not in returned}
        method.arguments = [
            replace(
                argument,
                annotation=_renamed(argument.annotation, renamed),
                value=_renamed(argument.value, renamed),
                before=tuple(_renamed(line, renamed) for line in argument.before),
            )
            for argument in method.arguments
        ]
        for one in method.answers.classes:
            one.body = _renamed(one.body, module.renamed) if one.body else None
            one.dictionary = _renamed(one.dictionary, module.renamed) if one.dictionary else None


def _renamed(text: str, renamed: dict[str, str]) -> str:
    """Replace names outside of string literals."""
    pattern = r'"(?:[^"\\]|\\.)*"|' + "|".join(rf"\b{re.escape(name)}\b" for name in renamed)
    return re.sub(pattern, lambda found: renamed.get(found.group(), found.group()), text)
