"""The files of one document: read once, addressed by file and pointer; what was reached of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from app.contract import pointers
from app.contract.pointers import child, tokens_of
from codegen.findings import Finding, RefusedError
from codegen.load import load


@dataclass(frozen=True, slots=True)
class Place:
    """A pointer within one file."""

    file: Path
    pointer: str

    def __truediv__(self, token: str | int) -> Place:
        """Return the place of a member."""
        return Place(self.file, child(self.pointer, token))


class Files:
    """Reads files when they are first referred to."""

    def __init__(self, root: Path) -> None:
        """`root` is the document's main file; findings name the others relative to its folder."""
        self._root = root
        self._contents: dict[Path, Any] = {}
        self._reached: dict[Path, set[str]] = {}
        self._orders: dict[Path, dict[str, int]] = {}

    def name(self, file: Path) -> str:
        """Return how findings call a file."""
        try:
            return file.relative_to(self._root.parent).as_posix()
        except ValueError:
            return file.as_posix()

    def content(self, file: Path) -> Any:
        """Return the JSON value of a file."""
        if file not in self._contents:
            self._contents[file] = load(file, self.name(file))
        return self._contents[file]

    def lookup(self, place: Place) -> Any:
        """Return what stands at a place that `target` has returned."""
        return pointers.lookup(self.content(place.file), place.pointer)

    def target(self, reference: str, place: Place) -> Place:
        """Return the place that a reference found at `place` means.

        Raises UnresolvableReferenceError with the reason where it means none.
        """
        address, _, fragment = reference.partition("#")
        pointer = child("#", *tokens_of("#" + fragment))
        if "://" in address or address.startswith("//"):
            raise pointers.UnresolvableReferenceError(reference, f"{reference} is not a local file")
        if fragment and not fragment.startswith("/"):
            reason = f"{reference} names an anchor; only JSON pointers are followed"
            raise pointers.UnresolvableReferenceError(reference, reason)
        file = (place.file.parent / unquote(address)).resolve() if address else place.file
        target = Place(file, pointer)
        try:
            self.lookup(target)
        except (RefusedError, pointers.UnresolvableReferenceError) as error:
            unreadable = isinstance(error, RefusedError)
            reason = str(error) if unreadable else f"{reference} leads nowhere"
            raise pointers.UnresolvableReferenceError(reference, reason) from None
        self._reached.setdefault(file, set()).add(pointer)
        return target

    def reach(self, finding: Finding) -> Place:
        """Return the place that a finding of `unreached` speaks of; it is reached from now on."""
        file = next(file for file in self._contents if self.name(file) == finding.file)
        self._reached.setdefault(file, set()).add(finding.pointer)
        return Place(file, finding.pointer)

    def component_names(self, place: Place) -> list[str]:
        """Return names for the component that a target outside `components` becomes, best first.

        The last token of its pointer, then that with the names of file and folders before it.
        """
        tokens = tokens_of(place.pointer)
        parts = [*Path(self.name(place.file)).with_suffix("").parts, *tokens[-1:]]
        cleaned = [re.sub(r"[^A-Za-z0-9._-]+", "_", part) for part in parts if part != ".."]
        return ["_".join(cleaned[-count:]) for count in range(1, len(cleaned) + 1)]

    def order(self, place: Place) -> tuple[int, int]:
        """Return a sort key: files as they were first read, places as they stand in the file."""
        if place.file not in self._orders:
            walked = enumerate(_pointers(self.content(place.file), "#", 3))
            self._orders[place.file] = {pointer: index for index, pointer in walked}
        number = list(self._contents).index(place.file)
        return number, self._orders[place.file].get(place.pointer, 0)

    def unreached(self) -> Iterator[Finding]:
        """Name every path, component or other entry of a file that nobody refers to."""
        for file, content in self._contents.items():
            reached = self._reached.get(file, set())
            if file == self._root or "#" in reached or not isinstance(content, dict):
                continue
            for pointer in _entries(content):
                if not any(_is_within(r, pointer) or _is_within(pointer, r) for r in reached):
                    yield Finding(pointer, "nobody refers to it: left out", self.name(file))


def _is_within(pointer: str, other: str) -> bool:
    return pointer == other or pointer.startswith(other + "/")


def _entries(content: dict[str, Any]) -> Iterator[str]:
    """Yield what one may refer to in a file: components, paths, top-level members."""
    for name, value in content.items():
        if name == "components" and isinstance(value, dict):
            sections = ((s, entries) for s, entries in value.items() if isinstance(entries, dict))
            yield from (child("#", name, s, entry) for s, entries in sections for entry in entries)
        elif name == "paths" and isinstance(value, dict):
            yield from (child("#", name, path) for path in value)
        elif name not in {"openapi", "info"} and not name.startswith("x-"):
            yield child("#", name)


def _pointers(node: Any, pointer: str, depth: int) -> Iterator[str]:
    yield pointer
    if isinstance(node, dict) and depth:
        for name, value in node.items():
            yield from _pointers(value, child(pointer, name), depth - 1)
