"""House rules for a document, by the ids that a rules file names them by.

Each takes the document and its entry of the file, and yields (pointer, text) for what breaks it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from app.contract.document import Document
from codegen.rules import catalogue, echoes, limits, operations, prose, repeats, values

Rule = Callable[[Document, Mapping[str, Any]], Iterator[tuple[str, str]]]

RULES: Mapping[str, Rule] = {
    "operation-id-snake-case": operations.id_snake_case,
    "one-tag-per-operation": operations.one_tag,
    "explicit-security": operations.explicit_security,
    "no-default-response": operations.no_default_response,
    "required-statuses": operations.required_statuses,
    "no-idle-statuses": operations.no_idle_statuses,
    "creations-repeatable": repeats.creations_repeatable,
    "required-headers-everywhere": operations.required_headers,
    "links-from-create": operations.links_from_create,
    "rate-limits-declared": limits.declared_everywhere,
    "staleness-is-a-choice": operations.staleness_is_a_choice,
    "strings-bounded": values.strings_bounded,
    "no-u0000": values.no_u0000,
    "integers-bounded": values.integers_bounded,
    "arrays-bounded": values.arrays_bounded,
    "objects-closed": values.objects_closed,
    "no-inline-objects": values.no_inline_objects,
    "echoed-parameters-fit": echoes.echoed_parameters_fit,
    "pages-hold-what-is-asked": echoes.pages_hold_what_is_asked,
    "problem-responses-list-codes": catalogue.responses_list_codes,
    "problem-status-matches-catalogue": catalogue.status_matches,
    "every-catalogue-code-used-or-runtime": catalogue.every_code_used,
    "catalogue-entries-complete": catalogue.entries_complete,
    "examples-present": prose.examples_present,
    "descriptions-present": prose.descriptions_present,
}
