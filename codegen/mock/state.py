"""Answers out of what was created before: create, read, list, change, delete.

An answer is the document's own, with the members of a record as far as its schema admits them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from app.contract.answers import Answer
from app.contract.calls import Call
from app.contract.model import Operation
from app.contract.shapes import Shape
from codegen.mock.answers import prepared
from codegen.mock.fitting import Members, fit, patched, plain
from codegen.mock.folding import Contradiction
from codegen.mock.forms import Form, form_of
from codegen.mock.listing import Listing
from codegen.mock.preferences import Asked
from codegen.mock.repertoire import Repertoire
from codegen.mock.resources import Resource, resources
from codegen.mock.samples import body_of, concrete
from codegen.mock.stage import Stage
from codegen.mock.store import Record, Shelf, tag_of

AnyCall = Call[None, str]
Act = Callable[[Repertoire, AnyCall], Answer | None]
ANY = Asked()


class State:
    """Everything that was created in one mock."""

    def __init__(self, stage: Stage, repertoires: Mapping[str, Repertoire]) -> None:
        """Find the resources of the document. `repertoires` go by the operations' names."""
        self._repertoires = repertoires
        self._acts: dict[str, Act] = {}
        self.collections: list[str] = []
        for resource in resources(stage.document):
            form = _form(resource, repertoires, stage)
            if form is not None:
                self.collections.append(resource.create.path)
                kept = Kept(resource, form, stage)
                for operation in stage.document.operations:
                    act = kept.act_of(operation)
                    if act is not None:
                        self._acts.setdefault(operation.name, act)

    def answer(self, name: str, call: AnyCall) -> Answer | None:
        """Return the answer of an operation, None where it has nothing to do with what is kept.

        Raises the problem that the operation declares for what is not there.
        """
        act = self._acts.get(name)
        return act(self._repertoires[name], call) if act is not None else None


def _form(resource: Resource, known: Mapping[str, Repertoire], stage: Stage) -> Form | None:
    """Return how a record is kept: as creating it is answered, or else as reading it is."""
    for operation in (resource.create, resource.read):
        _, choice = known[operation.name].choose(ANY, None)
        form = form_of(choice, stage.document, stage.schemas)
        if form is not None:
            return form
    return None


class Kept:
    """One resource, and what was created of it."""

    def __init__(self, resource: Resource, form: Form, stage: Stage) -> None:
        self._resource = resource
        self._form = form
        self._stage = stage
        self._shelf = Shelf()
        self._member = resource.member_in({**form.example, **form.shape.properties})

    def act_of(self, operation: Operation) -> Act | None:
        """Return what carries out an operation on this resource, None where it is on another."""
        acts: dict[tuple[str, str], Act] = {
            ("GET", self._resource.create.path): self.list,
            ("GET", self._resource.read.path): self.read,
            ("PATCH", self._resource.read.path): self.update,
            ("PUT", self._resource.read.path): self.replace,
            ("DELETE", self._resource.read.path): self.delete,
        }
        if operation is self._resource.create:
            return self.create
        return acts.get((operation.method, operation.path))

    def create(self, repertoire: Repertoire, call: AnyCall) -> Answer | None:
        """Keep what a client sends, under an id of its own."""
        sent = plain(call.body)
        members = self._unsent(repertoire.operation, call)
        wanted = self._form.known({**call.path, **sent})
        members = fit(members, wanted, self._form.admits)
        parents = self._resource.parents(call.path)
        record = Record((), parents, members)
        given = sent.get(self._member) if self._member is not None else None
        record.key = self._resource.key_of(parents, given)
        if given is None:
            self._identify(record)
        elif record.key in self._shelf.records and repertoire.operation.response_for(409):
            return repertoire.choose(Asked(code=409), None)[1].give(409)
        self._shelf.put(record)
        return self._shown(record, repertoire, call)

    def read(self, repertoire: Repertoire, call: AnyCall) -> Answer | None:
        """Show a record."""
        record = self._found(call)
        return _gone(repertoire) if record is None else self._shown(record, repertoire, call)

    def update(self, repertoire: Repertoire, call: AnyCall) -> Answer | None:
        """Apply a merge patch to a record."""
        record = self._found(call)
        if record is None:
            return _gone(repertoire)
        call.precondition.check(record.etag)
        record.members = patched(record.members, self._change(call), self._form.admits)
        return self._shown(record, repertoire, call)

    def replace(self, repertoire: Repertoire, call: AnyCall) -> Answer | None:
        """Put what a client sends in the place of a record."""
        record = self._found(call)
        if record is None:
            return _gone(repertoire)
        call.precondition.check(record.etag)
        change = self._change(call)
        kept = {n: v for n, v in record.members.items() if n == self._member}
        is_whole = self._form.admits({**kept, **change})
        record.members = fit(kept if is_whole else record.members, change, self._form.admits)
        return self._shown(record, repertoire, call)

    def delete(self, repertoire: Repertoire, call: AnyCall) -> Answer | None:
        """Forget a record."""
        record = self._found(call)
        if record is None:
            return _gone(repertoire)
        call.precondition.check(record.etag)
        del self._shelf.records[record.key]
        return self._shown(record, repertoire, call)

    def list(self, repertoire: Repertoire, call: AnyCall) -> Answer | None:
        """Show what was created in a collection."""
        status, choice = repertoire.choose(ANY, call.accept)
        listing = Listing(choice, self._stage.document, self._stage.schemas)
        records = self._shelf.newest_first(self._resource.parents(call.path))
        body = listing.body([record.members for record in records], call.query)
        if body is None or choice.media_type is None:
            return None
        headers = self._stage.fields.with_values(choice, {"etag": tag_of(body)})
        return prepared(status, concrete(choice.media_type), headers, body)

    def _unsent(self, operation: Operation, call: AnyCall) -> Members:
        """Return the example of a record in which nothing stands that a client might have sent:
        defaults instead, or null, or nothing at all.
        """
        members = self._form.example
        for name, default in self._choosable(operation, call).items():
            if name in members:
                rest = {n: v for n, v in members.items() if n != name}
                trials = ({**members, name: default}, rest)
                members = next((m for m in trials if self._form.admits(m)), members)
        return members

    def _choosable(self, operation: Operation, call: AnyCall) -> Members:
        """Return the members that a client may leave out, with their defaults."""
        content = operation.body.content if operation.body is not None else {}
        media_type = content.get(str(call.media_type).lower())
        if media_type is None or media_type.schema is None:
            return {}
        shape = Shape.of(self._stage.document.source, media_type.schema)
        return {name: m.schema.get("default") for name, m in shape.properties.items()}

    def _found(self, call: AnyCall) -> Record | None:
        return self._shelf.records.get(self._resource.key(call.path))

    def _change(self, call: AnyCall) -> Members:
        """Return what a client wants to change, which the id is not."""
        wanted = self._form.known(plain(call.body))
        return {name: value for name, value in wanted.items() if name != self._member}

    def _identify(self, record: Record) -> None:
        """Give a record an id that is free and that both its path and its body admit."""
        self._shelf.created += 1
        number = self._shelf.created
        schema = self._resource.parameter.schema
        validator = self._stage.schemas.validator(schema)

        def is_good(identity: Any) -> bool:
            key = self._resource.key_of(record.parents, identity)
            named = {self._member: identity} if self._member is not None else {}
            is_free = key not in self._shelf.records and validator.is_valid(identity)
            return is_free and self._form.admits({**record.members, **named})

        identity = next((i for i in (number, str(number)) if is_good(i)), None)
        if identity is None:
            try:
                identity = self._stage.values.make(schema, is_good, salt=str(number))
            except Contradiction:
                identity = number
        if self._member is not None:
            record.members = fit(record.members, {self._member: identity}, self._form.admits)
        record.key = self._resource.key_of(record.parents, identity)

    def _shown(self, record: Record, repertoire: Repertoire, call: AnyCall) -> Answer:
        status, choice = repertoire.choose(ANY, call.accept)
        base = self._stage.document.base_path
        location = self._resource.path_of(base, tuple(quote(v, safe="") for v in record.key))
        values = {"etag": record.etag, "location": location}
        headers = self._stage.fields.with_values(choice, values)
        if choice.media_type is None or choice.sample is None:
            return prepared(status, None, headers, None)
        form = form_of(choice, self._stage.document, self._stage.schemas)
        if form is None:
            body = body_of(choice.media_type, choice.sample.value)
        else:
            body = form.of(record.members)
        return prepared(status, concrete(choice.media_type), headers, body)


def _gone(repertoire: Repertoire) -> Answer | None:
    """Return the answer for what is not there, None where the operation declares none."""
    if repertoire.operation.response_for(404) is None:
        return None
    return repertoire.choose(Asked(code=404), None)[1].give(404)
