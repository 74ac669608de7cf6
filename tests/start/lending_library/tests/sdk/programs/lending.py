"""What a clerk's program does with the Python package, at the running service.

Its arguments: the address of the service, and the key of a clerk.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping

from lending_library_sdk import (
    AsyncClient,
    BookNotFound,
    Client,
    CopyLent,
    InvalidInput,
    InvalidToken,
    LoanEnded,
    Unauthorized,
    etag,
)
from lending_library_sdk.api.bodies import FilePart, MultipartBody

URL, KEY = sys.argv[1:]
PICTURE = b"\x89PNG\r\n\x1a\n\0\xff"


def be_a_clerk_either_way() -> None:
    ways: list[Mapping[str, str]] = [{"bearer": KEY}, {"api_key": KEY}]
    for credentials in ways:
        with Client(URL, credentials=credentials) as client:
            assert client.books.create_book(title="Middlemarch", author="George Eliot").id
            assert KEY not in f"{client!r} {vars(client)!r}"
    with Client(URL) as client:
        try:
            client.books.create_book(title="Emma", author="Jane Austen")
            raise AssertionError("anybody adds books")
        except Unauthorized as problem:
            assert problem.status == 401
    with Client(URL, credentials={"api_key": "wrong"}) as client:
        try:
            client.books.export_books()
            raise AssertionError("any key is good")
        except InvalidToken as problem:
            assert problem.code == "invalid_token"


def borrow(client: Client) -> None:
    made = client.books.with_response.create_book(title="Emma", author="Jane Austen")
    assert etag(made)
    copy = client.copies.add_copy(book_id=made.data.id, shelf="A 1")
    loan = client.loans.lend_copy(copy_id=copy.id, borrower="Harriet Smith")
    assert loan.is_open
    try:
        client.loans.lend_copy(copy_id=copy.id, borrower="Robert Martin")
        raise AssertionError("a copy was lent twice")
    except CopyLent as problem:
        assert problem.status == 409
        assert problem.request_id
    assert not client.loans.return_copy(loan_id=loan.id).is_open
    try:
        client.loans.return_copy(loan_id=loan.id)
        raise AssertionError("a copy came back twice")
    except LoanEnded as problem:
        assert problem.code == "loan_ended"


def be_refused(client: Client) -> None:
    try:
        client.books.create_book(title="", author="Nobody")
        raise AssertionError("a title was not needed")
    except InvalidInput as problem:
        assert [fault.pointer for fault in problem.errors] == ["#/title"]
    try:
        client.books.get_book(book_id=2**62)
        raise AssertionError("there is such a book")
    except BookNotFound as problem:
        assert problem.status == 404


def upload_and_export(client: Client) -> None:
    book = client.books.create_book(title="Ulysses", author="James Joyce")
    cover = FilePart("cover", PICTURE, filename="cover.png", content_type="image/png")
    client.books.set_cover(book_id=book.id, body=MultipartBody((cover,)))
    assert client.books.get_book(book_id=book.id).has_cover
    with client.books.with_streaming_response.export_books() as answer:
        text = b"".join(answer.iter_bytes()).decode()
    assert text == client.books.export_books()
    assert text.splitlines()[-1] == f"{book.id},Ulysses,James Joyce"


async def without_blocking() -> None:
    async with AsyncClient(URL, credentials={"api_key": KEY}) as client:
        books = await asyncio.gather(
            *(client.books.create_book(title=f"{n}", author="Anonymous") for n in range(5))
        )
        assert len({book.id for book in books}) == 5


be_a_clerk_either_way()
with Client(URL, credentials={"bearer": lambda: KEY}) as clerk:
    borrow(clerk)
    be_refused(clerk)
    upload_and_export(clerk)
asyncio.run(without_blocking())
print("told")
