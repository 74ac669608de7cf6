"""Loaded by Schemathesis: gives valid requests the ids that exist at this moment only, a copy that
nobody has and a loan that is open. Invalid requests are sent as they were drawn.
"""

from __future__ import annotations

import json
import os
import random
from contextlib import suppress
from typing import Any

import schemathesis

from tests.contract import keys
from tests.contract.asking import NoAnswerError, answer_of
from tests.contract.users import Cast
from tests.samples import KEY

JSON = "application/json"
LOANS, COPIES = "/api/v1/loans", "/api/v1/books/1/copies"
DICE = random.Random(1)  # noqa: S311 - nothing to be guarded; a run repeats itself


@schemathesis.hook
def before_call(_: Any, case: Any, __: Any) -> None:
    if case.meta is None or case.meta.generation.mode.value != "positive":
        return
    keys.renew(case)
    if DICE.random() < 0.3:
        return
    # What goes wrong with this request is for Schemathesis to see.
    with suppress(NoAnswerError):
        if case.path == LOANS and isinstance(case.body, dict):
            case.body = {**case.body, "copy_id": made(COPIES, shelf="E 12")}
        elif case.path.startswith(LOANS):
            copy_id = made(COPIES, shelf="E 12")
            case.path_parameters = {"loan_id": made(LOANS, copy_id=copy_id, borrower="Will")}
        elif "book_id" in (case.path_parameters or {}):
            case.path_parameters = {"book_id": 1}


def made(path: str, **body: Any) -> int:
    url = Cast.from_text(os.environ["CONTRACT_CAST"]).url
    answer = answer_of(
        "POST", url + path, json.dumps(body), content_type=JSON, authorization=f"Bearer {KEY}"
    )
    return int(answer["id"])
