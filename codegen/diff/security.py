"""Who gets in: whether credentials that sufficed before suffice now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from app.contract.model import Operation
from app.contract.pointers import child, resolve
from codegen.diff.changes import Change, additive, breaking
from codegen.diff.marks import texts
from codegen.diff.reading import Reading

# The scopes that must be had, by scheme; nothing is the alternative of nobody in particular.
Choice = Mapping[str, frozenset[str]]
Scheme = Mapping[str, Any]


def security(
    old_side: Reading, new_side: Reading, old: Operation, new: Operation
) -> Iterator[Change]:
    """Compare the alternatives of two operations."""
    renamed = renamed_schemes(old_side, new_side)
    before: list[Choice] = [
        {renamed.get(n, n): s for n, s in choice.items()} for choice in _choices(old)
    ]
    after = _choices(new)
    places = _place(old_side, old), _place(new_side, new)
    lost = [choice for choice in before if not any(_suffices(choice, c) for c in after)]
    for choice in lost:
        rule = "security-narrowed" if choice else "security-added"
        yield breaking(rule, _lost(choice, after), new.id, *places)
    for choice in [c for c in after if c not in before]:
        if not any(_suffices(choice, harder) for harder in lost):
            says = f"{_named(choice)} suffices"
            yield additive("security-widened", says, new.id, *places)


def _choices(operation: Operation) -> list[Choice]:
    return [{n: frozenset(s) for n, s in c.items()} for c in operation.security] or [{}]


def _suffices(offered: Choice, wanted: Choice) -> bool:
    return all(name in offered and scopes <= offered[name] for name, scopes in wanted.items())


def _lost(lost: Choice, after: list[Choice]) -> str:
    wanted = " or ".join(_named(choice) for choice in after)
    return f"{_named(lost)} no longer suffices: {wanted} is demanded"


def _named(choice: Choice) -> str:
    parts = [f"{n} ({', '.join(sorted(s))})" if s else n for n, s in choice.items()]
    return " with ".join(parts) or "no credential"


def _place(side: Reading, operation: Operation) -> str:
    has_own = "security" in side.node(operation.pointer)
    has_root = "security" in side.source
    root = child("#", "security") if has_root else operation.pointer
    return child(operation.pointer, "security") if has_own else root


def renamed_schemes(old: Reading, new: Reading) -> dict[str, str]:
    """Return which schemes are now to be found under another name: names are the document's own."""
    before, after = _schemes(old), _schemes(new)
    found = {}
    for name, (_, node) in before.items():
        same = [n for n, (_, other) in after.items() if _is_kept(node, other)]
        if same and name not in same:
            found[name] = same[0]
    return found


def schemes(old: Reading, new: Reading) -> Iterator[tuple[str, Change]]:
    """Yield (old name of the scheme, change) for what the schemes themselves are."""
    before, after, renamed = _schemes(old), _schemes(new), renamed_schemes(old, new)
    for name, (at, node) in before.items():
        now = renamed.get(name, name)
        if now not in after:
            continue  # whoever used it has lost an alternative, which is told there
        other_at, other = after[now]
        for change in texts(name, node, other, at, other_at):
            yield name, change
        if not _is_kept(node, other):
            says = f"{name} is presented otherwise"
            yield name, breaking("security-scheme-changed", says, name, at, other_at)
        for change in _flows(node, other, (at, other_at)):
            yield name, change


def _schemes(side: Reading) -> dict[str, tuple[str, dict[str, Any]]]:
    at = "#/components/securitySchemes"
    names = side.source.get("components", {}).get("securitySchemes", {})
    found = {name: resolve(side.source, child(at, name)) for name in names}
    return {name: (pointer, node) for name, (node, pointer) in found.items()}


def _is_kept(old: Scheme, new: Scheme) -> bool:
    """Whether who can present the old credential can present the new one, scopes aside."""
    was, now = _addresses(old), _addresses(new)
    return _definition(old) == _definition(new) and was.items() <= now.items()


def _definition(scheme: Scheme) -> list[Any]:
    name = scheme.get("name")
    is_header = scheme.get("in") == "header"
    credential = str(name).lower() if is_header else name
    told = [scheme.get("type"), scheme.get("in"), credential]
    return [*told, str(scheme.get("scheme", "")).lower(), scheme.get("openIdConnectUrl")]


def _addresses(scheme: Scheme) -> dict[str, Any]:
    """Return where tokens are had, by the flow and the kind of address."""
    return {
        f"{name} {member}": flow[member]
        for name, flow in (scheme.get("flows") or {}).items()
        if not name.startswith("x-")
        for member in ("authorizationUrl", "tokenUrl", "refreshUrl")
        if member in flow
    }


def _flows(
    old: Mapping[str, Any], new: Mapping[str, Any], places: tuple[str, str]
) -> Iterator[Change]:
    was, now = _scopes(old), _scopes(new)
    for scope in [s for s in was if s not in now]:
        says = f"the scope {scope} is gone"
        yield breaking("security-scope-removed", says, scope, *places)
    for scope in [s for s in now if s not in was]:
        yield additive("security-scope-offered", f"there is the scope {scope}", scope, *places)


def _scopes(node: Mapping[str, Any]) -> list[str]:
    flows = [f for f in (node.get("flows") or {}).values() if isinstance(f, dict)]
    return list(dict.fromkeys(scope for flow in flows for scope in flow.get("scopes") or {}))
