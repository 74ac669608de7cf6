"""People and posts that never were. All of it fits the document, and is made from the chance that
is handed in, so that the same number gives the same data.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

PASSWORD = "correct horse battery staple"  # noqa: S105 - published on purpose; never in production
USER_COLUMNS = (
    "id",
    "email",
    "username",
    "full_name",
    "bio",
    "password_hash",
    "created_at",
    "updated_at",
)
POST_COLUMNS = ("author_id", "title", "content", "published", "created_at", "updated_at")
PUBLISHED_SHARE = 0.85
YEAR = timedelta(days=365)
# A few hundred paragraphs, put together anew for each post, look like a million and are far faster.
PARAGRAPHS = 600

# fmt: off
GIVEN_NAMES = (
    "Ada", "Alan", "Barbara", "Claude", "Donald", "Dorothy", "Edsger", "Elena", "Fatima", "Grace",
    "Hedy", "Ines", "Jean", "Joan", "Katherine", "Kofi", "Leslie", "Lin", "Margaret", "Mary",
    "Maya", "Niklaus", "Olga", "Omar", "Priya", "Radia", "Rosa", "Sofia", "Tim", "Yuki",
)
FAMILY_NAMES = (
    "Abara", "Bernard", "Castillo", "Dubois", "Eriksen", "Farkas", "Garcia", "Haddad", "Ivanova",
    "Jansen", "Kimura", "Lindqvist", "Moreau", "Nakamura", "Okafor", "Petrov", "Quispe", "Rossi",
    "Sato", "Tanaka", "Ueda", "Varga", "Weber", "Xu", "Yilmaz", "Zhou",
)
SUBJECTS = (
    "The compositor", "A printed page", "Every good editor", "The second edition",
    "Our small press", "A footnote", "The margin", "An honest index", "The first reader",
    "A colophon", "The proofreader", "A long paragraph", "The title page", "An early draft",
    "The typeface", "A careful translator",
)
VERBS = (
    "remembers", "hides", "explains", "outlives", "questions", "repeats", "corrects", "promises",
    "forgets", "improves", "measures", "borrows", "defends", "interrupts", "welcomes",
    "outweighs",
)
OBJECTS = (
    "what the author meant", "the weight of paper", "a rule that nobody wrote down",
    "the patience of readers", "more than it says", "an older argument",
    "the silence between two chapters", "the cost of haste", "a mistake worth keeping",
    "the shape of a sentence", "the work of other hands", "its own beginning",
)
ENDINGS = (
    ".", ", and rarely the other way round.", ", as anybody knows who has set type.",
    ", at least on paper.", ", which is why we print slowly.", ", if one reads it twice.",
)
# fmt: on
BIOS = (
    "Writes about books and the people who make them.",
    "Reads proofs for a living and novels for fun.",
    "Sets type by hand, badly but with love.",
    "Collects colophons. Yes, really.",
    None,
    None,
)


def users_of(
    ids: Sequence[int], chance: Random, now: datetime, password_hash: str
) -> Iterator[tuple[Any, ...]]:
    """Rows for USER_COLUMNS, the oldest first. The id in a name keeps it unique."""
    for number, user_id in enumerate(ids):
        given, family = chance.choice(GIVEN_NAMES), chance.choice(FAMILY_NAMES)
        username = f"{given}.{family}.{user_id}".lower()
        at = _moment(now, number, len(ids))
        email, full_name = f"{username}@example.org", f"{given} {family}"
        bio = chance.choice(BIOS)
        yield (user_id, email, username, full_name, bio, password_hash, at, at)


def posts_of(
    authors: Sequence[int], count: int, chance: Random, now: datetime
) -> Iterator[tuple[Any, ...]]:
    """Rows for POST_COLUMNS, the oldest first. A few authors write most, as everywhere."""
    paragraphs = [_paragraph(chance) for _ in range(PARAGRAPHS)]
    titles = [_sentence(chance).rstrip(".") for _ in range(PARAGRAPHS)]
    for number in range(count):
        author = authors[int(len(authors) * chance.random() ** 2)]
        content = "\n\n".join(chance.choices(paragraphs, k=chance.randint(1, 4)))
        at = _moment(now, number, count)
        published = chance.random() < PUBLISHED_SHARE
        yield (author, chance.choice(titles), content, published, at, at)


def _moment(now: datetime, number: int, count: int) -> datetime:
    """Evenly over the year before `now`."""
    return now - YEAR + YEAR * (number / count)


def _sentence(chance: Random) -> str:
    return f"{chance.choice(SUBJECTS)} {chance.choice(VERBS)} {chance.choice(OBJECTS)}."


def _paragraph(chance: Random) -> str:
    sentences = (
        _sentence(chance)[:-1] + chance.choice(ENDINGS) for _ in range(chance.randint(2, 6))
    )
    return " ".join(sentences)
