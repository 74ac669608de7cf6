"""The bundle as text: JSON for programs, YAML for people, the same bytes each time."""

from __future__ import annotations

import json
import re
from typing import Any

import yaml

_CDumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
# What YAML 1.2 or JSON reads as a number and PyYAML, which knows 1.1, would leave unquoted.
_NUMBER = re.compile(r"[-+]?(?:[0-9][0-9_]*)?\.?[0-9]*(?:[eE][-+]?[0-9]+)?$|0o[0-7]+$")
_FOLD_FROM = 90


class _Dumper(_CDumper):  # type: ignore[misc]
    """Writes strings so that YAML 1.1 and 1.2 read the same, and never uses anchors."""

    def ignore_aliases(self, _data: Any) -> bool:
        """Write a value out each time it occurs."""
        return True


def _string(dumper: Any, text: str) -> Any:
    tag = "tag:yaml.org,2002:str"
    if "\n" in text.rstrip("\n") or text.endswith("\n"):
        return dumper.represent_scalar(tag, text, style="|" if _is_plain(text) else '"')
    if len(text) > _FOLD_FROM and _is_plain(text) and "  " not in text and text == text.strip():
        return dumper.represent_scalar(tag, text, style=">")
    return dumper.represent_scalar(tag, text)


def _is_plain(text: str) -> bool:
    """Whether a block scalar can hold the text without loss."""
    return text.isprintable() or all(c.isprintable() or c == "\n" for c in text)


_Dumper.add_representer(str, _string)
_Dumper.add_implicit_resolver("tag:yaml.org,2002:float", _NUMBER, list("-+.0123456789"))


def to_json(source: dict[str, Any]) -> bytes:
    """Return the document as JSON, indented by two, ending in a line feed."""
    return (json.dumps(source, indent=2, ensure_ascii=False) + "\n").encode()


def to_yaml(source: dict[str, Any]) -> bytes:
    """Return the document as YAML in block style."""
    text = yaml.dump(
        source,
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        width=100,
        default_flow_style=False,
    )
    return str(text).encode()
