"""Loaded by Schemathesis: the place to give valid requests what only this service can know.

Schemathesis takes an operation that never succeeds for one whose schema is wrong. Where a request
needs an id that exists, store it in `database.fill` under the id of the document's example, or
change the drawn request in a hook `before_call(context, case, kwargs)` here. Where operations take
an `Idempotency-Key`, call `keys.renew(case)` of `tests.contract.keys` in it for each valid request.
"""
