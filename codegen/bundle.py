"""One document made of several files: every reference of it starts with `#/`.

What another file keeps under `#/components/<section>/<Name>` moves to the same place of the bundle,
path items are put where they are referred to, and any other target becomes a component named
after the last token of its pointer. Key order is that of the sources.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from app.contract import pointers
from app.contract.grammar import OBJECTS, is_extension, objects
from app.contract.pointers import child, tokens_of
from codegen.files import Files, Place
from codegen.findings import Finding, RefusedError
from codegen.load import line_of

SECTIONS = {
    "schema": "schemas",
    "response": "responses",
    "parameter": "parameters",
    "example": "examples",
    "body": "requestBodies",
    "header": "headers",
    "security_scheme": "securitySchemes",
    "link": "links",
    "callback": "callbacks",
}
KINDS = {section: kind for kind, section in SECTIONS.items()} | {"pathItems": "path_item"}


@dataclass(slots=True)
class Bundle:
    """One document, and where each part of it came from."""

    source: dict[str, Any]
    files: Files
    origins: dict[str, Place] = field(default_factory=dict)
    warnings: list[Finding] = field(default_factory=list)

    def locate(self, finding: Finding) -> Finding:
        """Return a finding about the bundle as one about the file that a person can edit."""
        if finding.file:
            return finding
        tokens = tokens_of(finding.pointer)
        for length in range(len(tokens), -1, -1):
            origin = self.origins.get(child("#", *tokens[:length]))
            if origin is not None:
                pointer = child(origin.pointer, *tokens[length:])
                line = line_of(origin.file, pointer)
                return Finding(pointer, finding.reason, self.files.name(origin.file), line)
        return finding


def bundle(path: Path) -> Bundle:
    """Read the document at `path` with all files that it refers to; may raise RefusedError."""
    return _Bundler(path.resolve()).run()


def add_response_headers(source: dict[str, Any]) -> None:
    """Put the headers of `x-response-headers` into each response of an operation, in place. What a
    response declares itself stays as it is.
    """
    everywhere = source.pop("x-response-headers", None)
    if not everywhere:
        return
    for kind, pointer, node in list(objects(source)):
        if kind == "response" and "$ref" not in node and not pointer.startswith("#/webhooks/"):
            own = node.setdefault("headers", {})
            own.update((name, header) for name, header in everywhere.items() if name not in own)


class _Bundler:
    """Copies the root document and, as references lead there, parts of other files."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._files = Files(root)
        self._origins: dict[str, Place] = {}
        self._components: dict[tuple[str, str], Place] = {}
        self._findings: list[Finding] = []
        self._kept: list[Finding] = []

    def run(self) -> Bundle:
        place = Place(self._root, "#")
        source = self._files.content(self._root)
        if not isinstance(source, dict):
            raise RefusedError([Finding("#", "the document is not an object", self._root.name)])
        self._origins["#"] = place
        copied = self._members(source, "document", place, "#")
        self._move_components(copied)
        add_response_headers(copied)
        warnings = [*self._kept, *self._files.unreached()]
        self._findings += [w for w in warnings if w.pointer.startswith("#/paths/")]
        if self._findings:
            raise RefusedError(self._findings)
        return Bundle(copied, self._files, self._origins, warnings)

    def _object(self, node: Any, kind: str, place: Place, at: str) -> Any:
        """Copy one object of the document; `at` is where it will stand in the bundle."""
        if not isinstance(node, dict):
            return node
        if isinstance(node.get("$ref"), str):
            return self._reference(node, kind, place, at)
        return self._members(node, kind, place, at)

    def _members(self, node: dict[str, Any], kind: str, place: Place, at: str) -> dict[str, Any]:
        shapes = OBJECTS[kind]
        copied: dict[str, Any] = {}
        for name, value in node.items():
            inside, below = place / name, child(at, name)
            if kind == "callback" and not name.startswith("x-"):
                copied[name] = self._object(value, "path_item", inside, below)
            elif name in shapes:
                copied[name] = self._shaped(value, shapes[name], inside, below)
            elif name == "x-problems" and isinstance(value, dict):
                copied[name] = self._inlined(value, kind, inside, below)
            elif name == "discriminator" and kind == "schema":
                copied[name] = self._discriminator(value, inside)
            else:
                copied[name] = value
        return copied

    def _shaped(self, value: Any, shape: str, place: Place, at: str) -> Any:
        if shape[0] == "*" and isinstance(value, dict):
            return {
                name: entry
                if is_extension(name, shape, at)
                else self._object(entry, shape[1:], place / name, child(at, name))
                for name, entry in value.items()
            }
        if shape[0] == "+" and isinstance(value, list):
            return [
                self._object(entry, shape[1:], place / index, child(at, index))
                for index, entry in enumerate(value)
            ]
        return self._object(value, shape, place, at) if shape[0] not in "*+" else value

    def _reference(self, node: dict[str, Any], kind: str, place: Place, at: str) -> Any:
        target = self._target(node["$ref"], place)
        if target is None:
            return node
        if kind not in SECTIONS and (target.file != self._root or kind != "path_item"):
            return self._inlined(node, kind, place, at)
        rest = {name: value for name, value in node.items() if name != "$ref"}
        moved = {"$ref": self._moved(target, kind, place)}
        return moved | self._members(rest, kind, place, at) if rest else moved

    def _inlined(self, node: dict[str, Any], kind: str, place: Place, at: str) -> Any:
        """Put what a reference means in its place, where the bundle has no component for it."""
        if not isinstance(node.get("$ref"), str):
            return node
        target = self._target(node["$ref"], place)
        if target is None:
            return node
        if len(node) > 1:
            self._refuse(place, "a reference to another file has no members beside $ref here")
        self._origins[at] = target
        content = self._files.lookup(target)
        return content if kind == "components" else self._object(content, kind, target, at)

    def _target(self, reference: str, place: Place) -> Place | None:
        try:
            return self._files.target(reference, place)
        except pointers.UnresolvableReferenceError as error:
            self._refuse(place / "$ref", error.reason)
            return None

    def _moved(self, target: Place, kind: str, place: Place) -> str:
        """Return the pointer that `target` will have in the bundle."""
        if target.file == self._root:
            return target.pointer
        tokens = tokens_of(target.pointer)
        if tokens[:1] == ["components"] and len(tokens) >= 3 and tokens[1] in KINDS:  # noqa: PLR2004
            component = Place(target.file, child("#", *tokens[:3]))
            self._register(tokens[1], tokens[2], component, place)
            return target.pointer
        section = SECTIONS[kind]
        names = self._files.component_names(target)
        name = next((n for n in names if self._is_free(section, n, target)), names[0])
        self._register(section, name, target, place)
        return child("#/components", section, name)

    def _is_free(self, section: str, name: str, target: Place) -> bool:
        held = self._components.get((section, name), target)
        return held == target or self._files.lookup(held) == self._files.lookup(target)

    def _register(self, section: str, name: str, target: Place, place: Place) -> None:
        held = self._components.setdefault((section, name), target)
        if held != target and self._files.lookup(held) != self._files.lookup(target):
            self._refuse(
                place / "$ref",
                f"the name {name} is taken in components/{section} by other content, from "
                f"{self._files.name(held.file)} {held.pointer}",
            )

    def _discriminator(self, node: Any, place: Place) -> Any:
        mapping = node.get("mapping") if isinstance(node, dict) else None
        if not isinstance(mapping, dict):
            return node
        moved = dict(mapping)
        for value, reference in mapping.items():
            if isinstance(reference, str) and ("#" in reference or "/" in reference):
                target = self._target(reference, place / "mapping" / value)
                moved[value] = self._moved(target, "schema", place) if target else reference
        return {**node, "mapping": moved}

    def _refuse(self, place: Place, reason: str) -> None:
        line = line_of(place.file, place.pointer)
        self._findings.append(Finding(place.pointer, reason, self._files.name(place.file), line))

    def _move_components(self, copied: dict[str, Any]) -> None:
        """Add the components of other files, file by file, each in the order of its source."""
        done: dict[tuple[str, str], Any] = {}
        while pending := [key for key in self._components if key not in done] or self._keep():
            for section, name in pending:
                target, at = self._components[section, name], child("#/components", section, name)
                self._origins[at] = target
                content = self._files.lookup(target)
                done[section, name] = self._object(content, KINDS[section], target, at)
        own = copied.setdefault("components", {}) if done else {}
        for section, name in sorted(done, key=lambda key: self._files.order(self._components[key])):
            self._add(own.setdefault(section, {}), section, name, done[section, name])

    def _keep(self) -> list[tuple[str, str]]:
        """Take along components of other files that nobody refers to, and remember to say so."""
        kept: list[tuple[str, str]] = []
        for finding in list(self._files.unreached()):
            tokens = tokens_of(finding.pointer)
            if len(tokens) == len(("components", "section", "name")) and tokens[1] in KINDS:
                place = self._files.reach(finding)
                self._register(tokens[1], tokens[2], place, place)
                kept.append((tokens[1], tokens[2]))
                self._kept.append(replace(finding, reason="nobody refers to this component"))
        return kept

    def _add(self, entries: dict[str, Any], section: str, name: str, content: Any) -> None:
        at = child("#/components", section, name)
        if name in entries and entries[name] not in (content, {"$ref": at}):
            held = self._components[section, name]
            reason = f"the name {name} is taken in components/{section} by the root document"
            self._refuse(held, reason)
        entries[name] = content
