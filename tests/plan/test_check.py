"""Every problem of an analysis is found before anything runs."""

import polars as pl

from explorer.plan.check import check
from explorer.spec.analysis import Analysis

SHOP = {"user": pl.String(), "ts": pl.Datetime("us"), "event": pl.String(), "amount": pl.Float64()}

WRONG = """
version: 1
columns: {actor: user, time: ts}
sessions:
- name: visit
  inactivity: 30m
  where: evnt = 'x'
  restart: amount > 'much'
  end: contains(amount, 'x')
  split_by: platfrom
  keep: durration > '1h'
  metrics:
  - {name: total, aggregate: sum, column: amout}
  - {name: middle, aggregate: median, column: event}
  - {name: rate, aggregate: ratio, column: total / middel}
  - {name: late, aggregate: count, where: ts > 'noon', scope: {where: totl > 1, contains: event = 3}}
"""

SAID = [
    "sessions[0].where: there is no column 'evnt'. Did you mean 'event'?",
    "sessions[0].restart: 'amount' is a number and 'much' is not. Write a number such as 10.",
    "sessions[0].end: 'amount' is a number, not a text.",
    "sessions[0].split_by: the events have no column 'platfrom'.",
    "sessions[0].keep: sessions have no column 'durration'. Did you mean 'duration'?",
    "sessions[0].metrics[0].column: the events have no column 'amout'. Did you mean 'amount'?",
    "sessions[0].metrics[1].column: 'median' needs numbers, and 'event' is a text.",
    "sessions[0].metrics[2].column: sessions have no column 'middel'. Did you mean 'middle'?",
    "sessions[0].metrics[3].where: 'noon' is not a time.",
    "sessions[0].metrics[3].scope.contains: 'event' is a text and 3 is not.",
    "sessions[0].metrics[3].scope.where: sessions have no column 'totl'. Did you mean 'total'?",
]


def test_all_problems_are_found_with_their_place():
    problems = [str(problem) for problem in check(Analysis.from_yaml(WRONG), SHOP)]
    assert len(problems) == len(SAID)
    for problem, said in zip(problems, SAID, strict=True):
        assert problem.startswith(said)


def test_sessions_are_not_split_by_the_actor_nor_twice_by_the_same():
    for split, said in (("user", "'user' is the actor"), (["event", "event"], "'event' is named twice")):
        session = {"name": "a", "inactivity": "1m", "split_by": split}
        (problem,) = check(Analysis({"actor": "user", "time": "ts"}, [session]), SHOP)
        assert str(problem).startswith(f"sessions[0].split_by: {said}")


def test_columns_are_checked():
    (problem,) = check(
        Analysis.from_yaml("{columns: {actor: usr, time: ts}, sessions: [{name: a, inactivity: 1m}]}"), SHOP
    )
    assert str(problem) == "columns: the events have no column 'usr'. Did you mean 'user'?"
