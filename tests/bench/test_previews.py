"""What editors show while something is typed: totals, effects, counts, menus, samples, a metric tried out."""

from __future__ import annotations

from typing import Any

import pytest

import explorer
from explorer.engine.local.cut.stages import Stages
from explorer.engine.local.editors.live_counts import counts, sample
from explorer.engine.local.editors.menu import menu, session_menu
from explorer.engine.local.editors.metric_trial import trial
from explorer.engine.local.editors.rule_effects import each_effect, totals
from explorer.engine.local.engine import LocalEngine
from explorer.spec.expression.clause import All, Clause, parse
from explorer.spec.expression.clause import Any as Either
from tests.bench.measuring import NOTHING_KEPT, Measured, define, fresh
from tests.bench.metrics import METRICS, OF_METRICS


def tree() -> list[Clause]:
    """Twelve rules in four groups, none asked before, and the groups."""
    n = next(fresh)
    rules = [
        f"amount > {n}e-6", "platform = 'ios'", f"page = '/page/{n}'", f"contains(page, '{n}')",
        f"amount BETWEEN {n}e-6 AND 70", f"event IN ('login', 'e{n}')", f"page LIKE '%{n}'", f"user != 'u{n}'",
        f"NOT event = 'e{n}'", f"ts > '2024-01-01 00:00:00.{n:06}'", f"page ~ '{n}$'", f"starts_with(user, 'u{n}')",
    ]  # fmt: skip
    leaves = [parse(rule) for rule in rules]
    groups = [kind(tuple(leaves[at : at + 3])) for at, kind in ((0, All), (3, Either), (6, All), (9, Either))]
    return [*leaves, *groups, Either(tuple(groups))]


@pytest.mark.benchmark(group="preview: totals of a changed definition")
@pytest.mark.parametrize("rule", ["inactivity", "where", "restart", "where and max_duration", "keep", "split_by"])
def test_totals(measured: Measured, log: LocalEngine, rule: str):
    def changed() -> explorer.SessionDefinition:
        where = f"platform != 'ios' AND amount > {next(fresh)}e-6"
        return {
            "inactivity": lambda: define(),
            "where": lambda: define(where=where),
            "restart": lambda: define(restart=f"event = 'login' AND amount > {next(fresh)}e-6"),
            "where and max_duration": lambda: define(where=where, max_duration="1h"),
            "keep": lambda: define(keep=f"event_count > 2 AND duration > '{next(fresh)}us'"),
            "split_by": lambda: define(split_by="platform", where=where),
        }[rule]()

    assert measured(lambda: totals(log.session_table(changed())), "totals").sessions


def six_rules() -> explorer.SessionDefinition:
    """All of them new."""
    n = next(fresh)
    return define(
        where=f"platform != 'ios' AND amount > {n}e-6",
        restart="event = 'login'",
        end="event = 'purchase'",
        boundary=">=",
        max_duration="8h",
        keep=f"event_count > 1 AND duration > '{n}us'",
    )


@pytest.mark.benchmark(group="preview: effect of every rule")
def test_effects(measured: Measured, log: LocalEngine):
    assert len(measured(lambda: dict(each_effect(log.session_table(six_rules()))), "totals")) == 6


@pytest.mark.benchmark(group="preview: effect of every rule")
def test_the_first_effect(measured: Measured, log: LocalEngine):
    """Of a definition that is on the page: its own sessions are there."""

    def before() -> explorer.SessionDefinition:
        definition = six_rules()
        totals(log.session_table(definition))
        return definition

    def work(definition: explorer.SessionDefinition) -> Any:
        return next(each_effect(log.session_table(definition)))

    assert measured(work, "totals", before=before)[0] == "keep"


@pytest.mark.benchmark(group="preview: 12 rules in 4 groups")
def test_counts(measured: Measured, log: LocalEngine):
    assert not measured(lambda: counts(log.event_table, tree()), "mask")[1]


@pytest.mark.benchmark(group="preview: 12 rules in 4 groups")
def test_counts_of_one_more_rule(measured: Measured, log: LocalEngine):
    old = tree()
    counts(log.event_table, old)

    def work() -> Any:
        new = parse(f"amount < {next(fresh)}")
        return counts(log.event_table, [*old, new, All((old[-1], new))])

    assert not measured(work, "mask")[1]


@pytest.mark.benchmark(group="preview: sample of events")
def test_sample(measured: Measured, log: LocalEngine):
    assert measured(lambda: sample(log.event_table, f"amount > {next(fresh)}e-6"), "mask").height == 5


@pytest.mark.benchmark(group="preview: menus")
def test_menu(measured: Measured, log: LocalEngine):
    def work() -> Any:
        log.event_table.stages = Stages()
        return menu(log.event_table)

    assert measured(work, NOTHING_KEPT)


@pytest.mark.benchmark(group="preview: menus")
def test_session_menu(measured: Measured, log: LocalEngine):
    metrics = [explorer.Metric(name, name, column=column, where=where) for name, column, where in METRICS]

    def before() -> explorer.SessionDefinition:
        definition = define(metrics=metrics)
        log.table(definition)
        return definition

    assert measured(lambda definition: session_menu(log.session_table(definition)), "session menu", before=before)


@pytest.mark.benchmark(group="preview: a metric tried out")
@OF_METRICS
def test_trial(measured: Measured, log: LocalEngine, aggregate: str, column: str | None, where: str | None):
    definition = define()
    log.table(definition)

    def work() -> Any:
        asked = f"amount > {next(fresh)}e-6" + (f" AND {where}" if where else "")
        return trial(log.session_table(definition), explorer.Metric("m", aggregate, column=column, where=asked))

    assert measured(work, "trial").with_value
