"""Prepares what a document's operations can answer, and has it judged by the gate before the first
request comes: an example, a problem, or a value made from the schema.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.contract.document import Document
from app.contract.endpoint import Endpoint
from app.contract.model import RUNTIME_HEADERS, MediaType, Response
from app.contract.pointers import child
from app.contract.problems import MEDIA_TYPE, ContractBroken
from app.contract.schema import Schemas
from codegen.findings import Finding
from codegen.mock import samples
from codegen.mock.answers import Choice
from codegen.mock.fields import Fields
from codegen.mock.folding import Contradiction
from codegen.mock.repertoire import Repertoire, status_of
from codegen.mock.samples import Sample
from codegen.mock.values import Values

AnyEndpoint = Endpoint[Any, Any]


class Stage:
    """What answers are made with. `findings` says what could not be made, `skipped` which examples
    were left out because they do not hold.
    """

    def __init__(self, document: Document, seed: int, *, skips_invalid: bool = False) -> None:
        """With `skips_invalid`, an example that does not hold is no finding."""
        self.document = document
        self.schemas = Schemas(document.source)
        self.values = Values(document, seed)
        self.findings: list[Finding] = []
        self.skipped: list[Finding] = []
        self.fields = Fields(document, self.schemas, self.values, seed)
        self._skips_invalid = skips_invalid
        self._made: dict[str, Sample] = {}

    def repertoire(self, endpoint: AnyEndpoint) -> Repertoire:
        """Return what an operation can answer."""
        responses = endpoint.operation.responses.values()
        choices = {r.status: list(self._choices(endpoint, r)) for r in responses}
        return Repertoire(endpoint.operation, choices)

    def _choices(self, endpoint: AnyEndpoint, response: Response) -> Iterator[Choice]:
        try:
            headers = self.fields.of(response, endpoint.security.challenge)
        except Contradiction as reason:
            at = child(response.pointer, "headers")
            self.findings.append(Finding(at, f"a field needs an example: {reason}"))
            return
        if not response.content:
            yield from self._judged(endpoint, Choice(response, headers))
        for media_type in response.content.values():
            yield from self._with_body(endpoint, response, headers, media_type)

    def _with_body(
        self,
        endpoint: AnyEndpoint,
        response: Response,
        headers: dict[str, Any],
        media_type: MediaType,
    ) -> Iterator[Choice]:
        found = list(samples.examples(self.document, media_type.pointer))
        if media_type.name.lower().startswith(MEDIA_TYPE):
            headers = {n: v for n, v in headers.items() if n.lower() not in RUNTIME_HEADERS}
            found += _problems(response, found)
        choices = (Choice(response, headers, media_type, sample) for sample in found)
        good = [passed for choice in choices for passed in self._judged(endpoint, choice)]
        yield from good
        if not found or (not good and self._skips_invalid):
            made = self._made_for(media_type)
            if made is not None:
                yield from self._judged(endpoint, Choice(response, headers, media_type, made))

    def _made_for(self, media_type: MediaType) -> Sample | None:
        at = media_type.pointer
        if at not in self._made:
            try:
                self._made[at] = samples.made(media_type, self.schemas, self.values)
            except Contradiction as reason:
                self.findings.append(Finding(at, f"this needs an example: {reason}"))
        return self._made.get(at)

    def _judged(self, endpoint: AnyEndpoint, choice: Choice) -> Iterator[Choice]:
        try:
            choice.judge(endpoint, status_of(endpoint.operation, choice.response))
        except ContractBroken as broken:
            sample = choice.sample
            pointer = sample.pointer if sample is not None else choice.response.pointer
            is_example = sample is not None and not sample.is_made
            into = self.skipped if is_example and self._skips_invalid else self.findings
            into.append(Finding(pointer, f"the gate would not let this out: {broken}"))
        else:
            yield choice


def _problems(response: Response, shown: list[Sample]) -> list[Sample]:
    """Return the problems that a response can carry and no example shows."""
    codes = {s.value.get("code") for s in shown if isinstance(s.value, dict)}
    return [
        Sample(code, response.pointer, {"code": code}, is_made=True)
        for code in response.problems
        if code not in codes
    ]
