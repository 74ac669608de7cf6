"""One time limit for many requests, watched by one timer."""

from __future__ import annotations

import asyncio
import contextlib

import pytest

from app.contract.deadline import Deadline

SHORT, LONG = 0.05, 30.0


async def wait_for_ever() -> None:
    await asyncio.Event().wait()


async def value_of(value: int) -> int:
    await asyncio.sleep(0)
    return value


async def test_what_is_done_in_time_is_returned() -> None:
    assert await Deadline(LONG).hold(value_of(7)) == 7


async def test_what_is_waited_for_first_may_fail() -> None:
    loop = asyncio.get_running_loop()
    failing: asyncio.Future[int] = loop.create_future()
    loop.call_soon(failing.set_exception, LookupError())

    async def recovering() -> int:
        try:
            return await failing
        except LookupError:
            return await value_of(7)

    assert await Deadline(LONG).hold(recovering()) == 7


async def test_what_waits_again_and_again_is_ended_however_often_it_was_woken() -> None:
    async def dawdling() -> None:
        for _ in range(1000):
            await asyncio.sleep(SHORT / 10)

    with pytest.raises(TimeoutError):
        await Deadline(SHORT).hold(dawdling())


async def test_what_clears_up_when_its_time_is_over_may_wait_for_it() -> None:
    cleared: list[int] = []

    async def careful() -> None:
        try:
            await wait_for_ever()
        finally:
            cleared.append(await value_of(7))

    with pytest.raises(TimeoutError):
        await Deadline(SHORT).hold(careful())
    assert cleared == [7]


async def test_a_value_that_comes_in_spite_of_the_limit_leaves_the_task_uncancelled() -> None:
    async def stubborn() -> int:
        with contextlib.suppress(asyncio.CancelledError):
            await wait_for_ever()
        return 7

    assert await Deadline(SHORT).hold(stubborn()) == 7
    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0


async def test_what_takes_too_long_is_ended_and_its_task_goes_on() -> None:
    with pytest.raises(TimeoutError):
        await Deadline(SHORT).hold(wait_for_ever())
    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0


async def test_each_of_several_is_ended_although_one_timer_watches_them() -> None:
    deadline = Deadline(SHORT)
    results = await asyncio.gather(
        *(deadline.hold(wait_for_ever()) for _ in range(3)),
        deadline.hold(value_of(1)),
        return_exceptions=True,
    )
    assert [type(result) for result in results] == [TimeoutError] * 3 + [int]


async def test_one_that_began_later_is_ended_by_the_next_timer() -> None:
    deadline = Deadline(SHORT)

    async def later() -> None:
        await asyncio.sleep(SHORT / 2)
        await deadline.hold(wait_for_ever())

    results = await asyncio.gather(deadline.hold(wait_for_ever()), later(), return_exceptions=True)
    assert [type(result) for result in results] == [TimeoutError] * 2


async def test_a_client_that_goes_away_is_no_timeout() -> None:
    task = asyncio.create_task(Deadline(LONG).hold(wait_for_ever()))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


def test_it_holds_in_one_event_loop_after_another() -> None:
    deadline = Deadline(SHORT)
    for _ in range(2):
        with pytest.raises(TimeoutError):
            asyncio.run(deadline.hold(wait_for_ever()))
