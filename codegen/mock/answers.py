"""One answer that the document declares, ready to be given: body and fields, or a problem."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from app.contract.answers import Answer
from app.contract.endpoint import Endpoint
from app.contract.exchange import Exchange
from app.contract.model import MediaType, Response
from app.contract.problems import MEDIA_TYPE, InputError, Problem
from codegen.mock.samples import Sample, body_of, concrete
from codegen.naming import pascal_case

# Stands in for the id of a request where an answer is judged before there is one.
SOME_EXCHANGE = Exchange("0" * 32)
_PLACES = tuple(place.name for place in fields(InputError))


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the answers of a response; `media_type` and `sample` are None where it has no body."""

    response: Response
    headers: Mapping[str, Any]
    media_type: MediaType | None = None
    sample: Sample | None = None

    @property
    def name(self) -> str | None:
        """What `Prefer: example=` calls it: its name in the document, or the code of a problem."""
        named = self.sample.name if self.sample is not None else None
        return named if named is not None else self.code

    @property
    def code(self) -> str | None:
        """The code of the problem that it is, None where it is none."""
        if self.media_type is None or not self.media_type.name.lower().startswith(MEDIA_TYPE):
            return None
        value = self.sample.value if self.sample is not None else None
        code = value.get("code") if isinstance(value, dict) else None
        return code if code in self.response.problems else None

    def give(self, status: int) -> Answer:
        """Return the answer as a handler would; raises the problem where it is one."""
        if self.code is not None and self.sample is not None:
            raise problem(self.code, self.sample.value, self.headers)
        if self.media_type is None or self.sample is None:
            return prepared(status, None, self.headers, None)
        body = body_of(self.media_type, self.sample.value)
        return prepared(status, concrete(self.media_type), self.headers, body)

    def judge(self, endpoint: Endpoint[Any, Any], status: int) -> None:
        """Raise ContractBroken where the gate would not let it pass."""
        try:
            answer = self.give(status)
        except Problem as problem:
            endpoint.gate.problem(problem, SOME_EXCHANGE, endpoint.security.challenge)
        else:
            endpoint.gate.answer(answer)


def prepared(status: int, media_type: str | None, headers: Mapping[str, Any], body: Any) -> Answer:
    """Return an answer of a class that codegen would have written for it."""
    names = {f"header_{index}": name for index, name in enumerate(headers)}
    members = dict(zip(names, headers.values(), strict=True))
    own = {"status": status, "media_type": media_type, "header_names": names, "body": body}
    made: type[Answer] = type("Prepared", (Answer,), {**own, **members})
    return made()


def problem(code: str, value: Mapping[str, Any], headers: Mapping[str, Any]) -> Problem:
    """Return the problem of an example, to be raised; its request id will be the true one."""
    made: type[Problem] = type(pascal_case(code), (Problem,), {"code": code})
    return made(
        value.get("detail"),
        headers={name: str(text) for name, text in headers.items()},
        errors=tuple(_input_errors(value.get("errors"))),
    )


def _input_errors(members: Any) -> Iterable[InputError]:
    for member in members if isinstance(members, list) else ():
        if isinstance(member, dict) and {"code", "detail"} <= member.keys():
            yield InputError(**{place: member[place] for place in _PLACES if place in member})
