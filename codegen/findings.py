"""What is wrong with a document: findings that name file, line, JSON pointer and reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing wrong, at a pointer of the bundle, or of a single file where `file` is set."""

    pointer: str
    reason: str
    file: str = ""
    line: int = 0

    def __str__(self) -> str:
        """Write it as `file:line #/pointer: reason`, without the parts that are not known."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place} {self.pointer}: {self.reason}".lstrip()


class RefusedError(Exception):
    """The document cannot be generated from; `findings` names every reason at once."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        """Keep the findings in the order in which they were made, each once."""
        self.findings = tuple(dict.fromkeys(findings))
        super().__init__("\n".join(str(finding) for finding in self.findings))


def refuse(pointer: str, reason: str, file: str = "", line: int = 0) -> RefusedError:
    """Return the refusal of a single finding."""
    return RefusedError([Finding(pointer, reason, file, line)])
