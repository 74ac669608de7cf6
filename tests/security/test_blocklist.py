from __future__ import annotations

import asyncio

import pytest

from app.security.blocklist import COMMON, common_passwords, is_guessable
from app.security.passwords import Passwords
from generated.problems import PasswordTooCommon

KNOWN = ["ada.king", "countess@example.org", "The Lending Library"]


def test_the_list_holds_what_can_be_compared_and_more_than_the_standard_asks() -> None:
    lines = COMMON.read_text(encoding="ascii").splitlines()

    assert lines == sorted({line.casefold() for line in lines})
    assert {len(line) >= 8 for line in lines} == {True}
    assert len(common_passwords()) == len(lines) > 3_000


def test_each_source_of_the_list_has_its_licence_beside_it() -> None:
    licences = {file.name for file in (COMMON.parent / "licences").iterdir()}

    assert licences == {"django-5.2.8.txt", "zxcvbn-4.5.0.txt"}


@pytest.mark.parametrize(
    "password",
    [
        *("password", "PassWord1", "00000000", "jennifer", "december", "1q2w3e4r5t", "trustno1"),
        *("ada.king", "AdaKing1815", "king-king-king", "countess!", "countess@example.org"),
        *("lendinglibrary", "Lending Library 1", "king-library-7"),
        "example.org",
    ],
)
def test_what_is_tried_first_is_guessable(password: str) -> None:
    assert is_guessable(password, KNOWN)


@pytest.mark.parametrize(
    "password",
    [
        *("analytical-engine-1843", "correct horse battery staple", "password and more"),
        *("the king's library of engines", "lovelace-1815", "8472-9156-3301", "\U0001f511" * 8),
        *("kingdoms2026", "Passw\u00f6rter", "\u5bc6\u7801\u5bc6\u7801king"),
    ],
)
def test_what_only_contains_such_words_is_not_guessable(password: str) -> None:
    assert not is_guessable(password, KNOWN)


def test_words_too_short_to_tell_anything_do_not_count() -> None:
    assert not is_guessable("ef-cd-ab-12", ["ab@cd.ef"])


def test_nothing_is_hashed_that_can_be_guessed() -> None:
    pool = Passwords("Paper Mill")
    with pytest.raises(PasswordTooCommon):
        asyncio.run(pool.hash("Paper-Mill-7", known=()))
    pool.close()
