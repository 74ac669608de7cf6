"""The failure that somebody foresaw, before or beside serving requests. What goes wrong within a
request is a problem of the contract.
"""

from __future__ import annotations


class Failure(Exception):
    """Carries whole sentences that say what is wrong and what to do, one for each thing."""

    def __init__(self, *sentences: str) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences
