"""Uvicorn's HTTP protocol, which refuses what is no HTTP in the words of the document too: no
application has seen such a request.
"""

from __future__ import annotations

import secrets
from functools import cache

import orjson

import generated
from app.closing import ClosingProtocol
from app.contract import Document
from app.contract.exchange import Exchange, last_message
from app.contract.gate import unrouted
from app.contract.problems import MalformedRequest
from app.whole_answers import WholeAnswer, answers_of


class ProblemProtocol(ClosingProtocol):
    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        WholeAnswer.take_over(self.cycle, self)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - the document has a sentence
        request_id = secrets.token_hex(16)
        refusal = unrouted(MalformedRequest(), document(), Exchange(request_id), challenge="")
        answers_of(self.loop).finish()
        self.transport.write(last_message(refusal, request_id))
        self.transport.close()


@cache
def document() -> Document:
    return Document(orjson.loads(generated.DOCUMENT.read_bytes()))
