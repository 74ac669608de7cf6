"""Changes a document at JSON pointers, so that a test shows only what it is about."""

from __future__ import annotations

import copy
from typing import Any, Final

from app.contract.pointers import lookup, tokens_of

REMOVED: Final = object()


def patched(source: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Return a copy of `source` with the values of `changes` at their pointers."""
    changed = copy.deepcopy(source)
    for pointer, value in changes.items():
        *above, last = tokens_of(pointer)
        owner: Any = changed
        for token in above:
            owner = owner[int(token)] if isinstance(owner, list) else owner.setdefault(token, {})
        if value is REMOVED:
            lookup(changed, pointer)
            del owner[int(last) if isinstance(owner, list) else last]
        elif isinstance(owner, list):
            owner.insert(int(last), value)
        else:
            owner[last] = value
    return changed
