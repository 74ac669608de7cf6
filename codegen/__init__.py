"""Turns an OpenAPI document into generated/: bundle, models, problems, protocols and routers.

It shares with the service only the reading of a document (`app.contract.document` and `schema`).
"""
