"""Two operations side by side, as a client meets them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from app.contract import pointers
from app.contract.model import Body, Header, MediaType, Operation, Parameter, Response
from app.contract.pointers import child
from codegen.diff.changes import Change, Way, additive, breaking, docs
from codegen.diff.facets import Pointers, canonical
from codegen.diff.schemas import SchemaComparison, deprecation

TEXTS = ("summary", "description", "externalDocs")
PARAMETER_TEXTS = ("description", "example", "examples")
MEDIA_TEXTS = ("example", "examples")


class OperationComparison:
    """Compares operations of two bundles."""

    def __init__(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        """`old` and `new` are bundles."""
        self._old = old
        self._new = new
        self._schemas = SchemaComparison(old, new)

    def changes(self, old: Operation, new: Operation) -> Iterator[Change]:
        """Yield what has changed for the clients of one operation."""
        yield from self._identity(old, new)
        yield from self._texts(old.pointer, new.pointer, TEXTS)
        yield from self._parameters(old, new)
        yield from self._body(old, new)
        yield from self._responses(old.responses, new)
        yield from security_changes(old, new)

    def sent(self, old: Operation, new: Operation) -> Iterator[Change]:
        """Yield what has changed of a webhook or callback, whose requests the service sends."""
        mine, theirs = old.body, new.body
        if (mine is None) != (theirs is None):
            yield breaking("webhook-body-changed", new.pointer, "it has a body where it had none")
        if mine is not None and theirs is not None:
            yield from self._contents(mine.content, theirs.content, Way.RESPONSE, "webhook-body")

    def _identity(self, old: Operation, new: Operation) -> Iterator[Change]:
        if old.id != new.id:
            says = f"the operationId was {old.id}, the name of a function in every SDK"
            yield breaking("operation-id-changed", new.pointer, says)
        if old.tag != new.tag:
            says = f"the tag was {old.tag}, by which SDKs are divided"
            yield breaking("operation-tag-changed", new.pointer, says)
        if old.deprecated != new.deprecated:
            yield deprecation(new.pointer, is_deprecated=new.deprecated)
        was, now = (self._date(*each) for each in ((self._old, old), (self._new, new)))
        if was is not None and now is not None and now < was:
            yield breaking("sunset-earlier", new.pointer, f"the sunset was {was} and is {now}")

    def _date(self, source: dict[str, Any], operation: Operation) -> str | None:
        sunset = pointers.lookup(source, operation.pointer).get("x-sunset")
        return None if sunset is None else str(sunset)

    def _texts(self, old: str, new: str, names: tuple[str, ...]) -> Iterator[Change]:
        before, after = pointers.lookup(self._old, old), pointers.lookup(self._new, new)
        for name in names:
            if before.get(name) != after.get(name):
                yield docs(child(new, name), f"{name} is another")

    def _parameters(self, old: Operation, new: Operation) -> Iterator[Change]:
        mine = {(p.location, p.key): p for p in old.parameters}
        theirs = {(p.location, p.key): p for p in new.parameters}
        for key in mine.keys() - theirs.keys():
            says = f"the {key[0]} parameter {mine[key].name} is gone"
            yield breaking("parameter-removed", mine[key].pointer, says, is_gone=True)
        for key in theirs.keys() - mine.keys():
            yield _added(theirs[key])
        for key in mine.keys() & theirs.keys():
            yield from self._parameter(mine[key], theirs[key])

    def _parameter(self, old: Parameter, new: Parameter) -> Iterator[Change]:
        named = f"the {new.location} parameter {new.name}"
        if old.required != new.required:
            rule = "parameter-required" if new.required else "parameter-optional"
            make = breaking if new.required else additive
            yield make(rule, new.pointer, f"{named} is {rule.removeprefix('parameter-')}")
        if (old.style, old.explode, old.media_type) != (new.style, new.explode, new.media_type):
            yield breaking("parameter-style-changed", new.pointer, f"{named} is written otherwise")
        yield from self._texts(old.pointer, new.pointer, PARAMETER_TEXTS)
        before, after = (
            bool(pointers.lookup(source, parameter.pointer).get("deprecated"))
            for source, parameter in ((self._old, old), (self._new, new))
        )
        if before != after:
            yield deprecation(new.pointer, is_deprecated=after)
        yield from self._schemas.changes((old.schema,), (new.schema,), Way.REQUEST)

    def _body(self, old: Operation, new: Operation) -> Iterator[Change]:
        mine, theirs = old.body, new.body
        if mine is None and theirs is None:
            return
        if mine is None or theirs is None:
            yield _whole_body(mine, theirs)
            return
        if mine.required != theirs.required:
            rule = "request-body-required" if theirs.required else "request-body-optional"
            make = breaking if theirs.required else additive
            says = f"the body is {rule.removeprefix('request-body-')}"
            yield make(rule, theirs.pointer, says)
        yield from _sizes(mine, theirs)
        yield from self._texts(mine.pointer, theirs.pointer, ("description",))
        yield from self._contents(mine.content, theirs.content, Way.REQUEST, "request-body")

    def _contents(
        self, old: Mapping[str, MediaType], new: Mapping[str, MediaType], way: Way, what: str
    ) -> Iterator[Change]:
        for name in old.keys() - new.keys():
            says = f"the media type {name} is gone"
            yield breaking(f"{what}-media-type-removed", old[name].pointer, says, is_gone=True)
        for name in new.keys() - old.keys():
            says = f"there is a media type {name}"
            yield additive(f"{what}-media-type-added", new[name].pointer, says)
        for name in old.keys() & new.keys():
            yield from self._content(old[name], new[name], way, what)
        if way is Way.RESPONSE and old and new and next(iter(old)) != next(iter(new)):
            says = f"who asks for no media type gets {next(iter(new))}"
            yield breaking(f"{what}-media-type-preferred", next(iter(new.values())).pointer, says)

    def _content(self, old: MediaType, new: MediaType, way: Way, what: str) -> Iterator[Change]:
        yield from self._texts(old.pointer, new.pointer, MEDIA_TEXTS)
        if old.is_stream != new.is_stream or dict(old.encoding) != dict(new.encoding):
            yield breaking(f"{what}-encoding-changed", new.pointer, "it is written otherwise")
        before: Pointers = (old.schema,) if old.schema else ()
        after: Pointers = (new.schema,) if new.schema else ()
        yield from self._schemas.changes(before, after, way)

    def _responses(self, old: Mapping[str, Response], new: Operation) -> Iterator[Change]:
        for status in old.keys() - new.responses.keys():
            make = breaking if _is_counted_on(status) else additive
            says = f"the status {status} is gone"
            yield make("response-status-removed", old[status].pointer, says, is_gone=True)
        for status in new.responses.keys() - old.keys():
            make = breaking if _is_counted_on(status) else additive
            pointer = child(new.pointer, "responses", status)
            yield make("response-status-added", pointer, f"there is a status {status}")
        for status in old.keys() & new.responses.keys():
            yield from self._response(old[status], new.responses[status])

    def _response(self, old: Response, new: Response) -> Iterator[Change]:
        yield from self._texts(old.pointer, new.pointer, ("description",))
        for code in set(new.problems) - set(old.problems):
            yield additive("problem-added", new.pointer, f"it may be the problem {code}")
        for code in set(old.problems) - set(new.problems):
            yield additive("problem-no-longer", new.pointer, f"it is not the problem {code}")
        yield from self._contents(old.content, new.content, Way.RESPONSE, "response")
        yield from self._headers(old.headers, new.headers)
        yield from self._links(old.pointer, new.pointer)

    def _headers(self, old: Mapping[str, Header], new: Mapping[str, Header]) -> Iterator[Change]:
        for name in old.keys() - new.keys():
            says = f"the header {old[name].name} is gone"
            yield breaking("response-header-removed", old[name].pointer, says, is_gone=True)
        for name in new.keys() - old.keys():
            says = f"there is a header {new[name].name}"
            yield additive("response-header-added", new[name].pointer, says)
        for name in old.keys() & new.keys():
            before, after = old[name], new[name]
            if before.required != after.required:
                make = additive if after.required else breaking
                rule = "response-header-required" if after.required else "response-header-optional"
                says = f"the header {after.name} is {rule.removeprefix('response-header-')}"
                yield make(rule, after.pointer, says)
            yield from self._texts(before.pointer, after.pointer, PARAMETER_TEXTS)
            if before.schema and after.schema:
                yield from self._schemas.changes((before.schema,), (after.schema,), Way.RESPONSE)

    def _links(self, old: str, new: str) -> Iterator[Change]:
        mine = pointers.lookup(self._old, old).get("links") or {}
        theirs = pointers.lookup(self._new, new).get("links") or {}
        for name in mine.keys() - theirs.keys():
            at = child(old, "links", name)
            yield breaking("link-removed", at, f"the link {name} is gone", is_gone=True)
        for name in theirs.keys() - mine.keys():
            yield additive("link-added", child(new, "links", name), f"there is a link {name}")
        for name in mine.keys() & theirs.keys():
            before = pointers.resolve(self._old, child(old, "links", name))[0]
            after = pointers.resolve(self._new, child(new, "links", name))[0]
            if canonical(_without_text(before)) != canonical(_without_text(after)):
                says = f"the link {name} leads elsewhere"
                yield breaking("link-changed", child(new, "links", name), says)


def _without_text(link: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in link.items() if name != "description"}


def _is_counted_on(status: str) -> bool:
    """Whether a client has code for it: success it expects, and of errors it can bear any."""
    return status.startswith(("2", "3")) and status != "304"


def _added(parameter: Parameter) -> Change:
    named = f"the {parameter.location} parameter {parameter.name}"
    if parameter.required:
        return breaking("parameter-added-required", parameter.pointer, f"{named} must be sent")
    return additive("parameter-added", parameter.pointer, f"{named} may be sent")


def _whole_body(old: Body | None, new: Body | None) -> Change:
    if new is None:
        pointer = old.pointer if old is not None else "#"
        return breaking("request-body-removed", pointer, "there is no body any more", is_gone=True)
    if new.required:
        return breaking("request-body-added-required", new.pointer, "a body must be sent")
    return additive("request-body-added", new.pointer, "a body may be sent")


def _sizes(old: Body, new: Body) -> Iterator[Change]:
    was, now = old.max_size, new.max_size
    if was == now:
        return
    says = f"a body may have {now if now is not None else 'as many as the service admits'} bytes"
    is_less = now is not None and (was is None or now < was)
    yield (breaking if is_less else additive)("request-body-size", new.pointer, says)


def security_changes(old: Operation, new: Operation) -> Iterator[Change]:
    """Yield what has changed of who gets in: each old way in must still be one."""
    at = child(new.pointer, "security")
    for choice in old.security or ({},):
        if not any(_suffices(choice, other) for other in new.security or ({},)):
            says = f"{_credentials(choice)} no longer enough"
            rule = "security-added" if not choice else "security-narrowed"
            yield breaking(rule, at, says)
    for choice in new.security or ({},):
        if not any(_suffices(choice, other) for other in old.security or ({},)):
            yield additive("security-widened", at, f"{_credentials(choice)} enough as well")


def _suffices(offered: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Whether who has these credentials has those that are wanted, scopes included."""
    return all(name in offered and set(wanted[name]) <= set(offered[name]) for name in wanted)


def _credentials(choice: Mapping[str, Any]) -> str:
    if not choice:
        return "to be nobody is"
    named = [f"{name} ({' '.join(scopes)})" if scopes else name for name, scopes in choice.items()]
    return f"{' and '.join(named)} {'is' if len(named) == 1 else 'are'}"
