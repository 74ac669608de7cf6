"""What OpenAPI allows and neither the generated code nor the runtime can express.

All of it is refused by pointer and reason; what is merely without effect is a warning.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.contract import media, pointers
from app.contract.document import Document
from app.contract.model import MediaType, Operation, Parameter, Response
from app.contract.pointers import child
from app.contract.schema import reading_types
from codegen.answers import FORMS
from codegen.findings import Finding
from codegen.operations import IGNORED_HEADERS


def findings(document: Document) -> Iterator[Finding]:
    """Yield everything in a document that cannot be served as it says."""
    for operation in document.operations:
        for parameter in operation.parameters:
            yield from _parameter(parameter, document)
        for media_type in operation.body.content.values() if operation.body else ():
            yield from _request(media_type, document)
        yield from _responses(operation, document)


def warnings(document: Document) -> Iterator[Finding]:
    """Yield what a document says without any effect."""
    for operation in document.operations:
        for parameter in operation.parameters:
            if parameter.location == "header" and parameter.key in IGNORED_HEADERS:
                yield Finding(parameter.pointer, "OpenAPI ignores a header parameter of this name")
        for media_type in operation.body.content.values() if operation.body else ():
            node = pointers.lookup(document.source, media_type.pointer)
            for name, encoding in node.get("encoding", {}).items():
                if "headers" in encoding:
                    at = child(media_type.pointer, "encoding", name, "headers")
                    yield Finding(at, "headers of parts are not looked at")


def _parameter(parameter: Parameter, document: Document) -> Iterator[Finding]:
    node = pointers.lookup(document.source, parameter.pointer)
    if node.get("allowEmptyValue"):
        reason = "an empty value is not told from an absent one; allow it in the schema instead"
        yield Finding(child(parameter.pointer, "allowEmptyValue"), reason)
    if parameter.media_type is not None and not media.is_json(parameter.media_type):
        at = child(parameter.pointer, "content", parameter.media_type)
        yield Finding(at, "a parameter's content is only read as JSON")


def _request(media_type: MediaType, document: Document) -> Iterator[Finding]:
    if media_type.is_stream or media.is_json(media_type.name) or media_type.schema is None:
        return
    name = _bare(media_type)
    types = reading_types(document.source, media_type.schema)
    if name in FORMS:
        if "object" not in types:
            yield Finding(
                media_type.pointer, "a form is an object, which the schema does not admit"
            )
    elif name.startswith("multipart/"):
        yield Finding(media_type.pointer, "of multipart bodies only multipart/form-data is read")
    elif "string" not in types:
        yield Finding(media_type.pointer, _not_text(name))


def _responses(operation: Operation, document: Document) -> Iterator[Finding]:
    for response in operation.responses.values():
        if response.status.startswith("1"):
            yield Finding(response.pointer, "interim answers are the server's, not a handler's")
        for media_type in response.content.values():
            yield from _answer(response, media_type, document)


def _answer(response: Response, media_type: MediaType, document: Document) -> Iterator[Finding]:
    del response
    if media_type.is_stream or media.is_json(media_type.name) or media_type.schema is None:
        return
    if "string" not in reading_types(document.source, media_type.schema):
        yield Finding(media_type.pointer, _not_text(_bare(media_type)))


def _not_text(name: str) -> str:
    return (
        f"{name} is handled as text or bytes, which the schema does not admit; "
        "give it a string schema, none, or x-stream: true"
    )


def _bare(media_type: MediaType) -> str:
    return media_type.name.partition(";")[0].strip().lower()
