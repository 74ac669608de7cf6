"""The catalogue of problems: what a code means, whichever operations answer with it."""

from __future__ import annotations

from collections.abc import Iterator

from app.contract.model import ProblemType
from app.contract.pointers import child
from codegen.diff.changes import Change, additive, breaking, docs
from codegen.diff.reading import Reading

CATALOGUE = "#/components/x-problems"


def catalogue(old: Reading, new: Reading) -> Iterator[Change]:
    """Compare two catalogues; clients decide by the code, which must mean the same."""
    mine, theirs = old.document.problems, new.document.problems
    for code in {**mine, **theirs}:
        at = child(CATALOGUE, code)
        if code not in theirs:
            yield breaking("problem-removed", f"the problem {code} is gone", code, at, None)
        elif code not in mine:
            yield additive("problem-added", f"there is a problem {code}", code, None, at)
        else:
            yield from _problem(mine[code], theirs[code], at)


def _problem(old: ProblemType, new: ProblemType, at: str) -> Iterator[Change]:
    if old.status != new.status:
        says = f"its status was {old.status} and is {new.status}"
        yield breaking("problem-status-changed", says, old.code, at, at)
    if old.oauth_error != new.oauth_error:
        says = f"its `error` was {old.oauth_error} and is {new.oauth_error}"
        yield breaking("problem-oauth-error-changed", says, old.code, at, at)
    for name in ("title", "detail", "description", "when", "remedy", "refines", "retry_after"):
        if getattr(old, name) != getattr(new, name):
            yield docs("text-changed", f"its {name} is another", old.code, at, child(at, name))
