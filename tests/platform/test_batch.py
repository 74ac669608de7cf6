"""What comes in one turn of the event loop is done at its end, in one go."""

import asyncio

from app.batch import Batch


async def test_what_comes_in_one_turn_is_done_together_and_in_its_order() -> None:
    done: list[list[int]] = []
    batch = Batch(done.append, 10)
    for number in (1, 2, 3):
        batch.add(number)
    assert done == []
    await asyncio.sleep(0)
    assert done == [[1, 2, 3]]
    batch.add(4)
    await asyncio.sleep(0)
    assert done == [[1, 2, 3], [4]]


async def test_a_batch_that_is_full_waits_for_nothing() -> None:
    done: list[list[int]] = []
    batch = Batch(done.append, 2)
    for number in (1, 2, 3):
        batch.add(number)
    assert done == [[1, 2]]
    await asyncio.sleep(0)
    assert done == [[1, 2], [3]]


async def test_who_cannot_wait_finishes_it_and_nothing_is_done_twice() -> None:
    done: list[list[int]] = []
    batch = Batch(done.append, 10)
    batch.add(1)
    batch.finish()
    assert done == [[1]]
    await asyncio.sleep(0)
    assert done == [[1]]


def test_without_an_event_loop_nothing_waits() -> None:
    done: list[list[int]] = []
    Batch(done.append, 10).add(1)
    assert done == [[1]]


def test_one_loop_after_another_is_waited_for() -> None:
    done: list[list[int]] = []
    batch = Batch(done.append, 10)

    async def add(number: int) -> None:
        batch.add(number)
        await asyncio.sleep(0)

    for number in (1, 2):
        asyncio.run(add(number))
    assert done == [[1], [2]]
