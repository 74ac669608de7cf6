"""Cases of the same written otherwise, of variants and of defaults."""

from __future__ import annotations

from tests.diff.cases.case import (
    A_REF,
    A_TWIN,
    B_REF,
    FREE,
    KIND,
    NARROWER,
    NULL,
    NUMBER,
    OTHER,
    SAME,
    TEXT,
    WIDER,
    A,
    B,
    Case,
    member,
)

CASES: list[Case] = [
    # The same, written otherwise.
    (
        "moved into allOf",
        member(TEXT, required=["m"]),
        {"allOf": [member(TEXT, required=["m"])]},
        SAME,
    ),
    (
        "taken apart",
        member(TEXT, required=["m"]),
        {"allOf": [{"type": "object", "required": ["m"]}, {"properties": {"m": TEXT}}]},
        SAME,
    ),
    ("moved behind a reference", A, A_REF, SAME),
    ("null by anyOf", {"type": ["string", "null"]}, {"anyOf": [TEXT, NULL]}, SAME),
    ("null by oneOf, of a component", {"anyOf": [A_REF, NULL]}, {"anyOf": [NULL, A_REF]}, SAME),
    ("null comes by anyOf", TEXT, {"anyOf": [TEXT, NULL]}, WIDER),
    ("null goes out of anyOf", {"anyOf": [TEXT, NULL]}, TEXT, NARROWER),
    ("texts change", {"description": "A.", **TEXT}, {"description": "B.", **TEXT}, SAME),
    # Variants.
    ("a variant comes", {"oneOf": [A_REF]}, {"oneOf": [A_REF, B_REF]}, WIDER),
    ("a variant goes", {"oneOf": [A_REF, B_REF]}, {"oneOf": [A_REF]}, NARROWER),
    ("variants in another order", {"oneOf": [A_REF, B_REF]}, {"oneOf": [B_REF, A_REF]}, SAME),
    ("one of several is the only one", {"oneOf": [A_REF, B_REF]}, A_REF, NARROWER),
    ("the only one is one of several", A_REF, {"anyOf": [A_REF, B_REF]}, WIDER),
    ("a variant is written out", {"oneOf": [A_REF, B_REF]}, {"oneOf": [A, B]}, SAME),
    (
        "a variant is narrower",
        {"anyOf": [TEXT, NUMBER]},
        {"anyOf": [NUMBER, {"type": "string", "maxLength": 5}]},
        NARROWER,
    ),
    ("anyOf is oneOf", {"anyOf": [A_REF, B_REF]}, {"oneOf": [A_REF, B_REF]}, NARROWER),
    ("anyOf of two types is oneOf", {"anyOf": [A_REF, NULL]}, {"oneOf": [NULL, A_REF]}, SAME),
    ("a choice beside demands", member(TEXT), member(TEXT, anyOf=[{"required": ["m"]}]), NARROWER),
    (
        "told by another member",
        {"oneOf": [A_REF], "discriminator": KIND},
        {"oneOf": [A_REF], "discriminator": {"propertyName": "a"}},
        OTHER,
    ),
    (
        "a value of the discriminator goes",
        {"oneOf": [A_REF], "discriminator": {**KIND, "mapping": {"a": "A", "x": "A"}}},
        {"oneOf": [A_REF], "discriminator": {**KIND, "mapping": {"a": "A"}}},
        NARROWER,
    ),
    (
        "a value of the discriminator means another variant",
        {"oneOf": [A_REF, B_REF], "discriminator": {**KIND, "mapping": {"a": "A"}}},
        {"oneOf": [A_REF, B_REF], "discriminator": {**KIND, "mapping": {"a": "B"}}},
        OTHER,
    ),
    (
        "a variant told by its own name has another",
        {"oneOf": [A_REF], "discriminator": KIND},
        {"oneOf": [A_TWIN], "discriminator": KIND},
        OTHER,
    ),
    (
        "a variant that is told by a value has another name",
        {"oneOf": [A_REF], "discriminator": {**KIND, "mapping": {"a": "A"}}},
        {"oneOf": [A_TWIN], "discriminator": {**KIND, "mapping": {"a": "#/components/schemas/A2"}}},
        SAME,
    ),
    (
        "a text is a text of one of two kinds",
        TEXT,
        {"anyOf": [{"type": "string", "maxLength": 5}, {"type": "string", "minLength": 3}]},
        NARROWER,
    ),
    (
        "null by anyOf with another default",
        {"type": ["string", "null"], "default": "a"},
        {"anyOf": [TEXT, NULL], "default": "b"},
        NARROWER,
    ),
    (
        "a type beside a choice goes",
        {"type": "string", "anyOf": [{"minLength": 1}]},
        {"minLength": 1},
        WIDER,
    ),
    # Defaults matter to who leaves out.
    ("a default comes", TEXT, {**TEXT, "default": "a"}, FREE),
    ("a default changes", {**TEXT, "default": "a"}, {**TEXT, "default": "b"}, NARROWER),
    ("a default goes", {**TEXT, "default": "a"}, TEXT, NARROWER),
]
