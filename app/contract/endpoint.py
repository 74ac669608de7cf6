"""One operation, ready to be called: readers, guards, gate, and the generated method."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Generic, TypeVar

from app.contract import media
from app.contract.bodies import BodyReader, Content
from app.contract.calls import Call
from app.contract.conditional import UNCONDITIONAL, Precondition, weakly_matches
from app.contract.credentials import Guard, Scopes, Security
from app.contract.deprecation import notice_of
from app.contract.document import Document
from app.contract.exchange import Outgoing
from app.contract.gate import Gate, header_fields
from app.contract.limits import Limits, Store
from app.contract.model import Operation
from app.contract.parameters import OperationParameters, Texts
from app.contract.policies import policies_of
from app.contract.problems import ContractBroken, InvalidInput, NotAcceptable
from app.contract.schema import Schemas

ContextT = TypeVar("ContextT")
ActorT = TypeVar("ActorT")
KEPT_BY_304 = frozenset({"etag", "cache-control", "content-location", "vary", "expires", "link"})


class Endpoint(Generic[ContextT, ActorT]):
    """Built once for each operation; holds nothing of a request."""

    def __init__(
        self,
        operation: Operation,
        handler: Callable[[Call[ContextT, ActorT]], Awaitable[Any]],
        *,
        document: Document,
        schemas: Schemas,
        guards: Mapping[str, Guard[ContextT, ActorT]],
        has_scopes: Scopes | None,
        limits: Store[ContextT],
    ) -> None:
        """`handler` is the generated method that calls the function named as the operation."""
        self.operation = operation
        self.handler = handler
        self.parameters = OperationParameters(operation, document, schemas)
        self.body = BodyReader(operation.body, document, schemas)
        self.security = Security(operation, document, guards, has_scopes)
        self.gate = Gate(operation, document, schemas)
        self.notice = notice_of(operation, document)
        self.key_name = operation.idempotency_key
        policies = policies_of(operation, document, limits.factor)
        self.limits = Limits(operation, policies, limits) if policies else None
        self._offered = [
            media_type.name
            for response in operation.responses.values()
            if response.is_success
            for media_type in response.content.values()
        ]
        self._answers_304 = "304" in operation.responses
        self._judges_if_match = "412" in operation.responses

    def read(
        self, texts: Texts, content: Content, context: ContextT, actor: ActorT | None
    ) -> Call[ContextT, ActorT]:
        """Decode and judge everything that came; raises the problem of what does not pass."""
        accept = self._negotiate(texts)
        decoded = self.parameters.read(texts, self.security.query_names)
        if decoded.errors:
            raise InvalidInput(errors=decoded.errors)
        body = self.body.read(content)
        return Call(
            context,
            actor,
            decoded.path,
            decoded.query,
            decoded.header,
            decoded.cookie,
            body.value,
            body.media_type,
            accept,
            precondition_in(decoded.header) if self._judges_if_match else UNCONDITIONAL,
        )

    def answer(self, result: Any, call: Call[ContextT, ActorT], texts: Texts) -> Outgoing:
        """Judge what the handler returned, and that it has looked at the client's precondition.

        Where the client has what it asks for, it is told so (RFC 9110, section 13.1.2), and the
        body that nobody gets is neither written nor judged.
        """
        if not call.precondition.is_checked:
            raise ContractBroken(f"{self.operation.id}: If-Match came and was not checked")
        if not self._answers_304 or "if-none-match" not in texts.header:
            return self.gate.answer(result)
        headers = header_fields(result)
        if not self._is_known(headers, texts):
            return self.gate.answer(result)
        return self.gate.bare(304, {k: v for k, v in headers.items() if k in KEPT_BY_304})

    def _is_known(self, headers: Mapping[str, str], texts: Texts) -> bool:
        """Tell whether the client names the entity tag of the answer that has these `headers`."""
        etag = headers.get("etag")
        return etag is not None and weakly_matches(", ".join(texts.header["if-none-match"]), etag)

    def _negotiate(self, texts: Texts) -> str | None:
        """Return the media type to answer with; problems are sent whatever the client accepts."""
        if not self._offered:
            return None
        fields = texts.header.get("accept")
        if fields is None or fields in (["*/*"], self._offered):
            return self._offered[0]
        best = media.acceptable(", ".join(fields), self._offered)
        if not best:
            raise NotAcceptable
        return best[0]


def precondition_in(headers: Mapping[str, Any]) -> Precondition:
    """Return what the client demands of the present state, which may be nothing."""
    return Precondition(next((v for k, v in headers.items() if k.lower() == "if-match"), None))
