"""What the document says of its problems: catalogue, examples and operations, put together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from app.contract import Document, Operation, pointers
from app.contract.model import ProblemType, Response
from app.contract.problems import Problem, body_of

SOME_REQUEST: Final = "5f0c4c1e7b7d4d0f9a3b2c1d0e9f8a7b"


def entry_of(problem: ProblemType, document: Document) -> dict[str, Any]:
    """Return what is known of a problem, as it is answered in JSON."""
    entry: dict[str, Any] = {
        "type": problem.type,
        "code": problem.code,
        "status": problem.status,
        "title": problem.title,
        "detail": problem.detail,
        "description": problem.description.strip(),
        "when": problem.when.strip(),
        "remedy": problem.remedy.strip(),
        "example": example_of(problem, document),
        "operations": [
            {"operation_id": o.id, "method": o.method, "path": o.path, "documentation": href_of(o)}
            for o in document.operations
            if problem.code in o.problem_codes()
        ],
    }
    if problem.retry_after is not None:
        entry["retry_after"] = problem.retry_after
    return entry


def example_of(problem: ProblemType, document: Document) -> dict[str, Any]:
    """Return the document's own example of a problem, or the plain one where it has none."""
    for operation in document.operations:
        for response in operation.responses.values():
            if problem.code in response.problems:
                for example in _examples(response, document, problem.code):
                    return example
    return body_of(Problem(), problem, SOME_REQUEST)


def _examples(response: Response, document: Document, name: str) -> Iterator[dict[str, Any]]:
    for media_type in response.content.values():
        if name in pointers.lookup(document.source, media_type.pointer).get("examples", {}):
            at = pointers.child(media_type.pointer, "examples", name)
            value = pointers.resolve(document.source, at)[0].get("value")
            if isinstance(value, dict):
                yield value


def href_of(operation: Operation) -> str:
    """Return the place of an operation in Swagger UI."""
    return f"/docs#/{operation.tag}/{operation.id}"
