"""The service. `app.main` puts its parts together; `python -m app` is the command line."""

__version__ = "0.1.0"
