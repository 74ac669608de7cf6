"""Loaded by Schemathesis: puts a refresh token that is good in the place of the documented example,
which no service has ever issued.
"""

from __future__ import annotations

import itertools
import os
from pathlib import Path
from typing import Any

import schemathesis

EXAMPLE = "9d0c5b1e4f7a4c2d8e6b3a1f0c9d7e5b.1.7Jx0mUq2n4V5oTqkq0r8Yw3dZ1sB6fHc9eKpLgXaRtM"
TOKENS = itertools.cycle(Path(os.environ["CONTRACT_TOKENS"]).read_text().split())


@schemathesis.hook
def before_call(_: Any, case: Any, __: Any) -> None:
    body = case.body
    if isinstance(body, dict) and body.get("refresh_token") == EXAMPLE:
        case.body = {**body, "refresh_token": next(TOKENS)}
