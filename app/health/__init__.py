"""The tag health: what the service is, whether it runs, whether it can do its work."""

from app.health import handlers

__all__ = ["handlers"]
