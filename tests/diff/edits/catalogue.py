"""All edits of our own document."""

from __future__ import annotations

from tests.diff.edits import access, answers, operations, parameters, problems, requests, service

_KINDS = (operations, parameters, requests, answers, access, problems, service)
BREAKING = [edit for kind in _KINDS for edit in kind.BREAKING]
HARMLESS = [edit for kind in _KINDS for edit in kind.HARMLESS]
