"""Loaded by Schemathesis when it tests a mock."""

from __future__ import annotations

from typing import Any

import schemathesis

from tests.contract import keys


@schemathesis.hook
def before_call(_: Any, case: Any, __: Any) -> None:
    if keys.is_valid(case):
        keys.renew(case)
