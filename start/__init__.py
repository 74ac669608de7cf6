"""Makes a new repository from this one: the machinery, the checks and health, without the
publishing API. `make new` runs it; docs/your-own-api.md leads on from there.
"""
