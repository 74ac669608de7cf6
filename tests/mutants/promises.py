"""The faults that a reliable service must not have, and the mutants that put each of them in."""

from __future__ import annotations

# In the order of the table in docs/reliability.md, which says which check notices each.
PROMISES: dict[str, tuple[str, ...]] = {
    "Commit after the answer": (
        "a commit after the answer, by the runtime",
        "a commit after the answer, by the database",
        "a commit after the answer, under kill -9",
    ),
    "A server that confirms before it flushes": ("a server that may lose writes",),
    "A refresh token is looked up first and exchanged then": ("rotation by looking first",),
    "Revoking and then refusing in one transaction": ("a revocation that is rolled back",),
    "No version in the condition of a change": (
        "a post that is not locked",
        "If-Match not checked by a handler",
    ),
    "Uniqueness by looking first": ("an address that is looked for first",),
    "The answer of a key in a second transaction": ("an answer that is kept too late",),
    "Ownership not checked by one operation": (
        "an UPDATE without its owner",
        "a DELETE without its owner",
        "somebody else's post",
    ),
    "Unknown members are ignored": ("a dialect of its own",),
    "An error repeats the input": ("input in an error",),
    "Hashing in the event loop": ("hashing in the event loop",),
    "No hash for an unknown user": ("an unknown user in no time",),
    "Claims not required": ("claims not required",),
    "The type of a token not checked": ("typ not checked",),
    "A pool that lets wait for 30 s": ("a pool that lets everybody wait",),
    "Dead connections are used": ("a dead connection at hand",),
    "Liveness asks the database": ("liveness asks the database",),
    "No end to a graceful stop": ("a stop that waits for ever",),
    "A worker that died stays dead": ("a worker that is not replaced",),
    "A migration without a limit for locks": ("a migration that waits for ever",),
    "An exception's message in the log": ("what a library says, in the log",),
    "X-Forwarded-For of anybody is believed": ("an address of one's own choice",),
    "U+0000 is let in": ("U+0000 in a title", "U+0000 at the gate"),
    "Bodies without a limit": ("no body limit", "no limit to a body of unknown length"),
    "A dependency below its safe release": ("a floor that is lowered", "a release with a hole"),
}
