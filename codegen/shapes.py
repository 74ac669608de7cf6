"""The shapes of a document's schemas: what is left of them when only types are wanted.

The model generator is fed shapes instead of schemas. A shape admits at least what its schema
admits, has no combination that models express badly, and every object in it has a name. Values
are judged by the gate, which executes the schemas themselves.
"""

from __future__ import annotations

from typing import Any

from app.contract import pointers
from app.contract.grammar import schemas
from app.contract.pointers import UnresolvableReferenceError, child, tokens_of
from codegen import leaves, merge
from codegen.merge import UNIONS, Merged, Part
from codegen.naming import is_builtin, needs_alias, pascal_case, unique

Shape = dict[str, Any]
ANYTHING: Shape = {}
REFERENCE = "#/components/schemas/"
MAX_VARIANTS = 20
# What schemas.py imports, which a model of that name would hide.
RESERVED = frozenset(
    {
        *("Annotated", "Any", "AwareDatetime", "BaseModel", "ConfigDict", "Field", "Literal"),
        *("MISSING", "RootModel", "TypeAliasType", "UUID", "Union", "Upload", "Dict", "List"),
    }
)


class Shapes:
    """Every shape of one document by class name, grown as bodies and parameters ask for more."""

    def __init__(self, source: dict[str, Any], uploads: frozenset[str] = frozenset()) -> None:
        """`source` is in JSON Schema's own words; `uploads` points at the schemas of file parts."""
        self._source = source
        self._uploads = uploads
        self._names: dict[str, str] = {}
        self._taken: set[str] = set()
        self.models: dict[str, Shape] = {}
        self.dictionaries: dict[str, str] = {}
        self.members = {n for _, schema in schemas(source) for n in schema.get("properties") or ()}
        for name in source.get("components", {}).get("schemas", {}):
            self._name(child("#/components/schemas", name), pascal_case(name) or "Schema")
        for pointer, name in list(self._names.items()):
            self.models[name] = self._top(pointer, name)

    @property
    def has_aliases(self) -> bool:
        """Whether a member has a name that a field cannot have."""
        return any(needs_alias(name) for name in self.members)

    def at(self, pointer: str, name: str) -> Shape:
        """Return the shape of the schema at `pointer`; an object without a name gets `name`."""
        if pointer in self._names:
            return self._reference(pointer, name)
        return self._of(pointers.lookup(self._source, pointer), pointer, name)

    def resolve_once(self, shape: Shape) -> Shape:
        """Return the shape that a reference means."""
        return self.models[shape["$ref"].removeprefix(REFERENCE)]

    def dictionary(self, model: str) -> str:
        """Return the name of the dictionary that says the same as a model."""
        if model not in self.dictionaries:
            self.dictionaries[model] = unique(f"{model}Dict", self._taken)
            self._taken.add(self.dictionaries[model])
        return self.dictionaries[model]

    def _name(self, pointer: str, wanted: str) -> str:
        if pointer not in self._names:
            wanted = f"{wanted}Model" if wanted in RESERVED or is_builtin(wanted) else wanted
            self._names[pointer] = unique(wanted, self._taken)
            self._taken.add(self._names[pointer])
        return self._names[pointer]

    def _top(self, pointer: str, name: str) -> Shape:
        """Return the shape of a schema that has a name of its own."""
        schema = pointers.lookup(self._source, pointer)
        shape = self._of(schema, pointer, name, is_named=True)
        description = schema.get("description") if isinstance(schema, dict) else None
        return {**shape, **leaves.description(description)}

    def _reference(self, reference: str, name: str) -> Shape:
        pointer = child("#", *tokens_of(reference))
        try:
            target, end = pointers.resolve(self._source, pointer)
        except UnresolvableReferenceError:
            return ANYTHING
        if pointer not in self._names:
            tokens = [step for step in tokens_of(pointer) if step != "properties"]
            own = self._name(pointer, pascal_case("-".join(tokens[2:])) or name)
            self.models[own] = ANYTHING
            self.models[own] = self._top(pointer, own)
        named = {"$ref": REFERENCE + self._names[pointer]}
        if leaves.is_nullable_object(target):
            return leaves.union([named, {"type": "null"}])
        return {"anyOf": [named, ANYTHING]} if self._is_loose(Part(target, end)) else named

    def _is_loose(self, part: Part) -> bool:
        """Whether a schema speaks of objects and never says that a value must be one."""
        parts = merge.parts_of(self._source, part)
        if any("type" in p.schema or merge.has_union(p.schema) for p in parts):
            return False
        return bool(parts) and all(merge.describes_objects(p.schema) for p in parts)

    def _of(self, schema: Any, pointer: str, name: str, *, is_named: bool = False) -> Shape:
        if not isinstance(schema, dict):
            return ANYTHING
        if pointer in self._uploads:
            return {"customTypePath": "app.contract.Upload"}
        part = Part(schema, pointer)
        if "allOf" in schema or (set(schema) & merge.SHAPING) > {"$ref"}:
            return self._all_of(part, name, is_named=is_named)
        if "$ref" in schema:
            return self._reference(schema["$ref"], name)
        union = next((word for word in UNIONS if self._divides(schema, word)), None)
        if union is not None:
            return self._one_of(part, union, name, is_named=is_named)
        return self._plain(part, name, is_named=is_named)

    def _plain(self, part: Part, name: str, *, is_named: bool) -> Shape:
        """Return the shape of a schema that is not made of others."""
        types = leaves.types_of(part.schema)
        if is_named and leaves.is_nullable_object(part.schema):
            types = ["object"]
        elif len(types) > 1 and not leaves.is_simple(part.schema, types):
            return self._one_of_types(part, types, name, is_named=is_named)
        if "enum" in part.schema or "const" in part.schema:
            return leaves.choices(part.schema, types)
        if types == ["object"] or merge.describes_objects(part.schema):
            return self._object(merge.merge([part]), types, part.pointer, name, is_named=is_named)
        if types == ["array"]:
            return self._array(part, name)
        return leaves.scalar(part.schema, types)

    def _one_of_types(self, part: Part, types: list[str], name: str, *, is_named: bool) -> Shape:
        own = f"{name}Object" if is_named else name
        shapes = [
            self._object(merge.merge([part]), [kind], f"{part.pointer}/type", own, is_named=False)
            if kind == "object"
            else self._plain(Part({**part.schema, "type": kind}, part.pointer), own, is_named=False)
            for kind in types
        ]
        return leaves.union(shapes)

    def _array(self, part: Part, name: str) -> Shape:
        schema = part.schema
        shape: Shape = {"type": "array", **leaves.bounds(schema, ("minItems", "maxItems"))}
        if "prefixItems" in schema:
            return {**shape, "items": ANYTHING}
        if isinstance(schema.get("items"), dict):
            items = self._of(schema["items"], child(part.pointer, "items"), f"{name}Item")
            return {**shape, "items": leaves.without_bounds(items)}
        return {**shape, "items": ANYTHING}

    def _object(
        self, merged: Merged, types: list[str], pointer: str, name: str, *, is_named: bool
    ) -> Shape:
        if not merged.properties and not merged.is_closed:
            values = self._of(*merged.rest, f"{name}Value") if merged.rest[1] else ANYTHING
            mapping = {"type": "object", "additionalProperties": leaves.without_bounds(values)}
            return mapping if types else ANYTHING
        if not is_named:
            own = self._name(pointer, name)
            if own not in self.models:
                self.models[own] = ANYTHING
                self.models[own] = self._members(merged, own)
            named = {"$ref": REFERENCE + own}
            return named if types else {"anyOf": [named, ANYTHING]}
        return self._members(merged, name)

    def _members(self, merged: Merged, name: str) -> Shape:
        shape: Shape = {"type": "object", **leaves.description(merged.description)}
        required = [n for n in merged.required if n in merged.properties]
        if required:
            shape["required"] = required
        shape["properties"] = {
            member: leaves.described(
                self._of(schema, pointer, name + (pascal_case(member) or "Member")), schema
            )
            for member, (schema, pointer) in merged.properties.items()
        }
        if merged.rest[0] is not None:
            shape["additionalProperties"] = not merged.is_closed
        return shape

    def _all_of(self, part: Part, name: str, *, is_named: bool) -> Shape:
        direct = self._direct_parts(part)
        if len(direct) == 1:
            return self._of(direct[0].schema, direct[0].pointer, name, is_named=is_named)
        parts = merge.parts_of(self._source, part)
        if all(merge.is_object_or_union(p.schema) for p in parts):
            types = ["object"] if any("type" in p.schema for p in parts) else []
            return self._objects(parts, types, part, name, is_named=is_named)
        typed = [p for p in direct if p.schema.get("type") or "$ref" in p.schema]
        chosen = (typed or direct)[-1]
        is_whole = is_named and chosen.pointer == part.pointer
        return self._of(chosen.schema, chosen.pointer, name, is_named=is_whole)

    def _direct_parts(self, part: Part) -> list[Part]:
        own = {word: value for word, value in part.schema.items() if word not in {"allOf", "$ref"}}
        parts = [Part(own, part.pointer)]
        if "$ref" in part.schema:
            parts.insert(0, Part({"$ref": part.schema["$ref"]}, part.pointer))
        for index, member in enumerate(part.schema.get("allOf") or ()):
            parts.insert(-1, Part(member, child(part.pointer, "allOf", index)))
        return [p for p in parts if merge.has_shape(p.schema)]

    def _objects(
        self, parts: list[Part], types: list[str], whole: Part, name: str, *, is_named: bool
    ) -> Shape:
        """Return one object, or a union where a part of it is one of several."""
        divided = [(p, w) for p in parts for w in UNIONS if self._divides_objects(p, w)]
        if len(divided) == 1:
            return self._distributed(parts, *divided[0], name)
        return self._object(merge.merge(parts), types, whole.pointer, name, is_named=is_named)

    def _distributed(self, parts: list[Part], divided: Part, word: str, name: str) -> Shape:
        """Return a union of objects, each made of the common parts and one variant."""
        shapes = []
        for index, variant in enumerate(divided.schema[word]):
            at = child(divided.pointer, word, index)
            merged = merge.merge([*parts, *merge.parts_of(self._source, Part(variant, at))])
            own = name + merge.variant_word(variant, index)
            shapes.append(self._object(merged, ["object"], at, own, is_named=False))
        return leaves.union(shapes)

    def _divides(self, schema: dict[str, Any], word: str) -> bool:
        """Whether every variant of a union has a shape, so that the union says something."""
        variants = schema.get(word)
        if not isinstance(variants, list) or not 0 < len(variants) <= MAX_VARIANTS:
            return False
        return all(merge.has_shape(variant) for variant in variants)

    def _divides_objects(self, part: Part, word: str) -> bool:
        """Whether a union has nothing but objects as variants."""
        return self._divides(part.schema, word) and all(
            merge.is_object_or_union(p.schema)
            for index, variant in enumerate(part.schema[word])
            for p in merge.parts_of(self._source, Part(variant, child(part.pointer, word, index)))
        )

    def _one_of(self, part: Part, word: str, name: str, *, is_named: bool) -> Shape:
        own = {k: v for k, v in part.schema.items() if k not in UNIONS}
        if merge.describes_objects(own) and set(own) & {"properties", "required"}:
            return self._objects([part], ["object"], part, name, is_named=is_named)
        shapes = []
        for index, variant in enumerate(part.schema[word]):
            typed = {"type": own["type"], **variant} if "type" in own else variant
            if "$ref" in variant:
                typed = variant
            at = child(part.pointer, word, index)
            shapes.append(self._of(typed, at, name + merge.variant_word(variant, index)))
        return leaves.union(shapes)
