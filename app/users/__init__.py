"""The tag users: accounts and their profiles."""

from app.users import handlers

__all__ = ["handlers"]
