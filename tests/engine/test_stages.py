"""Stages: made once, forgotten in order of use, and never in each other's way."""

from threading import Event, Thread

import polars as pl

from explorer.engine.stages import Stages


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
