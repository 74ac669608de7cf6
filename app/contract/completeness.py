"""Whether document, routers, handlers and guards fit together, asked once at start-up."""

from __future__ import annotations

import inspect
import types
import typing
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Never, NoReturn, TypeVar, Union, get_args, get_origin

from typing_extensions import TypeAliasType

from app.contract.calls import Router
from app.contract.credentials import Scopes
from app.contract.document import Document
from app.contract.idempotency import Idempotency
from app.contract.model import Operation
from app.contract.required import missing_problems

SUPPORTED_SCHEMES = frozenset({"apiKey", "http", "oauth2", "openIdConnect"})


def findings(
    document: Document,
    routers: Sequence[Router[Any, Any]],
    guards: Mapping[str, Any],
    has_scopes: Scopes | None,
    idempotency: Idempotency[Any, Any] | None,
) -> list[str]:
    """Name every missing, extra or differently typed handler, every missing guard and status, and
    every key that would be without effect.
    """
    return [
        *_operation_findings(document, routers),
        *(f for router in routers for f in _handler_findings(router)),
        *_guard_findings(document, guards, has_scopes),
        *(f for operation in document.operations for f in _status_findings(operation, document)),
        *_key_findings(document, has_store=idempotency is not None),
    ]


def _operation_findings(document: Document, routers: Sequence[Router[Any, Any]]) -> Iterator[str]:
    declared = {operation.name: operation for operation in document.operations}
    bound = Counter(name for router in routers for name in router.operations)
    for name, operation in declared.items():
        if name not in bound:
            yield f"{operation.pointer}: no router answers {operation.id}"
    for name, count in bound.items():
        if name not in declared:
            yield f"{name}: a router answers it and the document does not have it"
        if count > 1:
            yield f"{name}: {count} routers answer it"


def _handler_findings(router: Router[Any, Any]) -> Iterator[str]:
    if not hasattr(router, "api"):
        return  # it answers by itself; those that are generated always have one
    protocol = _protocol_of(router)
    owner = getattr(router.api, "__name__", type(router.api).__name__)
    for name in router.operations:
        handler = getattr(router.api, name, None)
        if handler is None:
            yield f"{owner}.{name}: the handler is missing"
        elif not inspect.iscoroutinefunction(handler):
            yield f"{owner}.{name}: the handler is not an async function"
        else:
            yield from _signature_findings(f"{owner}.{name}", handler, getattr(protocol, name))


def _protocol_of(router: Router[Any, Any]) -> Any:
    hints = typing.get_type_hints(type(router).__init__)
    return get_origin(hints["api"]) or hints["api"]


def _signature_findings(where: str, handler: Any, declared: Any) -> Iterator[str]:
    try:
        actual = inspect.signature(handler, eval_str=True)
        expected = inspect.signature(declared, eval_str=True)
    except NameError as error:
        yield f"{where}: its types cannot be read at run time: {error}"
        return
    wanted = {n: p for n, p in expected.parameters.items() if n != "self"}
    takes_any = any(p.kind is p.VAR_KEYWORD for p in actual.parameters.values())
    for name in () if takes_any else wanted.keys() - actual.parameters.keys():
        yield f"{where}: the parameter {name} is missing"
    for name, parameter in actual.parameters.items():
        if parameter.kind in {parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD}:
            continue
        if name not in wanted and parameter.default is parameter.empty:
            yield f"{where}: the document gives it no parameter {name}"
        elif name in wanted and not fits(parameter.annotation, wanted[name].annotation):
            yield f"{where}: the parameter {name} should be {_spelled(wanted[name].annotation)}"
    if not fits(expected.return_annotation, actual.return_annotation):
        yield f"{where}: it should return {_spelled(expected.return_annotation)}"
    first = [n for n, p in wanted.items() if p.kind is p.POSITIONAL_OR_KEYWORD]
    positional = [n for n, p in actual.parameters.items() if p.kind is not p.KEYWORD_ONLY]
    if wanted.keys() <= actual.parameters.keys() and positional[: len(first)] != first:
        yield f"{where}: its first parameters should be {', '.join(first)}"


def fits(wide: Any, narrow: Any) -> bool:
    """Whether every value of the type `narrow` is one of `wide`, as far as annotations tell."""
    wide, narrow = _meant(wide), _meant(narrow)
    if wide == narrow or wide in {Any, object} or isinstance(wide, TypeVar):
        return True
    if narrow in {NoReturn, Never}:
        return True
    if isinstance(narrow, TypeVar):
        return wide is not type(None)
    wides, narrows = _members(wide), _members(narrow)
    if len(wides) == len(narrows) == 1:
        return wide == narrow or (narrow is None and wide is type(None))
    return all(any(fits(w, n) for w in wides if _is_none(w) == _is_none(n)) for n in narrows)


def _meant(annotation: Any) -> Any:
    """Return what an alias of generated/schemas.py stands for, without its constraints."""
    while isinstance(annotation, TypeAliasType) or get_origin(annotation) is Annotated:
        is_alias = isinstance(annotation, TypeAliasType)
        annotation = annotation.__value__ if is_alias else get_args(annotation)[0]
    return annotation


def _members(annotation: Any) -> tuple[Any, ...]:
    is_union = get_origin(annotation) in {Union, types.UnionType}
    return get_args(annotation) if is_union else (annotation,)


def _is_none(annotation: Any) -> bool:
    return annotation is None or annotation is type(None)


def _spelled(annotation: Any) -> str:
    return annotation.__name__ if isinstance(annotation, type) else str(annotation)


def _guard_findings(
    document: Document, guards: Mapping[str, Any], has_scopes: Scopes | None
) -> Iterator[str]:
    demanded: dict[str, set[str]] = {}
    for operation in document.operations:
        for choice in operation.security:
            for name, scopes in choice.items():
                demanded.setdefault(name, set()).update(scopes)
    for name, all_scopes in demanded.items():
        scheme = document.security_schemes.get(name)
        if scheme is None or scheme.kind not in SUPPORTED_SCHEMES:
            yield f"#/components/securitySchemes/{name}: it is missing or of an unsupported type"
        if name not in guards:
            yield f"#/components/securitySchemes/{name}: the service has no guard for it"
        if all_scopes and has_scopes is None:
            yield f"#/components/securitySchemes/{name}: scopes are demanded, nothing checks them"
    for name in guards.keys() - demanded.keys():
        yield f"{name}: there is a guard, and no operation uses such a security scheme"


def _status_findings(operation: Operation, document: Document) -> Iterator[str]:
    """Name the problems that the runtime can answer with and the operation does not declare."""
    for status, codes in missing_problems(operation, document).items():
        for code in codes:
            yield f"{operation.pointer}/responses/{status}: the problem {code} must be declared"


def _key_findings(document: Document, *, has_store: bool) -> Iterator[str]:
    """Name the operations whose Idempotency-Key could not do what it is for."""
    for operation in document.operations:
        if operation.idempotency_key is None:
            continue
        if not has_store:
            yield f"{operation.pointer}: it takes an Idempotency-Key and nothing keeps answers"
        bodies = operation.body.content.values() if operation.body else ()
        answers = (m for r in operation.responses.values() for m in r.content.values())
        if any(media_type.is_stream for media_type in (*bodies, *answers)):
            yield f"{operation.pointer}: a stream is not repeated, and it takes an Idempotency-Key"
