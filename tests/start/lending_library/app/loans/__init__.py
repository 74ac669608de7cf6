"""The tag loans: who has what."""

from app.loans import handlers

__all__ = ["handlers"]
