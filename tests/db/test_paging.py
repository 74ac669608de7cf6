from __future__ import annotations

import pytest

from app.db.paging import Window


@pytest.mark.parametrize(
    ("page", "page_size", "reach"),
    [(1, 1, 128), (1, 100, 128), (1, 127, 128), (1, 128, 256), (2, 100, 256), (100, 100, 16_384)],
)
def test_a_list_is_read_as_far_as_its_page_and_less_than_twice_as_far(
    page: int, page_size: int, reach: int
) -> None:
    assert Window(page, page_size, None).reach == reach


def test_a_page_by_cursor_begins_where_the_cursor_is() -> None:
    assert Window(None, 100, 7).reach == 128
