"""What a client gets: statuses, headers, content, problems, links."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.contract.model import Operation, Response
from app.contract.pointers import child, resolve
from app.contract.schema import Direction
from codegen.diff.changes import (
    REQUEST,
    Change,
    Severity,
    additive,
    breaking,
)
from codegen.diff.contents import content, headers
from codegen.diff.marks import texts
from codegen.diff.reading import Reading
from codegen.diff.schemas import Key, SchemaPairs


def responses(
    pairs: SchemaPairs, way: Direction, old: Operation, new: Operation
) -> Iterator[Change | Key]:
    """Compare the answers of two operations, each with what declares its status elsewhere."""
    for status, response in old.responses.items():
        other = _declared(new, status)
        if other is None:
            yield _gone(way, response, old)
        else:
            yield from _response(pairs, way, response, other)
    for status, response in new.responses.items():
        if status not in old.responses:
            other = _declared(old, status)
            yield _come(way, response, (old, new), is_known=other is not None)
            if other is not None:
                yield from _response(pairs, way, other, response)
    yield from _problems(old, new)


def _declared(operation: Operation, status: str) -> Response | None:
    """Return what declares a status: itself, its class, or `default`."""
    for key in (status, f"{status[0]}XX", "default"):
        if key in operation.responses:
            return operation.responses[key]
    return None


def _gone(way: Direction, response: Response, old: Operation) -> Change:
    """A success that is gone takes its type along; an error that never comes hurts nobody."""
    is_grave = _is_counted_on(response, old) or way is REQUEST
    says = f"the status {response.status} is gone"
    severity = Severity.BREAKING if is_grave else Severity.ADDITIVE
    site = _site(old, response)
    return Change(severity, "response-status-removed", says, response.status, site, None)


def _come(
    way: Direction, response: Response, both: tuple[Operation, Operation], *, is_known: bool
) -> Change:
    """Clients treat an unknown error as its class (RFC 9110, section 15); and 304 is asked for."""
    is_asked_for = response.status == "304" or is_known or way is REQUEST
    is_grave = _is_counted_on(response, both[1]) and not is_asked_for
    says = f"there is a status {response.status}"
    severity = Severity.BREAKING if is_grave else Severity.ADDITIVE
    places = both[0].pointer, _site(both[1], response)
    return Change(severity, "response-status-added", says, response.status, *places)


def _is_counted_on(response: Response, operation: Operation) -> bool:
    """Whether it may be a success; beside one that is declared, `default` stands for errors."""
    if response.status == "default":
        return not any(status.startswith("2") for status in operation.responses)
    return response.status[0] in "123"


def _site(operation: Operation, response: Response) -> str:
    """Return where an operation declares an answer, which may refer to a shared one."""
    return child(operation.pointer, "responses", response.status)


def _response(
    pairs: SchemaPairs, way: Direction, old: Response, new: Response
) -> Iterator[Change | Key]:
    places = old.pointer, new.pointer
    mine, theirs = pairs.old.node(old.pointer), pairs.new.node(new.pointer)
    yield from texts(new.status, mine, theirs, *places)
    yield from content(pairs, way, old.content, new.content, places)
    yield from headers(pairs, way, old.headers, new.headers, places)
    yield from _links(pairs, old, new)


def _problems(old: Operation, new: Operation) -> Iterator[Change]:
    """Compare the problem codes; what a code means is told of the catalogue."""
    before = {code: r for r in old.responses.values() for code in r.problems}
    after = {code: r for r in new.responses.values() for code in r.problems}
    for code, response in before.items():
        if code not in after:
            says = f"it is not the problem {code}"
            yield additive("problem-no-longer", says, code, response.pointer, None)
    for code, response in after.items():
        if code not in before:
            at = child(response.pointer, "x-problems", response.problems.index(code))
            yield additive("problem-added", f"it may be the problem {code}", code, old.pointer, at)


def _links(pairs: SchemaPairs, old: Response, new: Response) -> Iterator[Change]:
    before, after = _resolved(pairs.old, old), _resolved(pairs.new, new)
    for name, (at, link) in before.items():
        if name not in after:
            yield breaking("link-removed", f"the link {name} is gone", name, at, None)
            continue
        other_at, other = after[name]
        yield from texts(name, link, other, at, other_at)
        if _target(link) != _target(other):
            says = f"the link {name} leads elsewhere"
            yield breaking("link-changed", says, name, at, other_at)
    for name, (at, _) in after.items():
        if name not in before:
            yield additive("link-added", f"there is a link {name}", name, old.pointer, at)


def _resolved(side: Reading, response: Response) -> dict[str, tuple[str, dict[str, Any]]]:
    at = child(response.pointer, "links")
    found = {
        name: resolve(side.source, child(at, name))
        for name in side.node(response.pointer).get("links") or {}
    }
    return {name: (pointer, link) for name, (link, pointer) in found.items()}


def _target(link: dict[str, Any]) -> list[Any]:
    members = ("operationId", "operationRef", "parameters", "requestBody", "server")
    return [link.get(member) for member in members]
