"""Cases of members and items."""

from __future__ import annotations

from tests.diff.cases.case import FREE, NARROWER, NUMBER, OTHER, SAME, TEXT, WIDER, Case, member

CASES: list[Case] = [
    # Members.
    ("a member comes", member(TEXT), member(TEXT) | {"properties": {"m": TEXT, "n": TEXT}}, FREE),
    ("a member goes", member(TEXT), {"type": "object"}, OTHER),
    ("a member is required", member(TEXT), member(TEXT, required=["m"]), NARROWER),
    ("a member is optional", member(TEXT, required=["m"]), member(TEXT), WIDER),
    ("a required member comes", {"type": "object"}, member(TEXT, required=["m"]), NARROWER),
    ("an unnamed member is required", {}, {"required": ["m"]}, NARROWER),
    ("a member is narrower", member(TEXT), member({"const": "a"}), NARROWER),
    ("a member is read-only", member(TEXT), member({**TEXT, "readOnly": True}), ("breaking", "")),
    ("a member is write-only", member(TEXT), member({**TEXT, "writeOnly": True}), ("", "breaking")),
    (
        "a read-only member is required",
        member({**TEXT, "readOnly": True}),
        member({**TEXT, "readOnly": True}, required=["m"]),
        ("", "additive"),
    ),
    ("closed", member(TEXT), member(TEXT, additionalProperties=False), NARROWER),
    ("opened", member(TEXT, additionalProperties=False), member(TEXT), FREE),
    (
        "closed by another keyword",
        member(TEXT, additionalProperties=False),
        member(TEXT, unevaluatedProperties=False),
        SAME,
    ),
    (
        "other members are narrower",
        {"additionalProperties": TEXT},
        {"additionalProperties": {"const": "a"}},
        NARROWER,
    ),
    ("other members are texts", {}, {"additionalProperties": TEXT}, NARROWER),
    ("other members are anything", {"additionalProperties": TEXT}, {}, WIDER),
    ("a map is closed", {"additionalProperties": TEXT}, {"additionalProperties": False}, OTHER),
    (
        "members of a pattern",
        {"patternProperties": {"^x": TEXT}},
        {"patternProperties": {"^x": {"const": "a"}}},
        NARROWER,
    ),
    ("a pattern of members", {}, {"patternProperties": {"^x": TEXT}}, OTHER),
    (
        "a member of a map gets a name",
        {"additionalProperties": TEXT},
        {"additionalProperties": TEXT, "properties": {"m": {"const": "a"}}},
        NARROWER,
    ),
    (
        "a member that its neighbour refuses",
        {"allOf": [{"additionalProperties": False}], "properties": {"m": TEXT}},
        {"additionalProperties": False, "properties": {"m": TEXT}},
        FREE,
    ),
    ("a member is refused", {}, {"properties": {"m": False}}, NARROWER),
    ("all others must be no members", {"items": TEXT}, {"items": False}, NARROWER),
    # Items.
    ("items are narrower", {"items": TEXT}, {"items": {"const": "a"}}, NARROWER),
    ("items are said", {"type": "array"}, {"type": "array", "items": TEXT}, NARROWER),
    ("items are not said", {"type": "array", "items": TEXT}, {"type": "array"}, WIDER),
    ("first items", {"prefixItems": [TEXT]}, {"prefixItems": [{"const": "a"}]}, NARROWER),
    ("more first items", {"prefixItems": [TEXT]}, {"prefixItems": [TEXT, TEXT]}, NARROWER),
    (
        "items of two lists",
        {"allOf": [{"prefixItems": [TEXT]}, {"prefixItems": [{}]}]},
        {"allOf": [{"prefixItems": [TEXT]}, {"prefixItems": [NUMBER]}]},
        NARROWER,
    ),
    ("first items like all others", {"items": TEXT}, {"items": TEXT, "prefixItems": [TEXT]}, SAME),
]
