"""The tag auth: sign-in, renewal and sign-out."""

from app.auth import handlers

__all__ = ["handlers"]
