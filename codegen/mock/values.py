"""JSON values made from schemas: the same seed gives the same value, and every one is judged."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from random import Random
from typing import Any

from app.contract.document import Document
from app.contract.schema import Direction, executable
from codegen.mock import kinds, scalars
from codegen.mock.folding import ALL_TYPES, Contradiction, Folded, fold, joined
from codegen.mock.patterns import texts

Admits = Callable[[Any], bool]

ATTEMPTS = 12
# How much is tried for one value, so that schemas of great breadth end as well.
MAX_STEPS = 4_000
LEAN_FROM = 6
MAX_DEPTH = 30
USUAL_ITEMS = 2
# Plain words would be valid for them, and useless: libraries look at what stands there.
KNOWN_MEMBERS = {"token_type": "Bearer"}


class Values:
    """Makes values of answers, for one document and seed."""

    def __init__(self, document: Document, seed: int) -> None:
        """Translate the document's schemas into JSON Schema's own words once."""
        is_3_0 = document.is_3_0
        self._source = executable(document.source, Direction.RESPONSE, is_3_0=is_3_0)
        self._seed = seed

    def make(self, pointer: str, admits: Admits, *, salt: str = "") -> Any:
        """Return a value of the schema at `pointer` that `admits` lets pass.

        With another `salt` it is another one where the schema has several. Raises Contradiction
        where none is found.
        """
        reason = "what is made of it does not hold"
        for attempt in range(ATTEMPTS):
            maker = _Maker(self._source, self.chance(f"{pointer} {attempt} {salt}"), attempt)
            try:
                value = maker.value({"$ref": pointer}, (), "")
            except Contradiction as contradiction:
                reason = str(contradiction)
                continue
            if admits(value):
                return value
        raise Contradiction(reason)

    def chance(self, name: str) -> Random:
        """Return a source of chance that is the same for each run with this seed."""
        return Random(f"{self._seed} {name}")  # noqa: S311 - to be repeated, not to be secret


class _Maker:
    """One attempt at a value. Later attempts leave out what need not be there."""

    def __init__(self, source: dict[str, Any], random: Random, attempt: int) -> None:
        self._source = source
        self._random = random
        self._steps = 0
        self._takes_examples = attempt in {0, 1, 4, 5}
        self._is_lean = attempt >= ATTEMPTS // 3

    def value(self, schema: Any, above: tuple[str, ...], name: str) -> Any:
        """Return a value for a schema; `above` are the references that it stands in."""
        self._steps += 1
        if self._steps > MAX_STEPS or len(above) > MAX_DEPTH:
            raise Contradiction("the schema is too deep")
        folded, passed = fold(self._source, schema)
        reason = "no alternative has a value"
        for settled, also in self._settled(folded):
            references = [r for r in (passed | also) if r.startswith("#")]
            is_lean = self._is_lean or len(above) > LEAN_FROM or any(r in above for r in references)
            inside = (*above, *sorted(references)) if references else (*above, "")
            try:
                return self._settled_value(settled, inside, name, is_lean=is_lean)
            except Contradiction as contradiction:
                reason = str(contradiction)
        raise Contradiction(reason)

    def _settled(self, folded: Folded) -> Iterator[tuple[Folded, frozenset[str]]]:
        """Yield a folded schema with its alternatives decided, in one way after another."""
        pending = [*folded.get("choices", ()), *folded.get("variants", ())]
        pending += [self._branches(condition) for condition in folded.get("conditions", ())]
        if not pending:
            yield folded, frozenset()
            return
        rest = {w: v for w, v in folded.items() if w not in {"choices", "variants", "conditions"}}
        first, *others = pending
        start = self._random.randrange(len(first)) if first else 0
        for option in [*first[start:], *first[:start]]:
            try:
                decided, passed = fold(self._source, kinds.with_option(rest, option, others))
            except Contradiction:
                continue
            yield from ((settled, passed | also) for settled, also in self._settled(decided))

    def _branches(self, condition: dict[str, Any]) -> list[Any]:
        met = joined(condition["if"], condition.get("then", True))
        return [met, condition.get("else", True)]

    def _settled_value(
        self, folded: Folded, above: tuple[str, ...], name: str, *, is_lean: bool
    ) -> Any:
        ready = self._ready(folded, name)
        if ready:
            return ready[0]
        types = folded.get("type") or kinds.likely_types(folded)
        types = sorted(types, key=lambda kind: kind == "null")
        for kind in types:
            try:
                return self._of_type(kind, folded, above, is_lean=is_lean)
            except Contradiction:
                if kind == types[-1]:
                    raise
        raise Contradiction("no type has a value")

    def _ready(self, folded: Folded, name: str) -> list[Any]:
        """Return the values that the schema itself offers, the best first."""
        if "enum" in folded:
            allowed = [v for v in folded["enum"] if kinds.is_of(v, folded.get("type", ALL_TYPES))]
            if not allowed:
                raise Contradiction("the enumeration has no value of the type")
            found = [v for v in allowed if v is not None] or allowed
            return [self._random.choice(found)]
        if self._takes_examples:
            examples = folded.get("examples")
            found = list(examples) if isinstance(examples, list) else []
            found += [folded[word] for word in ("example", "default") if word in folded]
            if found:
                return found
            if name in KNOWN_MEMBERS and folded.get("type") == ["string"]:
                return [KNOWN_MEMBERS[name]]
        return []

    def _of_type(self, kind: str, folded: Folded, above: tuple[str, ...], *, is_lean: bool) -> Any:
        match kind:
            case "object":
                return self._object(folded, above, is_lean=is_lean)
            case "array":
                return self._array(folded, above, is_lean=is_lean)
            case "string":
                return scalars.text(folded, self._random)
            case "integer" | "number":
                return scalars.number(folded, self._random, is_whole=kind == "integer")
            case "boolean":
                return self._random.choice((True, False))
        return None

    def _object(self, folded: Folded, above: tuple[str, ...], *, is_lean: bool) -> dict[str, Any]:
        properties = folded.get("properties", {})
        required = folded.get("required", [])
        members: dict[str, Any] = {}
        for name in dict.fromkeys((*properties, *required)):
            if name not in required and (is_lean or kinds.travels_in(properties[name])):
                continue
            try:
                members[name] = self.value(kinds.member(folded, name), above, name)
            except Contradiction:
                if name in required:
                    raise
        self._add_dependent(folded, members, above)
        self._add_nameless(folded, members, above, is_lean=is_lean)
        for name in [n for n in members if n not in required][::-1]:
            if len(members) > folded.get("maxProperties", len(members)):
                del members[name]
        return members

    def _add_dependent(
        self, folded: Folded, members: dict[str, Any], above: tuple[str, ...]
    ) -> None:
        for present, needed in folded.get("dependentRequired", {}).items():
            for name in needed if present in members else ():
                if name not in members:
                    members[name] = self.value(kinds.member(folded, name), above, name)

    def _add_nameless(
        self, folded: Folded, members: dict[str, Any], above: tuple[str, ...], *, is_lean: bool
    ) -> None:
        """Add members that the schema has no name for: as many as must be, or one to show a map."""
        is_map = isinstance(folded.get("additionalProperties"), dict)
        usual = 1 if is_map and not is_lean and not folded.get("properties") else 0
        wanted = max(folded.get("minProperties", 0), usual)
        for name in self._names(folded):
            if len(members) >= wanted:
                return
            if name not in members:
                members[name] = self.value(kinds.member(folded, name), above, name)

    def _names(self, folded: Folded) -> Iterator[str]:
        """Yield names of members, those of the schema first."""
        yield from folded.get("properties", ())
        words = fold(self._source, folded.get("propertyNames", True))[0]
        for pattern in folded.get("patternProperties", ()):
            for _ in range(20):
                yield from list(texts(pattern, self._random))[:3]
        least = words.get("minLength", 0)
        for length in range(least, least + 50):
            with suppress(Contradiction):
                yield scalars.text({**words, "minLength": length}, self._random)

    def _array(self, folded: Folded, above: tuple[str, ...], *, is_lean: bool) -> list[Any]:
        least, most = folded.get("minItems", 0), folded.get("maxItems")
        prefix, items = folded.get("prefixItems", []), folded.get("items", True)
        usual = len(prefix) or USUAL_ITEMS
        wanted = max(least, 0 if is_lean else usual)
        if most is not None:
            wanted = min(wanted, most)
        contains = [folded["contains"]] if "contains" in folded else []
        contained = contains * folded.get("minContains", 1)
        made: list[Any] = []
        for index in range(max(wanted, len(contained))):
            schema = prefix[index] if index < len(prefix) else items
            if index < len(contained):
                schema = joined(schema, contained[index])
            try:
                self._append(made, schema, above, is_unique=bool(folded.get("uniqueItems")))
            except Contradiction:
                if index < least:
                    raise
                break
        return made

    def _append(
        self, made: list[Any], schema: Any, above: tuple[str, ...], *, is_unique: bool
    ) -> None:
        for _ in range(20):
            value = self.value(schema, above, "")
            if not is_unique or value not in made:
                made.append(value)
                return
        raise Contradiction("the items cannot all differ")
