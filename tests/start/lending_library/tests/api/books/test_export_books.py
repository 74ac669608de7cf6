from __future__ import annotations

from tests.client import Api
from tests.good import Good

MANY = 600  # More than are read at once.


async def test_every_book_is_a_line_however_many_there_are(api: Api, good: Good) -> None:
    for number in range(MANY):
        body = {"title": f"No. {number}", "author": 'He said "so", twice'}
        await api("create_book", as_=good.as_, body=body)
    reply = await api("export_books", as_=good.as_)

    lines = reply.body.splitlines()
    assert reply.headers["content-type"].startswith("text/csv")
    assert lines[0] == "id,title,author"
    assert len(lines) == MANY + 2
    assert lines[-1].endswith(',No. 599,"He said ""so"", twice"')
