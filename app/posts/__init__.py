"""The tag posts: drafts and published posts."""

from app.posts import handlers

__all__ = ["handlers"]
