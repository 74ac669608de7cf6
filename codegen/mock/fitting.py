"""Puts what a client sent into an answer, as far as the answer's schema admits it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

Admits = Callable[[Any], bool]
Members = dict[str, Any]


def fit(onto: Mapping[str, Any], wanted: Mapping[str, Any], admits: Admits) -> Members:
    """Return `onto` with as many of the wanted members as are admitted together."""
    whole = {**onto, **wanted}
    if admits(whole):
        return whole
    fitted = dict(onto)
    for name, value in wanted.items():
        fitted = first(fitted, name, [value], admits)
    return fitted


def first(members: Members, name: str, values: Iterable[Any], admits: Admits) -> Members:
    """Return `members` with the first of the values that is admitted under a name."""
    for value in values:
        trial = {**members, name: value}
        if admits(trial):
            return trial
    return members


def patched(members: Members, patch: Mapping[str, Any], admits: Admits) -> Members:
    """Return `members` after a merge patch (RFC 7396).

    What null empties is null where the schema admits that, and missing otherwise.
    """
    for name, value in patch.items():
        trial = {**members, name: _merged(members.get(name), value)}
        if value is None and not admits(trial):
            trial = {n: v for n, v in members.items() if n != name}
        if admits(trial):
            members = trial
    return members


def _merged(target: Any, patch: Any) -> Any:
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = _merged(merged.get(name), value)
    return merged


def plain(body: Any) -> Members:
    """Return the members of a body that are JSON values; files of a form are none."""
    if not isinstance(body, dict):
        return {}
    return {name: value for name, value in body.items() if not _holds_bytes(value)}


def _holds_bytes(value: Any) -> bool:
    items = value if isinstance(value, list) else [value]
    return any(isinstance(item, bytes) for item in items)
