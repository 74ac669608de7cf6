"""What somebody foresaw: a sentence that says what is wrong and what to do."""

from __future__ import annotations


class StartError(Exception):
    """Nothing has been made."""
