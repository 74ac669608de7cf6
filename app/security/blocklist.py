"""Passwords that are guessed first: those that very many people have, and those that follow from
what everybody knows of an account. The first stand in `common_passwords.txt`, in lower case.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

COMMON = Path(__file__).with_name("common_passwords.txt")
WORD = re.compile(r"[^\W_]+")
# A shorter word would be found in half of all passwords.
SHORTEST_WORD = 3


@cache
def common_passwords() -> frozenset[str]:
    return frozenset(COMMON.read_text(encoding="ascii").splitlines())


def is_guessable(password: str, known: Iterable[str]) -> bool:
    """Whether the whole of the password is a common one, or nothing but words of `known` with
    digits and signs around them (NIST SP 800-63B-4, section 3.1.1.2). `known` is what others know:
    user name, email address, the name of the service. Case makes no difference.
    """
    text = password.casefold()
    return text in common_passwords() or is_made_of(text, set(words_of(known)))


def is_made_of(text: str, words: Iterable[str]) -> bool:
    """Whether there are such words in the text, and no other letters."""
    rest = compact(text)
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word, " ")
    return " " in rest and not any(letter.isalpha() for letter in rest)


def words_of(known: Iterable[str]) -> Iterator[str]:
    """Yield each one as a whole and word by word: `ada.king@example.org` has `ada` and `king`."""
    for name in known:
        folded = name.casefold()
        for word in (compact(folded), *WORD.findall(folded)):
            if len(word) >= SHORTEST_WORD:
                yield word


def compact(text: str) -> str:
    """Return the letters and digits alone."""
    return "".join(WORD.findall(text))
