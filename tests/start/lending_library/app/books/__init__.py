"""The tag books: what the library has titles of."""

from app.books import handlers

__all__ = ["handlers"]
