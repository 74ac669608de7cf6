"""Makes a new repository from this one: the machinery, the checks and health, without the
publishing API. `python -m start NAME FOLDER`, or `make new`; docs/your-own-api.md leads on from there.
"""
