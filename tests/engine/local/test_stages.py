"""Stages: made once, forgotten in order of use, and never in each other's way."""

from threading import Event, Thread

import polars as pl
import pytest

from explorer.engine.local.cut.stages import Stages
from explorer.engine.stopping import stopping
from explorer.errors import SpecError, Stopped


def test_a_result_is_made_once():
    stages = Stages()
    assert [stages.get("a", 1, object) for _ in range(3)].count(stages.get("a", 1, object)) == 3
    assert stages.made == {"a": 1}


def test_the_least_used_go_when_the_budget_is_spent():
    stages = Stages(budget=2_000)
    for key in range(3):
        stages.get("a", key, lambda: pl.Series(range(100)))
        stages.get("a", 0, lambda: pl.Series(range(100)))
    assert [stages.has("a", key) for key in range(3)] == [True, False, True]


def test_a_slow_result_does_not_hold_up_another():
    stages, begun, go_on = Stages(), Event(), Event()

    def slow() -> str:
        begun.set()
        go_on.wait(5)
        return "slow"

    thread = Thread(target=stages.get, args=("a", "slow", slow))
    thread.start()
    begun.wait(5)
    assert stages.get("a", "quick", lambda: "quick") == "quick"
    go_on.set()
    thread.join()
    assert stages.get("a", "slow", lambda: "made again") == "slow"


def test_two_threads_wait_for_one_result():
    stages, begun, go_on, made = Stages(), Event(), Event(), []

    def slow() -> int:
        begun.set()
        go_on.wait(5)
        made.append(1)
        return len(made)

    threads = [Thread(target=stages.get, args=("a", 1, slow)) for _ in range(2)]
    for thread in threads:
        thread.start()
    begun.wait(5)
    go_on.set()
    for thread in threads:
        thread.join()
    assert made == [1]


# ---- stopping


def test_stopped_work_makes_nothing_more():
    stages, stop = Stages(), Event()
    with stopping(stop):
        stages.get("a", 1, lambda: "made")
        stop.set()
        assert stages.get("a", 1, lambda: "made again") == "made"
        with pytest.raises(Stopped):
            stages.get("a", 2, lambda: "made")
    assert stages.get("a", 2, lambda: "wanted again") == "wanted again"
    assert stages.made == {"a": 2}


def test_what_another_thread_stops_is_made_by_the_one_that_waits():
    """One thread makes a result and is stopped half way; the other, not stopped, gets it all the same."""
    stages, stop, begun, go_on = Stages(), Event(), Event(), Event()
    outcomes: dict[str, object] = {}

    def outer() -> str:
        begun.set()
        go_on.wait(5)
        return "outer of " + stages.get("inner", 1, lambda: "inner")

    def ask(name: str, stop: Event) -> None:
        with stopping(stop):
            try:
                outcomes[name] = stages.get("outer", 1, outer)
            except Stopped as stopped:
                outcomes[name] = stopped

    older = Thread(target=ask, args=("older", stop))
    older.start()
    begun.wait(5)
    newer = Thread(target=ask, args=("newer", Event()))
    newer.start()
    stop.set()
    go_on.set()
    older.join()
    newer.join()
    assert isinstance(outcomes["older"], Stopped)
    assert outcomes["newer"] == "outer of inner"
    assert stages.made == {"inner": 1, "outer": 1}
    assert not stages._making


def test_a_thread_that_waits_can_be_stopped():
    stages, stop, begun, go_on = Stages(), Event(), Event(), Event()

    def slow() -> str:
        begun.set()
        go_on.wait(5)
        return "slow"

    maker = Thread(target=stages.get, args=("a", 1, slow))
    maker.start()
    begun.wait(5)
    stop.set()
    with stopping(stop), pytest.raises(Stopped):
        stages.get("a", 1, lambda: "never")
    go_on.set()
    maker.join()
    assert stages.get("a", 1, lambda: "never") == "slow"


def test_a_failure_is_not_remembered_and_leaves_nothing_behind():
    stages = Stages()

    def fail() -> str:
        raise SpecError("wrong")

    for _ in range(2):
        with pytest.raises(SpecError):
            stages.get("a", 1, fail)
    assert stages.get("a", 1, lambda: "right") == "right"
    assert not stages._making


def test_many_threads_stopped_at_random_leave_every_result_whole():
    """Forty threads want the same chain of stages; half of them are stopped somewhere on the way."""
    stages, stops = Stages(), [Event() for _ in range(40)]
    outcomes: list[object] = [None] * len(stops)

    def chain(at: int) -> int:
        if at in (5, 15) and (left := [stop for stop in stops[::2] if not stop.is_set()]):
            for stop in left[:10]:
                stop.set()
        return 0 if at == 0 else 1 + stages.get("chain", at - 1, lambda: chain(at - 1))

    def ask(number: int) -> None:
        with stopping(stops[number]):
            try:
                outcomes[number] = stages.get("chain", 20, lambda: chain(20))
            except Stopped as stopped:
                outcomes[number] = stopped

    threads = [Thread(target=ask, args=(number,)) for number in range(len(stops))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes[1::2] == [20] * 20
    assert all(outcome == 20 or isinstance(outcome, Stopped) for outcome in outcomes[::2])
    assert stages.made == {"chain": 21}
    assert not stages._making


def test_what_a_result_took_is_known_after():
    stages, tick = Stages(), Event()
    stages.get("a", 1, lambda: tick.wait(0.02) or "made")
    assert stages.seconds("a", 1) >= 0.02
    assert stages.seconds("a", 2) == 0
