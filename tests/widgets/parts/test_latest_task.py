"""Latest: the newest change wins, and the older work ends early."""

from __future__ import annotations

import asyncio
from threading import Event
from typing import Any

import pytest

from explorer.engine.local.cut.stages import Stages
from explorer.engine.stopping import go_on
from explorer.errors import ExplorerError, SpecError
from widgets.parts.latest_task import Latest, newest

Heard = list[Any]


def latest() -> tuple[Latest[str], Heard, list[ExplorerError]]:
    done: Heard = []
    failed: list[ExplorerError] = []
    return Latest(done.append, failed.append), done, failed


async def settled(work: Latest[str]) -> None:
    while work._tasks:
        await asyncio.gather(*work._tasks)
        await asyncio.sleep(0)  # the task is discarded on the next turn of the loop


def test_without_a_loop_all_happens_at_once() -> None:
    work, done, _ = latest()
    work.run(lambda: "a")
    work.at_once(lambda: "b")
    assert done == ["a", "b"]


def test_an_error_is_handed_on() -> None:
    work, done, failed = latest()

    def wrong() -> str:
        raise SpecError("wrong")

    work.run(wrong)
    assert (done, [str(error) for error in failed]) == ([], ["wrong"])


def test_newer_work_stops_the_older() -> None:
    work, done, failed = latest()
    begun, stopped = Event(), Event()

    def older() -> str:
        begun.set()
        try:
            while True:
                go_on()
        finally:
            stopped.set()

    async def scene() -> None:
        work.run(older)
        assert await asyncio.to_thread(begun.wait, 5)
        work.run(lambda: "newer")
        await settled(work)

    asyncio.run(scene())
    assert stopped.is_set()
    assert (done, failed) == (["newer"], [])


def test_what_the_older_began_the_newer_finishes() -> None:
    """Both want the same stage: the older is stopped inside it, and the newer still gets it."""
    work, done, _ = latest()
    stages, begun = Stages(), Event()

    def make() -> str:
        if not begun.is_set():
            begun.set()
            while True:
                go_on()
        return "whole"

    async def scene() -> None:
        work.run(lambda: stages.get("cut", 1, make))
        assert await asyncio.to_thread(begun.wait, 5)
        work.run(lambda: stages.get("cut", 1, make))
        await settled(work)

    asyncio.run(scene())
    assert done == ["whole"]
    assert stages.made == {"cut": 1}


@pytest.mark.parametrize("count", [2, 30])
def test_of_many_changes_only_the_last_is_heard(count: int) -> None:
    work, done, failed = latest()

    async def scene() -> None:
        for number in range(count):
            work.run(lambda number=number: str(number))
        await settled(work)

    asyncio.run(scene())
    assert (done, failed) == ([str(count - 1)], [])


def test_two_kinds_of_work_do_not_stop_each_other() -> None:
    one, of_one, _ = latest()
    other, of_other, _ = latest()

    async def scene() -> None:
        one.run(lambda: "one")
        other.run(lambda: "other")
        await settled(one)
        await settled(other)

    asyncio.run(scene())
    assert (of_one, of_other) == (["one"], ["other"])


def test_of_questions_the_newest_is_answered() -> None:
    answers: list[str | None] = []

    async def scene() -> None:
        ask, begun, go = newest(), Event(), Event()

        def slow() -> str:
            begun.set()
            go.wait(5)
            return "old"

        ask(slow, answers.append)
        assert await asyncio.to_thread(begun.wait, 5)
        ask(lambda: "new", answers.append)
        go.set()
        for _ in range(200):
            if answers:
                break
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)

    asyncio.run(scene())
    assert answers == ["new"]


def test_a_question_that_fails_is_answered_with_nothing() -> None:
    def fail() -> str:
        raise SpecError("no")

    answers: list[str | None] = []
    newest()(fail, answers.append)
    assert answers == [None]


def test_what_is_under_way_can_be_finished_now() -> None:
    work, done, _ = latest()
    begun, go = Event(), Event()

    def slow() -> str:
        if not begun.is_set():
            begun.set()
            go.wait()
        return "a"

    async def page() -> None:
        work.finish()
        work.run(slow)
        await asyncio.to_thread(begun.wait)
        work.finish()
        assert done == ["a"]
        go.set()
        await settled(work)
        work.finish()

    asyncio.run(page())
    assert done == ["a"]
