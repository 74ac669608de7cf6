"""What the service is meant to reach, in requests a second to those of another contestant."""

from __future__ import annotations

# The targets are meant for so many connections.
CONNECTIONS = 32
SPEEDS = (
    ("live", "usual", 2.0),
    ("live", "floor", 0.6),
    ("get_post", "usual", 6.0),
    ("get_post", "floor", 0.6),
    ("list_posts", "usual", 8.0),
    ("list_posts", "floor", 0.6),
    ("get_post_unchanged", "usual", 10.0),
    ("get_post_unchanged", "floor", 0.6),
    ("create_post", "usual", 2.5),
    ("create_post", "floor", 0.5),
    ("update_post", "usual", 2.5),
    ("update_post", "floor", 0.5),
    ("log_in", "usual", 1.0),
    ("invalid_page", "usual", 2.0),
)
CASES = frozenset(case for case, _, _ in SPEEDS)
