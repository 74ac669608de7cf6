"""The tag copies: what stands on the shelves."""

from app.copies import handlers

__all__ = ["handlers"]
